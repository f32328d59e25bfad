"""`lipwright check`: where a picture, a sound or a video is from, as far as its marks tell."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lipwright.cli.terminal import output_options
from lipwright.cli.terminal.console import console, one_line
from lipwright.cli.terminal.failures import USER_ERROR
from lipwright.cli.terminal.interrupts import stoppable
from lipwright.engine import BadParameters, BadVideoPath, JobContext, UnsupportedFormat

if TYPE_CHECKING:
    from lipwright.provenance.check.known_marks import KnownMarks
    from lipwright.provenance.check.report import CheckReport

NOTHING_FOUND = 3
ALTERED = 4
# A certificate has a few kB; a larger file is another one, named by mistake.
MAX_ROOT_BYTES = 1_000_000

app = typer.Typer()


@app.command()
def check(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH", help="Pictures, sounds, videos, or folders of them.")
    ],
    trust: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="ROOT.pem", help="Trust who signs under this certificate, too. May be given again."
        ),
    ] = None,
    as_json: output_options.JsonResult = False,
    quiet: output_options.Quiet = False,
) -> None:
    """Say where files are from, as far as their marks tell.

    Looks for content credentials, the watermark and plain tags. The exit status is 0 when something was found
    in every file and holds, 4 when a file was changed after it was signed, 2 when one cannot be opened, and 3
    when nothing was found in one; of several the first of these. That nothing was found proves nothing.
    """
    console.configure(json_events=as_json, quiet=quiet)
    found = _find_files(paths)
    checked = list(_checked(found, _known_marks(trust or []), as_text=not as_json))
    if as_json:
        console.data(json.dumps({"files": [_entry(*one) for one in checked]}, ensure_ascii=False, indent=2))
    status = _exit_status([report for _, report in checked])
    if status:
        raise typer.Exit(status)


@dataclass(frozen=True, slots=True, kw_only=True)
class _FoundFile:
    """is_named: on the command line, so that it has to be a picture, a sound or a video."""

    path: Path
    is_named: bool


def _find_files(paths: Sequence[Path]) -> list[_FoundFile]:
    """The files that are named, and all below the folders that are. Raises BadVideoPath."""
    found: list[_FoundFile] = []
    for path in paths:
        if path.is_dir():
            found += [_FoundFile(path=file, is_named=False) for file in _files_below(path)]
        elif path.is_file():
            found.append(_FoundFile(path=path, is_named=True))
        else:
            raise BadVideoPath(f"There is no file at {path}. Check the path.")
    return found


def _files_below(folder: Path) -> Iterator[Path]:
    """The files of a folder in the order of their names; hidden ones are left out, links not followed."""
    for inside, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(inside) / name
            if not name.startswith(".") and path.is_file():
                yield path


def _known_marks(trust: Sequence[Path]) -> KnownMarks:
    """What this machine knows, and the roots that are named. Raises BadParameters."""
    from lipwright.provenance.check.known_marks import KnownMarks, known_marks
    from lipwright.provenance.errors import CredentialsError
    from lipwright.provenance.settings import load_marking_settings

    roots = tuple(map(_read_root, trust))
    try:
        return known_marks(load_marking_settings(), roots)
    except CredentialsError as failure:
        console.warn(f"What this machine made is not recognised: {failure.message}")
        return KnownMarks(roots=roots)


def _read_root(path: Path) -> str:
    """A certificate as PEM. Raises BadParameters."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    try:
        with path.open("rb") as file:
            found = x509.load_pem_x509_certificates(file.read(MAX_ROOT_BYTES))
    except OSError:
        raise BadParameters(f"The certificate {path} cannot be read. Name a file in PEM form.") from None
    except ValueError:
        raise BadParameters(f"{path} holds no certificate. Name a file in PEM form.") from None
    return "".join(one.public_bytes(Encoding.PEM).decode("ascii") for one in found)


def _checked(
    found: Sequence[_FoundFile], known: KnownMarks, *, as_text: bool
) -> Iterator[tuple[Path, CheckReport]]:
    """The reports, told as they come. Raises UnsupportedFormat where there is nothing to report."""
    from lipwright.provenance.check.check_file import check_file, is_named_like_media
    from lipwright.provenance.check.report import Verdict

    context = JobContext()
    others = reports = 0
    with stoppable(context):
        for one in found:
            context.check()
            console.say(f"Checking {one.path} ...")
            report = check_file(one.path, known)
            if report.verdict is Verdict.UNREADABLE and not (one.is_named or is_named_like_media(one.path)):
                others += 1
                console.say(f"{one.path} is no picture, sound or video.")
                continue
            reports += 1
            if as_text:
                console.data(_as_text(one.path, report))
            yield one.path, report
    if not reports:
        raise UnsupportedFormat(
            "There is no picture, sound or video. Name a file or a folder that holds some."
        )


def _as_text(path: Path, report: CheckReport) -> str:
    from lipwright.provenance.check.wording import sentences, summary

    return "\n".join(
        [f"{one_line(str(path))}: {summary(report)}", *(f"  {one_line(line)}" for line in sentences(report))]
    )


def _entry(path: Path, report: CheckReport) -> dict[str, object]:
    from lipwright.provenance.check.report_json import as_json

    return {"file": str(path), **as_json(report)}


def _exit_status(reports: Sequence[CheckReport]) -> int:
    from lipwright.provenance.check.report import Verdict

    verdicts = {report.verdict for report in reports}
    for verdict, status in (
        (Verdict.ALTERED, ALTERED),
        (Verdict.UNREADABLE, USER_ERROR),
        (Verdict.NOTHING_FOUND, NOTHING_FOUND),
    ):
        if verdict in verdicts:
            return status
    return 0
