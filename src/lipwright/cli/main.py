"""The table of commands, and the one place where a failure becomes an exit status.

Loads nothing but the command that was asked for, so that `lipwright --help` answers at once.
"""

from __future__ import annotations

import importlib
import os
import sys
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from lipwright import __version__
from lipwright.cli.terminal.console import console
from lipwright.cli.terminal.failures import report_failure
from lipwright.engine import ToolMissing


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandEntry:
    """One command: `module` is its file in this package, `extra` the part of the package it needs."""

    name: str
    summary: str
    extra: str | None = None

    @property
    def module(self) -> str:
        """Where the command's `app` is."""
        return f"lipwright.cli.commands.{self.name}"


COMMANDS = (
    CommandEntry(name="talk", summary="Make a picture speak a recording or a text."),
    CommandEntry(name="sync", summary="Make the lips of a video follow another sound."),
    CommandEntry(name="batch", summary="Make many videos: one for each row of a file."),
    CommandEntry(name="faces", summary="Show who is in a picture."),
    CommandEntry(name="visemes", summary="Write the mouth movements of a sound, to animate elsewhere."),
    CommandEntry(name="voices", summary="List the voices that can speak a text; `install NAME` fetches one."),
    CommandEntry(name="measure", summary="Measure how well a video speaks."),
    CommandEntry(name="check", summary="Say where files are from, as far as their marks tell."),
    CommandEntry(
        name="credentials", summary="Show and change the key and certificate that sign what is made here."
    ),
    CommandEntry(name="doctor", summary="Check what works on this machine, and why the rest does not."),
    CommandEntry(name="serve", summary="Start the HTTP service and its workers.", extra="server"),
    CommandEntry(
        name="worker",
        summary="Render jobs of the service whose database and storage the settings name.",
        extra="server",
    ),
    CommandEntry(name="studio", summary="Sign in to the studio, the pages of the service.", extra="server"),
    CommandEntry(name="keys", summary="Create, list and revoke keys of the service.", extra="server"),
    CommandEntry(name="credits", summary="Show and grant credits of the service.", extra="server"),
    CommandEntry(name="made", summary="Look up and export what the service made.", extra="server"),
    CommandEntry(name="webhooks", summary="Manage the webhooks of the service.", extra="server"),
    CommandEntry(
        name="installation", summary="Show and change plans and voice names of the service.", extra="server"
    ),
    CommandEntry(
        name="settings",
        summary="Print every setting of the service with its value and its source.",
        extra="server",
    ),
    CommandEntry(name="remote", summary="Do the same work on a server."),
)


_SHELL_OPTIONS = ("install_completion", "show_completion")


class LazyCommands(TyperGroup):
    """A group that lists its commands from the table and loads one only when it is called."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        for entry in COMMANDS:
            self.commands[entry.name] = TyperCommand(name=entry.name, callback=None, help=entry.summary)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that the arguments name, loaded; the name; the arguments that remain."""
        name, listed, rest = super().resolve_command(ctx, args)
        return name, load_command(name) if name else listed, rest


def load_command(name: str) -> Any:
    """The command of that name, its module imported."""
    entry = next(entry for entry in COMMANDS if entry.name == name)
    command = get_command(importlib.import_module(entry.module).app)
    command.name = name
    command.help = command.help or entry.summary
    _fit_in(command)
    return command


def _fit_in(command: Any) -> None:
    """Print a command's help as plain text, without the options for shells that only `lipwright` has."""
    command.rich_markup_mode = None
    command.params = [option for option in command.params if option.name not in _SHELL_OPTIONS]
    for inner in getattr(command, "commands", {}).values():
        _fit_in(inner)


app = typer.Typer(
    cls=LazyCommands,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        console.data(f"lipwright {__version__}")
        raise typer.Exit


@app.callback()
def lipwright(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    """Make faces speak: talking photos and lip sync on your own machine, on a plain CPU."""


def run(arguments: list[str]) -> int:
    """Carry out one command line and return its exit status; failures are reported on one line."""
    console.reset(json_events="--json" in arguments)
    try:
        status = get_command(app)(arguments, prog_name="lipwright", standalone_mode=False)
    except ModuleNotFoundError as failure:
        return report_failure(_missing_extra(arguments, failure) or failure, console)
    except Exception as failure:
        return report_failure(failure, console)
    return status if isinstance(status, int) else 0


def _missing_extra(arguments: list[str], failure: ModuleNotFoundError) -> ToolMissing | None:
    """The error for a command whose extra is not installed; None when something else is missing."""
    entry = next((entry for entry in COMMANDS if entry.name in arguments[:1]), None)
    if entry is None or entry.extra is None or (failure.name or "lipwright").startswith("lipwright"):
        return None
    return ToolMissing(
        f"`lipwright {entry.name}` needs {failure.name}, which is not installed here. "
        f"Install it with `pip install 'lipwright[{entry.extra}]'`."
    )


def main() -> None:
    """The entry point of the installed command."""
    # The networks' matrices are small: several threads for each wait for one another and cost ten times as
    # much. Must be set before NumPy is loaded; the processes of the service inherit it.
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    sys.exit(run(sys.argv[1:]))
