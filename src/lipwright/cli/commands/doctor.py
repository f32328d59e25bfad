"""`lipwright doctor`: what works on this machine, and why the rest does not."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from lipwright.cli.terminal import output_options
from lipwright.cli.terminal.console import console
from lipwright.cli.terminal.failures import USER_ERROR
from lipwright.cli.terminal.table import print_table

if TYPE_CHECKING:
    from lipwright.diagnostics import Finding

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

    findings = (*examine(), *_sandbox(), *_installation_findings())
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


def _installation_findings() -> Iterator[Finding]:
    """Whether this machine's plans and voice names are those of the service; nothing where there is none."""
    from lipwright.diagnostics import Finding, Outcome

    if importlib.util.find_spec("fastapi") is None:
        return
    from lipwright.server.errors import BadSettings
    from lipwright.server.operation.installation import compare_this_machine

    part = "plans and voice names"
    try:
        sentences = compare_this_machine()
    except BadSettings as error:
        yield Finding(part=part, outcome=Outcome.NOTE, detail=str(error))
        return
    if sentences is None:
        return
    if not sentences:
        yield Finding(part=part, outcome=Outcome.WORKS, detail="as the installation has them")
    for sentence in sentences:
        yield Finding(part=part, outcome=Outcome.NOTE, detail=sentence)


def _sandbox() -> list[Finding]:
    """Each layer in which the service would open files of strangers here, tried in a process.

    A missing layer is a note: the engine and the commands need none.
    """
    from lipwright.diagnostics import Finding, Outcome
    from lipwright.server.runtime.sandbox.layers import Layer
    from lipwright.server.runtime.sandbox.start import try_sandbox

    found = try_sandbox()
    return [
        Finding(part=f"sandbox: {layer}", outcome=Outcome.WORKS, detail="in force for renders of the service")
        if layer in found.in_force
        else Finding(
            part=f"sandbox: {layer}",
            outcome=Outcome.NOTE,
            detail=f"not here: {found.missing.get(layer, 'not tried')}",
        )
        for layer in Layer
    ]
