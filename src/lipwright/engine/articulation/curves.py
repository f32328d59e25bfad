"""The mouth over time: what articulation hands to the renderer. Knows nothing of pictures."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from lipwright.engine.curves import CURVE_RATE_HZ, SampledCurves


class Mouth(IntEnum):
    """Channels of :class:`ArticulationCurves`, in units of the speaker's own range.

    APERTURE  inner-lip gap over the speaker's 95th percentile: 0 shut, 1 wide, at most 1.2
    JAW       chin drop over the same length: 0 to 0.8. A low jaw with parted lips shows closed teeth (s, z)
    WIDTH     mouth width over its width at rest: 0.80 to 1.10
    ROUNDING  corners in, lips thicker and forward: 0 to 1
    PRESS     lips rolled in and pressed together: 0 to 1
    TUCK      lower lip under the upper teeth: 0 to 1
    RAISE     upper lip lifted off the teeth: 0 to 1
    TONGUE_UP   tongue tip at the ridge behind the upper teeth: 0 to 1
    TONGUE_OUT  tongue tip between the teeth: 0 to 1
    """

    APERTURE = 0
    JAW = 1
    WIDTH = 2
    ROUNDING = 3
    PRESS = 4
    TUCK = 5
    RAISE = 6
    TONGUE_UP = 7
    TONGUE_OUT = 8


class ArticulationCurves(SampledCurves):
    """Mouth curves, values float32 (time, len(Mouth)) at CURVE_RATE_HZ."""

    __slots__ = ()

    @classmethod
    def at_rest(cls, duration_s: float) -> ArticulationCurves:
        """A mouth that rests for a duration."""
        values = np.zeros((max(1, round(duration_s * CURVE_RATE_HZ)), len(Mouth)), dtype=np.float32)
        values[:, Mouth.WIDTH] = 1.0
        return cls(values=values)
