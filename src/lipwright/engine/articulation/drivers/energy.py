"""Mouth curves out of loudness alone: for sounds in which nothing else is known, and as a yardstick."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from lipwright.engine.articulation.bands import band_loudness
from lipwright.engine.articulation.curves import ArticulationCurves, Mouth, smooth
from lipwright.engine.articulation.driver import curve_rows
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.media.values import SpeechSound
from lipwright.engine.speech.values import PhoneTimeline, SpeechActivity

# Deviations of loudness to aperture: real mouths average .47 of their 95th percentile and spread by .33.
MEAN_APERTURE = 0.47
APERTURE_PER_DEVIATION = 0.33
# The chin drops by this share of what the lips open, as people's does.
JAW_SHARE = 0.4
# A sound with most of its power above 4 kHz is a hiss: lips part, teeth close, corners spread a little.
HISS_JAW_SHARE = 0.5
HISS_WIDTH = 1.07
# Width that an opening of one aperture takes and that is given back: louder mouths are no narrower.
OPEN_WIDTH = 1.05
MIN_DEVIATION_DB = 3.0
# Mouths move at 3 to 4 Hz; what is faster in loudness is the voice, not the jaw.
LOUDNESS_LOW_PASS_HZ = 4.0


class EnergyDriver:
    """The louder, the wider; hisses keep the teeth together."""

    name: ClassVar[str] = "energy"
    needs_phones: ClassVar[bool] = False
    rests_by_itself: ClassVar[bool] = False
    hears_sounds: ClassVar[bool] = False

    def drive(
        self,
        sound: SpeechSound,
        activity: SpeechActivity,
        phones: PhoneTimeline | None,  # noqa: ARG002 - this driver has no use for them
    ) -> ArticulationCurves:
        """Curves that follow the loudness of the speech against its own mean."""
        rows = curve_rows(sound)
        curves = ArticulationCurves.at_rest(rows / CURVE_RATE_HZ)
        loudness_db = np.full(rows, -100.0, dtype=np.float32)
        known = min(rows, len(activity.loudness_db))
        loudness_db[:known] = activity.loudness_db[:known]
        spoken = activity.loudness_db[activity.is_speaking]
        if not len(spoken):
            return curves
        deviation_db = max(MIN_DEVIATION_DB, float(spoken.std()))
        aperture = MEAN_APERTURE + APERTURE_PER_DEVIATION * (loudness_db - spoken.mean()) / deviation_db
        bands = band_loudness(sound, rows)
        hiss = np.clip((bands.high_db - bands.whole_db + 6) / 6, 0, 1)
        values = curves.values.copy()
        values[:, Mouth.APERTURE] = np.clip(aperture, 0, 1.2)
        values[:, Mouth.JAW] = JAW_SHARE * values[:, Mouth.APERTURE] * (1 - HISS_JAW_SHARE * hiss)
        open_width = 1 + (OPEN_WIDTH - 1) * np.minimum(1, values[:, Mouth.APERTURE])
        values[:, Mouth.WIDTH] = np.maximum(open_width, 1 + (HISS_WIDTH - 1) * hiss)
        return smooth(curves.with_values(values), LOUDNESS_LOW_PASS_HZ)
