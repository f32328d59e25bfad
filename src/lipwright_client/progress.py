"""Progress of a running `generate`, as its listener gets it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Phase = Literal["uploading", "queued", "rendering", "downloading"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One step of a job, seen from the client.

    fraction: 0 to 1 of this phase; None where nothing is known (queued, or a server that does not say).
    stage: the server's own word for what it does. seconds_left: its estimate.
    project_id: None until the job is created.
    """

    phase: Phase
    fraction: float | None = None
    stage: str | None = None
    seconds_left: float | None = None
    project_id: str | None = None


ProgressListener = Callable[[Progress], None]
