"""Lip layers and the inside of a mouth put together, whatever they were made of."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.render.mouth.composite import InsideView, LipLayer, composite_mouth
from lipwright.engine.render.mouth.opening import Opening, shadow_room_px
from lipwright.engine.render.patch import Patch

PART = Box(100, 50, 160, 90)
ROWS, COLUMNS = PART.height, PART.width
UPPER, LOWER, INSIDE = 200, 100, 20
FACE_HEIGHT_PX = 200.0
# The corners lie outside, so that the mouth is open over the whole width of the part.
WIDE = np.array([[-30, 20], [90, 20]], dtype=np.float32)


class Layer:
    """A layer of one grey that covers some rows, and remembers which rows it was asked for."""

    def __init__(self, grey: int, rows: slice, half_row: int | None = None) -> None:
        """half_row: a row that it covers by half."""
        self.asked: list[range] = []
        cover = np.zeros((ROWS, COLUMNS), dtype=np.float32)
        cover[rows] = 1
        if half_row is not None:
            cover[half_row] = 0.5
        self.layer = LipLayer(cover=cover, colours=self._colours)
        self._grey = grey

    def _colours(self, rows: slice) -> NDArray[np.uint8]:
        asked = range(*rows.indices(ROWS))
        self.asked.append(asked)
        return np.full((len(asked), COLUMNS, 3), self._grey, dtype=np.uint8)


def composed(
    upper: Layer, lower: Layer, inside: InsideView | None = None, room_px: int = 1
) -> tuple[Patch, list[Opening]]:
    """The patch, and the openings that the inside was asked for."""
    openings: list[Opening] = []

    def look_inside(opening: Opening) -> InsideView:
        openings.append(opening)
        rgb = np.full((*opening.window.size_wh[::-1], 3), INSIDE, dtype=np.float32)
        return inside or InsideView(rgb=rgb, light=None)

    patch = composite_mouth(
        PART,
        upper.layer,
        lower.layer,
        look_inside,
        corners_px=WIDE,
        face_height_px=FACE_HEIGHT_PX,
        room_px=room_px,
    )
    return patch, openings


def test_shut_lips_show_no_inside() -> None:
    patch, openings = composed(Layer(UPPER, slice(0, 20)), Layer(LOWER, slice(20, ROWS)))
    assert openings == []
    assert patch.box == PART
    assert (patch.rgb[:20] == UPPER).all()
    assert (patch.rgb[20:] == LOWER).all()


def test_what_neither_layer_covers_shows_the_inside() -> None:
    patch, (opening,) = composed(Layer(UPPER, slice(0, 15)), Layer(LOWER, slice(25, ROWS)))
    assert (patch.rgb[:15] == UPPER).all()
    assert (patch.rgb[15:25] == INSIDE).all()
    assert (patch.rgb[25:] == LOWER).all()
    assert opening.window == Box(0, 14, COLUMNS, 26)
    assert opening.box == Box(100, 64, 160, 76)


def test_light_darkens_the_inside_and_nothing_else() -> None:
    window = (12, COLUMNS)
    dark = InsideView(
        rgb=np.full((*window, 3), 200, dtype=np.float32), light=np.full(window, 0.25, dtype=np.float32)
    )
    patch, _ = composed(Layer(UPPER, slice(0, 15)), Layer(LOWER, slice(25, ROWS)), dark)
    assert (patch.rgb[15:25] == 50).all()
    assert (patch.rgb[:15] == UPPER).all()
    assert (patch.rgb[25:] == LOWER).all()


def test_half_covered_pixels_mix_both_layers() -> None:
    upper, lower = Layer(UPPER, slice(0, 20), half_row=20), Layer(LOWER, slice(21, ROWS), half_row=20)
    patch, openings = composed(upper, lower)
    assert openings == []
    assert patch.rgb[20] == pytest.approx((UPPER + LOWER) / 2, abs=1)


def test_a_layer_is_asked_only_for_rows_that_show() -> None:
    upper, lower = Layer(UPPER, slice(0, 20)), Layer(LOWER, slice(20, ROWS))
    composed(upper, lower)
    assert [row for rows in upper.asked for row in rows] == list(range(20))
    assert [row for rows in lower.asked for row in rows] == list(range(20, ROWS))


def test_little_light_gets_in_right_behind_a_lip() -> None:
    _, (opening,) = composed(Layer(UPPER, slice(0, 5)), Layer(LOWER, slice(35, ROWS)))
    light = opening.light(shadow_room_px(FACE_HEIGHT_PX))
    assert light.shape == opening.share.shape
    middle = COLUMNS // 2
    assert light[1, middle] < 0.8 < light[len(light) // 2, middle]
