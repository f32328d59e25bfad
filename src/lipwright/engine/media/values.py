"""Pictures, sounds and stretches of video as the engine holds them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.errors import BadParameters

# Every listener of the engine works on this rate: all of speech that moves the lips lies below 8 kHz.
SPEECH_RATE_HZ = 16_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Picture:
    """A still picture, upright.

    rgb: uint8 (height, width, 3), sRGB, on white where it is transparent.
    alpha: uint8 (height, width), how opaque it is, 0 is not seen; None where all of it is.
    warnings: sentences on what was lost or changed.
    """

    rgb: NDArray[np.uint8]
    alpha: NDArray[np.uint8] | None = None
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_array(self, "rgb", np.uint8, ("height", "width", 3))
        if self.alpha is not None:
            check_array(self, "alpha", np.uint8, self.rgb.shape[:2])

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.rgb.shape[1], self.rgb.shape[0]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpeechSound:
    """The sound as the listeners hear it: one channel at SPEECH_RATE_HZ.

    samples: float32 (sample,), -1 to 1.
    """

    samples: NDArray[np.float32]

    def __post_init__(self) -> None:
        check_array(self, "samples", np.float32, ("sample",))

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.samples) / SPEECH_RATE_HZ


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundClip:
    """A stretch of a sound file, as it will be heard in the output: not decoded yet.

    start_s, end_s: seconds in the file; end_s None means the file's end.
    """

    path: Path
    start_s: float = 0.0
    end_s: float | None = None


def check_stretch(start_s: float, end_s: float | None) -> None:
    """Raise BadParameters where a stretch of a file makes no sense; end_s None is the file's end."""
    if not math.isfinite(start_s) or start_s < 0:
        raise BadParameters(f"The start is {start_s:g} s; it must be 0 or later.")
    if end_s is not None and not end_s > start_s:
        raise BadParameters(f"The end ({end_s:g} s) must come after the start ({start_s:g} s).")


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoStretch:
    """A stretch of a video file as it will be read: not opened yet. Raises BadParameters for an empty one.

    start_s, end_s: seconds in the file; end_s None means the file's end.
    max_frame_rate: a faster video is slowed to it. max_resolution_px: cap on the longer side of a frame.
    """

    path: Path
    start_s: float = 0.0
    end_s: float | None = None
    max_frame_rate: Fraction | None = None
    max_resolution_px: int | None = None

    def __post_init__(self) -> None:
        check_stretch(self.start_s, self.end_s)

    @property
    def sound(self) -> SoundClip:
        """The video's own sound over the same time."""
        return SoundClip(path=self.path, start_s=self.start_s, end_s=self.end_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class BackgroundSound:
    """A sound that goes on under another one.

    level_db: how much louder than it was; below 0 quieter.
    """

    clip: SoundClip
    level_db: float


class Container(StrEnum):
    """The kinds of video file that can be written."""

    MP4 = "mp4"
    WEBM = "webm"
    MOV = "mov"
    GIF = "gif"
