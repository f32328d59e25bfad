"""What every command that makes a video does while it works and when it is done.

Knows nothing of what the video shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

from lipwright.cli.terminal.console import console
from lipwright.cli.terminal.interrupts import stoppable
from lipwright.cli.terminal.progress import readable_duration, shown_progress
from lipwright.engine import STAGE_SHARES, JobContext, Stage

if TYPE_CHECKING:
    from lipwright.engine import RenderReport

Report = TypeVar("Report", bound="RenderReport")


def watched(
    estimate_s: float,
    work: Callable[[JobContext], Report],
    *,
    shares: Mapping[Stage, float] = STAGE_SHARES,
) -> Report:
    """Do the work while the person sees how far it is and may stop it.

    estimate_s: how long it will take, told first. shares: of the kind of work, for its progress.
    Raises what the work raises, and Interrupted.
    """
    console.event("estimate", seconds=round(estimate_s, 1))
    console.say(f"This takes about {readable_duration(estimate_s)}.")
    with shown_progress(console) as listener:
        context = JobContext(listener, shares=shares)
        with stoppable(context):
            return work(context)


def tell_result(report: RenderReport, output: str) -> None:
    """Say what was made, and what was done differently than asked."""
    for warning in report.warnings:
        console.warn(warning)
    console.event("done", output=output, **figures(report))
    console.say(
        f"{output}: {report.width_px}x{report.height_px}, {report.duration_s:.1f} s, "
        f"made in {readable_duration(report.elapsed_s)}."
    )


def figures(report: RenderReport) -> dict[str, int | float]:
    """The figures of a report by their names, as JSON can hold them."""
    values = {name: getattr(report, name) for name in report.__dataclass_fields__ if name != "warnings"}
    return {
        name: value if isinstance(value, int) else round(float(value), 3) for name, value in values.items()
    }
