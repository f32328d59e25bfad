"""Arithmetic between seconds, frames and samples. Exact: rates are fractions, never floats.

Frame ``i`` of a clip at rate ``r`` is shown from ``i / r`` until ``(i + 1) / r``.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray


def frame_count(duration_s: float | Fraction, frame_rate: Fraction) -> int:
    """How many frames cover a duration: the smallest count that reaches its end, at least one.

    An excess of less than a thousandth of a frame, the rounding of a decimal duration, adds no frame.
    """
    if duration_s < 0:
        raise ValueError(f"duration_s is {duration_s}, expected 0 or more")
    exact = Fraction(duration_s) * frame_rate
    return max(1, math.ceil(exact - Fraction(1, 1000)))


def frame_times_s(count: int, frame_rate: Fraction) -> NDArray[np.float64]:
    """The middle of each frame's time on the screen, float64 (frame,), seconds.

    A curve is sampled at the middle, so that picture and sound are in step on average.
    """
    return (np.arange(count, dtype=np.float64) + 0.5) * (frame_rate.denominator / frame_rate.numerator)


def frame_at(time_s: float | Fraction, frame_rate: Fraction) -> int:
    """Which frame shows at a time: the last one that began at or before it."""
    return math.floor(Fraction(time_s) * frame_rate)


def ping_pong(shown_count: int, frame_count: int) -> NDArray[np.intp]:
    """Which frame of a clip of frame_count each of shown_count frames shows, intp (frame,).

    0, 1, 2, 1, 0, 1, 2 for three frames: from the last one back to the first and on again, none shown twice
    in a row unless it is the only one.
    """
    place = np.arange(shown_count) % max(1, 2 * frame_count - 2)
    return np.minimum(place, 2 * frame_count - 2 - place) if frame_count > 1 else np.zeros_like(place)


def sample_index(time_s: float | Fraction, sample_rate_hz: int) -> int:
    """The sample nearest to a time."""
    return round(Fraction(time_s) * sample_rate_hz)
