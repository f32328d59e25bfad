"""Every word of the table changes of a face what it says it changes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

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
from lipwright.engine.gesture.direction import directed_gestures, read_direction
from lipwright.engine.gesture.gestures import gestures
from lipwright.engine.gesture.mood import Mood
from lipwright.engine.gesture.prompt_words import PROMPT_WORDS, PromptWord
from lipwright.engine.gesture.style import GestureStyle
from tests.engine.gesture.gesture_builders import talk

DURATION_S = 40.0
Figure = Callable[[GestureCurves], float]


def face(prompt: str, seed: int = 5) -> GestureCurves:
    activity, prosody = talk(DURATION_S)

    def plan(mood: Mood) -> GestureCurves:
        return gestures(activity, prosody, DURATION_S, GestureStyle(mood=mood), seed)

    return directed_gestures(plan, read_direction(prompt))


@pytest.fixture(scope="module")
def plain() -> GestureCurves:
    return face("")


def mean(*channels: int) -> Figure:
    return lambda curves: float(curves.values[200:-200, channels].mean())


def share_of_motion(channel: int) -> Figure:
    """Of all that the head does: one that is asked to nod does less of its own."""

    def share(curves: GestureCurves) -> float:
        turns = np.abs(np.diff(curves.values[:, [Gesture.YAW, Gesture.PITCH, Gesture.ROLL]], axis=0))
        return float(turns[:, channel].sum() / turns.sum())

    return share


def head_speed(curves: GestureCurves) -> float:
    turns = curves.values[:, [Gesture.YAW, Gesture.PITCH, Gesture.ROLL]]
    return float(np.linalg.norm(np.diff(turns, axis=0), axis=1).mean())


def brow_range(curves: GestureCurves) -> float:
    return float(curves.values[:, BROWS_INNER_UP[0]].std())


def smile(curves: GestureCurves) -> float:
    return mean(*SMILES)(curves) - mean(*FROWNS)(curves)


def blinks(curves: GestureCurves) -> float:
    shut = curves.values[:, BLINKS].min(axis=1) > 0.5
    return float(np.count_nonzero(np.diff(shut.astype(int)) == 1))


def winks(curves: GestureCurves) -> float:
    return float(np.ptp(curves.values[:, BLINKS], axis=1).max())


def away(curves: GestureCurves) -> float:
    """How far eyes and head together look past the viewer, degrees."""
    look = curves.values[:, [Gesture.GAZE_X, Gesture.GAZE_Y]] + curves.values[:, [Gesture.YAW, Gesture.PITCH]]
    return float(np.abs(look - np.median(look, axis=0)).mean())


# What shows a field of Mood.
FIGURES: dict[str, Figure] = {
    "smile": smile,
    "brow_inner": mean(*BROWS_INNER_UP),
    "brow_outer": mean(*BROWS_OUTER_UP),
    "brow_down": mean(*BROWS_DOWN),
    "one_brow": lambda curves: float(np.ptp(curves.values[:, BROWS_OUTER_UP], axis=1).mean()),
    "wide": mean(*EYES_WIDE),
    "squint": mean(*EYE_SQUINTS),
    "energy": head_speed,
    "blink_rate": blinks,
    "nods": share_of_motion(Gesture.PITCH),
    "shakes": share_of_motion(Gesture.YAW),
    "tilts": lambda curves: float(curves.values[:, Gesture.ROLL].std()),
    "winks": winks,
    "yaw_deg": mean(Gesture.YAW),
    "pitch_deg": mean(Gesture.PITCH),
    "roll_deg": mean(Gesture.ROLL),
    "gaze_x_deg": mean(Gesture.GAZE_X),
    "gaze_y_deg": mean(Gesture.GAZE_Y),
    "wander": away,
    "lean": mean(Gesture.NEARNESS),
}
FACTORS = {"energy", "blink_rate", "wander", "mouth"}
# A smaller change than this is not asked of a word to show by itself: it goes with the larger ones.
SLIGHT = {"energy": 0.1, "wander": 0.2, "blink_rate": 0.15, "squint": 0.06, "smile": 0.12}


@pytest.mark.parametrize("word", PROMPT_WORDS, ids=lambda word: word.name)
def test_a_word_moves_every_channel_that_it_names(word: PromptWord, plain: GestureCurves) -> None:
    moved = face(word.name)
    tested = 0
    for field, change in word.changes.items():
        amount = change - 1 if field in FACTORS else change
        # Nods and tilts that are asked for take the place of the head's own movements.
        busy = field == "energy" and {"nods", "shakes", "tilts"} & set(word.changes)
        calmed = field == "tilts" and word.changes.get("energy", 1) < 1
        if field == "mouth" or abs(amount) < SLIGHT.get(field, 0) or busy or calmed:
            continue
        tested += 1
        more = FIGURES[field](moved) - FIGURES[field](plain)
        assert np.sign(more) == np.sign(amount), f"{word.name}: {field} changes by {more:.4f}"
    if word.name == "still":
        assert head_speed(moved) == 0
    else:
        assert tested or "mouth" in word.changes


@pytest.mark.parametrize(
    ("word", "figure"), [("happy", smile), ("excited", brow_range), ("calm", head_speed)]
)
def test_a_weight_scales_what_a_word_does(word: str, figure: Figure, plain: GestureCurves) -> None:
    none, half, full = figure(plain), figure(face(f"{word}:0.5")), figure(face(word))
    assert min(none, full) < half < max(none, full)


def test_two_moods_mixed_lie_between() -> None:
    happy, sad, both = face("happy"), face("sad"), face("happy:0.5, sad:0.5")
    for figure in (smile, head_speed, mean(*CHEEK_SQUINTS)):
        low, high = sorted((figure(happy), figure(sad)))
        assert low < figure(both) < high
