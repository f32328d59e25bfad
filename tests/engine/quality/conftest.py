"""A clip of the sample portrait that speaks: its mouth is stretched open by a curve."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.videos import write_clip

FRAME_RATE = Fraction(25)
# The part of the portrait that is shown, and how much larger.
_LEFT, _TOP, _SIDE, _SCALE = 124, 30, 200, 1.5
# Rows of the portrait: where the lips' gap begins and ends, and where the chin ends.
_GAP_TOP, _GAP_BOTTOM, _CHIN = 141.0, 148.0, 182.0


def mouth_opened_by(portrait_rgb: NDArray[np.uint8], more_px: float) -> NDArray[np.uint8]:
    """The portrait with its lips further apart by so many of its pixels; at -7 they meet."""
    size = round(_SIDE * _SCALE)
    rows = _TOP + (np.arange(size) + 0.5) / _SCALE
    places = [_TOP, _GAP_TOP, _GAP_BOTTOM + more_px, _CHIN + more_px, _TOP + _SIDE]
    source = np.interp(rows, places, [_TOP, _GAP_TOP, _GAP_BOTTOM, _CHIN, _TOP + _SIDE])
    columns = _LEFT + (np.arange(size) + 0.5) / _SCALE
    x, y = np.meshgrid(columns - 0.5, source - 0.5)
    return np.asarray(
        cv2.remap(portrait_rgb, x.astype(np.float32), y.astype(np.float32), cv2.INTER_CUBIC), np.uint8
    )


SpeakingClip = Callable[..., Path]


@pytest.fixture(scope="session")
def speaking_clip(portrait_rgb: NDArray[np.uint8], tmp_path_factory: pytest.TempPathFactory) -> SpeakingClip:
    """Writes a clip whose mouth follows a curve of openings (frame,), 0 shut to 1 wide, with a sound."""
    folder = tmp_path_factory.mktemp("speaking")

    def write(
        openings: NDArray[np.floating],
        sound: NDArray[np.float32] | None = None,
        change: Callable[[int, NDArray[np.uint8]], NDArray[np.uint8]] | None = None,
    ) -> Path:
        def frame(index: int, _width: int, _height: int) -> NDArray[np.uint8]:
            rgb = mouth_opened_by(portrait_rgb, -7 + 14 * float(openings[index]))
            return rgb if change is None else change(index, rgb)

        path = folder / f"{len(list(folder.iterdir()))}.mp4"
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

    return write
