"""The sound as the judge hears it: the power in bands as wide as those of an ear, compressed as loudness.

Drivers hear log-mel bands and the phones of an acoustic model. This is neither: gammatone bands (Patterson,
Robinson, Holdsworth et al. 1992; widths by Glasberg and Moore 1990), each over its own mean, to the power of
0.3 (Stevens 1957).
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.media.values import SPEECH_RATE_HZ, SpeechSound

# Rows a second: twice as many as a usual video has frames.
LISTENING_RATE_HZ = 50
HOP_SAMPLES = SPEECH_RATE_HZ // LISTENING_RATE_HZ
# 32 ms: shorter shows the single periods of a low voice, longer smears the bursts of stops.
WINDOW_SAMPLES = 512
# Bands from the first formant's lowest place to the hiss of s.
BANDS, LOWEST_HZ, HIGHEST_HZ = 32, 80.0, 6500.0
# And the loudness of all of them together.
FEATURES = BANDS + 1
# Loudness grows with this power of the intensity.
LOUDNESS_POWER = 0.3
# A band's mean counts at least as this share of the strongest band's: a telephone's empty bands would
# otherwise be lifted until they are noise.
LEAST_BAND_SHARE = 1e-4
# The level of a sound: that of its loud rows.
LOUD_PERCENTILE = 95
# Spectra computed at once, 20 s of sound.
_BLOCK_ROWS = 1000


def listening_rows(sound: SpeechSound) -> int:
    """How many rows at LISTENING_RATE_HZ a sound has; at least one."""
    return max(1, -(-len(sound.samples) // HOP_SAMPLES))


def heard_bands(sound: SpeechSound) -> NDArray[np.float32]:
    """The bands of a sound and their common loudness, float32 (row, FEATURES); row i is centred on i / rate.

    A sound of another gain gives the same.
    """
    power = _band_power(sound)
    total = power.mean(axis=1)
    loud = max(float(np.percentile(total, LOUD_PERCENTILE)), 1e-12)
    usual = power.mean(axis=0)
    usual = np.maximum(usual, LEAST_BAND_SHARE * max(float(usual.max()), 1e-12))
    loudness = (total / loud)[:, None]
    return np.asarray(np.hstack([power / usual, loudness]) ** LOUDNESS_POWER, np.float32)


def _band_power(sound: SpeechSound) -> NDArray[np.float64]:
    """float64 (row, BANDS)."""
    rows, half = listening_rows(sound), WINDOW_SAMPLES // 2
    padded = np.pad(sound.samples, (half, half + HOP_SAMPLES))
    window, weights = np.hanning(WINDOW_SAMPLES), _gammatone_weights()
    power = np.empty((rows, BANDS))
    for first in range(0, rows, _BLOCK_ROWS):
        starts = np.arange(first, min(rows, first + _BLOCK_ROWS)) * HOP_SAMPLES
        pieces = padded[starts[:, None] + np.arange(WINDOW_SAMPLES)]
        spectra = np.abs(np.fft.rfft(pieces * window, axis=1)) ** 2
        power[first : first + len(starts)] = spectra @ weights
    return power


@cache
def _gammatone_weights() -> NDArray[np.float64]:
    """How much of each bin of a spectrum a band lets through, float64 (bin, BANDS)."""
    bins_hz = np.fft.rfftfreq(WINDOW_SAMPLES, 1 / SPEECH_RATE_HZ)
    # Centres lie evenly on the scale of equivalent rectangular bandwidths.
    low, high = (21.4 * np.log10(1 + 0.00437 * hz) for hz in (LOWEST_HZ, HIGHEST_HZ))
    centres_hz = (10 ** (np.linspace(low, high, BANDS) / 21.4) - 1) / 0.00437
    widths_hz = 1.019 * 24.7 * (1 + 0.00437 * centres_hz)
    off = (bins_hz[:, None] - centres_hz) / widths_hz
    response = (1 + off**2) ** -4.0  # squared response of the fourth order
    return np.asarray(response / response.sum(axis=0), np.float64)
