"""The channels of a sound as one: what is upside down is turned, so that nothing cancels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Channels this strongly opposed are one sound with one plug wired the wrong way round: those lie near -1,
# unlike sounds near 0. Half way between them; not tuned.
_OPPOSED = -0.5


def mixing_weights(planes: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much of every channel goes into one, float32 (channel,); planes: float32 (channel, sample)."""
    count = len(planes)
    if count == 1:
        return np.ones(1, np.float32)
    # In single precision the square of a silent channel's power is no number.
    covariance = (planes @ planes.T).astype(np.float64)
    power = np.maximum(np.diag(covariance), np.finfo(np.float32).tiny)
    loudest = int(np.argmax(power))
    likeness = covariance[loudest] / np.sqrt(power[loudest] * power)
    # The sounds of many channels differ, and one voice among them is not to drown.
    return np.where(likeness < _OPPOSED, -1, 1).astype(np.float32) / np.float32(max(2.0, np.sqrt(count)))
