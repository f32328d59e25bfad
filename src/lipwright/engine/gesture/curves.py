"""Everything of a living face but the mouth, over time."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from lipwright.engine.curves import CURVE_RATE_HZ, SampledCurves


class Gesture(IntEnum):
    """Channels of :class:`GestureCurves`. All are 0 in the pose of the picture.

    YAW, PITCH, ROLL  head rotation against the picture, degrees: yaw positive to the viewer's right,
                      pitch positive down (a nod), roll positive clockwise for the viewer
    SHIFT_X, SHIFT_Y  head translation, face heights, right and down
    NEARNESS          head towards the camera, as a scale change: 0.01 is 1 % larger
    BLINK             upper lid: 0 as in the picture, 1 shut (both eyes)
    GAZE_X, GAZE_Y    eye rotation, degrees, to the viewer's right and down
    BROW              brow lift, eye heights
    SMILE             corners of the mouth out and up: -1 to 1
    SQUINT            lower lids raised: 0 to 1
    BREATH            shoulders up, face heights
    """

    YAW = 0
    PITCH = 1
    ROLL = 2
    SHIFT_X = 3
    SHIFT_Y = 4
    NEARNESS = 5
    BLINK = 6
    GAZE_X = 7
    GAZE_Y = 8
    BROW = 9
    SMILE = 10
    SQUINT = 11
    BREATH = 12


class GestureCurves(SampledCurves):
    """Gesture curves, values float32 (time, len(Gesture)) at CURVE_RATE_HZ."""

    __slots__ = ()

    @classmethod
    def still(cls, duration_s: float) -> GestureCurves:
        """A face that does nothing for a duration."""
        rows = max(1, round(duration_s * CURVE_RATE_HZ))
        return cls(values=np.zeros((rows, len(Gesture)), dtype=np.float32))
