"""What the learned driver hears: log-mel bands against the voice's own level and colour.

Works on a stream in blocks of a second, so that an hour of sound needs no more memory than a minute.
Knows nothing of mouths or of the network.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.media.values import SPEECH_RATE_HZ

BAND_COUNT = 40
# The bands end below the edges where telephone, codec and microphone do as they like.
LOWEST_HZ = 60.0
HIGHEST_HZ = 7600.0

HOP_SAMPLES = SPEECH_RATE_HZ // CURVE_RATE_HZ
WINDOW_SAMPLES = 400
FFT_SAMPLES = 512
# Power added to every band, below the noise of any converter: digital silence has no logarithm.
SILENCE_POWER = 1e-10

BLOCK_ROWS = CURVE_RATE_HZ
# How much of a file is heard before its first row is described. A sentence shows a voice's level and colour;
# a stream that cannot wait may use less and settles after a few words.
FORESIGHT_S = 10.0
# How fast older sound is forgotten. Shorter, a long vowel becomes the norm; longer, a second speaker
# is heard with the ears tuned to the first.
MEMORY_S = 30.0

# Level of the voice: this percentile of its loudest bands. The mean would depend on the share of pauses.
LEVEL_PERCENTILE = 95.0
# Sound this far below the voice's level says nothing about its colour.
VOICE_SPAN_DB = 35.0
# Everything this far below the voice's level counts as silence: background hiss differs from file to file.
FLOOR_SPAN_DB = 70.0
# Brings the features to about unit size.
FEATURE_SCALE_DB = 15.0

# What stays the same is noise: this percentile of every band, so many times over for its ripple, is taken
# off. Without it, white noise 10 dB below the speech costs .13 of the correlation with real mouths; with
# it .08. Training does without: a network that only ever hears quiet pauses is lost when one is not.
NOISE_PERCENTILE = 10.0
NOISE_FACTOR = 3.0
# Spread of the bands between quietest and loudest, mean over all, dB: noise alone has less than the
# first, speech 5 dB above noise the second. Noise taken off noise leaves a tinkle that sounds like a voice.
LIFELESS_DB, LIVELY_DB = 8.5, 13.5
# At least this share of every band stays, or the rest of the noise would tinkle.
LEAST_SHARE = 0.01

_LEVEL_BINS_DB = np.arange(-100, 41)


def mel_bank(warp: float = 1.0) -> NDArray[np.float32]:
    """Triangular filters, float32 (band, bin of the spectrum), each of unit sum.

    warp: factor on the frequencies, as a longer or shorter vocal tract would bring it; training varies it.
    """
    edges_hz = _hz(np.linspace(_mel(LOWEST_HZ), _mel(HIGHEST_HZ), BAND_COUNT + 2))
    top_hz = SPEECH_RATE_HZ / 2
    # Warped up to a knee, then straight to the top, so that no filter leaves the spectrum.
    knee_hz = 0.6 * top_hz * min(warp, 1.0) / warp
    above = top_hz - (top_hz - knee_hz * warp) / (top_hz - knee_hz) * (top_hz - edges_hz)
    edges_hz = np.where(edges_hz <= knee_hz, edges_hz * warp, above)
    bins_hz = np.arange(FFT_SAMPLES // 2 + 1) * (SPEECH_RATE_HZ / FFT_SAMPLES)
    low, middle, high = edges_hz[:-2, None], edges_hz[1:-1, None], edges_hz[2:, None]
    bank = np.maximum(0, np.minimum((bins_hz - low) / (middle - low), (high - bins_hz) / (high - middle)))
    return np.asarray(bank / bank.sum(axis=1, keepdims=True), dtype=np.float32)


def log_mel_db(
    samples: NDArray[np.float32], rows: int, bank: NDArray[np.float32] | None = None
) -> NDArray[np.float32]:
    """Power in every band, float32 (rows, BAND_COUNT), dB; row i is centred on sample i * HOP_SAMPLES.

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


