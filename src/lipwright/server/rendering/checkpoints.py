"""The points between the steps of a job at which a crash leaves another state behind."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum


class Checkpoint(StrEnum):
    """Where a worker is in its work on one job."""

    AFTER_CLAIM = "after-claim"
    BEFORE_RENDER = "before-render"
    WHILE_RENDERING = "while-rendering"
    BEFORE_STORE = "before-store"
    AFTER_STORE = "after-store"
    BEFORE_SETTLE = "before-settle"
    AFTER_SETTLE = "after-settle"


OnCheckpoint = Callable[[Checkpoint], None]


def ignore_checkpoint(_checkpoint: Checkpoint) -> None:
    """What a worker does at its checkpoints: nothing. Tests cut it off there."""
