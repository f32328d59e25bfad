"""`lipwright made`: the log of what the service made, and whose a stray file is."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lipwright.cli.terminal.console import console
from lipwright.cli.terminal.output_options import JsonResult
from lipwright.cli.terminal.table import print_table
from lipwright.engine import BadParameters

if TYPE_CHECKING:
    import sqlalchemy as sa

    from lipwright.server.made_files.model import MadeFile

app = typer.Typer(no_args_is_help=True, help="Look up and export what the service made.")

# The exit status of a search that found nothing, as that of `lipwright check`.
NOTHING_FOUND = 3
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_HEADINGS = ("made at", "project", "account", "product", "file", "watermark", "sha256")


class ExportForm(StrEnum):
    """The forms of an export."""

    CSV = "csv"
    JSON = "json"


AccountName = Annotated[str | None, typer.Option(metavar="NAME", help="Only what this account had made.")]


@app.command("list")
def list_made(
    account: AccountName = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many files.")] = 50,
) -> None:
    """List the newest files."""
    from lipwright.server.made_files.repository import all_made
    from lipwright.server.operation.administration import opened_services

    with opened_services() as services, services.database.read() as connection:
        found = all_made(connection, account_id=_account_id(connection, account), newest_first=True)
        print_table(_HEADINGS, [_row(made) for made in islice(found, limit)])


@app.command()
def export(
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="OUT", help="The file to write; - is standard output.")
    ] = "-",
    form: Annotated[ExportForm, typer.Option("--format", help="CSV, or a list in JSON.")] = ExportForm.CSV,
    account: AccountName = None,
) -> None:
    """Write the whole log, the oldest file first."""
    from lipwright.engine import written_whole
    from lipwright.server.made_files.repository import all_made
    from lipwright.server.operation.administration import opened_services

    lines_of = _csv_lines if form is ExportForm.CSV else _json_lines
    with opened_services() as services, services.database.read() as connection:
        lines = lines_of(all_made(connection, account_id=_account_id(connection, account)))
        if output == "-":
            for line in lines:
                console.data(line)
            return
        with written_whole(Path(output)) as part, part.open("w", encoding="utf-8", newline="") as file:
            file.writelines(f"{line}\n" for line in lines)


@app.command()
def find(
    what: Annotated[
        str, typer.Argument(help="A file, the number in a watermark, the id of a project or a SHA-256.")
    ],
    as_json: JsonResult = False,
) -> None:
    """Find the project that something is from.

    A file is known by its bytes, else by its watermark, else by what it looks like. The exit status is 3 when
    nothing fits.
    """
    from lipwright.server.operation.administration import opened_services

    with opened_services() as services, services.database.read() as connection:
        found = list(_found(connection, what))
    if as_json:
        console.data(json.dumps([{"found_by": how, **_fields(made)} for how, made in found], indent=2))
    elif found:
        print_table(("found by", *_HEADINGS), [(how, *_row(made)) for how, made in found])
    if not found:
        console.say("Nothing in the log fits.")
        raise typer.Exit(NOTHING_FOUND)


def _found(connection: sa.Connection, what: str) -> Iterator[tuple[str, MadeFile]]:
    """How something was found, and the file."""
    from lipwright.server.made_files import repository

    path = Path(what)
    if path.is_file():
        yield from _found_by_file(connection, path)
    elif what.isascii() and what.isdecimal():
        for made in repository.find_by_number(connection, int(what)):
            yield "number", made
    elif _SHA256.fullmatch(what):
        for made in repository.find_by_sha256(connection, what.lower()):
            yield "sha256", made
    else:
        for made in repository.find_by_project(connection, what):
            yield "project", made


def _found_by_file(connection: sa.Connection, path: Path) -> Iterator[tuple[str, MadeFile]]:
    """The same for a file: what is surest, and only where that says nothing what is less sure."""
    import hashlib

    from lipwright.engine import EngineError, media_hashes
    from lipwright.server.made_files import repository
    from lipwright.server.made_files.service import find_similar

    with path.open("rb") as file:
        same = repository.find_by_sha256(connection, hashlib.file_digest(file, "sha256").hexdigest())
    if same:
        yield from (("same bytes", made) for made in same)
        return
    try:
        marked = _marked(connection, path)
        if marked:
            yield from (("watermark", made) for made in marked)
            return
        hashes = frozenset(media_hashes(path))
    except EngineError as error:
        console.warn(f"{error.message} Only its bytes were looked for.")
        return
    for distance, made in find_similar(connection, hashes):
        yield f"looks, {distance} of 64 bits differ", made


def _marked(connection: sa.Connection, path: Path) -> tuple[MadeFile, ...]:
    """The files that a watermark names. Raises EngineError for a file that cannot be used."""
    from lipwright.engine import PUBLIC_WATERMARK_KEY, find_watermark
    from lipwright.provenance.credentials import open_identity
    from lipwright.server.made_files import repository
    from lipwright.server.settings import load_settings

    secret = open_identity(load_settings().marking_settings).watermark_key
    keys = (PUBLIC_WATERMARK_KEY,) if secret is None else (secret, PUBLIC_WATERMARK_KEY)
    found = find_watermark(path, keys)
    if found is None:
        return ()
    numbered = repository.find_by_number(connection, found.number)
    return tuple(made for made in numbered if made.installation == found.installation)


def _account_id(connection: sa.Connection, name: str | None) -> str | None:
    from lipwright.server.accounts import repository as accounts

    if name is None:
        return None
    found = accounts.find_account(connection, name)
    if found is None:
        raise BadParameters(f"There is no account '{name}'. `lipwright credits balance` lists them.")
    return found.id


def _row(made: MadeFile) -> tuple[str, ...]:
    fields = _fields(made)
    number = fields["watermark_number"]
    return (
        fields["made_at"],
        made.project_id,
        made.account or made.account_id,
        made.product,
        made.name,
        "-" if number is None else str(number),
        made.sha256,
    )


def _fields(made: MadeFile) -> dict[str, Any]:
    """A row of the log by name, its time as the API writes times."""
    from lipwright.server.ids import iso_time

    fields = asdict(made)
    return {"id": fields.pop("id"), "made_at": iso_time(fields.pop("made_at_ms")), **fields}


def _csv_lines(found: Iterable[MadeFile]) -> Iterator[str]:
    from lipwright.server.made_files.model import MadeFile

    names = ["made_at" if name == "made_at_ms" else name for name in MadeFile.__dataclass_fields__]
    yield ",".join(names)
    for made in found:
        line = io.StringIO()
        csv.DictWriter(line, names, lineterminator="").writerow(_fields(made))
        yield line.getvalue()


def _json_lines(found: Iterable[MadeFile]) -> Iterator[str]:
    before = "["
    for made in found:
        yield before + json.dumps(_fields(made), ensure_ascii=False)
        before = ","
    yield "[]" if before == "[" else "]"
