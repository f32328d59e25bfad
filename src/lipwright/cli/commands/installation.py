"""`lipwright installation`: plans with prices and voice names, the same for every machine of the service."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from lipwright.cli.terminal.console import console

app = typer.Typer(no_args_is_help=True, help="Show and change plans and voice names of the service.")


class FileWord(StrEnum):
    """What an installation has one of."""

    PLANS = "plans"
    VOICES = "voices"


Which = Annotated[FileWord, typer.Argument(help="Plans with prices and limits, or the table of voice names.")]


@app.command()
def show(which: Which) -> None:
    """Print what counts now, as a file to be edited and loaded."""
    from lipwright.server.operation.administration import opened_database
    from lipwright.server.operation.installation import INSTALLATION_FILES
    from lipwright.server.operation.installation import show as text_of

    with opened_database() as database, database.read() as connection:
        console.data(text_of(connection, INSTALLATION_FILES[which]).rstrip("\n"))


@app.command()
def load(which: Which, file: Annotated[Path, typer.Argument(help="The file, in TOML.")]) -> None:
    """Let a file count for every machine, from now on and without a restart."""
    from lipwright.server.operation.administration import opened_database
    from lipwright.server.operation.installation import INSTALLATION_FILES
    from lipwright.server.operation.installation import load as load_file

    with opened_database() as database, database.write() as connection:
        load_file(connection, INSTALLATION_FILES[which], file)
    console.say("Loaded. Running servers and workers follow within seconds.")
