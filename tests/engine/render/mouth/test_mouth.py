"""What landmarks see of a mouth that was drawn: it opens, shuts, rounds and shows its teeth as asked."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.face.mesh import (
    CHIN_BOTTOM,
    LIP_OUTER_BOTTOM,
    LIP_OUTER_TOP,
    LIPS_OUTER,
    MOUTH_CORNER_LEFT,
    MOUTH_CORNER_RIGHT,
)
from lipwright.engine.face.values import Face
from lipwright.engine.quality.mouth import CLOSED_GAP
from lipwright.engine.render.mouth.interior import MouthInterior
from lipwright.engine.render.mouth.lips import lip_cut
from lipwright.engine.render.mouth.palette import read_palette
from lipwright.engine.render.photo.renderer import PhotoRenderer
from lipwright.engine.render.pixels import luminance
from lipwright.engine.render.warp.face_axes import face_axes
from lipwright.engine.render.warp.rig import FaceRig
from tests.engine.render.drawing import drawn, inside_lips, mouth_row, seen, within

# The rig moves the mesh, the tracker measures pixels: its own scatter on an open mouth, face heights. It
# takes some of a tongue that lies over the lower teeth for lip.
GAP_TOLERANCE = 0.018
# What a corner of the mouth scatters, as a share of the mouth's width; the tracker holds on to the creases at
# the corners.
WIDTH_TOLERANCE = 0.10

# How much of the chin's drop the tracker sees: its chin lies between the bone's and the throat's.
CHIN_SHARE = (0.6, 1.1)
# Teeth are bright, and greyer than lips and skin: blue over red, and luminance.
TOOTH_BLUENESS, TOOTH_LUMINANCE = 0.88, 130


def test_the_gap_between_the_lips_is_the_one_asked_for(
    closed_rgb: NDArray[np.uint8], closed: PhotoRenderer, closed_face: Face
) -> None:
    full_gap = FaceRig(face_axes(closed_face)).full_gap
    asked = np.array([0.3, 0.5, 0.8, 1.1])
    gaps = [seen(drawn(closed_rgb, closed, mouth_row(aperture))).aperture for aperture in asked]
    assert gaps == pytest.approx(asked * full_gap, abs=GAP_TOLERANCE)


def test_a_smile_opens_further_and_further(smiling_rgb: NDArray[np.uint8], smiling: PhotoRenderer) -> None:
    gaps = [seen(drawn(smiling_rgb, smiling, mouth_row(aperture))).aperture for aperture in (0.1, 0.5, 1.0)]
    assert (np.diff(gaps) > 0.02).all(), gaps


@pytest.mark.parametrize("head", ["smiling", "closed"])
def test_lips_at_rest_are_shut_also_where_the_picture_smiles(
    head: str, request: pytest.FixtureRequest
) -> None:
    rgb, renderer = request.getfixturevalue(f"{head}_rgb"), request.getfixturevalue(head)
    assert seen(drawn(rgb, renderer)).aperture < CLOSED_GAP


def test_a_smile_that_closes_leaves_no_row_of_teeth(
    smiling_rgb: NDArray[np.uint8], smiling_face: Face, closed_rgb: NDArray[np.uint8], closed_face: Face
) -> None:
    before, after = (
        _tooth_share(rgb, face) for rgb, face in ((smiling_rgb, smiling_face), (closed_rgb, closed_face))
    )
    # Highlights of the lower lip look like teeth, too; they are small.
    assert after < 0.3 * before


def test_the_teeth_of_a_smile_are_the_pictures_own(
    smiling_rgb: NDArray[np.uint8], smiling_face: Face, smiling: PhotoRenderer
) -> None:
    picture = drawn(smiling_rgb, smiling, mouth_row(0.7))
    own, now = (
        float(np.percentile(luminance(inside_lips(rgb, face)), 80))
        for rgb, face in ((smiling_rgb, smiling_face), (picture, seen(picture).face))
    )
    # Opened, they lie a little deeper in the shadow of the lip.
    assert 0.75 * own < now < 1.05 * own


def test_teeth_are_borrowed_only_from_a_picture_that_shows_them(
    smiling_rgb: NDArray[np.uint8],
    smiling_face: Face,
    closed_rgb: NDArray[np.uint8],
    closed_face: Face,
) -> None:
    assert _has_own_teeth(smiling_rgb, smiling_face)
    assert not _has_own_teeth(closed_rgb, closed_face)


def test_an_open_mouth_is_darker_below_its_upper_teeth(
    closed_rgb: NDArray[np.uint8], closed: PhotoRenderer
) -> None:
    picture = drawn(closed_rgb, closed, mouth_row(1.0))
    inside = luminance(inside_lips(picture, seen(picture).face))
    dark, bright = np.percentile(inside, [15, 80])
    assert dark < 0.4 * bright


def test_rounding_and_narrow_shapes_bring_the_corners_in_and_wide_ones_move_them_out(
    closed_rgb: NDArray[np.uint8], closed: PhotoRenderer
) -> None:
    plain, rounded, narrow, wide = (
        seen(drawn(closed_rgb, closed, mouth_row(0.3, **shape))).width
        for shape in ({}, {"pucker": 1.0}, {"width": 0.8}, {"width": 1.1})
    )
    assert rounded < 0.85 * plain
    assert narrow < 0.92 * plain
    assert wide == pytest.approx(1.1 * plain, rel=WIDTH_TOLERANCE)


def test_f_and_v_part_the_lips_for_the_upper_teeth(
    closed_rgb: NDArray[np.uint8], closed: PhotoRenderer
) -> None:
    shut, tucked = (
        seen(drawn(closed_rgb, closed, mouth_row(0.05, jaw=0.1, tuck=tuck))).aperture for tuck in (0.0, 1.0)
    )
    assert tucked > shut + 0.006


def test_the_chin_drops_with_the_jaw(
    closed_rgb: NDArray[np.uint8], closed: PhotoRenderer, closed_face: Face
) -> None:
    axes = face_axes(closed_face)
    dropped = seen(drawn(closed_rgb, closed, mouth_row(0.9, jaw=0.7))).face
    moved = (dropped.landmarks_px[CHIN_BOTTOM] - closed_face.landmarks_px[CHIN_BOTTOM])[:2] @ axes.y_axis_px
    drop = moved / axes.face_height_px**2
    assert CHIN_SHARE[0] < drop / (0.7 * FaceRig(axes).full_gap) < CHIN_SHARE[1]


def _tooth_share(rgb: NDArray[np.uint8], face: Face) -> float:
    """Which part of what lies between the outer edges of the lips looks like teeth."""
    pixels = within(rgb, face, LIPS_OUTER)
    blueness = pixels[:, 2] / np.maximum(pixels[:, 0], 1)
    return float(((blueness > TOOTH_BLUENESS) & (luminance(pixels) > TOOTH_LUMINANCE)).mean())


def _mouth_box(face: Face) -> Box:
    points = face.landmarks_px[[MOUTH_CORNER_LEFT, MOUTH_CORNER_RIGHT, LIP_OUTER_TOP, LIP_OUTER_BOTTOM], :2]
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return Box(int(left), int(top), int(right), int(bottom))


def _has_own_teeth(rgb: NDArray[np.uint8], face: Face) -> bool:
    axes = face_axes(face)
    box = _mouth_box(face)
    cut = lip_cut(axes, face.landmarks_px, box)
    palette = read_palette(axes, face.landmarks_px, rgb)
    return MouthInterior(axes, face.landmarks_px, palette, 0, shown=(rgb, cut)).has_own_teeth
