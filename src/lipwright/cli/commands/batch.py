"""`lipwright batch`: the rows of a file, each as `talk` or `sync` would make it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.main import get_command

from lipwright.cli.batches.columns import NOT_FOR_ROWS
from lipwright.cli.batches.orders import COMMAND_COLUMN, OrderReader
from lipwright.cli.batches.product import multiply
from lipwright.cli.batches.run import check_rows, default_jobs, make_rows
from lipwright.cli.batches.sheet import SheetRow, read_sheet
from lipwright.cli.commands import sync, talk
from lipwright.cli.terminal import output_options
from lipwright.cli.terminal.console import console
from lipwright.cli.terminal.help import SectionedCommand
from lipwright.engine import BadParameters

app = typer.Typer()

# The exit status of a batch in which some rows failed.
ROWS_FAILED = 3
WORK = "How it is made"


@app.command(cls=SectionedCommand)
def batch(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="A .csv or .jsonl whose columns are named as the options of talk and sync."
        ),
    ],
    *,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            rich_help_panel=output_options.OUTPUT,
            metavar="FOLDER",
            help="Where the videos and the log go; made where it is absent.",
        ),
    ],
    product: Annotated[
        bool,
        typer.Option(
            "--product", rich_help_panel=WORK, help="Make every picture with every voice of the rows."
        ),
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            rich_help_panel=WORK,
            help="Rows at once; by default as many as processors and memory allow.",
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", rich_help_panel=WORK, help="Check every row and file, and make nothing."),
    ] = False,
    no_overwrite: output_options.NoOverwrite = False,
    json_events: output_options.JsonEvents = False,
    quiet: output_options.Quiet = False,
) -> None:
    """Make many videos: one for each row of a file.

    What is made and unchanged is skipped, so the same command goes on where it was stopped. The exit status
    is 3 when some rows failed.
    """
    console.configure(json_events=json_events, quiet=quiet)
    commands = {"talk": get_command(talk.app), "sync": get_command(sync.app)}
    reader = OrderReader(commands, file.parent.absolute(), output.absolute())
    sheet = read_sheet(file)
    _check_columns(sheet, commands, reader)
    rows = reader.read(multiply(sheet, reader.columns) if product else sheet)
    more = ("--no-overwrite",) if no_overwrite else ()
    count = min(jobs or default_jobs(), len(rows))
    if dry_run:
        result = check_rows(rows, output.absolute(), jobs=count, more=more)
    else:
        result = make_rows(rows, output.absolute(), file=str(file), jobs=count, more=more)
    if result.count("failed"):
        raise typer.Exit(ROWS_FAILED)


def _check_columns(sheet: list[SheetRow], commands: dict[str, Any], reader: OrderReader) -> None:
    """Raises BadParameters for a column that is no option of any command."""
    import difflib

    words = " or ".join(commands)
    known = {COMMAND_COLUMN, *(name for columns in reader.columns.values() for name in columns)}
    for row in sheet:
        for name in row.cells:
            if name in NOT_FOR_ROWS:
                raise BadParameters(f"The column {name} is about the whole batch, not a row. Leave it out.")
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f" Did you mean {near[0]}?" if near else ""
                raise BadParameters(
                    f"Line {row.line} has a column {name!r}, which is no option of {words}.{hint}"
                )
