"""What gestures need to know of the speech, in one form, also where no prosody was found."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

from lipwright.engine.arrays import true_runs
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.gesture.shaping import Curve, low_passed
from lipwright.engine.speech.values import Accent, Prosody, SpeechActivity, Stretch

# A gap shorter than this belongs to the phrase around it.
SHORTEST_PAUSE_S = 0.25
# Syllables are 0.2 s long; a smoothing of a third of that keeps each of them one peak.
_LOUDNESS_SIGMA_S = 0.06
# An accent stands out from the syllables around it by this much, dB, and this far from the next one.
_ACCENT_PROMINENCE_DB = 4.0
_ACCENT_DISTANCE_S = 0.35
# An accent this far above its surroundings is a strong one.
_STRONG_PROMINENCE_DB = 15.0


def speaking_curve(activity: SpeechActivity, rows: int) -> Curve:
    """How surely somebody speaks at every point, 0 to 1; silence beyond what is known."""
    curve = np.zeros(rows)
    known = activity.speaking[:rows]
    curve[: len(known)] = known
    return curve


def prosody_of_loudness(activity: SpeechActivity) -> Prosody:
    """Phrases, pauses and accents as far as loudness alone tells them."""
    rows = len(activity.speaking)
    phrases = _phrases(activity.is_speaking)
    pauses = []
    now_s = 0.0
    for phrase in phrases:
        if phrase.start_s > now_s:
            pauses.append(Stretch(start_s=now_s, end_s=phrase.start_s))
        now_s = phrase.end_s
    if rows / CURVE_RATE_HZ > now_s:
        pauses.append(Stretch(start_s=now_s, end_s=rows / CURVE_RATE_HZ))
    return Prosody(accents=_accents(activity, phrases), phrases=phrases, pauses=tuple(pauses))


def _phrases(is_speaking: NDArray[np.bool_]) -> tuple[Stretch, ...]:
    phrases: list[Stretch] = []
    for first, after in true_runs(is_speaking):
        start_s, end_s = first / CURVE_RATE_HZ, after / CURVE_RATE_HZ
        if phrases and start_s - phrases[-1].end_s < SHORTEST_PAUSE_S:
            phrases[-1] = Stretch(start_s=phrases[-1].start_s, end_s=end_s)
        else:
            phrases.append(Stretch(start_s=start_s, end_s=end_s))
    return tuple(phrases)


def _accents(activity: SpeechActivity, phrases: tuple[Stretch, ...]) -> tuple[Accent, ...]:
    if not phrases:
        return ()
    loudness_db = low_passed(activity.loudness_db.astype(np.float64), _LOUDNESS_SIGMA_S)
    peaks, facts = find_peaks(
        loudness_db, prominence=_ACCENT_PROMINENCE_DB, distance=round(_ACCENT_DISTANCE_S * CURVE_RATE_HZ)
    )
    spoken = activity.is_speaking[peaks]
    strengths = np.clip(facts["prominences"] / _STRONG_PROMINENCE_DB, 0.2, 1.0)
    return tuple(
        Accent(time_s=float(peak) / CURVE_RATE_HZ, strength=float(strength))
        for peak, strength, is_spoken in zip(peaks, strengths, spoken, strict=True)
        if is_spoken
    )
