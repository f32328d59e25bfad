"""`lipwright settings`: print the settings of the service, and where each came from."""

from __future__ import annotations

from typing import Annotated

import typer

from lipwright.cli.terminal.console import console

app = typer.Typer()


@app.command()
def settings(
    explain: Annotated[bool, typer.Option("--explain", help="Print what each one is for.")] = False,
) -> None:
    """Print every setting of the service with its value and its source."""
    from lipwright.server.settings import describe, load_settings

    for line in describe(load_settings()):
        console.data(f"{line.name} = {line.value}  ({line.source})")
        if explain:
            console.data(f"    {line.description}")
