"""Lips at the edge of a frame go only as far as the frame knows what comes in."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.face import mesh
from lipwright.engine.face.pose import canonical_face
from lipwright.engine.render.clip.geometry import lips_box, share_shown, shows_mouth

UNIT_PX = 200.0
LOWER = [*mesh.LIPS_INNER_LOWER, *mesh.LIPS_OUTER_LOWER]


def a_face() -> NDArray[np.float32]:
    """A face with its mouth open, float32 (478, 3), about 200 px high."""
    landmarks = canonical_face() * np.float32(100) + np.float32(200)
    landmarks[LOWER, 1] += 30
    return landmarks


def shut(landmarks: NDArray[np.float32]) -> NDArray[np.float32]:
    wanted = landmarks.copy()
    wanted[LOWER, 1] -= 30
    return wanted


def test_whole_lips_go_where_they_are_wanted() -> None:
    face = a_face()
    assert share_shown(Box(0, 0, 600, 600), face, shut(face), UNIT_PX) == 1


@pytest.mark.parametrize("cut_px", [2, 10, 18])
def test_a_lower_lip_from_beyond_the_edge_hardly_comes_in(cut_px: int) -> None:
    face = a_face()
    frame = Box(0, 0, 600, lips_box(face).bottom - cut_px)
    assert share_shown(frame, face, shut(face), UNIT_PX) < 0.5


def test_lips_that_leave_the_frame_may_leave_it() -> None:
    face = shut(a_face())
    frame = Box(0, 0, 600, lips_box(face).bottom + 2)
    assert share_shown(frame, face, a_face(), UNIT_PX) == 1


@pytest.mark.parametrize(
    ("dx", "dy", "is_shown"),
    [(0, 0, True), (0, 300, False), (0, -600, False), (400, 0, False), (-400, 0, False)],
)
def test_a_mouth_beyond_any_edge_is_not_shown(dx: int, dy: int, is_shown: bool) -> None:
    face = a_face()
    face[:, :2] += (dx, dy)
    assert shows_mouth(Box(0, 0, 400, 400), face, (400, 400)) == is_shown
