"""A clip's gestures on a photo: in step, to and fro without a jump, inside the limits, eased at the edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.gesture.curves import BLINKS, SMILES, Gesture, GestureCurves
from lipwright.engine.gesture.from_clip import (
    EASE_S,
    GAZE_HOLD_SHARE,
    MOST_SHIFT,
    ClipBlink,
    ClipGestures,
    blink_curve,
    driven_gestures,
    to_and_fro_s,
)
from lipwright.engine.gesture.limits import HeadLimits

LIMITS = HeadLimits(yaw_deg=10.0, pitch_deg=8.0, roll_deg=8.0)
# Closes within 80 ms, opens within 160 ms.
BLINK = ClipBlink(start_s=1.0, closure=np.concatenate([np.linspace(0, 1, 9), np.linspace(1, 0, 17)[1:]]))


def clip(
    duration_s: float, *blinks: ClipBlink, unseen_share: float = 0.0, **curves: NDArray[np.floating] | float
) -> ClipGestures:
    values = np.zeros((round(duration_s * CURVE_RATE_HZ), len(Gesture)))
    for name, curve in curves.items():
        values[:, Gesture[name]] = curve
    return ClipGestures(values=values, blinks=blinks, unseen_share=unseen_share)


def seconds(duration_s: float) -> NDArray[np.float64]:
    return np.arange(round(duration_s * CURVE_RATE_HZ)) / CURVE_RATE_HZ


def inside(duration_s: float) -> slice:
    """What is not eased."""
    edge = round((EASE_S + 0.2) * CURVE_RATE_HZ)
    return slice(edge, round(duration_s * CURVE_RATE_HZ) - edge)


@given(clip_s=st.floats(0.5, 20), sound_s=st.floats(0.1, 60))
def test_a_clip_of_any_length_is_played_to_and_fro_without_a_jump_in_place_or_speed(
    clip_s: float, sound_s: float
) -> None:
    clock_s = to_and_fro_s(round(sound_s * CURVE_RATE_HZ), clip_s)
    step_s = 1 / CURVE_RATE_HZ
    assert clock_s.min(initial=0) >= 0
    assert clock_s.max(initial=0) <= clip_s + step_s
    assert np.abs(np.diff(clock_s)).max(initial=0) <= step_s * 1.001
    # From full speed forwards to full speed back within 0.25 s at least.
    assert np.abs(np.diff(clock_s, 2)).max(initial=0) <= 2 * step_s * step_s / 0.24


def test_a_clip_that_lasts_as_long_as_the_sound_is_shown_as_it_is() -> None:
    assert np.array_equal(to_and_fro_s(400, 4.0), seconds(4.0))


def test_a_shorter_clip_reaches_both_its_ends() -> None:
    clock_s = to_and_fro_s(2000, 4.0)
    assert clock_s[300:500].max() > 3.98
    assert clock_s[500:900].min() < 0.02


def test_a_move_inside_the_limits_is_followed_as_it_is_and_in_step() -> None:
    yaw = 4 * np.sin(2 * np.pi * 0.5 * seconds(6))
    made, _ = driven_gestures(clip(6, YAW=yaw), GestureCurves.still(6), limits=LIMITS)
    part = inside(6)
    assert made.channel(Gesture.YAW)[part] == pytest.approx(yaw[part], abs=1e-5)


def test_the_limits_hold_and_what_lies_beyond_is_told() -> None:
    wide = clip(6, YAW=25 * np.sin(2 * np.pi * 0.5 * seconds(6)), SHIFT_X=0.3, PITCH=2.0)
    made, following = driven_gestures(wide, GestureCurves.still(6), limits=LIMITS)
    assert np.abs(made.channel(Gesture.YAW)).max() <= LIMITS.yaw_deg
    assert np.abs(made.channel(Gesture.YAW)).max() > 0.9 * LIMITS.yaw_deg
    assert np.abs(made.channel(Gesture.SHIFT_X)).max() <= MOST_SHIFT
    assert 0.4 < following.beyond_yaw_share < 0.8
    assert following.beyond_shift_share > 0.8
    assert following.beyond_pitch_share == following.beyond_roll_share == 0


def test_the_first_and_the_last_frame_are_the_photo() -> None:
    moving = clip(4, YAW=8.0, SHIFT_Y=0.05, GAZE_X=5.0, MOUTH_SMILE_LEFT=1.0, BROW_INNER_UP_LEFT=1.0)
    made, _ = driven_gestures(moving, GestureCurves.still(4), limits=LIMITS)
    assert not made.values[[0, 4, -1, -5]].any()
    assert made.values[200].any()


def test_eyes_look_where_those_of_the_clip_look_though_the_head_turns_less() -> None:
    turned = clip(6, YAW=20.0, GAZE_X=-20.0, PITCH=4.0)
    made, _ = driven_gestures(turned, GestureCurves.still(6), limits=LIMITS)
    middle = made.values[300]
    assert middle[Gesture.YAW] + middle[Gesture.GAZE_X] == pytest.approx(0, abs=0.5)
    assert middle[Gesture.GAZE_Y] == pytest.approx(-GAZE_HOLD_SHARE * middle[Gesture.PITCH], abs=0.1)


def test_a_head_that_is_to_stay_stays() -> None:
    made, following = driven_gestures(
        clip(4, YAW=20.0, MOUTH_SMILE_LEFT=0.5), GestureCurves.still(4), limits=None
    )
    assert not made.channel(Gesture.YAW).any()
    assert made.channel(SMILES[0]).max() > 0.4
    assert following.beyond_yaw_share == 0


def test_what_a_mood_holds_stays_under_the_clip() -> None:
    held = GestureCurves.still(4)
    values = held.values.copy()
    values[:, Gesture.YAW], values[:, SMILES] = 3.0, 0.3
    made, _ = driven_gestures(clip(4, YAW=2.0, MOUTH_SMILE_LEFT=0.2), held.with_values(values), limits=LIMITS)
    assert made.values[200, Gesture.YAW] == pytest.approx(5.0, abs=0.01)
    assert made.values[200, SMILES[0]] == pytest.approx(0.5, abs=0.01)
    assert made.values[200, SMILES[1]] == pytest.approx(0.3, abs=0.01)


def test_a_blink_keeps_its_time_and_length() -> None:
    lids = blink_curve(clip(4, BLINK), 400, earliest_s=0)[:, 1]
    assert abs(int(np.argmax(lids)) - 108) <= 1
    assert (lids > 0.5).sum() == (BLINK.closure > 0.5).sum()


def test_a_blink_closes_faster_than_it_opens_also_where_the_clip_runs_backwards() -> None:
    lids = blink_curve(clip(3, BLINK), 1100, earliest_s=0)[:, 0]
    starts = np.flatnonzero((lids[1:] > 0) & (lids[:-1] == 0))
    assert len(starts) >= 3
    for start in starts:
        course = lids[start : start + len(BLINK.closure) + 1]
        assert int(np.argmax(course)) < 0.45 * len(course)


@pytest.mark.parametrize("side", [0, 1])
def test_a_wink_shuts_one_eye(side: int) -> None:
    wink = ClipBlink(start_s=1.0, closure=BLINK.closure, side=side)
    made, _ = driven_gestures(clip(4, wink), GestureCurves.still(4), limits=LIMITS)
    assert made.channel(BLINKS[side]).max() == pytest.approx(1)
    assert not made.channel(BLINKS[1 - side]).any()


def test_no_blink_is_cut_by_an_edge_or_falls_among_eyes_that_open() -> None:
    early = ClipBlink(start_s=0.05, closure=BLINK.closure)
    assert not blink_curve(clip(4, early), 400, earliest_s=0.15).any()
    assert not blink_curve(clip(4, BLINK), 118, earliest_s=0.15).any()
    made, _ = driven_gestures(clip(4, BLINK), GestureCurves.still(4), limits=LIMITS, eyes_open_s=1.5)
    assert not made.values[:, BLINKS].any()


def test_scales_make_head_and_expression_smaller_and_blinks_can_be_left_out() -> None:
    moving = clip(4, BLINK, YAW=4.0, MOUTH_SMILE_LEFT=0.4)
    made, _ = driven_gestures(
        moving,
        GestureCurves.still(4),
        limits=LIMITS,
        head_scale=0.5,
        expression_scale=0.5,
        blinks=False,
    )
    assert made.values[200, Gesture.YAW] == pytest.approx(2.0, abs=0.01)
    assert made.values[200, SMILES[0]] == pytest.approx(0.2, abs=0.01)
    assert not made.values[:, BLINKS].any()
