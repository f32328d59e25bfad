"""Lips that shut where the sound says so, for speech whose phones are not known.

A stop behind closed lips is a short fall of loudness with a burst after it; when what is left of the
sound is deep, the lips are shut (b, m), otherwise the tongue may have made it and the mouth only narrows.
Knows nothing of phones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from lipwright.engine.articulation.bands import BandLoudness, band_loudness
from lipwright.engine.articulation.coarticulation import limit
from lipwright.engine.articulation.curves import ArticulationCurves, Mouth
from lipwright.engine.articulation.hold import span_weights
from lipwright.engine.articulation.rest import runs_of
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.media.values import SpeechSound

# A stop is at least this much quieter than the speech on both sides; less is the ripple of syllables.
FALL_DB = 12.0
# The silence of a stop. Shorter is the gap between two pulses of a deep voice, longer is a pause.
SHORTEST_STOP_S = 0.04
LONGEST_STOP_S = 0.14
# Speech on either side is looked for within this reach.
_NEIGHBOURHOOD_S = 0.12
# The deep part carries nearly all that is left: voicing or hum behind shut lips.
DEEP_SHARE_DB = -1.5
# Quieter than this there is no voicing left, only the room.
_AUDIBLE_DB = -65.0
NARROWED_APERTURE = 0.15
_RAMP_S = 0.08


@dataclass(frozen=True, slots=True, kw_only=True)
class AcousticClosure:
    """A stop that was heard. aperture: what it leaves open, 0 for shut lips."""

    start_s: float
    end_s: float
    aperture: float


def find_closures(sound: SpeechSound, rows: int) -> tuple[AcousticClosure, ...]:
    """The stops in a sound, in order of time."""
    bands = band_loudness(sound, rows)
    reach = round(_NEIGHBOURHOOD_S * CURVE_RATE_HZ)
    quiet = bands.whole_db < _weaker_side(bands.whole_db, reach) - FALL_DB
    closures = []
    for start, end in runs_of(quiet):
        duration_s = (end - start) / CURVE_RATE_HZ
        if SHORTEST_STOP_S <= duration_s <= LONGEST_STOP_S:
            shut = _is_deep(bands, start, end)
            closures.append(
                AcousticClosure(
                    start_s=start / CURVE_RATE_HZ,
                    end_s=end / CURVE_RATE_HZ,
                    aperture=0.0 if shut else NARROWED_APERTURE,
                )
            )
    return tuple(closures)


def close_lips_on_stops(curves: ArticulationCurves, sound: SpeechSound) -> ArticulationCurves:
    """Narrow the lips on every stop that is heard, and shut them on the deep ones."""
    rows = len(curves.values)
    closures = find_closures(sound, rows)
    if not closures:
        return curves
    spans = np.array([(closure.start_s, closure.end_s) for closure in closures])
    strength = np.ones(len(closures), dtype=np.float32)
    held = span_weights(spans, _RAMP_S, _RAMP_S, rows, strength)
    left_open = np.array([closure.aperture for closure in closures], dtype=np.float32)
    nearest = np.clip(np.searchsorted(spans.mean(axis=1), np.arange(rows) / CURVE_RATE_HZ), 0, len(spans) - 1)
    before = np.maximum(nearest - 1, 0)
    times_s = np.arange(rows) / CURVE_RATE_HZ
    middle = spans.mean(axis=1)
    nearest = np.where(np.abs(middle[before] - times_s) < np.abs(middle[nearest] - times_s), before, nearest)
    values = curves.values.copy()
    aperture = values[:, Mouth.APERTURE]
    values[:, Mouth.APERTURE] = aperture - held * np.maximum(0, aperture - left_open[nearest])
    return limit(curves.with_values(values))


def _weaker_side(loudness_db: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    """At every point, the weaker of the loudest points within reach before and after it."""
    size = reach + 1
    padded = np.pad(loudness_db, reach, constant_values=-100.0)
    peaks = maximum_filter1d(padded, size=size, origin=0)
    half = size // 2
    count = len(loudness_db)
    before = peaks[reach - half : reach - half + count]
    after = peaks[reach + half : reach + half + count]
    return np.minimum(before, after)


def _is_deep(bands: BandLoudness, start: int, end: int) -> bool:
    whole_db = float(bands.whole_db[start:end].mean())
    deep_db = float(bands.deep_db[start:end].mean())
    return whole_db > _AUDIBLE_DB and deep_db - whole_db > DEEP_SHARE_DB
