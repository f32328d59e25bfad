"""Contact sheets show what they are about."""

from __future__ import annotations

import numpy as np

from bench.sheets import (
    LIVELY_STEP,
    MOMENTS,
    SHEET_WIDTH_PX,
    Frame,
    cut,
    liveliest_second,
    shown_frames,
    tiled,
)
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


def test_a_sheet_shows_moments_of_the_whole_clip_and_of_its_liveliest_second() -> None:
    moments, lively = shown_frames(140, MOVING.start)
    assert (moments[0], moments[-1], len(moments)) == (0, 139, MOMENTS)
    assert lively == list(range(MOVING.start, MOVING.stop, LIVELY_STEP))


def test_what_lies_outside_a_frame_is_white() -> None:
    page = cut(np.zeros((40, 60, 3), np.uint8), Box(-10, 0, 20, 40))
    assert page[:, :10].min() == 255
    assert page[:, 10:].max() == 0


def test_tiles_fill_rows_of_a_sheet() -> None:
    page = tiled(frames()[:7], across=3)
    assert page.shape[1] == SHEET_WIDTH_PX
    assert page.shape[0] > 3 * 0.6 * SHEET_WIDTH_PX / 3
