"""Motion with the shape of people's: their spectrum, their bursts and their calm, but nobody's own motion.

Smooth noise of one strength looks like smooth noise: a classifier tells it from real heads every time. Real
heads move in bursts. So noise whose strength itself wanders (stochastic volatility) passes, for each
channel, a filter with the mean spectrum of 25 people; training/motion/spectra.py makes the filters.
"""

from __future__ import annotations

from enum import IntEnum
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.ndimage import gaussian_filter1d
from scipy.signal import fftconvolve
from scipy.special import ndtr

from lipwright.engine.gesture.random_streams import random_stream
from lipwright.engine.gesture.shaping import Curve, soft_limit

# The rate of the filters; nothing in them is faster than 4 Hz.
RATE_HZ = 25
# How the strength wanders: spread of its logarithm, and over how long. The first comes and goes with single
# moves, the second makes livelier and calmer moments; both for all channels alike. Without them the motion
# sways evenly; stronger, it jerks out of stillness.
MOVE_BURSTS, MOVE_BURST_S = 0.9, 0.5
MOMENT_BURSTS, MOMENT_BURST_S = 0.4, 2.0
# Each channel also for itself: now it is a turn, now a nod.
OWN_BURSTS, OWN_BURST_S = 0.45, 0.8
# No burst is stronger than this, as a logarithm: the head would be thrown.
STRONGEST = 1.3
# Nothing goes further out than this many deviations.
FARTHEST = 2.5
# Turns hardly get faster, deviations a second (60 degrees a second for a calm head): what is faster looks
# thrown. A lower limit takes the bursts away.
FASTEST = 17.0
_KNEE = 4
_TURNS = 3
# Everybody couples the channels in a way of their own, nearly as loosely as this.
COUPLING = 0.42
# Gaussian windows are cut off here.
_WINDOW_SIGMAS = 4


class NaturalChannel(IntEnum):
    """What moves as people's does."""

    YAW = 0
    PITCH = 1
    ROLL = 2
    SHIFT_X = 3
    SHIFT_Y = 4
    NEARNESS = 5
    BROW = 6
    CORNER = 7
    CHEEK = 8


def natural_motion(clock_s: Curve, seed: int) -> NDArray[np.float64]:
    """Motion of every NaturalChannel, float64 (time, channel), standard deviation 1 over long times.

    clock_s: for every row the time at which the motion is taken, rising from 0. It runs with the time, or
    faster where the motion is to be faster. A longer clock begins with the same motion.
    """
    rows = int(clock_s[-1] * RATE_HZ) + 3
    filters = _filters()
    reach = filters.shape[1] // 2
    count = rows + 2 * reach
    rng = random_stream(seed, "people coupling")
    mixed = np.eye(len(NaturalChannel)) + COUPLING * rng.standard_normal((len(NaturalChannel),) * 2)
    mixed /= np.linalg.norm(mixed, axis=1, keepdims=True)
    noise = random_stream(seed, "people noise").standard_normal((count, len(NaturalChannel))) @ mixed.T
    strength = MOVE_BURSTS * _slow(count, MOVE_BURST_S, seed, "people moves")
    strength += MOMENT_BURSTS * _slow(count, MOMENT_BURST_S, seed, "people moments")
    usual = _usual_strength()
    motion = np.empty((rows, len(NaturalChannel)))
    for channel in NaturalChannel:
        own = OWN_BURSTS * _slow(count, OWN_BURST_S, seed, f"people {channel.name.lower()}")
        bursts = noise[:, channel] * np.exp(np.minimum(strength + own, STRONGEST)) / usual
        moved = fftconvolve(bursts, filters[channel], "same")[reach : reach + rows]
        motion[:, channel] = soft_limit(moved, FARTHEST)
    return np.asarray(CubicSpline(_unhurried_s(motion), motion)(clock_s))


def _unhurried_s(motion: NDArray[np.float64]) -> Curve:
    """When each row is reached if turns keep to FASTEST: a fast one takes longer, and goes as far."""
    speed = np.linalg.norm(np.gradient(motion[:, :_TURNS], axis=0), axis=1) * RATE_HZ
    slowness = (1 + (speed / FASTEST) ** _KNEE) ** (1 / _KNEE)
    steps_s = (slowness[1:] + slowness[:-1]) / 2 / RATE_HZ
    return np.concatenate([[0.0], np.cumsum(steps_s)])


def _slow(count: int, time_s: float, seed: int, kind: str) -> Curve:
    """Noise that changes within a time, standard deviation 1."""
    sigma = time_s * RATE_HZ / np.sqrt(2)
    edge = int(_WINDOW_SIGMAS * sigma) + 1
    noise = random_stream(seed, kind).standard_normal(count + 2 * edge)
    smooth = gaussian_filter1d(noise, sigma, truncate=_WINDOW_SIGMAS)[edge : edge + count]
    return np.asarray(smooth * np.sqrt(2 * sigma * np.sqrt(np.pi)))


def _usual_strength() -> float:
    """The root of the mean power of all strengths: log-normal, cut at STRONGEST."""
    spread = float(np.sqrt(MOVE_BURSTS**2 + MOMENT_BURSTS**2 + OWN_BURSTS**2))
    weak = np.exp(2 * spread**2) * ndtr(STRONGEST / spread - 2 * spread)
    return float(np.sqrt(weak + np.exp(2 * STRONGEST) * ndtr(-STRONGEST / spread)))


@cache
def _filters() -> NDArray[np.float64]:
    """The filters, float64 (channel, row), an odd number of rows."""
    with (files(__package__) / "data" / "people.npz").open("rb") as file, np.load(file) as table:
        half = table["filters"].astype(np.float64)
    whole = np.concatenate([half[:, :0:-1], half], axis=1)
    return np.asarray(whole / np.linalg.norm(whole, axis=1, keepdims=True))
