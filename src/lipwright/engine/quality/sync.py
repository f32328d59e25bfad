"""Whether two mouth curves move together, and how far apart in time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import signal
from scipy.ndimage import gaussian_filter1d

from lipwright.engine.curves import CURVE_RATE_HZ

# Offsets further away are another sentence, not a fault of timing.
MOST_OFFSET_S = 0.6
# Nobody sees a sound that is off by so little: two frames or so.
UNSEEN_OFFSET_S = 0.06
# Slower changes are mood or a head that turns and say nothing about timing; faster ones are noise.
SLOWEST_S, FASTEST_S = 1.0, 0.03
# With less in common two curves fit by chance.
LEAST_COMMON_S = 0.8
# A mouth that moves by less than this (standard deviation in its own unit) is not speaking.
STILL_SPREAD = 0.002


@dataclass(frozen=True, slots=True, kw_only=True)
class Sync:
    """How one curve follows another.

    offset_s: how much later the second is than the first, seconds. correlation: Pearson, -1 to 1, once the
    offset is taken away. at_zero: the same as things are. as_seen: the best within UNSEEN_OFFSET_S, so as
    things are for people.
    """

    offset_s: float
    correlation: float
    at_zero: float
    as_seen: float


def measure_sync(
    first: NDArray[np.floating],
    second: NDArray[np.floating],
    known: NDArray[np.bool_] | None = None,
    weights: NDArray[np.floating] | None = None,
) -> Sync | None:
    """Compare two curves (time,), or curves of several channels (time, channel), at CURVE_RATE_HZ.

    The longer one is cut. The correlation of several channels is the mean of theirs; channels that do not
    move in either do not count. known: where the first holds, bool (time,); everywhere when absent. weights:
    (channel,), what each channel counts. None when the first channel does not move in either, or when too
    little is common to both.
    """
    length = min(len(first), len(second))
    trust = np.ones(length) if known is None else known[:length].astype(np.float64)
    most = min(round(MOST_OFFSET_S * CURVE_RATE_HZ), length - round(LEAST_COMMON_S * CURVE_RATE_HZ))
    if most < 0 or trust.sum() < LEAST_COMMON_S * CURVE_RATE_HZ:
        return None
    a, b = (curve[:length].reshape(length, -1) for curve in (first, second))
    counts = np.ones(a.shape[1]) if weights is None else np.asarray(weights, np.float64)
    scores = np.zeros(2 * most + 1)
    total = 0.0
    for channel, count in enumerate(counts):
        one, other = _lively(a[:, channel], trust), _lively(b[:, channel], np.ones(length))
        if _spread(one, trust) < STILL_SPREAD or _spread(other, np.ones(length)) < STILL_SPREAD:
            if not channel:
                return None
            continue
        scores += count * _correlations(one, other, trust, most)
        total += count
    scores /= total
    best, near = int(np.argmax(scores)), round(UNSEEN_OFFSET_S * CURVE_RATE_HZ)
    return Sync(
        offset_s=(best - most + _peak_shift(scores, best)) / CURVE_RATE_HZ,
        correlation=float(scores[best]),
        at_zero=float(scores[most]),
        as_seen=float(scores[max(0, most - near) : most + near + 1].max()),
    )


def correlation(first: NDArray[np.floating], second: NDArray[np.floating]) -> float:
    """Pearson's correlation of two curves of one length; 0 when either does not move."""
    a, b = first - np.mean(first), second - np.mean(second)
    scale = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(a @ b) / scale if scale > 0 else 0.0


def _lively(curve: NDArray[np.floating], trust: NDArray[np.float64]) -> NDArray[np.float64]:
    """The curve without what is too slow or too fast to tell the time by."""
    weight = trust + 1e-9

    def smooth(sigma_s: float) -> NDArray[np.float64]:
        sigma = sigma_s * CURVE_RATE_HZ
        top = gaussian_filter1d(curve * weight, sigma, mode="nearest")
        return np.asarray(top / gaussian_filter1d(weight, sigma, mode="nearest"), np.float64)

    return smooth(FASTEST_S) - smooth(SLOWEST_S)


def _spread(curve: NDArray[np.float64], trust: NDArray[np.float64]) -> float:
    return float(np.sqrt(np.average(curve**2, weights=trust)))


def _correlations(
    a: NDArray[np.float64], b: NDArray[np.float64], trust: NDArray[np.float64], most: int
) -> NDArray[np.float64]:
    """Correlation of a at t with b at t + lag for lags from -most to most, float64 (lag,)."""
    inside, shifted = (np.pad(each, most) for each in (np.ones(len(b)), b))

    def summed(moving: NDArray[np.float64], fixed: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(signal.correlate(moving, fixed, mode="valid", method="fft"), np.float64)

    weight = np.maximum(summed(inside, trust), 1e-9)
    mean_a, mean_b = summed(inside, trust * a) / weight, summed(shifted, trust) / weight
    power_a = summed(inside, trust * a * a) / weight - mean_a**2
    power_b = summed(shifted**2, trust) / weight - mean_b**2
    common = summed(shifted, trust * a) / weight - mean_a * mean_b
    known = (weight >= LEAST_COMMON_S * CURVE_RATE_HZ - 0.5) & (power_a > 1e-12) & (power_b > 1e-12)
    scale = np.sqrt(np.where(known, power_a * power_b, 1))
    return np.where(known, common / scale, 0.0)


def _peak_shift(scores: NDArray[np.float64], best: int) -> float:
    """Where between the steps the peak lies, -0.5 to 0.5, by a parabola through three points."""
    if not 0 < best < len(scores) - 1:
        return 0.0
    before, at, after = scores[best - 1 : best + 2]
    bend = before - 2 * at + after
    return float(np.clip(0.5 * (before - after) / bend, -0.5, 0.5)) if bend < 0 else 0.0
