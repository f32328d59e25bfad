"""How strongly each sound is articulated: the jaw after the loudness of vowels, the lips after hisses.

Two sliders, jaw and lips, each 0 to 1 around the middle of the clip.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from lipwright.engine.articulation.bands import band_loudness
from lipwright.engine.articulation.curves import ArticulationCurves, Mouth, limit
from lipwright.engine.articulation.segments import Segments
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.media.values import SpeechSound
from lipwright.engine.speech.values import SpeechActivity

# The sliders over deviations from the clip's mean loudness.
_DEVIATIONS = [-1.5, -1.0, 0.0, 1.0, 1.5]
_SLIDER = [0.1, 0.2, 0.45, 0.7, 0.9]
# Gain = base + span * slider: a voice at its mean gets 1.2, since blending takes the tops off
# (without it the widest openings of fluent speech stay below those of real people).
GAIN_BASE = 0.95
GAIN_SPAN = 0.5
# A vowel louder than the mean by one deviation carries the stress: it opens wider by up to this much.
STRESS_GAIN = 1.2
# Loudness hardly varies in a compressed recording; a smaller deviation would turn its ripple into shouts.
MIN_DEVIATION_DB = 3.0
# A shout is this much louder than the voice usually is, a full one that much; the mouth then opens by
# SHOUT_GAIN more. Of 27 calm speakers 22 never come so far, the loudest words of five pass it by 0 to 3 dB.
SHOUT_FROM_DB, SHOUT_FULL_DB = 12.0, 18.0
SHOUT_GAIN = 1.65  # 1.15, the widest of usual speech, becomes 1.9, .18 of the face height
# A shout lasts as long as a syllable; shorter is a knock at the microphone.
SHOUT_WINDOW_S = 0.15


def with_strength(segments: Segments, activity: SpeechActivity, sound: SpeechSound | None) -> Segments:
    """The segments with targets scaled by how loud each sound is spoken."""
    targets = segments.targets.copy()
    loud = _relative(activity.loudness_db, activity, segments)
    jaw_gain = GAIN_BASE + GAIN_SPAN * np.interp(loud, _DEVIATIONS, _SLIDER)
    jaw_gain *= np.interp(loud, [0.7, 1.3], [1.0, STRESS_GAIN])
    vowels = segments.is_vowel[:, None]
    opening = [Mouth.APERTURE, Mouth.JAW]
    targets[:, opening] *= np.where(vowels, jaw_gain[:, None], 1.0)
    if sound is not None:
        high_db = band_loudness(sound, len(activity.speaking)).high_db
        crisp = _relative(high_db, activity, segments)
        lip_gain = GAIN_BASE + GAIN_SPAN * np.interp(crisp, _DEVIATIONS, _SLIDER)
        shaping = [Mouth.PUCKER, Mouth.FUNNEL, Mouth.PRESS, Mouth.ROLL, Mouth.TUCK, Mouth.RAISE, Mouth.LOWER]
        targets[:, shaping] *= np.where(vowels, 1.0, lip_gain[:, None])
    return replace(segments, targets=targets.astype(np.float32))


def open_for_shouts(curves: ArticulationCurves, activity: SpeechActivity) -> ArticulationCurves:
    """The curves with lips and jaw wider where the voice is far louder than it usually is."""
    spoken = activity.loudness_db[activity.is_speaking]
    if not len(spoken):
        return curves
    loudness_db = uniform_filter1d(activity.loudness_db, round(SHOUT_WINDOW_S * CURVE_RATE_HZ))
    above_db = loudness_db - np.median(spoken)
    gain = np.ones(len(curves.values), dtype=np.float32)
    known = min(len(gain), len(above_db))
    gain[:known] = np.interp(above_db[:known], [SHOUT_FROM_DB, SHOUT_FULL_DB], [1.0, SHOUT_GAIN])
    values = curves.values.copy()
    values[:, [Mouth.APERTURE, Mouth.JAW]] *= gain[:, None]
    return limit(curves.with_values(values))


def _relative(
    loudness_db: NDArray[np.float32], activity: SpeechActivity, segments: Segments
) -> NDArray[np.float64]:
    """How many deviations each segment is above the mean of the speech, at its loudest point."""
    spoken = loudness_db[activity.is_speaking]
    if not len(spoken):
        return np.zeros(len(segments))
    deviation_db = max(MIN_DEVIATION_DB, float(spoken.std()))
    rows = len(loudness_db)
    starts = np.clip((segments.start_s * CURVE_RATE_HZ).astype(np.intp), 0, rows - 1)
    ends = np.clip((segments.end_s * CURVE_RATE_HZ).astype(np.intp), starts + 1, rows)
    peaks = np.array([loudness_db[a:b].max() for a, b in zip(starts, ends, strict=True)])
    # Vowels peak above the mean of all speech; only what exceeds that is stress.
    return (peaks - float(spoken.mean())) / deviation_db - 0.5
