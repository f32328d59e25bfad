"""Folds of an expression: on the side that smiles, above raised brows, and nowhere in a still face."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.face.values import Face
from lipwright.engine.render.photo.creases import FaceCreases
from lipwright.engine.render.warp.face_axes import face_axes
from lipwright.engine.render.warp.grid import CELLS_PER_FACE_HEIGHT, Grid
from tests.engine.render.drawing import gesture_row, mouth_row


class Folded:
    """The folds of one face over its picture."""

    def __init__(self, face: Face) -> None:
        axes = face_axes(face)
        grid = Grid.over(Box(0, 0, 480, 480), axes.face_height_px / CELLS_PER_FACE_HEIGHT)
        self.creases = FaceCreases(axes, face.landmarks_px, grid.nodes_px())
        self.plane = axes.to_plane(grid.nodes_px())

    def change(self, **gestures: float) -> NDArray[np.float32]:
        """What gestures do to the light, float32 (row, column); 0 is nothing."""
        gain = self.creases.gain(mouth_row(), gesture_row(**gestures))
        assert gain is not None
        assert gain.shape == self.plane.shape[:2]
        return gain - 1


@pytest.fixture(scope="module")
def closed_folds(closed_face: Face) -> Folded:
    return Folded(closed_face)


def test_a_still_face_has_no_folds_of_its_own(closed_folds: Folded) -> None:
    assert closed_folds.creases.gain(mouth_row(0.8), gesture_row()) is None


@pytest.mark.parametrize(("side", "outward"), [("left", -1), ("right", 1)])
def test_a_smile_makes_a_dark_fold_and_a_lit_cheek_on_its_side(
    closed_folds: Folded, side: str, outward: int
) -> None:
    change = closed_folds.change(**{f"mouth_smile_{side}": 1.0})
    there = outward * closed_folds.plane[..., 0] > 0.02
    assert change[there].min() < -0.02
    assert change[there].max() > 0.01
    assert np.abs(change[~there]).max() < 0.005


def test_a_picture_that_smiles_gets_less_of_a_fold_than_one_that_does_not(
    closed_folds: Folded, closed_face: Face
) -> None:
    # The sample's mouth is shut but keeps its smile; a flat line has none.
    level = closed_face.landmarks_px.copy()
    lips = [61, 291, 78, 308]
    level[lips, 1] = level[[13], 1]
    flat = Folded(
        Face(
            box_xyxy=closed_face.box_xyxy,
            landmarks_px=level,
            confidence=closed_face.confidence,
            pose=closed_face.pose,
        )
    )
    assert flat.change(mouth_smile=1.0).min() < closed_folds.change(mouth_smile=1.0).min() - 0.03


def test_raised_brows_line_the_forehead_faintly(closed_folds: Folded) -> None:
    change = closed_folds.change(brow_inner_up=1.0, brow_outer_up=1.0)
    assert -0.09 < change.min() < -0.02
    below_the_brows = closed_folds.plane[..., 1] > -0.35
    assert np.abs(change[below_the_brows]).max() < 0.005


def test_brows_that_are_drawn_together_make_lines_between_them(closed_folds: Folded) -> None:
    change = closed_folds.change(brow_down=1.0)
    assert change.min() < -0.04
    beside = np.abs(closed_folds.plane[..., 0]) > 0.12
    assert np.abs(change[beside]).max() < 0.005
