"""Clips of the sample portrait whose mouth moves as told, and what became of the mouth in a video."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.curves import ArticulationCurves, Mouth
from lipwright.engine.face.find.landmarks import find_faces
from lipwright.engine.gesture.curves import Gesture
from lipwright.engine.media.reading.video_reader import VideoReader
from lipwright.engine.progress import JobContext
from lipwright.engine.quality.observe import MouthRecord, scan_mouth
from lipwright.engine.render.photo.renderer import PhotoRenderer
from tests.support.portrait import read_portrait
from tests.support.videos import write_clip

FRAME_RATE = Fraction(25)
# The part of the portrait that holds the head, and how much larger it is shown: landmarks are noisy on the 93
# pixels that the face has.
_HEAD = (slice(20, 230), slice(120, 330))
_SCALE = 2
# Nearly lossless: what differs from the source is then the engine's doing.
_FINE = {"crf": "8", "preset": "ultrafast"}


@cache
def head_rgb() -> NDArray[np.uint8]:
    """The head, uint8 (420, 420, 3); not to be written to."""
    rgb = np.asarray(
        cv2.resize(read_portrait()[_HEAD], None, fx=_SCALE, fy=_SCALE, interpolation=cv2.INTER_CUBIC),
        dtype=np.uint8,
    )
    rgb.setflags(write=False)
    return rgb


@cache
def _renderer() -> PhotoRenderer:
    return PhotoRenderer(head_rgb(), [find_faces(head_rgb())[0]], head_moves=False)


@cache
def talking_rgb(aperture_percent: int) -> NDArray[np.uint8]:
    """The head with its mouth so far open, uint8 (420, 420, 3); not to be written to."""
    row = mouth_curves([aperture_percent / 100]).values[0]
    frame = head_rgb().copy()
    for patch in _renderer().draw(row, np.zeros(len(Gesture), dtype=np.float32)):
        frame[patch.box.slices] = patch.rgb
    frame.setflags(write=False)
    return frame


def mouth_curves(aperture: Sequence[float] | NDArray[np.floating]) -> ArticulationCurves:
    """Curves whose mouth follows these openings, one for each hundredth of a second; the jaw goes along."""
    values = np.repeat(ArticulationCurves.at_rest(0.01).values, len(aperture), axis=0)
    values[:, Mouth.APERTURE] = aperture
    values[:, Mouth.JAW] = 0.5 * values[:, Mouth.APERTURE]
    return ArticulationCurves(values=values)


def syllables(count: int, per_s: float, phase: float = 0.0) -> NDArray[np.float64]:
    """Openings of a mouth that speaks steadily, one for each frame, 0 to 0.9."""
    times_s = np.arange(count) / float(FRAME_RATE)
    return 0.45 - 0.45 * np.cos(2 * np.pi * (per_s * times_s + phase))


def write_talking(path: Path, aperture: NDArray[np.floating], **more: Any) -> Path:
    """A clip of the head whose mouth follows these openings, one for each frame."""
    percents = np.rint(100 * aperture).astype(int)

    def frame(index: int, _width: int, _height: int) -> NDArray[np.uint8]:
        return talking_rgb(int(percents[index]))

    return write_scenes(path, len(percents), frame, **more)


def write_scenes(
    path: Path, count: int, frame: Callable[[int, int, int], NDArray[np.uint8]], **more: Any
) -> Path:
    """A clip of frames that a function (index, width, height) gives."""
    height, width = frame(0, 0, 0).shape[:2]
    given = {"frame_rate": FRAME_RATE, "size_wh": (width, height), "options": _FINE, **more}
    return write_clip(path, count=count, frame=frame, **given)


def mouth_of(path: Path) -> MouthRecord:
    """The mouth in a video as landmarks show it."""
    return scan_mouth(path, JobContext())


def planes_of(path: Path) -> list[NDArray[np.uint8]]:
    """All frames of a video as planes."""
    with VideoReader(path) as reader:
        return [frame.i420 for frame in reader]
