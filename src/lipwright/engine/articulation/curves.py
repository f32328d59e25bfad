"""The mouth over time, what articulation hands to the renderer: its channels, their ranges, a low-pass."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from scipy.signal import butter, sosfiltfilt

from lipwright.engine.curves import CURVE_RATE_HZ, SampledCurves


class Mouth(IntEnum):
    """Channels of :class:`ArticulationCurves`, in units of the speaker's own range.

    APERTURE  inner-lip gap over the speaker's 95th percentile in usual speech: 0 shut, 1 wide, at most 1.9 in
              a shout
    JAW       chin drop over the same length (jawOpen): 0 to 1.4. A low jaw with parted lips shows closed
              teeth (s, z)
    WIDTH     width of the mouth over its width at rest, before PUCKER and FUNNEL narrow it: 0.80 to 1.26
              (mouthStretch)
    PUCKER    lips tight, thick and forward as for u and w, the corners in (mouthPucker): 0 to 1
    FUNNEL    lips round and open as for o and sh (mouthFunnel): 0 to 1
    PRESS     lips pressed together (mouthPress): 0 to 1
    ROLL      lips rolled in over the teeth (mouthRollUpper, mouthRollLower): 0 to 1
    TUCK      lower lip at the edge of the upper teeth, for f and v: 0 to 1
    RAISE     upper lip lifted off the teeth (mouthUpperUp): 0 to 1
    LOWER     lower lip drawn down off the teeth (mouthLowerDown): 0 to 1
    TONGUE_UP   tongue tip at the ridge behind the upper teeth: 0 to 1
    TONGUE_OUT  tongue tip between the teeth (tongueOut): 0 to 1
    """

    APERTURE = 0
    JAW = 1
    WIDTH = 2
    PUCKER = 3
    FUNNEL = 4
    PRESS = 5
    ROLL = 6
    TUCK = 7
    RAISE = 8
    LOWER = 9
    TONGUE_UP = 10
    TONGUE_OUT = 11


# The range of every channel of Mouth, low and high.
CHANNEL_RANGES = dict.fromkeys(Mouth, (0.0, 1.0)) | {
    Mouth.APERTURE: (0.0, 1.9),
    Mouth.JAW: (0.0, 1.4),
    Mouth.WIDTH: (0.80, 1.26),
}

# Mouths move at 3 to 4 Hz and hardly above 8. Lower, closures disappear; higher, the lips tremble.
LOW_PASS_HZ = 8.0
# Filters of even, zero phase double this order; 2 keeps the ringing after a closure below 1 %.
LOW_PASS_ORDER = 2


class ArticulationCurves(SampledCurves):
    """Mouth curves, values float32 (time, len(Mouth)) at CURVE_RATE_HZ."""

    __slots__ = ()

    @classmethod
    def at_rest(cls, duration_s: float) -> ArticulationCurves:
        """A mouth that rests for a duration."""
        values = np.zeros((max(1, round(duration_s * CURVE_RATE_HZ)), len(Mouth)), dtype=np.float32)
        values[:, Mouth.WIDTH] = 1.0
        return cls(values=values)


def limit(curves: ArticulationCurves) -> ArticulationCurves:
    """The curves with every channel inside its range.

    For what can leave it: a filter that rings, a sum, a scale. A pass that only moves values towards others
    inside the range has no need of it.
    """
    low = np.array([CHANNEL_RANGES[channel][0] for channel in Mouth], dtype=np.float32)
    high = np.array([CHANNEL_RANGES[channel][1] for channel in Mouth], dtype=np.float32)
    return curves.with_values(np.clip(curves.values, low, high))


def smooth(curves: ArticulationCurves, cutoff_hz: float = LOW_PASS_HZ) -> ArticulationCurves:
    """The curves without movements faster than a mouth makes; nothing is shifted in time."""
    sections = butter(LOW_PASS_ORDER, cutoff_hz, fs=curves.rate_hz, output="sos")
    padding = min(len(curves.values) - 1, curves.rate_hz // 2)
    values = sosfiltfilt(sections, curves.values, axis=0, padtype="constant", padlen=padding)
    return limit(curves.with_values(np.asarray(values, dtype=np.float32)))
