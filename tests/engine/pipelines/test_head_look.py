"""A glance at a head reads its turn about as well as a long look, and sees none where nobody is."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.face.find.landmarks import find_faces
from lipwright.engine.face.pose import angles_of
from lipwright.engine.pipelines.head_look import look_at_head

# A glance scatters by some tenths of a degree.
TOLERANCE_DEG = 1.0


def test_a_glance_reads_the_turn_of_a_head(portrait_rgb: NDArray[np.uint8]) -> None:
    (face, *_) = find_faces(portrait_rgb)
    rotation = look_at_head(portrait_rgb, face.landmarks_px)
    assert rotation is not None
    assert angles_of(rotation) == pytest.approx(angles_of(face.pose.rotation), abs=TOLERANCE_DEG)


def test_a_glance_at_a_wall_sees_nobody(portrait_rgb: NDArray[np.uint8]) -> None:
    (face, *_) = find_faces(portrait_rgb)
    assert look_at_head(np.full_like(portrait_rgb, 127), face.landmarks_px) is None
