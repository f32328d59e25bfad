"""How a job reports its progress, and how it is cancelled.

A pipeline holds one :class:`JobContext`: it enters stages, advances them and checks whether to go on.
The caller gives a listener and may cancel from any thread.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lipwright.engine.errors import Cancelled


class Stage(StrEnum):
    """The stages of a job, in order."""

    READING = "reading"
    FINDING_FACE = "finding_face"
    LISTENING = "listening"
    PREPARING = "preparing"
    RENDERING = "rendering"
    FINISHING = "finishing"


# Share of the whole job's time that each stage takes, measured on a 15 s talking photo at 720p.
# They only shape the bar: a wrong share makes the bar uneven, never the work.
STAGE_SHARES: dict[Stage, float] = {
    Stage.READING: 0.02,
    Stage.FINDING_FACE: 0.03,
    Stage.LISTENING: 0.07,
    Stage.PREPARING: 0.03,
    Stage.RENDERING: 0.83,
    Stage.FINISHING: 0.02,
}
# The same for a lip sync of 10 s at 1080p: every frame is looked at before any is rendered.
LIP_SYNC_SHARES: dict[Stage, float] = {
    Stage.READING: 0.02,
    Stage.FINDING_FACE: 0.30,
    Stage.LISTENING: 0.03,
    Stage.PREPARING: 0.06,
    Stage.RENDERING: 0.57,
    Stage.FINISHING: 0.02,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressEvent:
    """How far a job is.

    done, total: units of work (frames while rendering) in this stage.
    fraction: 0 to 1 of the whole job, never falling.
    seconds_left: estimate for the whole job; None while nothing is known.
    """

    stage: Stage
    done: int
    total: int
    fraction: float
    elapsed_s: float
    seconds_left: float | None


ProgressListener = Callable[[ProgressEvent], None]
# Called with a finished frame: its number, how many there are, its planes (uint8, I420) and their colours.
# It must not keep the planes. Both are arrays of libraries that this file does not load.
FrameViewer = Callable[[int, int, Any, Any], None]


class JobContext:
    """One job's progress and its cancellation. Safe to use from several threads."""

    def __init__(
        self,
        listener: ProgressListener | None = None,
        *,
        shares: Mapping[Stage, float] = STAGE_SHARES,
        viewer: FrameViewer | None = None,
    ) -> None:
        """listener: called after every change, in the thread that made it. shares: of the job's kind.

        viewer: called with every frame of the video, in the thread that renders.
        """
        self._shares = shares
        self._viewer = viewer
        self._listener = listener
        self._cancelled = threading.Event()
        self._started_s = time.monotonic()
        self._stage = Stage.READING
        self._done = 0
        self._total = 1
        self._fraction = 0.0

    def cancel(self) -> None:
        """Cancel the job; it raises Cancelled at its next check."""
        self._cancelled.set()

    @property
    def is_cancelled(self) -> bool:
        """Whether the job was cancelled."""
        return self._cancelled.is_set()

    def check(self) -> None:
        """Raise Cancelled when the job was cancelled."""
        if self._cancelled.is_set():
            raise Cancelled

    def enter(self, stage: Stage, total: int = 1) -> None:
        """Begin a stage of `total` units of work."""
        self.check()
        self._stage, self._done, self._total = stage, 0, max(1, total)
        self._report()

    def advance(self, units: int = 1) -> None:
        """Count finished units of the present stage."""
        self.check()
        self._done = min(self._total, self._done + units)
        self._report()

    def show(self, i420: Any, colour: Any) -> None:
        """Let the viewer see the frame that is finished next, its planes and their colours."""
        if self._viewer is not None:
            self._viewer(self._done, self._total, i420, colour)

    def finish(self) -> None:
        """Report that the job is done. It is not cancelled any more: the file is whole."""
        self._done = self._total
        self._report()

    def _report(self) -> None:
        before = 0.0
        for stage, share in self._shares.items():
            if stage is self._stage:
                break
            before += share
        here = self._shares[self._stage] * self._done / self._total
        self._fraction = max(self._fraction, min(1.0, before + here))
        if self._listener is None:
            return
        elapsed_s = time.monotonic() - self._started_s
        left_s = elapsed_s * (1 - self._fraction) / self._fraction if self._fraction > 0.05 else None
        self._listener(
            ProgressEvent(
                stage=self._stage,
                done=self._done,
                total=self._total,
                fraction=self._fraction,
                elapsed_s=elapsed_s,
                seconds_left=left_s,
            )
        )
