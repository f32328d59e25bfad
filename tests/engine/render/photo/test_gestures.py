"""What landmarks see of a face that was drawn with a gesture: lids, gaze, brows, head and breath."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.face.find.landmarks import find_faces
from lipwright.engine.face.values import Face
from lipwright.engine.render.photo.renderer import PhotoRenderer
from tests.engine.render.drawing import drawn, gesture_row, mouth_row, near_eye, seen

# A lid that covers this share of the open eye has closed it: the lashes keep landmarks apart.
SHUT_SHARE = 0.35
# How unequal the two eyes may be, as a share of an open eye: real blinks stay below it.
EYE_ASYMMETRY = 0.15
# The picture turns less than the curve says: the neck holds back what lies beside the face.
LEAST_TURN_SHARE = 0.5
MOST_TURN_SHARE = 1.3
ASKED_DEG = 6.0


def test_a_blink_shuts_both_eyes_alike(closed_rgb: NDArray[np.uint8], closed: PhotoRenderer) -> None:
    opened = seen(closed_rgb).eyes
    for blink, most in ((0.5, 0.85), (1.0, SHUT_SHARE)):
        left, right = seen(drawn(closed_rgb, closed, gesture=gesture_row(eye_blink=blink))).eyes
        assert left < most * opened[0]
        assert right < most * opened[1]
        assert abs(left - right) < EYE_ASYMMETRY * opened[0]


def test_the_open_eye_comes_back_after_a_blink(
    closed_rgb: NDArray[np.uint8], closed: PhotoRenderer, closed_face: Face
) -> None:
    before = near_eye(drawn(closed_rgb, closed), closed_face).copy()
    shut = near_eye(drawn(closed_rgb, closed, gesture=gesture_row(eye_blink=1)), closed_face)
    after = near_eye(drawn(closed_rgb, closed), closed_face)
    assert (shut != before).mean() > 0.5
    assert (after == before).all()


def test_eyes_look_where_they_are_told(closed_rgb: NDArray[np.uint8], closed: PhotoRenderer) -> None:
    left, ahead, right = (
        seen(drawn(closed_rgb, closed, gesture=gesture_row(gaze_x=degrees))).gaze for degrees in (-15, 0, 15)
    )
    assert left < ahead - 0.02
    assert right > ahead + 0.02


def test_brows_rise_and_corners_follow_smile_and_frown(
    closed_rgb: NDArray[np.uint8], closed: PhotoRenderer, closed_face: Face
) -> None:
    lifted = seen(drawn(closed_rgb, closed, gesture=gesture_row(brow_inner_up=0.8, brow_outer_up=0.8)))
    brow = 105  # the middle of the viewer's left brow
    assert lifted.face.landmarks_px[brow, 1] < closed_face.landmarks_px[brow, 1] - 1
    corners, middle = [61, 291], 13
    sad, glad = (
        seen(drawn(closed_rgb, closed, gesture=gesture_row(**{shape: 1.0}))).face.landmarks_px
        for shape in ("mouth_frown", "mouth_smile")
    )
    lower_by = (sad - glad)[corners, 1].mean() - (sad - glad)[middle, 1]
    assert lower_by > 0.015 * np.ptp(closed_face.landmarks_px[:468, 1])


@pytest.mark.parametrize(("axis", "number"), [("yaw", 0), ("pitch", 1), ("roll", 2)])
def test_the_head_turns_the_way_that_is_written(
    closed_rgb: NDArray[np.uint8], closed: PhotoRenderer, axis: str, number: int
) -> None:
    one_way, other_way = (
        seen(drawn(closed_rgb, closed, gesture=gesture_row(**{axis: degrees}))).angles_deg
        for degrees in (-ASKED_DEG, ASKED_DEG)
    )
    turned = (other_way - one_way) / (2 * ASKED_DEG)
    assert LEAST_TURN_SHARE < turned[number] < MOST_TURN_SHARE
    assert np.abs(np.delete(turned, number)).max() < 0.2


def test_the_head_moves_and_nears_the_way_that_is_written(
    closed_rgb: NDArray[np.uint8], closed: PhotoRenderer, closed_face: Face
) -> None:
    nose, height_px = 4, np.ptp(closed_face.landmarks_px[:468, 1])
    moved = seen(drawn(closed_rgb, closed, gesture=gesture_row(shift_x=0.03, shift_y=0.02))).face
    shift = (moved.landmarks_px - closed_face.landmarks_px)[nose, :2] / height_px
    assert shift == pytest.approx([0.03, 0.02], abs=0.008)
    near = seen(drawn(closed_rgb, closed, gesture=gesture_row(nearness=0.05))).face
    assert near.pose.eye_distance_px == pytest.approx(1.05 * closed_face.pose.eye_distance_px, rel=0.02)


def test_nothing_moves_where_the_drawn_box_ends(portrait_rgb: NDArray[np.uint8]) -> None:
    renderer = PhotoRenderer(portrait_rgb, find_faces(portrait_rgb)[:1])
    turned = gesture_row(yaw=8, pitch=5, roll=5, nearness=0.03, shift_x=0.03, breath=0.01)
    picture = drawn(portrait_rgb, renderer, gesture=turned)
    box = next(iter(renderer.draw(mouth_row(), turned))).box
    inner = np.zeros(portrait_rgb.shape[:2], bool)
    inner[box.grown(-2).slices] = True
    change = np.abs(picture.astype(int) - portrait_rgb).max(axis=-1)
    assert change[inner].max() > 50
    # Enlarging and shrinking the box rounds its outermost pixels a little; a seam differs by far more.
    assert np.percentile(change[~inner], 99.5) <= 3


def test_breath_lifts_the_shoulders_and_leaves_the_face(portrait_rgb: NDArray[np.uint8]) -> None:
    face = find_faces(portrait_rgb)[0]
    renderer = PhotoRenderer(portrait_rgb, [face])
    calm, deep = (
        drawn(portrait_rgb, renderer, gesture=gesture_row(breath=breath)).astype(int) for breath in (0, 0.012)
    )
    change = np.abs(deep - calm).max(axis=-1)
    chin = int(face.box_xyxy[3])
    assert change[:chin].max() == 0
    assert change[chin:].max() > 10


def test_a_head_that_is_held_ignores_the_motion_of_the_head(
    closed_rgb: NDArray[np.uint8], closed_face: Face
) -> None:
    held = PhotoRenderer(closed_rgb, [closed_face], head_moves=False)
    turned = drawn(closed_rgb, held, gesture=gesture_row(yaw=8, shift_x=0.05, breath=0.01))
    assert (turned == drawn(closed_rgb, held)).all()
