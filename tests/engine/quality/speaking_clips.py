"""A clip of the sample portrait that speaks: its mouth is stretched open by a curve."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.support.portrait import read_portrait
from tests.support.videos import write_clip

FRAME_RATE = Fraction(25)
# The part of the portrait that is shown, and how much larger.
_LEFT, _TOP, _SIDE, _SCALE = 124, 30, 200, 1.5
# Rows of the portrait: where the lips' gap begins and ends, and where the chin ends.
_GAP_TOP, _GAP_BOTTOM, _CHIN = 141.0, 148.0, 182.0


def mouth_opened_by(more_px: float) -> NDArray[np.uint8]:
    """The portrait with its lips further apart by `more_px` of its pixels; at -7 they meet."""
    size = round(_SIDE * _SCALE)
    rows = _TOP + (np.arange(size) + 0.5) / _SCALE
    places = [_TOP, _GAP_TOP, _GAP_BOTTOM + more_px, _CHIN + more_px, _TOP + _SIDE]
    source = np.interp(rows, places, [_TOP, _GAP_TOP, _GAP_BOTTOM, _CHIN, _TOP + _SIDE])
    columns = _LEFT + (np.arange(size) + 0.5) / _SCALE
    x, y = np.meshgrid(columns - 0.5, source - 0.5)
    return np.asarray(
        cv2.remap(read_portrait(), x.astype(np.float32), y.astype(np.float32), cv2.INTER_CUBIC), np.uint8
    )


# Writes a clip into a folder of its own: see write_speaking.
SpeakingClip = Callable[..., Path]


def write_speaking(
    path: Path,
    openings: NDArray[np.floating],
    sound: NDArray[np.float32] | None = None,
    change: Callable[[int, NDArray[np.uint8]], NDArray[np.uint8]] | None = None,
) -> Path:
    """A clip whose mouth follows a curve of openings (frame,), 0 shut to 1 wide, with a sound.

    change: what is done to each frame, by its number, before it is written.
    """

    def frame(index: int, _width: int, _height: int) -> NDArray[np.uint8]:
        rgb = mouth_opened_by(-7 + 14 * float(openings[index]))
        return rgb if change is None else change(index, rgb)

    size = round(_SIDE * _SCALE)
    return write_clip(
        path,
        count=len(openings),
        frame_rate=FRAME_RATE,
        size_wh=(size, size),
        frame=frame,
        sound=sound,
        options={"crf": "12", "preset": "veryfast"},
    )
