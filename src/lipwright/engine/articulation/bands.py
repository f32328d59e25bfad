"""How loud the deep and the high part of a sound are over time, for consonants without known phones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.media.values import SPEECH_RATE_HZ, SpeechSound

# A window of two curve steps: a burst of 10 ms still stands out, and 50 Hz resolves what lies below 400.
WINDOW = 2 * SPEECH_RATE_HZ // CURVE_RATE_HZ
# Nasal hum and voicing behind closed lips lie below; nothing else of speech does alone.
DEEP_BELOW_HZ = 400
# The noise of hisses and bursts lies above; voiced sounds fade there.
HIGH_ABOVE_HZ = 4000
# A telephone and its codecs end at 3.4 kHz; a sound of 8 kHz samples has its bursts between that and 4 kHz.
TELEPHONE_ABOVE_HZ = 3800
# A hiss brings the high part to 25 dB below the whole, leakage of a resampler to 70.
_NARROW_BELOW_DB, _LOUD_PERCENTILE = 45.0, 95
# The band of a recording does not change; so much of it is looked at.
_NARROW_LOOK_S = 120
# Blocks of this many windows, 10 s, take some 10 MB; eight times as many, 70, which short sounds never need.
_BLOCK_ROWS = 1024
_FLOOR = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BandLoudness:
    """Loudness in dB at CURVE_RATE_HZ, float32 (time,) each; -100 dB where nothing is heard."""

    whole_db: NDArray[np.float32]
    deep_db: NDArray[np.float32]
    high_db: NDArray[np.float32]

    def __post_init__(self) -> None:
        for name in ("whole_db", "deep_db", "high_db"):
            check_array(self, name, np.float32, (len(self.whole_db),))


def band_loudness(sound: SpeechSound, rows: int, high_above_hz: float = HIGH_ABOVE_HZ) -> BandLoudness:
    """The loudness of the whole sound, below DEEP_BELOW_HZ and above `high_above_hz`, for `rows` points."""
    step = SPEECH_RATE_HZ // CURVE_RATE_HZ
    padded = np.zeros((rows - 1) * step + WINDOW, dtype=np.float32)
    lead = WINDOW // 2
    kept = sound.samples[: len(padded) - lead]
    padded[lead : lead + len(kept)] = kept
    windows = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::step]
    shape = np.hanning(WINDOW).astype(np.float32)
    frequencies_hz = np.fft.rfftfreq(WINDOW, 1 / SPEECH_RATE_HZ)
    masks = [frequencies_hz > 0, (frequencies_hz > 0) & (frequencies_hz < DEEP_BELOW_HZ)]
    masks.append(frequencies_hz >= high_above_hz)
    bands = np.array(masks, dtype=np.float32).T
    powers = np.zeros((rows, len(masks)), dtype=np.float32)
    for start in range(0, rows, _BLOCK_ROWS):
        spectrum = np.fft.rfft(windows[start : start + _BLOCK_ROWS] * shape, axis=1)
        powers[start : start + _BLOCK_ROWS] = (spectrum.real**2 + spectrum.imag**2) @ bands
    loudness_db = 10 * np.log10(powers / np.square(shape.sum()) + _FLOOR)
    whole_db, deep_db, high_db = loudness_db.T.astype(np.float32)
    return BandLoudness(whole_db=whole_db, deep_db=deep_db, high_db=high_db)


def is_narrow(sound: SpeechSound) -> bool:
    """Whether nothing is heard above TELEPHONE_ABOVE_HZ."""
    heard = SpeechSound(samples=sound.samples[: _NARROW_LOOK_S * SPEECH_RATE_HZ])
    rows = 1 + len(heard.samples) // (SPEECH_RATE_HZ // CURVE_RATE_HZ)
    bands = band_loudness(heard, rows, TELEPHONE_ABOVE_HZ)
    high_db, whole_db = (np.percentile(db, _LOUD_PERCENTILE) for db in (bands.high_db, bands.whole_db))
    return bool(high_db < whole_db - _NARROW_BELOW_DB)
