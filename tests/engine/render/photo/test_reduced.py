"""A reduced copy of a box, and the way back to the picture's pixels."""

from __future__ import annotations

import numpy as np
import pytest

from lipwright.engine.boxes import Box
from lipwright.engine.render.photo.reduced import FACE_HEIGHT_PX, MOST_PIXELS, ReducedCopy

PICTURE = np.zeros((900, 1400, 3), dtype=np.uint8)
BOX = Box(200, 100, 1203, 805)


def test_a_small_face_is_not_enlarged() -> None:
    copy = ReducedCopy.of(PICTURE, BOX, FACE_HEIGHT_PX / 4)
    assert copy.size_wh == BOX.size_wh
    assert copy.face_height_px == FACE_HEIGHT_PX / 4


def test_a_large_face_is_made_smaller() -> None:
    copy = ReducedCopy.of(PICTURE, BOX, FACE_HEIGHT_PX * 2)
    assert copy.face_height_px == FACE_HEIGHT_PX
    assert copy.size_wh == pytest.approx((BOX.width / 2, BOX.height / 2), abs=1)


def test_a_small_face_in_a_large_box_costs_a_bounded_copy() -> None:
    large = np.zeros((2000, 3000, 3), dtype=np.uint8)
    copy = ReducedCopy.of(large, Box.of_size((3000, 2000)), 20)
    assert copy.size_wh[0] * copy.size_wh[1] <= 1.01 * MOST_PIXELS


def test_enlarged_places_are_the_pixels_own() -> None:
    copy = ReducedCopy.of(PICTURE, BOX, FACE_HEIGHT_PX * 2.7)
    part = Box(400, 300, 528, 428)
    places = copy.enlarged(copy.places_px(), part)
    y, x = np.mgrid[part.top : part.bottom, part.left : part.right]
    assert places == pytest.approx(np.stack([x, y], axis=-1), abs=0.1)


def test_a_part_is_made_from_the_values_around_it() -> None:
    copy = ReducedCopy.of(PICTURE, BOX, FACE_HEIGHT_PX * 2.7)
    part = Box(400, 300, 528, 428)
    values = np.zeros(copy.size_wh[::-1], dtype=np.float32)
    around = copy.around(values, part)
    around += 1
    assert (copy.enlarged(values, part) == 1).all()


def test_a_part_at_the_corner_is_made_from_the_corner() -> None:
    copy = ReducedCopy.of(PICTURE, BOX, FACE_HEIGHT_PX * 2.7)
    values = np.zeros(copy.size_wh[::-1], dtype=np.float32)
    assert copy.around(values, Box(1202, 804, 1203, 805)).size > 0
