"""How much speakers put into it: loudness, pitch and pace against their own, as a gain on the mouth.

Everything is relative to the speaker of the clip, so neither the level of the recording nor a high voice
counts. A whisper from end to end is its own measure: it moves the lips like any speech.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, maximum_filter1d, uniform_filter1d

from lipwright.engine.articulation.curves import ArticulationCurves, Mouth, limit
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.speech.values import SpeechActivity

# Loudness of a phrase over what is usual for the speaker, and the gain on the opening: people who raise their
# voice by 6 dB open some tenth wider, who murmur move less. Shouts are strength.py's.
_LOUDNESS_DB = [-12.0, -4.0, 2.0, 10.0]
_LOUDNESS_GAIN = [0.82, 1.0, 1.0, 1.15]
# The same for the pitch of a phrase, semitones: who is excited speaks higher and shows it.
_PITCH_SEMITONES = [-3.0, 0.0, 3.0, 9.0]
_PITCH_GAIN = [0.97, 1.0, 1.04, 1.15]
# Syllables a second: who hurries articulates less, who dwells on words more.
_PACE_HZ = [2.5, 4.0, 5.5, 8.0]
_PACE_GAIN = [1.08, 1.0, 1.0, 0.9]
_OCTAVE_SEMITONES = 10.0
# Lips take a part of what the jaw takes of all that.
_LIP_SHARE = 0.5
# A phrase is this long.
_PHRASE_S = 1.2
# Voiced rows of a clip below which its usual pitch is not known.
_LEAST_VOICED = CURVE_RATE_HZ
# A syllable is a hill of loudness so high above the valleys beside it.
_HILL_DB = 3.0


def with_effort(curves: ArticulationCurves, activity: SpeechActivity) -> ArticulationCurves:
    """The curves larger where the speaker puts more into it, and smaller where less."""
    gain = effort_gain(activity, len(curves.values))[:, None]
    values = curves.values.copy()
    values[:, [Mouth.APERTURE, Mouth.JAW]] *= gain
    values[:, [Mouth.PUCKER, Mouth.FUNNEL]] *= 1 + _LIP_SHARE * (gain - 1)
    values[:, [Mouth.WIDTH]] = 1 + (values[:, [Mouth.WIDTH]] - 1) * (1 + _LIP_SHARE * (gain - 1))
    return limit(curves.with_values(values))


def effort_gain(activity: SpeechActivity, rows: int) -> NDArray[np.float32]:
    """The gain at every point, float32 (row,), around 1."""
    speaking = activity.is_speaking
    if not speaking.any():
        return np.ones(rows, np.float32)
    gain = (
        np.interp(_phrase_loudness(activity, speaking), _LOUDNESS_DB, _LOUDNESS_GAIN)
        * np.interp(_phrase_pitch(activity, speaking), _PITCH_SEMITONES, _PITCH_GAIN)
        * np.interp(_pace_hz(activity, speaking), _PACE_HZ, _PACE_GAIN)
    )
    whole = np.ones(rows)
    count = min(rows, len(gain))
    whole[:count] = gain[:count]
    return np.asarray(gaussian_filter1d(whole, _PHRASE_S * CURVE_RATE_HZ / 6), dtype=np.float32)


def _phrase_loudness(activity: SpeechActivity, speaking: NDArray[np.bool_]) -> NDArray[np.float64]:
    """How loud the speech around each row is over the usual, dB; 0 where nobody speaks."""
    power = np.where(speaking, 10 ** (activity.loudness_db.astype(np.float64) / 10), 0.0)
    around = _around(power, speaking)
    usual = 10 * np.log10(max(1e-10, float(np.median(around[speaking]))))
    return np.where(speaking, 10 * np.log10(np.maximum(around, 1e-10)) - usual, 0.0)


def _phrase_pitch(activity: SpeechActivity, speaking: NDArray[np.bool_]) -> NDArray[np.float64]:
    """How high the speech around each row is over the usual, semitones; 0 in a whisper."""
    if activity.f0_hz is None:
        return np.zeros(len(speaking))
    f0_hz = activity.f0_hz.astype(np.float64)
    voiced = (f0_hz > 0) & speaking
    if voiced.sum() < _LEAST_VOICED:
        return np.zeros(len(speaking))
    tone = np.where(voiced, 12 * np.log2(np.maximum(f0_hz, 1.0)), 0.0)
    usual = float(np.median(tone[voiced]))
    # What lies nearly an octave beside is a mistake of the tracker.
    voiced &= np.abs(tone - usual) < _OCTAVE_SEMITONES
    near = uniform_filter1d(voiced.astype(np.float64), _size(_PHRASE_S))
    return np.where(near > 0.05, _around(np.where(voiced, tone - usual, 0.0), voiced), 0.0)


def _pace_hz(activity: SpeechActivity, speaking: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Syllables a second in the speech around each row."""
    level = gaussian_filter1d(activity.loudness_db.astype(np.float64), 0.03 * CURVE_RATE_HZ)
    peak = level >= maximum_filter1d(level, _size(0.12))
    valley = np.maximum(-maximum_filter1d(-level, _size(0.3)), -100.0)
    tops = peak & (level > valley + _HILL_DB) & speaking
    # A hill with a flat top is one.
    hills = (tops & ~np.concatenate(([False], tops[:-1]))).astype(np.float64)
    span = _size(2 * _PHRASE_S)
    spoken = uniform_filter1d(speaking.astype(np.float64), span)
    pace = uniform_filter1d(hills, span) / np.maximum(spoken, 0.1) * CURVE_RATE_HZ
    # The first and last word alone tell no pace.
    return np.where(spoken > 0.3, pace, _PACE_HZ[1])


def _around(curve: NDArray[np.float64], counted: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The mean of the counted rows of a phrase around each row."""
    size = _size(_PHRASE_S)
    weight = uniform_filter1d(counted.astype(np.float64), size)
    return uniform_filter1d(np.where(counted, curve, 0.0), size) / np.maximum(weight, 0.05)


def _size(span_s: float) -> int:
    return max(1, round(span_s * CURVE_RATE_HZ))
