"""Videos that the tests made, as a player and a face tracker see them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.pipelines.report import RenderReport
from lipwright.engine.progress import JobContext, ProgressEvent
from lipwright.engine.quality.observe import MouthRecord, scan_mouth


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Made:
    """A video, its report, and the progress that was told on the way."""

    path: Path
    report: RenderReport
    events: list[ProgressEvent]


# Makes a picture speak: make(picture, voice, **options).
Make = Callable[..., Made]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Film:
    """A decoded video.

    frames: uint8 (frame, height, width, 3). picture_end_s, sound_end_s: when its last picture and its last
    sample have been played.
    """

    frames: NDArray[np.uint8]
    frame_rate: Fraction
    picture_end_s: float
    sound_end_s: float


def play(path: Path) -> Film:
    """Decode a small video as a whole."""
    with av.open(str(path)) as container:
        picture = container.streams.video[0]
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(picture)]
        frame_rate = picture.average_rate
        assert frame_rate is not None
    with av.open(str(path)) as container:
        sound = container.streams.audio[0]
        assert sound.duration is not None
        assert sound.time_base is not None
        sound_end_s = float((sound.start_time or 0) * sound.time_base + sound.duration * sound.time_base)
    return Film(
        frames=np.stack(frames),
        frame_rate=frame_rate,
        picture_end_s=float(len(frames) / frame_rate),
        sound_end_s=sound_end_s,
    )


def mouths(path: Path) -> MouthRecord:
    """The mouth of the largest face in every frame."""
    return scan_mouth(path, JobContext())
