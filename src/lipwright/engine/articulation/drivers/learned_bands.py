"""The mel bands in which the learned driver hears: its network's own, and those of the acoustic model."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.drivers import acoustic_model
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.media.values import SPEECH_RATE_HZ

# The network's own bands; those of the acoustic model come after them.
BAND_COUNT = 40
ALL_BANDS = BAND_COUNT + acoustic_model.MODEL_BANDS
# The bands end below the edges where telephone, codec and microphone do as they like.
LOWEST_HZ = 60.0
HIGHEST_HZ = 7600.0

HOP_SAMPLES = SPEECH_RATE_HZ // CURVE_RATE_HZ
WINDOW_SAMPLES = 400
FFT_SAMPLES = 512
# Power added to every band, 40 dB below the noise of any converter: digital silence has no logarithm.
SILENCE_POWER = 1e-14

BLOCK_ROWS = CURVE_RATE_HZ


def mel_bank(warp: float = 1.0) -> NDArray[np.float32]:
    """Triangular filters, float32 (ALL_BANDS, bin of the spectrum).

    warp: factor on the frequencies, as a longer or shorter vocal tract would bring it; training varies it.
    """
    own = _triangles(LOWEST_HZ, HIGHEST_HZ, BAND_COUNT, warp)
    models = _triangles(acoustic_model.LOWEST_HZ, acoustic_model.HIGHEST_HZ, acoustic_model.MODEL_BANDS, warp)
    # What the model's pre-emphasis does to samples, done to their power.
    turns = 2 * np.pi * np.arange(models.shape[1]) / FFT_SAMPLES
    emphasis = np.abs(1 - acoustic_model.PRE_EMPHASIS * np.exp(-1j * turns)) ** 2
    return np.concatenate([own, models * emphasis]).astype(np.float32)


def _triangles(lowest_hz: float, highest_hz: float, count: int, warp: float) -> NDArray[np.float64]:
    """Filters of unit sum between two frequencies."""
    edges_hz = _hz(np.linspace(_mel(lowest_hz), _mel(highest_hz), count + 2))
    top_hz = SPEECH_RATE_HZ / 2
    # Warped up to a knee, then straight to the top, so that no filter leaves the spectrum.
    knee_hz = 0.6 * top_hz * min(warp, 1.0) / warp
    above = top_hz - (top_hz - knee_hz * warp) / (top_hz - knee_hz) * (top_hz - edges_hz)
    edges_hz = np.where(edges_hz <= knee_hz, edges_hz * warp, above)
    bins_hz = np.arange(FFT_SAMPLES // 2 + 1) * (SPEECH_RATE_HZ / FFT_SAMPLES)
    low, middle, high = edges_hz[:-2, None], edges_hz[1:-1, None], edges_hz[2:, None]
    bank = np.maximum(0, np.minimum((bins_hz - low) / (middle - low), (high - bins_hz) / (high - middle)))
    return np.asarray(bank / bank.sum(axis=1, keepdims=True))


def log_mel_db(
    samples: NDArray[np.float32], rows: int, bank: NDArray[np.float32] | None = None
) -> NDArray[np.float32]:
    """Power in every band, float32 (rows, ALL_BANDS), dB; row i is centred on sample i * HOP_SAMPLES.

    Before and after the samples there is silence.
    """
    padded = np.pad(
        samples, (WINDOW_SAMPLES // 2, max(0, rows * HOP_SAMPLES + WINDOW_SAMPLES - len(samples)))
    )
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW_SAMPLES)[::HOP_SAMPLES][:rows]
    window = np.hanning(WINDOW_SAMPLES).astype(np.float32)
    power = np.abs(np.fft.rfft(frames * window, FFT_SAMPLES)) ** 2
    power *= 2 / (float((window**2).sum()) * WINDOW_SAMPLES)
    bands = power.astype(np.float32) @ (_plain_bank() if bank is None else bank).T
    return np.asarray(10 * np.log10(bands + SILENCE_POWER), dtype=np.float32)


def log_mel_blocks(samples: NDArray[np.float32], rows: int) -> Iterator[NDArray[np.float32]]:
    """`log_mel_db` in blocks of BLOCK_ROWS rows; the last one may be shorter."""
    # One row more on both sides, because a window reaches beyond its own hop.
    for first in range(0, rows, BLOCK_ROWS):
        count = min(BLOCK_ROWS, rows - first)
        before = min(first, 2)
        start = (first - before) * HOP_SAMPLES
        cut = samples[start : (first + count + 2) * HOP_SAMPLES]
        yield log_mel_db(cut, count + before)[before:]


@cache
def _plain_bank() -> NDArray[np.float32]:
    return mel_bank()


def _mel(hz: float) -> float:
    return float(2595 * np.log10(1 + hz / 700))


def _hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    return 700 * (10 ** (mel / 2595) - 1)
