"""The mouth that the judge expects of a sound."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.media.values import SpeechSound
from lipwright.engine.quality.listener.bands import LISTENING_RATE_HZ, heard_bands
from lipwright.engine.quality.listener.regression import ListenerRegression, packaged_regression


def expected_mouth(sound: SpeechSound, regression: ListenerRegression | None = None) -> NDArray[np.float32]:
    """What a mouth should do with a sound, float32 (time, channel) at CURVE_RATE_HZ, the CHANNELS of the
    regression.

    Only how it moves means something: every channel is off by an unknown constant. regression: None takes the
    one in the package.
    """
    rows = (regression or packaged_regression()).expected(heard_bands(sound))
    return at_curve_rate(rows, sound.duration_s)


def at_curve_rate(rows: NDArray[np.float32], duration_s: float) -> NDArray[np.float32]:
    """Rows (row, channel) at LISTENING_RATE_HZ as curves of a sound's length, float32 (time, channel)."""
    times_s = (np.arange(int(duration_s * CURVE_RATE_HZ)) + 0.5) / CURVE_RATE_HZ
    at_s = np.arange(len(rows)) / LISTENING_RATE_HZ
    return np.stack([np.interp(times_s, at_s, channel) for channel in rows.T], axis=1).astype(np.float32)
