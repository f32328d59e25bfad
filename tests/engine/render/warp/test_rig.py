"""Where the rig takes the mesh: every curve has its own shape, each side of the face by itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.face import mesh
from lipwright.engine.face.pose import face_of
from lipwright.engine.face.values import Face
from lipwright.engine.render.warp.expression_moves import smile_against
from lipwright.engine.render.warp.face_axes import FaceAxes, face_axes
from lipwright.engine.render.warp.lip_moves import LIP_ROWS
from lipwright.engine.render.warp.rig import CHIN_PER_JAW, FaceRig
from tests.engine.render.drawing import gesture_row, mouth_row

# Viewer's left, viewer's right.
CORNERS = (mesh.MOUTH_CORNER_LEFT, mesh.MOUTH_CORNER_RIGHT)
CHEEKS = (205, 425)


class Posed:
    """One face and its rig; lengths in face heights."""

    def __init__(self, face: Face) -> None:
        self.axes: FaceAxes = face_axes(face)
        self.rig = FaceRig(self.axes)

    def points(self, mouth: NDArray[np.float32]) -> NDArray[np.float32]:
        """Where the points of the mesh are for a row of ArticulationCurves, float32 (478, 3)."""
        return self.axes.points + self.rig.moves(mouth, gesture_row())

    def change(self, gesture: str) -> NDArray[np.float32]:
        """What one gesture moves, float32 (478, 3)."""
        still, moved = gesture_row(), gesture_row(**{gesture: 1.0})
        return self.rig.moves(mouth_row(), moved) - self.rig.moves(mouth_row(), still)


@pytest.fixture(scope="module")
def closed_rig(closed_face: Face) -> Posed:
    return Posed(closed_face)


@pytest.fixture(scope="module")
def smiling_rig(smiling_face: Face) -> Posed:
    return Posed(smiling_face)


def gap(points: NDArray[np.float32]) -> float:
    return float(points[mesh.LIP_INNER_BOTTOM, 1] - points[mesh.LIP_INNER_TOP, 1])


def width(points: NDArray[np.float32]) -> float:
    return float(points[CORNERS[1], 0] - points[CORNERS[0], 0])


def thickness(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of the upper and the lower lip in the middle."""
    rows = (mesh.LIP_OUTER_TOP, mesh.LIP_INNER_TOP, mesh.LIP_INNER_BOTTOM, mesh.LIP_OUTER_BOTTOM)
    outer_top, top, bottom, outer_bottom = points[list(rows), 1]
    return np.array([top - outer_top, outer_bottom - bottom], dtype=np.float32)


def test_a_pucker_is_narrow_thick_and_forward(closed_rig: Posed) -> None:
    rest, pucker = closed_rig.points(mouth_row()), closed_rig.points(mouth_row(pucker=1))
    assert 0.55 < width(pucker) / width(rest) < 0.70
    assert (thickness(pucker) > 1.1 * thickness(rest)).all()
    lips = list(mesh.LIPS_OUTER)
    assert (pucker - rest)[lips, 2].min() == pytest.approx(-0.055, abs=0.005)


def test_a_funnel_is_narrow_and_thick_and_stays_open(closed_rig: Posed) -> None:
    rest, funnel = closed_rig.points(mouth_row(0.6)), closed_rig.points(mouth_row(0.6, funnel=1))
    assert 0.65 < width(funnel) / width(rest) < 0.80
    assert (thickness(funnel) > 1.05 * thickness(rest)).all()
    assert gap(funnel) == pytest.approx(gap(rest), abs=0.002)


def test_wide_lips_are_thin(closed_rig: Posed) -> None:
    rest, wide = closed_rig.points(mouth_row(0.3)), closed_rig.points(mouth_row(0.3, width=1.18))
    assert width(wide) == pytest.approx(1.18 * width(rest), rel=0.02)
    assert (thickness(wide) < 0.92 * thickness(rest)).all()


@pytest.mark.parametrize("shape", ["press", "roll"])
def test_pressed_and_rolled_lips_are_thin_and_shut(closed_rig: Posed, shape: str) -> None:
    rest, thin = closed_rig.points(mouth_row()), closed_rig.points(mouth_row(**{shape: 1.0}))
    assert (thickness(thin) < 0.92 * thickness(rest)).all()
    assert gap(thin) < 0.002


