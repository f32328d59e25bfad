"""Where the picture is cut: on the dark line between shut lips, along the edges of parted ones."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.face.mesh import LIPS_INNER_LOWER, LIPS_INNER_UPPER, LIPS_OUTER
from lipwright.engine.face.values import Face
from lipwright.engine.render.mouth.lips import EDGE_RAMP, lip_cut, refine_lip_line
from lipwright.engine.render.warp.face_axes import FaceAxes, face_axes

# How far from a painted line its middle third may be found: half of the line's own thickness.
LINE_TOLERANCE = 0.006
# The same for the edges of parted lips, which are ramps.
EDGE_TOLERANCE = 0.008


@pytest.fixture(scope="module")
def axes(closed_face: Face) -> FaceAxes:
    return face_axes(closed_face)


def painted(rgb: NDArray[np.uint8], face: Face, axes: FaceAxes, lower_by: float) -> NDArray[np.uint8]:
    """The lips painted over in one colour, and a dark line drawn this much lower than the landmarks say."""
    picture = rgb.copy()
    line = face.landmarks_px[list(LIPS_INNER_UPPER), :2] + lower_by * axes.y_axis_px
    ends = line[[0, -1]].astype(int)
    reach = int(0.08 * axes.face_height_px)
    left, right = ends[0, 0] - reach, ends[1, 0] + reach
    middle = int(line[:, 1].mean())
    picture[middle - reach : middle + reach, left:right] = (200, 140, 130)
    points = [np.round(line * 16).astype(np.int32)]
    cv2.polylines(picture, points, False, (60, 25, 25), 2, cv2.LINE_AA, shift=4)
    return picture


@pytest.mark.parametrize("lower_by", [-0.012, 0.0, 0.012, 0.028])
def test_the_cut_lies_on_the_dark_line_between_the_lips(
    closed_rgb: NDArray[np.uint8], closed_face: Face, axes: FaceAxes, lower_by: float
) -> None:
    picture = painted(closed_rgb, closed_face, axes, lower_by)
    refined = refine_lip_line(axes, closed_face.landmarks_px, picture)
    for row in (LIPS_INNER_UPPER, LIPS_INNER_LOWER):
        moved = (refined[list(row[4:7])] - closed_face.landmarks_px[list(LIPS_INNER_UPPER[4:7])])[:, :2]
        lower = moved @ axes.y_axis_px / axes.face_height_px**2
        assert lower == pytest.approx(lower_by, abs=LINE_TOLERANCE)


def parted(
    rgb: NDArray[np.uint8], face: Face, upper_by: float, lower_by: float
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Lips painted in one colour with teeth between them, and how far the edges were painted from the mesh.

    upper_by, lower_by: how much lower than the landmarks say each edge is, face heights.
    """
    axes = face_axes(face)
    picture = rgb.copy()
    outer = face.landmarks_px[list(LIPS_OUTER), :2]
    cv2.fillPoly(picture, [np.round(outer * 16).astype(np.int32)], (190, 110, 110), cv2.LINE_AA, shift=4)
    rows = [
        face.landmarks_px[list(row), :2] + by * np.sin(np.linspace(0, np.pi, 11))[:, None] * axes.y_axis_px
        for row, by in ((LIPS_INNER_UPPER, upper_by), (LIPS_INNER_LOWER, lower_by))
    ]
    hole = np.concatenate([rows[0], rows[1][::-1]])
    cv2.fillPoly(picture, [np.round(hole * 16).astype(np.int32)], (235, 230, 220), cv2.LINE_AA, shift=4)
    return picture, np.array([upper_by, lower_by], dtype=np.float32)


@pytest.mark.parametrize(("upper_by", "lower_by"), [(0.0, 0.0), (0.012, -0.012), (-0.01, 0.01)])
def test_the_edges_of_parted_lips_are_found_in_the_picture(
    smiling_rgb: NDArray[np.uint8], smiling_face: Face, upper_by: float, lower_by: float
) -> None:
    picture, asked = parted(smiling_rgb, smiling_face, upper_by, lower_by)
    axes = face_axes(smiling_face)
    refined = refine_lip_line(axes, smiling_face.landmarks_px, picture)
    for row, lower, outward in zip((LIPS_INNER_UPPER, LIPS_INNER_LOWER), asked, (-1, 1), strict=True):
        moved = (refined - smiling_face.landmarks_px)[list(row[4:7]), :2]
        found = moved @ axes.y_axis_px / axes.face_height_px**2
        # A lip ends before the ramp of its edge begins.
        assert found == pytest.approx(lower + outward * EDGE_RAMP, abs=EDGE_TOLERANCE)


@pytest.mark.parametrize("higher_by", [0.0, 0.012])
def test_the_corners_lie_on_the_line_between_the_lips(
    closed_rgb: NDArray[np.uint8], closed_face: Face, axes: FaceAxes, higher_by: float
) -> None:
    picture = closed_rgb.copy()
    line = closed_face.landmarks_px[list(LIPS_INNER_UPPER), :2].copy()
    corners = closed_face.landmarks_px[[61, 291], :2]
    line[[0, -1]] = corners - higher_by * axes.y_axis_px
    line[[1, -2]] -= higher_by / 2 * axes.y_axis_px
    reach = int(0.08 * axes.face_height_px)
    (left, right), middle = corners[:, 0].astype(int), int(line[:, 1].mean())
    picture[middle - reach : middle + reach, left - reach : right + reach] = (200, 140, 130)
    points = [np.round(line * 16).astype(np.int32)]
    cv2.polylines(picture, points, False, (60, 25, 25), 2, cv2.LINE_AA, shift=4)
    moved = refine_lip_line(axes, closed_face.landmarks_px, picture)[[61, 291], :2] - corners
    higher = -moved @ axes.y_axis_px / axes.face_height_px**2
    assert higher == pytest.approx([higher_by, higher_by], abs=LINE_TOLERANCE)


def test_every_pixel_of_shut_lips_belongs_to_one_layer(closed_face: Face, axes: FaceAxes) -> None:
    landmarks = closed_face.landmarks_px.copy()
    landmarks[list(LIPS_INNER_LOWER)] = landmarks[list(LIPS_INNER_UPPER)]
    cut = lip_cut(axes, landmarks, Box(150, 240, 310, 360))
    assert cut.upper + cut.lower == pytest.approx(1, abs=1e-5)


def test_between_parted_lips_lies_what_belongs_to_neither_layer(smiling_face: Face) -> None:
    box = Box(150, 240, 310, 360)
    cut = lip_cut(face_axes(smiling_face), smiling_face.landmarks_px, box)
    middle = smiling_face.landmarks_px[[*LIPS_INNER_UPPER[4:7], *LIPS_INNER_LOWER[4:7]], :2].mean(axis=0)
    column, row = np.round(middle - box.corner).astype(int)
    assert cut.upper[row, column] == cut.lower[row, column] == 0
    assert cut.upper[0].min() == 1
    assert cut.lower[-1].min() == 1
