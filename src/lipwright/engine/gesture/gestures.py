"""Everything of a living face but the mouth: puts head, eyes, lids, brows, smile and breath together."""

from __future__ import annotations

import numpy as np

from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.gesture.blinks import QUIET_START_S, lid_curve, plan_blinks, plan_winks
from lipwright.engine.gesture.breath import breath_curve
from lipwright.engine.gesture.brows import plan_brows
from lipwright.engine.gesture.curves import (
    BLINKS,
    BROWS_DOWN,
    BROWS_INNER_UP,
    BROWS_OUTER_UP,
    CHEEK_SQUINTS,
    EYE_SQUINTS,
    EYES_WIDE,
    FROWNS,
    SMILES,
    Gesture,
    GestureCurves,
)
from lipwright.engine.gesture.gaze import Gaze, plan_gaze
from lipwright.engine.gesture.head import HeadMotion, plan_head
from lipwright.engine.gesture.limits import HeadLimits
from lipwright.engine.gesture.listening import prosody_of_loudness
from lipwright.engine.gesture.people import natural_motion
from lipwright.engine.gesture.random_streams import random_stream
from lipwright.engine.gesture.shaping import Curve, edges_eased, soft_limit, times_s
from lipwright.engine.gesture.smiles import plan_smiles
from lipwright.engine.gesture.style import GestureStyle
from lipwright.engine.gesture.voice_curves import voice_curves
from lipwright.engine.speech.values import Prosody, SpeechActivity

# A clip leaves the picture's pose and comes back to it within this time: clips then join and loop.
EASE_IN_S = 0.8
EASE_OUT_S = 0.8
# Eyes stay on the viewer while the head turns: they turn back by this share of it. People's do almost wholly;
# a share of 1 looks like a doll whose eyes are fixed to the camera.
GAZE_HOLD_SHARE = 0.9
# Eyes turn no further than this in the head: nobody's stay at the rim for long, and drawn ones lose their
# white.
FARTHEST_GAZE_DEG = 16.0
# Who listens moves by this share of who speaks, and more slowly; with the loudness motion grows and hurries.
LISTENING_LEVEL, LISTENING_PACE = 0.55, 0.9
LOUD_LEVEL, LOUD_PACE = 0.16, 0.12
# A stirred voice moves a face more and quicker, a flat one less. More than this is for a prompt to ask.
STIRRED_LEVEL, STIRRED_PACE = 0.22, 0.10
# Eyes that are shut in the picture open in this stretch, quickly at first and then settling, as after a
# blink; before it, the picture is seen for a moment; later than this a viewer thinks that they stay shut.
EYES_OPEN_S = (0.15, 0.70)
_EYES_OPEN_POWER = 2.5
# A blink follows their opening no sooner than this.
_AFTER_OPENING_S = 0.8
# A blink begins this long before a move of the head is fastest.
_BEFORE_MOVE_S = 0.16
# Winking smiles with the winking side, as far as this.
_WINK_SMILE = 0.35
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
    *,
    limits: HeadLimits | None = None,
    opens_eyes: bool = False,
) -> GestureCurves:
    """The gestures of a clip of duration_s, tied loosely to its speech.

    prosody: None finds phrases and accents from the loudness. limits: how far the head may turn; None is as
    far as any picture bears. opens_eyes: eyes that are shut in the picture open within the first second.

    The same arguments give the same curves, and a longer clip of the same speech begins with the same
    gestures. A clip starts and ends in the pose of the picture: every curve is 0 there, but for EYES_OPEN,
    which stays 1 to the end, since nobody falls asleep at the end of a sentence.
    """
    style, limits = style or GestureStyle(), limits or HeadLimits()
    rows = max(1, round(duration_s * CURVE_RATE_HZ))
    if prosody is None:
        prosody = prosody_of_loudness(activity)
    voice = voice_curves(activity, prosody, rows)
    level = LISTENING_LEVEL + (1 - LISTENING_LEVEL) * voice.awake + LOUD_LEVEL * voice.loud
    level *= 1 + STIRRED_LEVEL * voice.arousal
    pace = LISTENING_PACE + (1 - LISTENING_PACE) * voice.awake + LOUD_PACE * voice.loud
    pace *= 1 + STIRRED_PACE * voice.arousal
    natural = natural_motion(np.cumsum(pace) / CURVE_RATE_HZ, seed)

    gaze = plan_gaze(
        rows,
        _phrase_edges_s(prosody),
        style.liveliness * style.expression_scale,
        style.mood.wander,
        random_stream(seed, "gaze"),
    )
    look_deg = np.stack([gaze.x_deg, gaze.y_deg], axis=1)
    head = plan_head(natural, level, look_deg, prosody, style, seed, limits) if style.head_moves else None
    blinks = plan_blinks(
        rows,
        _good_moments_s(head, gaze),
        style.blink_scale * style.mood.blink_rate,
        random_stream(seed, "blinks"),
        EYES_OPEN_S[1] + _AFTER_OPENING_S if opens_eyes else QUIET_START_S,
    )
    lids = np.repeat(lid_curve(blinks, rows)[:, None], 2, axis=1)
    stirred = voice.awake * voice.arousal
    brows = plan_brows(natural, level, stirred, prosody, style, seed)
    smiles = plan_smiles(natural, voice.warmth, prosody, style, seed)
    wink = lid_curve(plan_winks(rows, style.mood.winks, random_stream(seed, "winks")), rows)
    winking_side = int(random_stream(seed, "wink side").integers(2))
    lids[:, winking_side] = np.maximum(lids[:, winking_side], wink)

    values = np.zeros((rows, len(Gesture)))
    if head is not None:
        values[:, _HEAD] = _curves_of(head)
    values[:, Gesture.GAZE_X], values[:, Gesture.GAZE_Y] = _held_gaze(gaze, head, style)
    values[:, BROWS_INNER_UP] = brows.inner_up
    values[:, BROWS_OUTER_UP] = brows.outer_up
    values[:, BROWS_DOWN] = brows.down
    values[:, EYES_WIDE] = brows.wide
    values[:, EYE_SQUINTS] = np.minimum(brows.squint + smiles.squint, 1)
    values[:, SMILES] = smiles.smile
    values[:, SMILES[winking_side]] = np.maximum(values[:, SMILES[winking_side]], _WINK_SMILE * wink)
    values[:, FROWNS] = smiles.frown
    values[:, CHEEK_SQUINTS] = smiles.cheek
    values[:, Gesture.BREATH] = breath_curve(rows, seed)
    values *= edges_eased(rows, EASE_IN_S, EASE_OUT_S)[:, None]
    # Lids keep their own edges: no blink is cut.
    values[:, BLINKS] = lids
    if opens_eyes:
        values[:, Gesture.EYES_OPEN] = _opening_curve(rows)
    return GestureCurves(values=values.astype(np.float32))


