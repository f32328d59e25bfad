"""Contact sheets show what they are about."""

from __future__ import annotations

import numpy as np

from bench.sheets import MOMENTS, SHEET_WIDTH_PX, Frame, liveliest_second, sheet
from lipwright.engine.boxes import Box

MOVING = range(70, 100)


def frames() -> list[Frame]:
    """Grey frames, of which some are lively."""
    grey: list[Frame] = [np.full((40, 60, 3), 128, np.uint8) for _ in range(140)]
    for i in MOVING:
        grey[i][:] = 255 * (i % 2)
    return grey


def test_the_liveliest_second_is_where_most_moves() -> None:
    start = liveliest_second(frames(), Box(0, 0, 60, 40))
    assert abs(start - MOVING.start) <= 1


def test_a_sheet_holds_the_moments_and_then_the_liveliest_second() -> None:
    across = 10
    page = sheet(frames(), MOVING.start, Box(0, 0, 60, 40), across)
    rows = MOMENTS // across + 1
    assert page.shape[1] == SHEET_WIDTH_PX
    assert page.shape[0] > rows * 0.6 * SHEET_WIDTH_PX / across
