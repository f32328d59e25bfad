"""`lipwright doctor`: what works on this machine, and why the rest does not."""

from __future__ import annotations

import json

import typer

from lipwright.cli.terminal import output_options
from lipwright.cli.terminal.console import console
from lipwright.cli.terminal.failures import USER_ERROR
from lipwright.cli.terminal.table import print_table

app = typer.Typer()


@app.command()
def doctor(
    as_json: output_options.JsonResult = False,
) -> None:
    """Check what works on this machine, and why the rest does not.

    The exit status is 0 when everything needed works, and 2 when something needed does not.
    """
    console.configure(json_events=as_json)
    from lipwright.diagnostics import Outcome, examine

    findings = tuple(examine())
    broken = sum(finding.outcome is Outcome.BROKEN for finding in findings)
    if as_json:
        entries = [
            {"part": finding.part, "outcome": finding.outcome.value, "detail": finding.detail}
            for finding in findings
        ]
        console.data(json.dumps({"works": broken == 0, "parts": entries}, ensure_ascii=False, indent=2))
    else:
        print_table(
            ("part", "outcome", "detail"),
            [(finding.part, finding.outcome.value, finding.detail) for finding in findings],
        )
        console.say(f"{broken} needed parts do not work." if broken else "Everything needed works.")
    if broken:
        raise typer.Exit(USER_ERROR)
