"""What a face takes from the voice while it speaks, besides single moments: how awake, how loud, how warm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.signal import lfilter

from lipwright.engine.arrays import check_array
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.gesture.listening import speaking_curve
from lipwright.engine.gesture.shaping import Curve, low_passed
from lipwright.engine.speech.values import Prosody, SpeechActivity

# A face wakes up just before its words and rests gradually after them.
_WAKE_SIGMA_S = 0.12
_REST_S = 0.4
# Loudness counts against that of the seconds before, so that it needs no level of the recording.
_USUAL_S = 8.0
_LOUD_DB = 6.0
_LOUD_SIGMA_S = 0.25
# Warmth follows the voice within about a second: faster it would twitch with the words.
_WARMTH_S = 0.8
# A lively voice has this many full accents a second.
_ACCENTS_PER_S = 0.9
# What warmth is made of.
_WARMTH_OF_LOUDNESS, _WARMTH_OF_ACCENTS = 0.7, 0.9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VoiceCurves:
    """A voice over time, float64 (time,) each at CURVE_RATE_HZ.

    awake: 0 in silence, 1 in speech. loud: -1 to 1, softer or louder than before. warmth: -1 to 1, how much
    energy and melody the voice has against before; 0 is its usual.
    """

    awake: Curve
    loud: Curve
    warmth: Curve

    def __post_init__(self) -> None:
        for name in ("awake", "loud", "warmth"):
            check_array(self, name, np.float64, (len(self.awake),))


def voice_curves(activity: SpeechActivity, prosody: Prosody, rows: int) -> VoiceCurves:
    """The voice over so many rows. Looks half a second ahead and no further."""
    speaking = speaking_curve(activity, rows)
    loudness_db = np.full(rows, -100.0)
    known = activity.loudness_db[:rows]
    loudness_db[: len(known)] = known
    above = speaking * (loudness_db - _usual(loudness_db, speaking)) / _LOUD_DB
    accents = np.zeros(rows)
    for accent in prosody.accents:
        row = round(accent.time_s * CURVE_RATE_HZ)
        if row < rows:
            accents[row] += accent.strength * CURVE_RATE_HZ / _ACCENTS_PER_S
    lively = _lagging(_lagging(accents, _WARMTH_S), _WARMTH_S)
    melody = lively - _usual(lively, speaking)
    energy = _lagging(_lagging(np.clip(above, -1.5, 1.5), _WARMTH_S), _WARMTH_S)
    return VoiceCurves(
        awake=np.clip(_lagging(low_passed(speaking, _WAKE_SIGMA_S), _REST_S), 0, 1),
        loud=np.tanh(low_passed(above, _LOUD_SIGMA_S / 2)),
        warmth=np.tanh(_WARMTH_OF_LOUDNESS * energy + _WARMTH_OF_ACCENTS * melody),
    )


def _usual(values: Curve, speaking: Curve) -> Curve:
    """The mean of values over the speech of the last seconds; before there is any, the value itself."""
    share = 1 / (_USUAL_S * CURVE_RATE_HZ)
    weight = _lagging(speaking, _USUAL_S)
    total = _lagging(speaking * values, _USUAL_S)
    return np.where(weight > share, total / np.maximum(weight, share), values)


def _lagging(values: Curve, time_s: float) -> Curve:
    """A running mean that forgets exponentially and looks only back."""
    share = 1 - np.exp(-1 / (time_s * CURVE_RATE_HZ))
    return np.asarray(lfilter([share], [1, share - 1], values))
