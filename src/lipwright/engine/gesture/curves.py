"""Everything of a living face but the mouth, over time."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from lipwright.engine.curves import CURVE_RATE_HZ, SampledCurves


class Gesture(IntEnum):
    """Channels of :class:`GestureCurves`. All are 0 in the pose of the picture.

    Left and right are the viewer's, as in the mesh; ARKit's are the person's own, so that its names are the
    other side's. Weights of shapes go from 0 to 1.

    YAW, PITCH, ROLL    head rotation against the picture, degrees: yaw positive to the viewer's right,
                        pitch positive down (a nod), roll positive clockwise for the viewer
    SHIFT_X, SHIFT_Y    head translation, face heights, right and down
    NEARNESS            head towards the camera, as a scale change: 0.01 is 1 % larger
    BREATH              shoulders up, face heights
    EYE_BLINK_*         upper lid: 0 as in the picture, 1 shut
    EYE_WIDE_*          upper lid raised above its place in the picture
    EYE_SQUINT_*        lids narrowed, the lower one most
    EYES_OPEN           eyes that are shut or half shut in the picture: 0 as there, 1 open
    GAZE_X, GAZE_Y      eye rotation, degrees, to the viewer's right and down
    BROW_INNER_UP_*     inner end of the brow raised
    BROW_OUTER_UP_*     outer end of the brow raised
    BROW_DOWN_*         brow drawn down and in
    MOUTH_SMILE_*       corner of the mouth out and up
    MOUTH_FROWN_*       corner of the mouth down
    CHEEK_SQUINT_*      cheek raised
    """

    YAW = 0
    PITCH = 1
    ROLL = 2
    SHIFT_X = 3
    SHIFT_Y = 4
    NEARNESS = 5
    BREATH = 6
    EYE_BLINK_LEFT = 7
    EYE_BLINK_RIGHT = 8
    EYE_WIDE_LEFT = 9
    EYE_WIDE_RIGHT = 10
    EYE_SQUINT_LEFT = 11
    EYE_SQUINT_RIGHT = 12
    EYES_OPEN = 13
    GAZE_X = 14
    GAZE_Y = 15
    BROW_INNER_UP_LEFT = 16
    BROW_INNER_UP_RIGHT = 17
    BROW_OUTER_UP_LEFT = 18
    BROW_OUTER_UP_RIGHT = 19
    BROW_DOWN_LEFT = 20
    BROW_DOWN_RIGHT = 21
    MOUTH_SMILE_LEFT = 22
    MOUTH_SMILE_RIGHT = 23
    MOUTH_FROWN_LEFT = 24
    MOUTH_FROWN_RIGHT = 25
    CHEEK_SQUINT_LEFT = 26
    CHEEK_SQUINT_RIGHT = 27


# The two sides of each shape, the viewer's left first.
BLINKS = (Gesture.EYE_BLINK_LEFT, Gesture.EYE_BLINK_RIGHT)
EYES_WIDE = (Gesture.EYE_WIDE_LEFT, Gesture.EYE_WIDE_RIGHT)
EYE_SQUINTS = (Gesture.EYE_SQUINT_LEFT, Gesture.EYE_SQUINT_RIGHT)
BROWS_INNER_UP = (Gesture.BROW_INNER_UP_LEFT, Gesture.BROW_INNER_UP_RIGHT)
BROWS_OUTER_UP = (Gesture.BROW_OUTER_UP_LEFT, Gesture.BROW_OUTER_UP_RIGHT)
BROWS_DOWN = (Gesture.BROW_DOWN_LEFT, Gesture.BROW_DOWN_RIGHT)
SMILES = (Gesture.MOUTH_SMILE_LEFT, Gesture.MOUTH_SMILE_RIGHT)
FROWNS = (Gesture.MOUTH_FROWN_LEFT, Gesture.MOUTH_FROWN_RIGHT)
CHEEK_SQUINTS = (Gesture.CHEEK_SQUINT_LEFT, Gesture.CHEEK_SQUINT_RIGHT)


class GestureCurves(SampledCurves):
    """Gesture curves, values float32 (time, len(Gesture)) at CURVE_RATE_HZ."""

    __slots__ = ()

    @classmethod
    def still(cls, duration_s: float) -> GestureCurves:
        """A face that does nothing for a duration."""
        rows = max(1, round(duration_s * CURVE_RATE_HZ))
        return cls(values=np.zeros((rows, len(Gesture)), dtype=np.float32))
