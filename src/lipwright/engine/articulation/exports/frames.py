"""At which times the rows of an export stand."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.curves import ArticulationCurves
from lipwright.engine.timeline import frame_count

# No recorder writes fewer rows and no animation tool reads more.
MIN_FRAME_RATE = Fraction(1)
MAX_FRAME_RATE = Fraction(240)


def row_times_s(curves: ArticulationCurves, frame_rate: Fraction) -> NDArray[np.float64]:
    """When each row holds: keyframes stand at the start of a frame. Raises ValueError for a silly rate."""
    if not MIN_FRAME_RATE <= frame_rate <= MAX_FRAME_RATE:
        raise ValueError(f"frame_rate is {frame_rate}, expected {MIN_FRAME_RATE} to {MAX_FRAME_RATE}")
    count = frame_count(Fraction(len(curves.values), curves.rate_hz), frame_rate)
    return np.arange(count, dtype=np.float64) * (frame_rate.denominator / frame_rate.numerator)
