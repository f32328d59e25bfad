"""What the mouth does while certain sounds are heard: closures, and silence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_erosion

from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.quality.mouth import CLOSED_GAP
from lipwright.engine.speech.phones import BILABIAL
from lipwright.engine.speech.values import PhoneTimeline, SpeechActivity

# Lips may meet this much before or after the sound of p, b or m and still look right.
CLOSURE_REACH_S = 0.06
# Fewer closures say nothing about a video.
LEAST_CLOSURES = 3
# Nobody speaks below this activity; the mouth may still be closing for this long after the voice.
SILENT_ACTIVITY, CLOSING_TIME_S = 0.1, 0.2
# Less silence than this in all says nothing.
LEAST_SILENCE_S = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentMouth:
    """What the mouth does while nobody speaks.

    motion: mean speed of the lips' gap, face heights a second. gap: its mean, face heights.
    """

    motion: float
    gap: float


def closure_share(
    gap: NDArray[np.floating], is_seen: NDArray[np.bool_], phones: PhoneTimeline
) -> float | None:
    """Share of p, b and m at which the lips meet within CLOSURE_REACH_S; None for fewer than LEAST_CLOSURES.

    gap: (time,), between the lips, face heights, is_seen: (time,), both at CURVE_RATE_HZ.
    """
    met = []
    for phone in phones.phones:
        start = max(0, round((phone.start_s - CLOSURE_REACH_S) * CURVE_RATE_HZ))
        stop = min(len(gap), round((phone.end_s + CLOSURE_REACH_S) * CURVE_RATE_HZ))
        if phone.symbol in BILABIAL and start < stop and is_seen[start:stop].all():
            met.append(float(gap[start:stop].min()) < CLOSED_GAP)
    return float(np.mean(met)) if len(met) >= LEAST_CLOSURES else None


def silent_mouth(
    gap: NDArray[np.floating], is_seen: NDArray[np.bool_], activity: SpeechActivity
) -> SilentMouth | None:
    """The mouth while nobody speaks; None where there is too little silence."""
    length = min(len(gap), len(activity.speaking))
    silent = activity.speaking[:length] < SILENT_ACTIVITY
    reach = np.ones(2 * round(CLOSING_TIME_S * CURVE_RATE_HZ) + 1, bool)
    silent = binary_erosion(silent, reach, border_value=1) & is_seen[:length]
    if silent.sum() < LEAST_SILENCE_S * CURVE_RATE_HZ:
        return None
    speed = np.abs(np.gradient(gap[:length])) * CURVE_RATE_HZ
    return SilentMouth(motion=float(speed[silent].mean()), gap=float(gap[:length][silent].mean()))
