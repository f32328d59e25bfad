"""Head pose against rotations that are known, and against the picture itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lipwright.engine.face.pose import (
    angles_of,
    canonical_face,
    estimate_pose,
    from_head,
    rotation_of,
    to_head,
)

ANGLE_ERROR_DEG = 0.01

angles = st.tuples(st.floats(-60, 60), st.floats(-40, 40), st.floats(-170, 170))


@given(angles)
def test_the_pose_of_a_turned_neutral_face_is_the_turn(turn: tuple[float, float, float]) -> None:
    points = canonical_face() @ rotation_of(*turn).T * 150 + np.array([400, 300, 20], np.float32)
    pose = estimate_pose(points)
    assert (pose.yaw_deg, pose.pitch_deg, pose.roll_deg) == pytest.approx(turn, abs=ANGLE_ERROR_DEG)
    assert pose.eye_distance_px == pytest.approx(150, rel=1e-4)
    assert pose.centre_px == pytest.approx([400, 300], abs=0.01)


@given(angles)
def test_angles_and_rotation_are_each_others_inverse(turn: tuple[float, float, float]) -> None:
    assert angles_of(rotation_of(*turn)) == pytest.approx(turn, abs=ANGLE_ERROR_DEG)


@given(angles)
def test_turning_to_the_front_undoes_the_pose(turn: tuple[float, float, float]) -> None:
    points = canonical_face() @ rotation_of(*turn).T * 150 + np.array([400, 300, 20], np.float32)
    pose = estimate_pose(points)
    assert to_head(points, pose) == pytest.approx(canonical_face(), abs=1e-3)
    assert from_head(to_head(points, pose), pose)[:, :2] == pytest.approx(points[:, :2], abs=0.1)


def test_a_face_that_looks_to_the_viewers_right_has_its_nose_there_and_a_positive_yaw() -> None:
    turned = canonical_face() @ rotation_of(30, 0, 0).T
    assert turned[1, 0] > turned[168, 0] + 0.05


def test_a_nod_brings_the_nose_down_and_is_a_positive_pitch() -> None:
    level, nodding = (canonical_face() @ rotation_of(0, pitch, 0).T for pitch in (0, 20))
    assert nodding[1, 1] > level[1, 1] + 0.1


def test_leaning_clockwise_lifts_the_eye_on_the_viewers_left() -> None:
    leaning = canonical_face() @ rotation_of(0, 0, 20).T
    assert leaning[33, 1] < leaning[263, 1]


def test_the_neutral_face_is_symmetric_and_one_eye_distance_wide() -> None:
    face = canonical_face()
    assert face[33] == pytest.approx([-0.5, 0, 0], abs=1e-6)
    assert face[263] == pytest.approx([0.5, 0, 0], abs=1e-6)
    assert face[[1, 10, 13, 152], 0] == pytest.approx(0, abs=1e-6)
