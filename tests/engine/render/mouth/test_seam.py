"""The line between lips that close: dark along the upper lip's edge, nowhere else."""

from __future__ import annotations

import numpy as np
import pytest

from lipwright.engine.render.mouth.seam import SEAM_DARKER, shade_seam

FACE_HEIGHT_PX = 300.0
# The inner corners of the mouth.
CORNERS_PX = np.array([[40.0, 40.0], [160.0, 40.0]])


@pytest.mark.parametrize("strength", [0.5, 1.0])
def test_the_line_lies_between_the_corners_along_the_edge_of_the_upper_lip(strength: float) -> None:
    rgb = np.full((80, 200, 3), 200, np.uint8)
    upper = np.zeros((80, 200), np.float32)
    upper[:40] = 1
    shade_seam(rgb, upper, CORNERS_PX, FACE_HEIGHT_PX, strength)
    darkest = 200 * (1 - SEAM_DARKER * strength)
    assert darkest <= rgb[39:41, 100].mean() < (darkest + 200) / 2
    assert (rgb[:34] == 200).all()
    assert (rgb[46:] == 200).all()
    assert (rgb[:, :40] == 200).all()
    assert (rgb[:, 161:] == 200).all()


def test_without_an_edge_in_the_picture_nothing_changes() -> None:
    rgb = np.full((80, 200, 3), 200, np.uint8)
    shade_seam(rgb, np.zeros((80, 200), np.float32), CORNERS_PX, FACE_HEIGHT_PX, 1.0)
    assert (rgb == 200).all()
