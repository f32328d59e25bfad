"""Speech for the tests of gestures: phrases with syllables and stresses, made on the spot."""

from __future__ import annotations

import numpy as np

from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.speech.values import Accent, Prosody, SpeechActivity, Stretch

SYLLABLE_S = 0.22


def talk(duration_s: float, seed: int = 7) -> tuple[SpeechActivity, Prosody]:
    """Phrases of 1.5 to 4 s with pauses of 0.3 to 0.9 s, a stress on every third syllable or so.

    The same seed gives the same speech from its start, whatever the duration.
    """
    rng = np.random.default_rng(seed)
    rows = round(duration_s * CURVE_RATE_HZ)
    speaking = np.zeros(rows, dtype=np.float32)
    loudness_db = np.full(rows, -70, dtype=np.float32)
    accents: list[Accent] = []
    phrases: list[Stretch] = []
    pauses: list[Stretch] = []
    now_s = 0.0
    while now_s < duration_s:
        pause_s, phrase_s, *draws = rng.random(32)
        start_s = now_s + 0.3 + 0.6 * pause_s
        end_s = start_s + 1.5 + 2.5 * phrase_s
        pauses.append(Stretch(start_s=now_s, end_s=start_s))
        phrases.append(Stretch(start_s=start_s, end_s=end_s))
        first, last = round(start_s * CURVE_RATE_HZ), round(end_s * CURVE_RATE_HZ)
        here = np.arange(first, min(last, rows))
        speaking[here] = 1
        loudness_db[here] = -26 - 6 * np.cos(2 * np.pi * (here / CURVE_RATE_HZ - start_s) / SYLLABLE_S)
        for index, draw in enumerate(draws[: int((end_s - start_s) / SYLLABLE_S)]):
            time_s = start_s + (index + 0.5) * SYLLABLE_S
            if draw < 0.3 and time_s < duration_s:
                accents.append(Accent(time_s=time_s, strength=0.3 + 2 * draw))
                loudness_db[max(0, round(time_s * 100) - 8) : round(time_s * 100) + 8] += 8
        now_s = end_s
    prosody = Prosody(accents=tuple(accents), phrases=tuple(phrases), pauses=tuple(pauses))
    return SpeechActivity(speaking=speaking, loudness_db=loudness_db), prosody


def quiet(duration_s: float) -> SpeechActivity:
    """Nobody speaks."""
    rows = round(duration_s * CURVE_RATE_HZ)
    return SpeechActivity(
        speaking=np.zeros(rows, dtype=np.float32), loudness_db=np.full(rows, -90, dtype=np.float32)
    )
