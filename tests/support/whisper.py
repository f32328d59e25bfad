"""Whispered speech: the tract of a voice with noise in the place of its pitch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, signal

RATE_HZ = 16_000
_ORDER, _FRAME, _HOP = 18, 400, 160


def whispered(samples: NDArray[np.float32], seed: int = 0) -> NDArray[np.float32]:
    """The same words whispered, float32 of the same length at RATE_HZ: no pitch, 12 dB softer vowels."""
    rng = np.random.default_rng(seed)
    window = np.hanning(_FRAME)
    emphasised = signal.lfilter([1, -0.95], [1], samples.astype(np.float64))
    out = np.zeros(len(samples) + _FRAME)
    for start in range(0, len(samples) - _FRAME, _HOP):
        frame = emphasised[start : start + _FRAME] * window
        correlation = np.correlate(frame, frame, "full")[_FRAME - 1 : _FRAME + _ORDER]
        if correlation[0] < 1e-9:
            continue
        correlation[0] *= 1.001
        tract = linalg.solve_toeplitz(correlation[:_ORDER], correlation[1:])
        noise = signal.lfilter([1], np.concatenate(([1], -tract)), rng.standard_normal(_FRAME))
        loud = np.sqrt(np.mean(frame**2) / max(1e-12, float(np.mean(noise**2))))
        out[start : start + _FRAME] += noise * loud * window
    return (0.5 * out[: len(samples)]).astype(np.float32)
