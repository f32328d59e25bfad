"""Phone timelines, activities and sounds for the tests of articulation, made on the spot."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.curves import ArticulationCurves, Mouth
from lipwright.engine.articulation.visemes import MouthShape, viseme_of
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.media.values import SPEECH_RATE_HZ, SpeechSound
from lipwright.engine.speech.values import Phone, PhoneTimeline, SpeechActivity

LOUD_DB = -20.0
QUIET_DB = -80.0

# "my five blue boats are here; see two shoes" at an easy pace, with pauses of every kind.
SENTENCE = (
    "SIL 0.5 M 0.08 AY 0.2 F 0.1 AY 0.22 V 0.07 B 0.08 L 0.06 UW 0.18 B 0.08 OW 0.2 T 0.07 S 0.1 SIL 0.06 "
    "AA 0.12 R 0.07 HH 0.06 IY 0.1 R 0.1 SIL 0.6 S 0.12 IY 0.2 T 0.08 UW 0.22 SIL 0.2 SH 0.12 UW 0.2 Z 0.12 "
    "SIL 0.8"
)


def timeline(text: str, confidence: float = 1.0) -> PhoneTimeline:
    """A timeline out of symbols and lengths in seconds: "SIL 0.2 M 0.1 AA 0.3"."""
    words = text.split()
    phones = []
    now_s = 0.0
    for symbol, length in zip(words[::2], words[1::2], strict=True):
        phones.append(Phone(symbol=symbol, start_s=now_s, end_s=now_s + float(length), stress=0))
        now_s += float(length)
    return PhoneTimeline(phones=tuple(phones), confidence=confidence)


def end_s(phones: PhoneTimeline) -> float:
    return phones.phones[-1].end_s


def rows_of(phones: PhoneTimeline) -> int:
    return round(end_s(phones) * CURVE_RATE_HZ)


def activity(phones: PhoneTimeline, loud_db: float = LOUD_DB) -> SpeechActivity:
    """Speech wherever the timeline has a phone that is not silence."""
    times_s = np.arange(rows_of(phones)) / CURVE_RATE_HZ
    speaking = np.zeros(len(times_s), dtype=np.float32)
    for phone in phones.phones:
        if phone.symbol != "SIL":
            speaking[(times_s >= phone.start_s) & (times_s < phone.end_s)] = 1
    loudness_db = np.where(speaking > 0, loud_db, QUIET_DB).astype(np.float32)
    return SpeechActivity(speaking=speaking, loudness_db=loudness_db)


def sound(phones: PhoneTimeline) -> SpeechSound:
    """A buzz where the timeline has speech, silence elsewhere."""
    return buzz(activity(phones).speaking)


def buzz(envelope: NDArray[np.float32], pitch_hz: float = 120.0) -> SpeechSound:
    """Harmonics of a voice up to 5 kHz under an envelope at CURVE_RATE_HZ."""
    times_s = np.arange(len(envelope) * SPEECH_RATE_HZ // CURVE_RATE_HZ) / SPEECH_RATE_HZ
    harmonics = np.arange(1, int(5000 / pitch_hz))
    wave = np.sin(2 * np.pi * pitch_hz * times_s[:, None] * harmonics).sum(axis=1) / len(harmonics)
    level = np.repeat(envelope, SPEECH_RATE_HZ // CURVE_RATE_HZ)
    return SpeechSound(samples=(0.5 * wave * level).astype(np.float32))


def wide_open(rows: int) -> ArticulationCurves:
    """A mouth that gapes all the time: what a driver that knows no closures might give."""
    values = ArticulationCurves.at_rest(rows / CURVE_RATE_HZ).values.copy()
    values[:, Mouth.APERTURE] = 1.1
    values[:, Mouth.JAW] = 0.7
    return ArticulationCurves(values=values)


def staircase(phones: PhoneTimeline) -> ArticulationCurves:
    """Every sound's own shape for its time, without any blending."""
    rows = rows_of(phones)
    values = ArticulationCurves.at_rest(rows / CURVE_RATE_HZ).values.copy()
    for phone in phones.phones:
        first, last = round(phone.start_s * CURVE_RATE_HZ), round(phone.end_s * CURVE_RATE_HZ)
        values[first:last] = viseme_of(phone.symbol).shape.as_row()
    return ArticulationCurves(values=values)


def row_of(shape: MouthShape) -> NDArray[np.float32]:
    """A shape as one row of curves."""
    return np.array(shape.as_row(), dtype=np.float32)
