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
# How stirred a voice is shows within some seconds: how far its pitch goes, how many syllables come a second,
# and its energy. Usual voices and what is much of each: semitones of spread, syllables, as heard here.
_AROUSAL_S = 5.0
_USUAL_RANGE, _MUCH_RANGE = 3.7, 1.0
_USUAL_SYLLABLES, _MUCH_SYLLABLES = 3.1, 0.8
_AROUSAL_OF_RANGE, _AROUSAL_OF_PACE, _AROUSAL_OF_ENERGY = 0.45, 0.35, 0.5
# Pitch further than this from the mean, semitones, is mostly an octave that was heard wrong.
_FARTHEST_TONE = 6.0
# So much speech, as a share of the window, must be heard before half of a judgement counts.
_DOUBT = 0.15


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VoiceCurves:
    """A voice over time, float64 (time,) each at CURVE_RATE_HZ.

    awake: 0 in silence, 1 in speech. loud: -1 to 1, softer or louder than before. warmth: -1 to 1, how much
    energy and melody the voice has against before; 0 is its usual. arousal: -1 to 1, how stirred it is: a
    wide melody, many syllables, growing energy; 0 is a usual voice.
    """

    awake: Curve
    loud: Curve
    warmth: Curve
    arousal: Curve

    def __post_init__(self) -> None:
        for name in ("awake", "loud", "warmth", "arousal"):
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
        arousal=np.tanh(
            _AROUSAL_OF_RANGE * _range(prosody, rows)
            + _AROUSAL_OF_PACE * _pace(prosody, speaking)
            + _AROUSAL_OF_ENERGY * energy
        ),
    )


def _range(prosody: Prosody, rows: int) -> Curve:
    """How far the pitch has gone in the last seconds against a usual voice's; 0 where nothing is known."""
    if prosody.tone is None:
        return np.zeros(rows)
    tone = np.full(rows, np.nan)
    known = prosody.tone[:rows]
    tone[: len(known)] = known
    voiced = ~np.isnan(tone)
    if not voiced.any():
        return np.zeros(rows)
    # Any level will do, and that of the first sounds looks at nothing that comes later.
    tone = np.where(voiced, tone - tone[voiced][0], 0.0)
    share = _lagging(voiced.astype(np.float64), _AROUSAL_S)
    mean = _lagging(tone, _AROUSAL_S) / np.maximum(share, 1e-6)
    off = np.where(voiced, np.clip(tone - mean, -_FARTHEST_TONE, _FARTHEST_TONE), 0.0)
    spread = np.sqrt(_lagging(off**2, _AROUSAL_S) / np.maximum(share, 1e-6))
    return np.asarray((spread - _USUAL_RANGE) / _MUCH_RANGE * share / (share + _DOUBT))


def _pace(prosody: Prosody, speaking: Curve) -> Curve:
    """How quickly the syllables of the last seconds came against a usual voice's."""
    if not prosody.syllables_s:
        return np.zeros(len(speaking))
    syllables = np.zeros(len(speaking))
    places = np.round(np.array(prosody.syllables_s) * CURVE_RATE_HZ).astype(int)
    np.add.at(syllables, places[places < len(speaking)], CURVE_RATE_HZ)
    share = _lagging(speaking, _AROUSAL_S)
    rate = _lagging(syllables, _AROUSAL_S) / np.maximum(share, 1e-6)
    slow = _lagging((rate - _USUAL_SYLLABLES) / _MUCH_SYLLABLES * share / (share + _DOUBT), _WARMTH_S)
    return np.clip(slow, -1.5, 1.5)


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
