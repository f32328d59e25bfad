"""Shapes that gestures are made of: pulses, slow wandering, eased edges."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.special import erf

from lipwright.engine.arrays import smoothstep
from lipwright.engine.curves import CURVE_RATE_HZ

Curve = NDArray[np.float64]

# Up to this share of a limit a movement passes as it is; from there it is bent towards the limit. A later
# knee stops the movement short, an earlier one makes all of it smaller.
_KNEE_SHARE = 0.62
# The frames at both ends of a clip are the picture itself: a frame is shown at the middle of its time, which
# at 10 frames a second is this far from the edge.
STILL_EDGE_S = 0.05


def times_s(rows: int) -> Curve:
    """The time of every curve point."""
    return np.arange(rows) / CURVE_RATE_HZ


def edges_eased(rows: int, ease_in_s: float, ease_out_s: float) -> Curve:
    """1 inside a clip, rising from 0 at its start and falling to 0 at its end."""
    time_s = times_s(rows) - STILL_EDGE_S
    last_s = (rows - 1) / CURVE_RATE_HZ - 2 * STILL_EDGE_S
    eased: Curve = smoothstep(time_s / ease_in_s) * smoothstep((last_s - time_s) / ease_out_s)
    return eased


def soft_limit(curve: Curve, limit: float) -> Curve:
    """The curve bent so that it never passes the limit on either side."""
    knee = _KNEE_SHARE * limit
    excess = np.maximum(np.abs(curve) - knee, 0.0)
    room = limit - knee
    bent: Curve = np.sign(curve) * (np.minimum(np.abs(curve), knee) + room * np.tanh(excess / room))
    return bent


def spread_inside(curve: Curve, limit: Curve | float) -> Curve:
    """The curve bent so that it never reaches the limit on either side, and all the room is used alike.

    A curve that strays like noise and mostly lies far out comes to lie anywhere inside its limit about as
    often (the error function), where soft_limit would leave it just below its limit for long. Small motion
    stays as it is. limit: above 0, of every point or of all.
    """
    return np.asarray(limit * erf(0.5 * np.sqrt(np.pi) * curve / limit))


def low_passed(curve: Curve, sigma_s: float) -> Curve:
    """The curve without what is faster than about 0.2 / sigma_s Hz; looks only 4 sigma around."""
    return np.asarray(gaussian_filter1d(curve, sigma_s * CURVE_RATE_HZ, mode="nearest"))


def wandering(rows: int, rng: np.random.Generator, low_hz: float, high_hz: float) -> Curve:
    """Slow movement without a period: a sum of sines between two frequencies, standard deviation 1.

    The same for any length, so that a longer clip begins like a shorter one.
    """
    count = 6
    steps = (np.arange(count) + rng.uniform(0.1, 0.9, count)) / count
    frequencies_hz = low_hz * (high_hz / low_hz) ** steps
    phases = rng.uniform(0, 2 * np.pi, count)
    # Equal power in every octave leaves most of the movement to the slow end, as real heads do.
    amplitudes = frequencies_hz**-0.5
    amplitudes *= np.sqrt(2 / np.sum(amplitudes**2))
    time_s = times_s(rows)
    curve = np.zeros(rows)
    for frequency_hz, phase, amplitude in zip(frequencies_hz, phases, amplitudes, strict=True):
        curve += amplitude * np.sin(2 * np.pi * frequency_hz * time_s + phase)
    return curve


def add_pulse(curve: Curve, peak_s: float, rise_s: float, fall_s: float, height: float) -> None:
    """Add a soft bump to a curve in place: up within rise_s, down within fall_s."""
    start = max(0, int(np.floor((peak_s - rise_s) * CURVE_RATE_HZ)))
    end = min(len(curve), int(np.ceil((peak_s + fall_s) * CURVE_RATE_HZ)) + 1)
    if end <= start:
        return
    offset_s = np.arange(start, end) / CURVE_RATE_HZ - peak_s
    curve[start:end] += height * smoothstep(1 - np.where(offset_s < 0, -offset_s / rise_s, offset_s / fall_s))


def through(rows: int, points: Sequence[tuple[float, float]]) -> Curve:
    """A line through (time_s, value) points in order of time."""
    if not points:
        return np.zeros(rows)
    time_s, values = np.array(points).T
    line: Curve = np.interp(times_s(rows), time_s, values)
    return line


def nearest_moment(moments_s: Sequence[float], time_s: float, reach_s: float) -> float:
    """The moment nearest to a time if it lies within reach, else the time. moments_s: in order."""
    place = bisect_left(moments_s, time_s)
    near = moments_s[max(0, place - 1) : place + 1]
    best = min(near, key=lambda moment: abs(moment - time_s), default=time_s)
    return best if abs(best - time_s) <= reach_s else time_s


def add_plateau(
    curve: Curve, start_s: float, rise_s: float, hold_s: float, fall_s: float, height: float
) -> None:
    """Add a lift to a curve in place that is held for a while."""
    end_s = start_s + rise_s + hold_s + fall_s
    first = max(0, int(np.floor(start_s * CURVE_RATE_HZ)))
    last = min(len(curve), int(np.ceil(end_s * CURVE_RATE_HZ)) + 1)
    if last <= first:
        return
    time_s = np.arange(first, last) / CURVE_RATE_HZ
    curve[first:last] += (
        height * smoothstep((time_s - start_s) / rise_s) * smoothstep((end_s - time_s) / fall_s)
    )
