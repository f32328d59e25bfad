"""The messages between a create call and the process that looks into a file for it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class ProbeTask(BaseModel):
    """Which stretch of which file is looked at: of a video for its frames, of a sound for its length."""

    model_config = ConfigDict(frozen=True)

    path: str
    media: Literal["video", "audio"]
    start_s: float
    end_s: float
    max_frame_rate: float | None = None


class ProbeAnswer(BaseModel):
    """What was found. Nothing, where the file cannot be used: the job says why.

    frames: how many a lip sync will have. refusal: why the stretch cannot be taken from this file.
    """

    model_config = ConfigDict(frozen=True)

    frames: int | None = None
    refusal: str | None = None
