"""What a listener computes from sound: loudness, log-mel bands, pitch. All at CURVE_RATE_HZ.

Row i is centred on i / CURVE_RATE_HZ seconds. Everything works in blocks, so an hour of sound needs little
more memory than its result.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from lipwright.engine.arrays import check_array
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.media.values import SPEECH_RATE_HZ, SpeechSound

HOP_SAMPLES = SPEECH_RATE_HZ // CURVE_RATE_HZ
# 25 ms: two periods of the lowest voice; longer smears the burst of a stop into its neighbours.
WINDOW_SAMPLES = 400
MEL_BANDS = 40
LOWEST_MEL_HZ, HIGHEST_MEL_HZ = 60.0, 7600.0
SILENCE_DB = -100.0

# Rows computed at once: 5 s of sound, some 15 MB of spectra and correlations. At 30 s they take 90, and a
# long sound would need a third more memory than a short one; below 1 s the calls cost more than the work.
_BLOCK_ROWS = 500
_FFT_SAMPLES = 512
_MEL_FLOOR = 1e-10

# Pitch: the range of speaking voices from a low man to a child, searched on every second sample.
LOWEST_PITCH_HZ, HIGHEST_PITCH_HZ = 60.0, 420.0
_PITCH_STEP = 2
_PITCH_RATE_HZ = SPEECH_RATE_HZ // _PITCH_STEP
# 40 ms hold more than two periods of 60 Hz; longer blurs the glides that make speech of a tone.
_PITCH_WINDOW = round(0.04 * _PITCH_RATE_HZ)
# Below this a frame is called unvoiced. Breath reaches .3, clear vowels .7 and more.
VOICED_PERIODICITY = 0.45
# The shortest of nearly equal periods wins by this much, so that octave errors downwards are rare.
_SHORT_PERIOD_BONUS = 0.12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PitchTrack:
    """The melody of a sound at CURVE_RATE_HZ.

    f0_hz: float32 (time,), 0 where the sound is not voiced.
    periodicity: float32 (time,), 0 to 1, how much the sound repeats itself with that period.
    """

    f0_hz: NDArray[np.float32]
    periodicity: NDArray[np.float32]

    def __post_init__(self) -> None:
        check_array(self, "f0_hz", np.float32, ("time",))
        check_array(self, "periodicity", np.float32, (len(self.f0_hz),))


def row_count(sound: SpeechSound) -> int:
    """How many rows at CURVE_RATE_HZ a sound has; at least one."""
    return max(1, -(-len(sound.samples) // HOP_SAMPLES))


def centred_blocks(
    samples: NDArray[np.float32], rows: int, window: int, hop: int
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Windows centred on every hop, block by block: (first row, float32 (row, window) view).

    Before and after the sound there is silence.
    """
    half = window // 2
    for first in range(0, rows, _BLOCK_ROWS):
        count = min(_BLOCK_ROWS, rows - first)
        start = first * hop - half
        stop = start + (count - 1) * hop + window
        piece = samples[max(0, start) : max(0, stop)]
        padded = np.zeros(stop - start, dtype=np.float32)
        offset = max(0, -start)
        padded[offset : offset + len(piece)] = piece
        yield first, np.lib.stride_tricks.sliding_window_view(padded, window)[::hop]


def loudness_db(sound: SpeechSound) -> NDArray[np.float32]:
    """Root mean square level of 25 ms around each row, float32 (time,), dB full scale, at least -100."""
    rows = row_count(sound)
    out = np.empty(rows, dtype=np.float32)
    for first, block in centred_blocks(sound.samples, rows, WINDOW_SAMPLES, HOP_SAMPLES):
        power = np.einsum("rw,rw->r", block, block) / WINDOW_SAMPLES
        level = 10 * np.log10(np.maximum(power, np.finfo(np.float32).tiny))
        out[first : first + len(block)] = np.maximum(level, SILENCE_DB)
    return out