def test_f_lifts_the_upper_lip_off_the_teeth_and_brings_the_lower_lip_to_them(closed_rig: Posed) -> None:
    mouth = mouth_row(0.2, jaw=0.15)
    parted, tucked = closed_rig.points(mouth), closed_rig.points(mouth_row(0.2, jaw=0.15, tuck=1))
    top, bottom = mesh.LIP_INNER_TOP, mesh.LIP_INNER_BOTTOM
    assert tucked[top, 1] < parted[top, 1] - 0.008
    assert tucked[bottom, 1] < parted[bottom, 1] - 0.008
    assert 0.015 < gap(tucked) < 0.025


def test_lips_are_drawn_off_the_teeth_one_by_one(closed_rig: Posed) -> None:
    rest, raised, lowered = (
        closed_rig.points(mouth_row(0.3, **shape)) for shape in ({}, {"raise": 1.0}, {"lower": 1.0})
    )
    assert gap(raised) == pytest.approx(gap(rest) + 0.022, abs=0.002)
    assert gap(lowered) == pytest.approx(gap(rest) + 0.022, abs=0.002)
    assert raised[mesh.LIP_INNER_TOP, 1] < rest[mesh.LIP_INNER_TOP, 1] - 0.02
    assert lowered[mesh.LIP_INNER_BOTTOM, 1] > rest[mesh.LIP_INNER_BOTTOM, 1] + 0.02


def test_a_wide_opening_is_rounder_than_a_small_one(closed_rig: Posed) -> None:
    shares = []
    for aperture in (0.5, 1.8):
        points = closed_rig.points(mouth_row(aperture))
        open_by = points[list(mesh.LIPS_INNER_LOWER), 1] - points[list(mesh.LIPS_INNER_UPPER), 1]
        shares.append(float(open_by[[2, 8]].mean() / open_by[5]))
    assert shares[1] > shares[0] + 0.02


def test_the_chin_drops_and_goes_back_with_the_jaw(closed_rig: Posed) -> None:
    move = closed_rig.points(mouth_row(1.0, jaw=0.4)) - closed_rig.points(mouth_row(0.0))
    down, back = move[mesh.CHIN_BOTTOM, 1:]
    assert down == pytest.approx(CHIN_PER_JAW * 0.4 * closed_rig.rig.full_gap, rel=0.05)
    assert back == pytest.approx(0.25 * down, rel=0.05)


def test_a_picture_that_shows_a_dropped_jaw_closes_it(smiling_rig: Posed) -> None:
    assert smiling_rig.rig.rest.jaw_drop > 0.005
    assert smiling_rig.points(mouth_row())[mesh.CHIN_BOTTOM, 1] < smiling_rig.axes.points[mesh.CHIN_BOTTOM, 1]


def test_a_smile_closes_and_rounds(smiling_rig: Posed) -> None:
    shut, round_u = smiling_rig.points(mouth_row()), smiling_rig.points(mouth_row(pucker=1))
    assert gap(smiling_rig.axes.points) > 0.04
    assert gap(shut) < 0
    assert width(round_u) < 0.62 * width(shut)

    def curve(points: NDArray[np.float32]) -> float:
        return float(points[mesh.LIP_INNER_TOP, 1] - points[list(CORNERS), 1].mean())

    assert curve(round_u) < 0.75 * curve(shut)


def test_share_0_is_the_photo_and_1_the_asked_mouth(smiling_rig: Posed) -> None:
    mouth, still = mouth_row(0.8, pucker=0.5), gesture_row()
    none, half, whole = (smiling_rig.rig.moves(mouth, still, share) for share in (0.0, 0.5, 1.0))
    assert (none == 0).all()
    assert half == pytest.approx(0.5 * whole, abs=1e-5)
    assert (whole == smiling_rig.rig.moves(mouth, still)).all()


