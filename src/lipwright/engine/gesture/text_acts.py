"""What a text does to a face: questions, exclamations, quotes, stresses and paragraphs over its gestures."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from lipwright.engine.arrays import smoothstep
from lipwright.engine.gesture.curves import BROWS_INNER_UP, BROWS_OUTER_UP, EYES_WIDE, Gesture, GestureCurves
from lipwright.engine.gesture.gestures import (
    EASE_IN_S,
    EASE_OUT_S,
    FARTHEST_GAZE_DEG,
    GAZE_HOLD_SHARE,
)
from lipwright.engine.gesture.limits import HeadLimits
from lipwright.engine.gesture.random_streams import random_stream
from lipwright.engine.gesture.shaping import Curve, add_plateau, add_pulse, edges_eased, times_s
from lipwright.engine.gesture.style import GestureStyle
from lipwright.engine.speech.values import Accent, Prosody, Stretch, TextActs

# The end of a question: brows and head go up over its last words and stay up while the answer is awaited.
QUESTION_RISE_S, QUESTION_HOLD_S, QUESTION_FALL_S = 0.5, 0.7, 0.6
QUESTION_LEAD_S = 0.9
QUESTION_BROWS, QUESTION_PITCH_DEG = 0.35, -1.8
# An exclamation: all that the head does grows by this share, which is also faster, with wider eyes.
EXCLAMATION_GAIN, EXCLAMATION_WIDE, EXCLAMATION_BROWS = 0.3, 0.2, 0.2
# Somebody else's words: the head goes aside a little, the eyes stay on the viewer. The next quote goes the
# other way, as for the other person of a dialogue.
QUOTE_YAW_DEG, QUOTE_ROLL_DEG = 3.0, 1.5
# A paragraph: another posture, drawn anew; less is not seen, more looks like somebody else's clip.
PARAGRAPH_DEG = (2.5, 0.8, 1.5)
CHANGE_S = 0.5
# A stressed word: the head goes up before it and down on it, brows up with it.
STRESS_UP_DEG, STRESS_DOWN_DEG, STRESS_BROWS = -0.7, 1.8, 0.4
STRESS_UP_LEAD_S, STRESS_RISE_S, STRESS_FALL_S = 0.24, 0.22, 0.45
# Accents that the voice itself makes so near to a stressed word are the same one.
_SAME_ACCENT_S = 0.3
# A head that may turn no further than this to a side does less of all of it.
_FREE_DEG = 8.0
_TURNS = (Gesture.YAW, Gesture.PITCH, Gesture.ROLL)


def with_stresses(prosody: Prosody, stressed_s: tuple[float, ...]) -> Prosody:
    """The melody of speech with an accent of full strength at every stress of a text."""
    if not stressed_s:
        return prosody
    kept = [
        accent
        for accent in prosody.accents
        if all(abs(accent.time_s - time_s) >= _SAME_ACCENT_S for time_s in stressed_s)
    ]
    kept += [Accent(time_s=time_s, strength=1.0) for time_s in stressed_s]
    return replace(prosody, accents=tuple(sorted(kept, key=lambda accent: accent.time_s)))


def exclaimed(acts: TextActs, rows: int) -> Curve:
    """How much each curve point is exclaimed, 0 to 1, float64 (rows,)."""
    return _during(acts.exclamations, rows)


def act_text(
    curves: GestureCurves,
    acts: TextActs,
    stressed_s: tuple[float, ...],
    style: GestureStyle,
    seed: int,
    limits: HeadLimits | None = None,
) -> GestureCurves:
    """The gestures of a face that means what it reads.

    stressed_s: the moments of the stresses. limits: how far the head may turn; None keeps it still. A text
    that asks for nothing changes nothing.
    """
    if acts == TextActs(directions=acts.directions):
        return curves
    rows = len(curves.values)
    eased = edges_eased(rows, EASE_IN_S, EASE_OUT_S)
    values = curves.values.astype(np.float64)
    if limits is not None:
        added = style.head_scale * _turns(acts, stressed_s, rows, seed) * eased[:, None]
        most = np.array([limits.yaw_deg, limits.pitch_deg, limits.roll_deg])
        before = values[:, _TURNS].copy()
        wanted = before * EXCLAMATION_GAIN * exclaimed(acts, rows)[:, None]
        wanted += added * np.minimum(1, most / _FREE_DEG)
        # What goes on in the same direction finds less room, the nearer the head is to its limit.
        outward = np.where(wanted * before > 0, np.square(before / most), 0)
        turned = wanted * np.clip(1 - outward, 0, 1)
        room = np.maximum(most, np.abs(before))
        turned = np.clip(before + turned, -room, room) - before
        values[:, _TURNS] += turned
        for axis, channel in enumerate((Gesture.GAZE_X, Gesture.GAZE_Y)):
            held = values[:, channel] - GAZE_HOLD_SHARE * turned[:, axis]
            values[:, channel] = np.clip(held, -FARTHEST_GAZE_DEG, FARTHEST_GAZE_DEG)
    raised, widened = _brows(acts, stressed_s, rows)
    raised, widened = (style.expression_scale * curve * eased for curve in (raised, widened))
    for channel in (*BROWS_INNER_UP, *BROWS_OUTER_UP):
        values[:, channel] += (1 - values[:, channel]) * np.clip(raised, 0, 1)
    for channel in EYES_WIDE:
        values[:, channel] += (1 - values[:, channel]) * np.clip(widened, 0, 1)
    return curves.with_values(values.astype(np.float32))


def _turns(acts: TextActs, stressed_s: tuple[float, ...], rows: int, seed: int) -> Curve:
    """What is added to yaw, pitch and roll, degrees, float64 (rows, 3)."""
    yaw, pitch, roll = np.zeros(rows), np.zeros(rows), np.zeros(rows)
    rng = random_stream(seed, "text")
    side = 1.0 if rng.random() < 0.5 else -1.0
    for quote in acts.quotes:
        held = _during((quote,), rows)
        yaw += side * QUOTE_YAW_DEG * held
        roll += side * QUOTE_ROLL_DEG * held
        side = -side
    edges_s = [*acts.paragraphs_s, float(rows)]
    for start_s, end_s in pairwise(edges_s):
        held = _during((Stretch(start_s=start_s, end_s=end_s),), rows)
        for curve, size_deg in zip((yaw, pitch, roll), PARAGRAPH_DEG, strict=True):
            # Two thirds of the size at least: a posture that is hardly another one is none.
            curve += held * size_deg * rng.uniform(0.67, 1.0) * (1 if rng.random() < 0.5 else -1)
    for question in acts.questions:
        _add_question(pitch, question, QUESTION_PITCH_DEG)
    for time_s in stressed_s:
        add_pulse(pitch, time_s - STRESS_UP_LEAD_S, STRESS_RISE_S, STRESS_RISE_S, STRESS_UP_DEG)
        add_pulse(pitch, time_s, STRESS_RISE_S, STRESS_FALL_S, STRESS_DOWN_DEG)
    return np.stack([yaw, pitch, roll], axis=1)


def _brows(acts: TextActs, stressed_s: tuple[float, ...], rows: int) -> tuple[Curve, Curve]:
    """What is added to the lift of the brows and to the opening of the eyes, weights."""
    exclaims = exclaimed(acts, rows)
    raised = EXCLAMATION_BROWS * exclaims
    for question in acts.questions:
        _add_question(raised, question, QUESTION_BROWS)
    for time_s in stressed_s:
        add_pulse(raised, time_s, STRESS_RISE_S, STRESS_FALL_S, STRESS_BROWS)
    return raised, EXCLAMATION_WIDE * exclaims


def _add_question(curve: Curve, question: Stretch, height: float) -> None:
    start_s = max(question.start_s, question.end_s - QUESTION_LEAD_S)
    add_plateau(curve, start_s, QUESTION_RISE_S, QUESTION_HOLD_S, QUESTION_FALL_S, height)


def _during(stretches: tuple[Stretch, ...], rows: int) -> Curve:
    """1 in the stretches, 0 elsewhere, going over a little before their edges."""
    time_s = times_s(rows)
    inside = np.zeros(rows)
    for stretch in stretches:
        begun = smoothstep((time_s - stretch.start_s + 0.6 * CHANGE_S) / CHANGE_S)
        ended = smoothstep((time_s - stretch.end_s + 0.4 * CHANGE_S) / CHANGE_S)
        inside = np.maximum(inside, begun * (1 - ended))
    return inside
