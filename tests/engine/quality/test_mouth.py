"""What a mouth and eyes measure on meshes whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.face.mesh import (
    EYE_LEFT_LOWER,
    EYE_LEFT_UPPER,
    LIPS_INNER_LOWER,
    LIPS_INNER_UPPER,
)
from lipwright.engine.face.pose import canonical_face, rotation_of
from lipwright.engine.quality.mouth import CLOSED_GAP, eye_openings, mouth_gap, mouth_shapes

# Rotation goes through 32-bit floats and a least-squares fit.
ROUNDING_ERROR = 2e-4


def face_with_gap(gap: float) -> NDArray[np.float32]:
    """The neutral face, its lower lip moved down until the lips are `gap` face heights apart."""
    points = canonical_face().copy()
    height = float(np.linalg.norm(points[10] - points[152]))
    inner_lower = list(LIPS_INNER_LOWER[1:-1])
    points[inner_lower, 1] = points[list(LIPS_INNER_UPPER[1:-1]), 1] + gap * height
    return points * 200 + 300


def turned(
    points: NDArray[np.float32], yaw_deg: float, pitch_deg: float, roll_deg: float
) -> NDArray[np.float32]:
    middle = points.mean(axis=0)
    turning = rotation_of(yaw_deg, pitch_deg, roll_deg)
    return np.asarray((points - middle) @ turning.T * np.float32(0.7) + middle)


def test_the_neutral_face_has_closed_lips_and_open_eyes() -> None:
    assert mouth_gap(canonical_face()) < CLOSED_GAP
    assert min(eye_openings(canonical_face())) > 0.03


def test_a_gap_between_the_lips_is_measured_in_face_heights() -> None:
    assert mouth_gap(face_with_gap(0.06)) == pytest.approx(0.06, abs=ROUNDING_ERROR)


@pytest.mark.parametrize("angles", [(35, 0, 0), (-25, 10, 0), (0, -20, 0), (0, 0, 170), (20, 15, -40)])
def test_turning_the_head_changes_no_measure(angles: tuple[float, float, float]) -> None:
    points = face_with_gap(0.05)
    front, aside = mouth_shapes(points[None]), mouth_shapes(turned(points, *angles)[None])
    for name in ("gap", "width", "rounding", "jaw"):
        assert getattr(aside, name) == pytest.approx(getattr(front, name), abs=ROUNDING_ERROR), name


def test_a_blink_closes_the_eye_that_blinks() -> None:
    points = canonical_face().copy()
    points[list(EYE_LEFT_UPPER)] = points[list(EYE_LEFT_LOWER)]
    left, right = eye_openings(points)
    assert left == pytest.approx(0, abs=1e-6)
    assert right > 0.03


def test_lips_that_overlap_measure_as_shut() -> None:
    assert mouth_gap(face_with_gap(-0.02)) == 0


def test_a_clip_without_frames_has_no_shapes() -> None:
    assert len(mouth_shapes(np.zeros((0, 478, 3), np.float32)).gap) == 0