def _held_gaze(gaze: Gaze, head: HeadMotion | None, style: GestureStyle) -> tuple[Curve, Curve]:
    """The eyes in the head, degrees: where they look, against the turn of the head."""
    mood = style.mood
    x_deg, y_deg = gaze.x_deg + mood.gaze_x_deg, gaze.y_deg + mood.gaze_y_deg
    if head is not None:
        # Where a prompt holds the head is where it is to look: only the motion around it is worked against.
        x_deg = x_deg - GAZE_HOLD_SHARE * (head.yaw_deg - mood.yaw_deg)
        y_deg = y_deg - GAZE_HOLD_SHARE * (head.pitch_deg - mood.pitch_deg)
    return soft_limit(x_deg, FARTHEST_GAZE_DEG), soft_limit(y_deg, FARTHEST_GAZE_DEG)


def _opening_curve(rows: int) -> Curve:
    """How far eyes that were shut are open, 0 to 1; 1 to the end."""
    start_s, end_s = EYES_OPEN_S
    share = np.clip((times_s(rows) - start_s) / (end_s - start_s), 0, 1)
    curve: Curve = 1 - (1 - share) ** _EYES_OPEN_POWER
    return curve


def _phrase_edges_s(prosody: Prosody) -> list[float]:
    """When people look away and back: as a phrase ends, and before one begins."""
    return sorted(
        [pause.start_s for pause in prosody.pauses] + [phrase.start_s - 0.2 for phrase in prosody.phrases]
    )


def _good_moments_s(head: HeadMotion | None, gaze: Gaze) -> list[float]:
    """When people blink: just before the head moves, and with a glance."""
    moments = [*gaze.glances_s]
    if head is not None:
        moments += [time_s - _BEFORE_MOVE_S for time_s in head.moves_s]
    return sorted(moments)


def _curves_of(head: HeadMotion) -> Curve:
    return np.stack(
        [head.yaw_deg, head.pitch_deg, head.roll_deg, head.shift_x, head.shift_y, head.nearness], axis=1
    )
