"""Lips that shut where the sound says so, for speech whose phones are not known.

A stop behind closed lips is a short fall of loudness in which only a deep hum is left (b, m). The sound
alone is no proof: the tongue makes such stops too. So the lips shut only where the driver narrows them as
well: two witnesses who agree.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from lipwright.engine.arrays import true_runs
from lipwright.engine.articulation.bands import BandLoudness, band_loudness
from lipwright.engine.articulation.curves import ArticulationCurves, Mouth
from lipwright.engine.articulation.hold import span_weights
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.media.values import SpeechSound
from lipwright.engine.speech.values import Stretch

# A stop is at least this much quieter than the speech on both sides; less is the ripple of syllables.
FALL_DB = 12.0
# The quiet of a stop. Shorter is the gap between two pulses of a deep voice, longer is a pause.
SHORTEST_STOP_S = 0.04
LONGEST_STOP_S = 0.14
# The deep part carries nearly all that is left: voicing or hum behind shut lips.
DEEP_SHARE_DB = -1.5
# Lips that the driver leaves wider than this during the stop stay open: the tongue made it. Without this
# second witness the correlation with true mouths falls by 0.04 in the laboratory and more elsewhere; at 0.25
# two people lose 0.06 to 0.1, at 0.2 nobody more than 0.02 (learned driver, ten people never heard).
AGREEING_APERTURE = 0.2
# Speech on either side is looked for within this reach.
_NEIGHBOURHOOD_S = 0.12
# The driver's narrowing may come this much before or after the stop.
_SCATTER_S = 0.03
# Quieter than this there is no voicing left, only the room.
_AUDIBLE_DB = -65.0
_RAMP_S = 0.04


def find_deep_stops(sound: SpeechSound, rows: int) -> tuple[Stretch, ...]:
    """The stops with a hum behind them in a sound, in order of time."""
    bands = band_loudness(sound, rows)
    reach = round(_NEIGHBOURHOOD_S * CURVE_RATE_HZ)
    quiet = bands.whole_db < _weaker_side(bands.whole_db, reach) - FALL_DB
    return tuple(
        Stretch(start_s=start / CURVE_RATE_HZ, end_s=end / CURVE_RATE_HZ)
        for start, end in true_runs(quiet)
        if SHORTEST_STOP_S <= (end - start) / CURVE_RATE_HZ <= LONGEST_STOP_S and _is_deep(bands, start, end)
    )


def close_lips_on_stops(curves: ArticulationCurves, sound: SpeechSound) -> ArticulationCurves:
    """Shut the lips on every deep stop at which they are narrow already."""
    rows = len(curves.values)
    aperture = curves.channel(Mouth.APERTURE)

    def agrees(stop: Stretch) -> bool:
        start = max(0, round((stop.start_s - _SCATTER_S) * CURVE_RATE_HZ))
        end = round((stop.end_s + _SCATTER_S) * CURVE_RATE_HZ)
        return bool(aperture[start:end].min(initial=1.0) <= AGREEING_APERTURE)

    stops = [stop for stop in find_deep_stops(sound, rows) if agrees(stop)]
    if not stops:
        return curves
    spans = np.array([(stop.start_s, stop.end_s) for stop in stops])
    values = curves.values.copy()
    values[:, Mouth.APERTURE] *= 1 - span_weights(spans, _RAMP_S, _RAMP_S, rows)
    return curves.with_values(values)


def _weaker_side(loudness_db: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    """At every point, the weaker of the loudest points within reach before and after it."""
    size = reach + 1
    peaks = maximum_filter1d(np.pad(loudness_db, reach, constant_values=-100.0), size=size)
    half = size // 2
    count = len(loudness_db)
    before = peaks[reach - half : reach - half + count]
    after = peaks[reach + half : reach + half + count]
    return np.asarray(np.minimum(before, after))


def _is_deep(bands: BandLoudness, start: int, end: int) -> bool:
    whole_db = float(bands.whole_db[start:end].mean())
    deep_db = float(bands.deep_db[start:end].mean())
    return whole_db > _AUDIBLE_DB and deep_db - whole_db > DEEP_SHARE_DB