class SteadyNoise:
    """How loud every band is when it is quietest, over the sound heard so far."""

    def __init__(self) -> None:
        self._counts = np.zeros((len(_LEVEL_BINS_DB), BAND_COUNT))

    def hear(self, mel_db: NDArray[np.float32]) -> None:
        """Take in a block, forgetting older ones a little."""
        self._counts *= _kept_share(len(mel_db))
        np.add.at(self._counts, (_bins(mel_db), np.arange(BAND_COUNT)), 1)

    def answer(self, mel_db: NDArray[np.float32]) -> NDArray[np.float32]:
        """The block without the noise that never ceases, float32 of the same shape, dB."""
        cumulated = np.cumsum(self._counts, axis=0)
        quietest, loudest = (
            _LEVEL_BINS_DB[(cumulated >= cumulated[-1] * percentile / 100).argmax(axis=0)]
            for percentile in (NOISE_PERCENTILE, LEVEL_PERCENTILE)
        )
        liveliness = (float((loudest - quietest).mean()) - LIFELESS_DB) / (LIVELY_DB - LIFELESS_DB)
        noise = NOISE_FACTOR * float(np.clip(liveliness, 0, 1)) * 10 ** (quietest / 10)
        power = 10 ** (mel_db / 10)
        return np.asarray(
            10 * np.log10(np.maximum(power - noise, LEAST_SHARE * power) + SILENCE_POWER), np.float32
        )


class VoiceLevel:
    """Level and colour of the voice heard so far, whatever share of it is pauses."""

    def __init__(self) -> None:
        self._counts = np.zeros(len(_LEVEL_BINS_DB))
        self._sums_db = np.zeros((len(_LEVEL_BINS_DB), BAND_COUNT))

    def hear(self, mel_db: NDArray[np.float32]) -> None:
        """Take in a block, forgetting older ones a little."""
        keep = _kept_share(len(mel_db))
        self._counts *= keep
        self._sums_db *= keep
        bins = _bins(mel_db.max(axis=1))
        self._counts += np.bincount(bins, minlength=len(_LEVEL_BINS_DB))
        np.add.at(self._sums_db, bins, mel_db)

    def answer(self, mel_db: NDArray[np.float32]) -> NDArray[np.float32]:
        """The block against level and colour of the voice, float32 of the same shape, about unit size."""
        cumulated = np.cumsum(self._counts)
        level_bin = np.searchsorted(cumulated, cumulated[-1] * LEVEL_PERCENTILE / 100)
        level_db = float(_LEVEL_BINS_DB[min(level_bin, len(_LEVEL_BINS_DB) - 1)])
        weight = np.clip((_LEVEL_BINS_DB - (level_db - VOICE_SPAN_DB)) / VOICE_SPAN_DB, 0, 1)
        colour_db = weight @ self._sums_db / max(1e-6, float(weight @ self._counts))
        return np.asarray(
            (np.maximum(mel_db, level_db - FLOOR_SPAN_DB) - colour_db) / FEATURE_SCALE_DB, np.float32
        )


def described_blocks(
    mel_blocks: Iterable[NDArray[np.float32]], foresight_s: float = FORESIGHT_S
) -> Iterator[NDArray[np.float32]]:
    """Blocks of log-mel bands as features: steady noise taken off, then against the voice.

    Either step hears `foresight_s` beyond a block before it answers; 0 is for streams that cannot wait.
    """
    return _answers(VoiceLevel(), _answers(SteadyNoise(), mel_blocks, foresight_s), foresight_s)


def _answers(
    listener: SteadyNoise | VoiceLevel, blocks: Iterable[NDArray[np.float32]], foresight_s: float
) -> Iterator[NDArray[np.float32]]:
    waiting: deque[NDArray[np.float32]] = deque()
    for block in blocks:
        listener.hear(block)
        waiting.append(block)
        if len(waiting) * BLOCK_ROWS > foresight_s * CURVE_RATE_HZ:
            yield listener.answer(waiting.popleft())
    while waiting:
        yield listener.answer(waiting.popleft())


def _bins(level_db: NDArray[np.float32]) -> NDArray[np.intp]:
    places = np.round(level_db).astype(np.intp) - int(_LEVEL_BINS_DB[0])
    return np.clip(places, 0, len(_LEVEL_BINS_DB) - 1).astype(np.intp)


def _kept_share(rows: int) -> float:
    return float(np.exp(-rows / (MEMORY_S * CURVE_RATE_HZ)))


@cache
def _plain_bank() -> NDArray[np.float32]:
    return mel_bank()


def _mel(hz: float) -> float:
    return float(2595 * np.log10(1 + hz / 700))


def _hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    return 700 * (10 ** (mel / 2595) - 1)
