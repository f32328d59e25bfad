"""Everything of a living face but the mouth: puts head, eyes, lids, brows and breath together."""

from __future__ import annotations

import numpy as np

from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.gesture.blinks import lid_curve, plan_blinks
from lipwright.engine.gesture.curves import (
    BLINKS,
    BROWS_DOWN,
    BROWS_INNER_UP,
    BROWS_OUTER_UP,
    EYE_SQUINTS,
    FROWNS,
    SMILES,
    Gesture,
    GestureCurves,
)
from lipwright.engine.gesture.expression import breath_curve, brow_curve, smile_curve, squint_curve
from lipwright.engine.gesture.gaze import Gaze, plan_gaze
from lipwright.engine.gesture.head import HeadMotion, plan_head
from lipwright.engine.gesture.listening import prosody_of_loudness, speaking_curve
from lipwright.engine.gesture.random_streams import random_stream
from lipwright.engine.gesture.shaping import Curve, edges_eased
from lipwright.engine.gesture.style import GestureStyle
from lipwright.engine.speech.values import Prosody, SpeechActivity

# A clip leaves the picture's pose and comes back to it within this time: clips then join and loop.
EASE_IN_S = 1.0
EASE_OUT_S = 0.8
# Eyes stay on the camera while the head turns: they turn back by this share of it.
GAZE_HOLD_SHARE = 0.6
# How far a brow goes up at weight 1, eye heights.
BROW_LIFT_EYE_HEIGHTS = 0.55
# A blink is at a good moment this long after a stress, and this long into a pause.
_AFTER_ACCENT_S = 0.14
_INTO_PAUSE_S = 0.06
_HEAD = (
    Gesture.YAW,
    Gesture.PITCH,
    Gesture.ROLL,
    Gesture.SHIFT_X,
    Gesture.SHIFT_Y,
    Gesture.NEARNESS,
)


def gestures(
    activity: SpeechActivity,
    prosody: Prosody | None,
    duration_s: float,
    style: GestureStyle | None = None,
    seed: int = 0,
) -> GestureCurves:
    """The gestures of a clip of duration_s, tied loosely to its speech.

    prosody: None finds phrases and accents from the loudness. The same arguments give the same curves,
    and a longer clip of the same speech begins with the same gestures. A clip starts and ends in the
    pose of the picture with open eyes.
    """
    style = style or GestureStyle()
    rows = max(1, round(duration_s * CURVE_RATE_HZ))
    if prosody is None:
        prosody = prosody_of_loudness(activity)
    speaking = speaking_curve(activity, rows)
    edges = edges_eased(rows, EASE_IN_S, EASE_OUT_S)

    head = plan_head(speaking, prosody, style, seed) if style.head_moves else None
    liveliness = style.liveliness * style.expression_scale
    gaze = plan_gaze(rows, liveliness, style.mood.wander, random_stream(seed, "gaze"))
    pace = style.blink_scale * style.mood.blink_rate
    blinks = plan_blinks(speaking, _good_moments_s(prosody, gaze), pace, random_stream(seed, "blinks"))
    lids = lid_curve(blinks, rows)
    smile = smile_curve(rows, style, seed)

    values = np.zeros((rows, len(Gesture)))
    if head is not None:
        for channel, curve in zip(_HEAD, _curves_of(head), strict=True):
            values[:, channel] = curve
    values[:, Gesture.GAZE_X] = gaze.x_deg + style.mood.gaze_x_deg
    values[:, Gesture.GAZE_Y] = gaze.y_deg + style.mood.gaze_y_deg
    if head is not None:
        values[:, Gesture.GAZE_X] -= GAZE_HOLD_SHARE * (head.yaw_deg - style.mood.yaw_deg)
        values[:, Gesture.GAZE_Y] -= GAZE_HOLD_SHARE * (head.pitch_deg - style.mood.pitch_deg)
    brow = brow_curve(prosody, lids, style, seed) / BROW_LIFT_EYE_HEIGHTS
    for sides in (BROWS_INNER_UP, BROWS_OUTER_UP):
        values[:, sides] = np.maximum(brow, 0)[:, None]
    values[:, BROWS_DOWN] = np.maximum(-brow, 0)[:, None]
    values[:, SMILES] = np.maximum(smile, 0)[:, None]
    values[:, FROWNS] = np.maximum(-smile, 0)[:, None]
    values[:, EYE_SQUINTS] = squint_curve(smile, prosody, style, seed)[:, None]
    values[:, Gesture.BREATH] = breath_curve(rows, seed)
    values *= edges[:, None]
    # Lids keep their own edges: no blink is cut.
    values[:, BLINKS] = lids[:, None]
    return GestureCurves(values=values.astype(np.float32))


def _good_moments_s(prosody: Prosody, gaze: Gaze) -> list[float]:
    moments = [accent.time_s + _AFTER_ACCENT_S for accent in prosody.accents]
    moments += [pause.start_s + _INTO_PAUSE_S for pause in prosody.pauses]
    moments += gaze.glances_s
    return sorted(moments)


def _curves_of(head: HeadMotion) -> tuple[Curve, ...]:
    return (head.yaw_deg, head.pitch_deg, head.roll_deg, head.shift_x, head.shift_y, head.nearness)
