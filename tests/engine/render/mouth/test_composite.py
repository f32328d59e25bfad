"""Lip layers and the inside of a mouth put together, whatever they were made of."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.render.mouth.composite import LipLayer, composite_mouth, places_between
from lipwright.engine.render.mouth.opening import Opening
from lipwright.engine.render.patch import Patch

PART = Box(100, 50, 160, 90)
ROWS, COLUMNS = PART.height, PART.width
UPPER, LOWER, INSIDE, SHOWN = 200, 100, 20, 150
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
    upper: Layer, lower: Layer, room_px: int = 1, share: float = 1.0
) -> tuple[Patch, list[Opening], list[Opening]]:
    """The patch, and the openings that the inside and the picture's own inside were asked for."""
    openings: list[Opening] = []
    shown: list[Opening] = []

    def look_inside(opening: Opening) -> NDArray[np.float32]:
        openings.append(opening)
        return np.full((*opening.window.size_wh[::-1], 3), INSIDE, dtype=np.float32)

    def shown_inside(opening: Opening) -> NDArray[np.uint8]:
        shown.append(opening)
        return np.full((*opening.window.size_wh[::-1], 3), SHOWN, dtype=np.uint8)

    patch = composite_mouth(
        PART,
        upper.layer,
        lower.layer,
        look_inside,
        corners_px=WIDE,
        face_height_px=FACE_HEIGHT_PX,
        room_px=room_px,
        shown_inside=shown_inside,
        share=share,
    )
    return patch, openings, shown


def test_shut_lips_show_no_inside() -> None:
    patch, openings, _ = composed(Layer(UPPER, slice(0, 20)), Layer(LOWER, slice(20, ROWS)))
    assert openings == []
    assert patch.box == PART
    assert (patch.rgb[:20] == UPPER).all()
    assert (patch.rgb[20:] == LOWER).all()


def test_what_neither_layer_covers_shows_the_inside() -> None:
    patch, (opening,), shown = composed(Layer(UPPER, slice(0, 15)), Layer(LOWER, slice(25, ROWS)))
    assert (patch.rgb[:15] == UPPER).all()
    assert shown == []
    assert (patch.rgb[15:25] == INSIDE).all()
    assert (patch.rgb[25:] == LOWER).all()
    assert opening.window == Box(0, 14, COLUMNS, 26)
    assert opening.box == Box(100, 64, 160, 76)


@pytest.mark.parametrize(("share", "seen"), [(0.0, SHOWN), (0.5, (SHOWN + INSIDE) // 2), (1.0, INSIDE)])
def test_the_pictures_own_inside_gives_way_by_share(share: float, seen: int) -> None:
    patch, openings, shown = composed(Layer(UPPER, slice(0, 15)), Layer(LOWER, slice(25, ROWS)), share=share)
    assert (patch.rgb[15:25] == seen).all()
    assert (len(openings), len(shown)) == (share > 0, share < 1)


def test_between_the_lips_places_go_from_the_upper_lips_to_the_lower_lips() -> None:
    _, (opening,), _ = composed(Layer(UPPER, slice(0, 10)), Layer(LOWER, slice(30, ROWS)))
    here = np.stack(np.meshgrid(np.arange(COLUMNS), np.arange(ROWS)), axis=-1).astype(np.float32)
    still = places_between(opening, here, here)
    assert (still == here[opening.window.slices]).all()
    shift = np.array([0, 5], dtype=np.float32)
    opened = places_between(opening, here + shift, here - shift)
    moved = (opened - still)[1:-1, COLUMNS // 2, 1]
    assert moved[0] == pytest.approx(5, abs=0.6)
    assert moved[-1] == pytest.approx(-5, abs=0.6)
    assert (np.diff(moved) < 0).all()


def test_half_covered_pixels_mix_both_layers() -> None:
    upper, lower = Layer(UPPER, slice(0, 20), half_row=20), Layer(LOWER, slice(21, ROWS), half_row=20)
    patch, openings, _ = composed(upper, lower)
    assert openings == []
    assert patch.rgb[20] == pytest.approx((UPPER + LOWER) / 2, abs=1)


def test_a_layer_is_asked_only_for_rows_that_show() -> None:
    upper, lower = Layer(UPPER, slice(0, 20)), Layer(LOWER, slice(20, ROWS))
    composed(upper, lower)
    assert [row for rows in upper.asked for row in rows] == list(range(20))
    assert [row for rows in lower.asked for row in rows] == list(range(20, ROWS))


def test_little_light_gets_in_right_behind_a_lip() -> None:
    _, (opening,), _ = composed(Layer(UPPER, slice(0, 5)), Layer(LOWER, slice(35, ROWS)))
    light = opening.light()
    assert light.shape == opening.share.shape
    middle = COLUMNS // 2
    assert light[1, middle] < 0.95 * light[len(light) // 2, middle]
