"""Pictures turned by quarters: boxes, points and pixels go together."""

from __future__ import annotations

import numpy as np
import pytest

from lipwright.engine.boxes import Box
from lipwright.engine.render.patch import Patch
from lipwright.engine.render.quarter_turn import QuarterTurn

SIZE_WH = (8, 6)


@pytest.mark.parametrize(
    ("roll_deg", "quarters"),
    [
        (0, 0),
        (44, 0),
        (-44, 0),
        (46, 1),
        (90, 1),
        (134, 1),
        (136, 2),
        (180, 2),
        (-180, 2),
        (-90, 3),
    ],
)
def test_the_head_leans_least_after_it(roll_deg: float, quarters: int) -> None:
    assert QuarterTurn.upright(roll_deg, SIZE_WH).quarters == quarters


@pytest.mark.parametrize("quarters", range(4))
def test_points_stay_on_their_pixels(quarters: int) -> None:
    turn = QuarterTurn(quarters=quarters, size_wh=SIZE_WH)
    picture = np.arange(48, dtype=np.uint8).reshape(6, 8)
    turned = turn.picture(picture)
    assert turned.shape == turn.turned_wh[::-1]
    for x, y in ((0, 0), (7, 0), (3, 4), (7, 5)):
        column, row, depth = turn.points(np.array([[x, y, 9]], dtype=np.float32))[0].astype(int)
        assert turned[row, column] == picture[y, x]
        assert depth == 9


@pytest.mark.parametrize("quarters", range(4))
def test_a_patch_goes_back_to_its_place(quarters: int) -> None:
    turn = QuarterTurn(quarters=quarters, size_wh=SIZE_WH)
    picture = np.arange(144, dtype=np.uint8).reshape(6, 8, 3)
    box = Box(2, 0, 8, 4)
    turned = turn.patch(Patch(box=box, rgb=picture[box.slices], weight=np.ones((4, 6), dtype=np.float32)))
    assert turned.box.is_even
    assert np.array_equal(turn.picture(picture)[turned.box.slices], turned.rgb)
    back = turn.back.patch(turned)
    assert back.box == box
    assert np.array_equal(back.rgb, picture[box.slices])
    assert back.weight is not None
    assert back.weight.shape == (4, 6)
