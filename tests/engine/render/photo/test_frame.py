"""A frame is told from a picture that has none."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.render.photo.frame import inside_frame


def test_a_picture_without_frame_is_whole(portrait_rgb: NDArray[np.uint8]) -> None:
    assert inside_frame(portrait_rgb) == Box(0, 0, 512, 512)


def test_an_odd_picture_loses_its_last_pixel(portrait_rgb: NDArray[np.uint8]) -> None:
    assert inside_frame(portrait_rgb[:301, :401]) == Box(0, 0, 400, 300)


def test_thin_lines_at_the_border_are_a_frame(portrait_rgb: NDArray[np.uint8]) -> None:
    framed = portrait_rgb.copy()
    framed[:, :3] = 0
    framed[-4:] = 255
    assert inside_frame(framed) == Box(4, 0, 512, 508)


def test_a_small_picture_is_left_alone() -> None:
    small = np.zeros((40, 40, 3), dtype=np.uint8)
    small[:, :2] = 255
    assert inside_frame(small) == Box(0, 0, 40, 40)
