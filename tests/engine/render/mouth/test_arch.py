"""Dental arches seen from any side: every pixel finds its place on them, and the far end goes behind."""

from __future__ import annotations

import numpy as np
import pytest

from lipwright.engine.boxes import Box
from lipwright.engine.face.pose import rotation_of
from lipwright.engine.render.mouth.arch import DentalArch

ARCH = DentalArch.over_ellipse(27.5, 38.0)
BOX = Box(0, 0, 240, 120)
EDGE_PX = np.array([120.0, 60.0])
PX_PER_MM = 3.0
# The table and the pixels of it are that fine.
PLACE_TOLERANCE_MM = 0.15


@pytest.mark.parametrize("turn", [(0, 0, 0), (15, 0, 0), (-20, 8, 0), (6, -8, 12)])
def test_a_pixel_finds_the_place_on_the_arch_that_it_sees(turn: tuple[float, float, float]) -> None:
    rotation = rotation_of(*turn)
    surface = ARCH.seen(rotation, EDGE_PX, PX_PER_MM).surface(BOX)
    for s, y in ((0.0, -3.0), (-9.0, 1.5), (12.0, -6.0)):
        x, z = (np.interp(s, ARCH.s_mm, row) for row in (ARCH.x_mm, ARCH.z_mm))
        column, row = EDGE_PX + PX_PER_MM * (rotation[:2] @ np.array([x, y, z]))
        found = surface[round(row), round(column), :2]
        off_mm = np.abs(np.array([column - round(column), row - round(row)])).max() / PX_PER_MM
        assert found == pytest.approx((s, y), abs=PLACE_TOLERANCE_MM + 1.3 * off_mm)


def test_the_far_end_of_a_turned_arch_goes_behind_and_the_near_end_comes_into_view() -> None:
    ahead, turned = (
        ARCH.seen(rotation_of(yaw, 0, 0), EDGE_PX, PX_PER_MM).surface(BOX)[60, :, 0] for yaw in (0.0, 20.0)
    )
    for line in (ahead, turned):
        seen = line[np.abs(line) < 100]
        assert (np.diff(seen) > 0).all()
    left, right = (seen[np.abs(seen) < 100][[0, -1]] for seen in (ahead, turned))
    assert left[0] == pytest.approx(-left[1], abs=1)
    # To the viewer's right: what lies there turns away.
    assert right[1] < left[1] - 3
    assert right[0] < left[0] - 1


def test_what_is_deeper_moves_against_what_is_in_front() -> None:
    seen = ARCH.seen(rotation_of(15, 0, 0), EDGE_PX, PX_PER_MM).surface(BOX)[60]
    front = int(np.argmin(np.abs(seen[:, 0])))
    canine = [int(np.argmin(np.abs(seen[:, 0] - s))) for s in (-18.0, 18.0)]
    # The middle of the canines lies behind the incisors and is seen beside them.
    assert abs((canine[0] + canine[1]) / 2 - front) > 4


def test_a_coarse_surface_is_the_fine_one_in_the_middle_of_its_squares() -> None:
    seen = ARCH.seen(rotation_of(10, 5, 3), EDGE_PX, PX_PER_MM)
    fine, coarse = seen.surface(BOX), seen.surface(BOX, 2)
    assert coarse.shape[:2] == (60, 120)
    middle = fine.reshape(60, 2, 120, 2, 4).mean(axis=(1, 3))
    here = (slice(10, 50), slice(45, 75))
    assert coarse[here] == pytest.approx(middle[here], abs=0.05)