def test_a_frown_takes_the_smile_of_a_picture_back(smiling_rig: Posed) -> None:
    rest = smiling_rig.rig.rest
    neutral = replace(rest, smile=0.0)
    frown = gesture_row(mouth_frown_left=0.4, mouth_frown_right=0.4)
    assert smile_against(neutral, frown, 0) == 0
    assert -0.9 < smile_against(rest, frown, 0) < -0.6 * rest.smile
    # Corners go down and in, and the cheeks sink with them.
    moved = smiling_rig.change("mouth_frown_left") + smiling_rig.change("mouth_frown_right")
    assert (moved[list(CORNERS), 1] > 0.05).all()
    assert moved[CORNERS[0], 0] > 0.015
    assert moved[CORNERS[1], 0] < -0.015
    assert (moved[list(CHEEKS), 1] > 0.008).all()


@pytest.mark.parametrize("side", [0, 1])
def test_corners_and_cheeks_rise_on_the_side_that_smiles(closed_rig: Posed, side: int) -> None:
    name = ("mouth_smile_left", "mouth_smile_right")[side]
    move = closed_rig.change(name)
    outward = (-1, 1)[side]
    assert outward * move[CORNERS[side], 0] > 0.01
    assert move[CORNERS[side], 1] < -0.01
    assert move[CHEEKS[side], 1] < -0.005
    assert np.abs(move[CORNERS[1 - side], :2]).max() < 0.002
    assert np.abs(move[CHEEKS[1 - side], :2]).max() < 0.004


@pytest.mark.parametrize("side", [0, 1])
def test_a_frown_lowers_the_corner_of_its_side(closed_rig: Posed, side: int) -> None:
    name = ("mouth_frown_left", "mouth_frown_right")[side]
    move = closed_rig.change(name)
    # The portrait smiles with closed lips; that smile goes with the frown.
    assert 0.03 < move[CORNERS[side], 1] < 0.075
    assert np.abs(move[CORNERS[1 - side], 1]) < 0.002


@pytest.mark.parametrize("side", [0, 1])
def test_a_cheek_rises_by_itself(closed_rig: Posed, side: int) -> None:
    name = ("cheek_squint_left", "cheek_squint_right")[side]
    move = closed_rig.change(name)
    assert move[CHEEKS[side], 1] < -0.01
    assert np.abs(move[CHEEKS[1 - side]]).max() < 0.004
    assert np.abs(move[list(mesh.LIPS_INNER)]).max() < 1e-5


@pytest.mark.parametrize(("side", "inner", "outer"), [("left", 107, 70), ("right", 336, 300)])
def test_each_end_of_each_brow_moves_by_itself(closed_rig: Posed, side: str, inner: int, outer: int) -> None:
    inner_up, outer_up, down = (
        closed_rig.change(f"brow_{name}_{side}") for name in ("inner_up", "outer_up", "down")
    )
    assert inner_up[inner, 1] < -0.01
    assert abs(inner_up[outer, 1]) < 0.002
    assert outer_up[outer, 1] < -0.01
    assert abs(outer_up[inner, 1]) < 0.002
    assert down[inner, 1] > down[outer, 1] > 0.004
    other_inner = 336 if side == "left" else 107
    assert np.abs(down[other_inner]).max() < 0.004
    towards_nose = 1 if side == "left" else -1
    assert towards_nose * down[inner, 0] > 0.004


def test_a_small_mouth_opens_by_its_width_but_as_wide_as_people(closed_face: Face) -> None:
    """A child's: three quarters of the usual width, and still .08 of the face where others open by .095."""
    landmarks = closed_face.landmarks_px.copy()
    lips = list({point for row in LIP_ROWS for point in row})
    usual = face_axes(closed_face)
    middle = landmarks[lips, :2].mean(axis=0)
    narrower = 0.255 / (2 * usual.half_mouth)
    landmarks[lips, :2] = middle + narrower * (landmarks[lips, :2] - middle)
    small = face_axes(face_of(landmarks, closed_face.confidence))
    opens = FaceRig(small).full_gap
    assert opens == pytest.approx(0.35 * 2 * small.half_mouth)
    assert 0.08 < opens < FaceRig(usual).full_gap