def log_mel(sound: SpeechSound) -> NDArray[np.float32]:
    """Natural logarithm of the power in MEL_BANDS bands, float32 (time, MEL_BANDS)."""
    rows = row_count(sound)
    window = np.hanning(WINDOW_SAMPLES).astype(np.float32)
    bank = _mel_bank()
    out = np.empty((rows, MEL_BANDS), dtype=np.float32)
    for first, block in centred_blocks(sound.samples, rows, WINDOW_SAMPLES, HOP_SAMPLES):
        spectrum = np.fft.rfft(block * window, _FFT_SAMPLES)
        power = spectrum.real**2 + spectrum.imag**2
        out[first : first + len(block)] = np.log(power @ bank + _MEL_FLOOR)
    return out


def track_pitch(sound: SpeechSound) -> PitchTrack:
    """Fundamental frequency by the normalised autocorrelation of 40 ms around each row."""
    rows = row_count(sound)
    hop = HOP_SAMPLES // _PITCH_STEP
    smooth = signal.resample_poly(sound.samples, 1, _PITCH_STEP).astype(np.float32)
    window = np.hanning(_PITCH_WINDOW).astype(np.float32)
    fft_samples = 1024
    shortest = int(_PITCH_RATE_HZ / HIGHEST_PITCH_HZ)
    longest = int(_PITCH_RATE_HZ / LOWEST_PITCH_HZ)
    # The window itself fades with the lag; dividing by its own autocorrelation takes that out.
    own = np.fft.irfft(np.abs(np.fft.rfft(window, fft_samples)) ** 2)[: longest + 2]
    own = own / own[0]
    lags = np.arange(shortest, longest + 1)
    bonus = _SHORT_PERIOD_BONUS * (1 - lags / longest)
    f0_hz = np.zeros(rows, dtype=np.float32)
    periodicity = np.zeros(rows, dtype=np.float32)
    for first, block in centred_blocks(smooth, rows, _PITCH_WINDOW, hop):
        frames = (block - block.mean(axis=1, keepdims=True)) * window
        spectrum = np.fft.rfft(frames, fft_samples)
        correlation = np.fft.irfft(spectrum.real**2 + spectrum.imag**2)[:, : longest + 2]
        power = correlation[:, :1]
        normal = correlation / np.maximum(power, 1e-7) / own
        best = np.argmax(normal[:, shortest : longest + 1] + bonus, axis=1) + shortest
        here = np.arange(len(best))
        left, middle, right = normal[here, best - 1], normal[here, best], normal[here, best + 1]
        # The top of the parabola through three lags: a lag is a whole sample, a period is not.
        bend = left - 2 * middle + right
        shift = np.where(bend < -1e-6, 0.5 * (left - right) / np.minimum(bend, -1e-6), 0.0)
        period = best + np.clip(shift, -0.5, 0.5)
        strength = np.clip(middle, 0.0, 1.0) * (power[:, 0] > 1e-6)
        stop = first + len(block)
        periodicity[first:stop] = strength
        f0_hz[first:stop] = np.where(strength >= VOICED_PERIODICITY, _PITCH_RATE_HZ / period, 0.0)
    return PitchTrack(f0_hz=f0_hz, periodicity=periodicity)


@cache
def _mel_bank() -> NDArray[np.float32]:
    """Triangular bands evenly spaced on the mel scale, float32 (bin, band)."""

    lowest, highest = _mel(np.array([LOWEST_MEL_HZ, HIGHEST_MEL_HZ]))
    edges = np.linspace(lowest, highest, MEL_BANDS + 2)
    bins = _mel(np.fft.rfftfreq(_FFT_SAMPLES, 1 / SPEECH_RATE_HZ))[:, None]
    rise = (bins - edges[:-2]) / np.diff(edges)[:-1]
    fall = (edges[2:] - bins) / np.diff(edges)[1:]
    bank: NDArray[np.float32] = np.maximum(0.0, np.minimum(rise, fall)).astype(np.float32)
    return bank


def _mel(hz: NDArray[np.floating]) -> NDArray[np.float64]:
    return np.asarray(2595.0 * np.log10(1.0 + hz / 700.0), dtype=np.float64)
