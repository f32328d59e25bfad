"""Brings what a driver hears to the ranges in which people move: opening, width, the drop of the jaw.

Regression shrinks: a network that follows many mouths opens and spreads less than any of them, and some
voices more than others. What a clip lacks is measured on the clip itself, so the scale of the driver does not
count; a short clip shows little of its speaker and is trusted less.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.curves import CHANNEL_RANGES, ArticulationCurves, Mouth
from lipwright.engine.articulation.width import visible_width, width_for
from lipwright.engine.curves import CURVE_RATE_HZ

# The 95th percentile of the opening over speech: .106 to .119 of the face height. People have .076 to .130.
LEAST_WIDE_APERTURE, MOST_WIDE_APERTURE = 1.12, 1.25
# The chin's drop for each gap, slope over speech.
JAW_PER_GAP = 0.42
# How much wider than at rest the mouth is at the 95th percentile of speech. People in the wild have .17,
# talking heads that are praised .23.
LEAST_SPREADING, MOST_SPREADING = 0.11, 0.18
WIDEST = 1.22
# A correction is believed by half after so much speech, and is never larger than this.
HALF_KNOWN_S = 2.0
LARGEST_FACTOR = 1.35
# Rows fewer than this show nothing of a speaker.
LEAST_ROWS = CURVE_RATE_HZ // 2


def in_peoples_ranges(curves: ArticulationCurves, talking: NDArray[np.float32]) -> ArticulationCurves:
    """The curves with opening, jaw and width as far as people's.

    talking: float32 (row,), above .5 where somebody speaks. Silence stays as it is.
    """
    values = curves.values.copy()
    spoken = values[talking > 0.5]
    if len(spoken) >= LEAST_ROWS:
        trust = len(spoken) / (len(spoken) + HALF_KNOWN_S * CURVE_RATE_HZ)
        widest = float(np.percentile(spoken[:, Mouth.APERTURE], 95))
        wanted = float(np.clip(widest, LEAST_WIDE_APERTURE, MOST_WIDE_APERTURE))
        values[:, [Mouth.APERTURE, Mouth.JAW]] *= _factor(wanted, widest, trust)
        gap, chin = spoken[:, Mouth.APERTURE], spoken[:, Mouth.JAW]
        slope = float(np.cov(gap, chin)[0, 1] / max(1e-6, float(gap.var())))
        values[:, Mouth.JAW] *= _factor(JAW_PER_GAP, slope, trust)
        width = visible_width(values)
        spread = float(np.percentile(width[talking > 0.5], 95)) - 1
        gain = _factor(float(np.clip(spread, LEAST_SPREADING, MOST_SPREADING)), spread, trust)
        wide = np.where(width > 1, np.minimum(1 + gain * (width - 1), WIDEST), width)
        values[:, Mouth.WIDTH] = width_for(wide.astype(np.float32), values)
    for channel in (Mouth.APERTURE, Mouth.JAW):
        values[:, channel] = np.minimum(values[:, channel], CHANNEL_RANGES[channel][1])
    return curves.with_values(values)


def _factor(wanted: float, found: float, trust: float) -> float:
    """By how much to multiply what was found to come near what is wanted."""
    whole = float(np.clip(wanted / max(found, 1e-6), 1 / LARGEST_FACTOR, LARGEST_FACTOR))
    return float(whole**trust)
