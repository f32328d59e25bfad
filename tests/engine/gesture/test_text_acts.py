"""What a text asks for is seen in the face."""

from __future__ import annotations

import numpy as np
import pytest

from lipwright.engine.gesture.curves import BROWS_INNER_UP, BROWS_OUTER_UP, EYES_WIDE, Gesture, GestureCurves
from lipwright.engine.gesture.gestures import gestures
from lipwright.engine.gesture.limits import HeadLimits
from lipwright.engine.gesture.style import GestureStyle
from lipwright.engine.gesture.text_acts import act_text, with_stresses
from lipwright.engine.speech.values import Stretch, TextActs
from tests.engine.gesture.gesture_builders import talk

DURATION_S = 12.0
LIMITS = HeadLimits()


def plain(style: GestureStyle | None = None, limits: HeadLimits = LIMITS) -> GestureCurves:
    activity, prosody = talk(DURATION_S)
    return gestures(activity, prosody, DURATION_S, style, 4, limits=limits)


def added(acts: TextActs, stressed_s: tuple[float, ...] = (), **changes: object) -> np.ndarray:
    style, limits = GestureStyle(**changes), LIMITS  # type: ignore[arg-type]
    curves = plain(style)
    return act_text(curves, acts, stressed_s, style, 4, limits).values - curves.values


def test_a_text_that_asks_for_nothing_changes_nothing() -> None:
    curves = plain()
    assert act_text(curves, TextActs(), (), GestureStyle(), 4, LIMITS) is curves


def test_a_question_raises_brows_and_head_at_its_end() -> None:
    change = added(TextActs(questions=(Stretch(start_s=3.0, end_s=6.0),)))
    for brow in (*BROWS_INNER_UP, *BROWS_OUTER_UP):
        assert change[560:620, brow].max() > 0.15
        assert np.abs(change[:500, brow]).max() == 0
    assert change[560:620, Gesture.PITCH].min() < -0.8
    # The eyes stay on the viewer as the head rises.
    assert change[560:620, Gesture.GAZE_Y].max() > 0.6
    assert np.abs(change[760:]).max() == 0


def test_an_exclamation_widens_eyes_and_movements() -> None:
    change = added(TextActs(exclamations=(Stretch(start_s=3.0, end_s=7.0),)))
    assert change[350:650, EYES_WIDE[0]].min() > 0.1
    curves = plain().values
    louder = curves + change
    for turn in (Gesture.YAW, Gesture.PITCH):
        speeds = [np.abs(np.diff(values[350:650, turn])).mean() for values in (curves, louder)]
        assert speeds[1] > 1.1 * speeds[0]


def test_a_stress_moves_head_and_brows_at_its_moment() -> None:
    change = added(TextActs(stresses=(Stretch(start_s=5.8, end_s=6.1),)), (6.0,))
    assert int(np.argmax(change[:, Gesture.PITCH])) == pytest.approx(600, abs=8)
    assert change[:, Gesture.PITCH].max() > 1.0
    assert change[560:580, Gesture.PITCH].min() < -0.3
    assert change[:, BROWS_OUTER_UP[0]].max() > 0.15


def test_a_stress_is_an_accent_of_full_strength_in_place_of_those_beside_it() -> None:
    _, prosody = talk(DURATION_S)
    near_s = prosody.accents[2].time_s + 0.1
    stressed = with_stresses(prosody, (near_s,))
    assert (near_s, 1.0) in [(accent.time_s, accent.strength) for accent in stressed.accents]
    assert prosody.accents[2] not in stressed.accents
    times_s = [accent.time_s for accent in stressed.accents]
    assert times_s == sorted(times_s)


def test_quotes_turn_the_head_to_one_side_and_then_to_the_other() -> None:
    change = added(TextActs(quotes=(Stretch(start_s=2, end_s=4), Stretch(start_s=7, end_s=9))))
    first, second = change[300, Gesture.YAW], change[800, Gesture.YAW]
    assert first * second < 0
    assert min(abs(first), abs(second)) > 1.0
    assert np.sign(change[300, Gesture.GAZE_X]) == -np.sign(first)


def test_a_paragraph_brings_a_new_posture() -> None:
    change = added(TextActs(paragraphs_s=(4.0, 8.0)))
    assert np.abs(change[:350, Gesture.YAW]).max() == 0
    assert abs(change[600, Gesture.YAW]) > 1.0
    assert abs(change[1000, Gesture.YAW]) > 1.0


@pytest.mark.parametrize("most_deg", [2.0, 6.0, 15.0])
def test_no_head_goes_beyond_its_limit_and_ends_as_it_began(most_deg: float) -> None:
    limits = HeadLimits(yaw_deg=most_deg, pitch_deg=most_deg / 2, roll_deg=most_deg / 2)
    style = GestureStyle(liveliness=2.1)
    everything = TextActs(
        questions=(Stretch(start_s=1, end_s=11.9),),
        exclamations=(Stretch(start_s=0, end_s=12),),
        quotes=(Stretch(start_s=2, end_s=10),),
        paragraphs_s=(3.0, 6.0),
        stresses=(Stretch(start_s=5, end_s=5.2),),
    )
    acted = act_text(plain(style, limits), everything, (5.1, 7.0), style, 4, limits).values
    assert np.abs(acted[:, Gesture.YAW]).max() <= most_deg + 1e-6
    assert np.abs(acted[:, Gesture.PITCH]).max() <= most_deg / 2 + 1e-6
    assert np.abs(acted[[0, -1], : Gesture.BREATH]).max() == 0
    assert acted[:, Gesture.EYE_BLINK_LEFT :].min() >= -16


def test_scales_of_none_leave_the_face_alone() -> None:
    acts = TextActs(questions=(Stretch(start_s=3.0, end_s=6.0),))
    assert np.abs(added(acts, expression_scale=0)[:, BROWS_INNER_UP]).max() == 0
    assert np.abs(added(acts, head_scale=0)[:, Gesture.PITCH]).max() == 0
    still = act_text(plain(), acts, (), GestureStyle(), 4, None).values - plain().values
    assert np.abs(still[:, Gesture.PITCH]).max() == 0
