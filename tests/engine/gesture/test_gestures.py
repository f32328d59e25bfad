"""The living face, whole: what a person who watches it would notice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.signal import welch

from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.gesture.curves import Gesture, GestureCurves
from lipwright.engine.gesture.gestures import gestures
from lipwright.engine.gesture.mood import Mood
from lipwright.engine.gesture.style import GestureStyle
from lipwright.engine.pipelines.modes import PhotoMode
from lipwright.engine.pipelines.options import TalkingPhotoOptions
from lipwright.engine.pipelines.talking_photo import style_of
from lipwright.engine.speech.values import Prosody
from tests.engine.gesture.gesture_builders import quiet, talk

HEAD_TURNS = (Gesture.YAW, Gesture.PITCH, Gesture.ROLL)
HEAD = (*HEAD_TURNS, Gesture.SHIFT_X, Gesture.SHIFT_Y, Gesture.NEARNESS)
LIMITS_DEG = {Gesture.YAW: 6.0, Gesture.PITCH: 5.0, Gesture.ROLL: 4.0}
MINUTES = 10


def of_speech(duration_s: float, style: GestureStyle | None = None, seed: int = 1) -> GestureCurves:
    activity, prosody = talk(duration_s)
    return gestures(activity, prosody, duration_s, style, seed)


def prompted(intensity: float) -> GestureStyle:
    """The style of a photo that moves by prompt."""
    return style_of(TalkingPhotoOptions(mode=PhotoMode.PROMPTED, intensity=intensity))[0]


@pytest.fixture(scope="module")
def long() -> GestureCurves:
    return of_speech(MINUTES * 60)


@pytest.fixture(scope="module")
def lively() -> GestureCurves:
    return of_speech(MINUTES * 60, prompted(1.5))


def speed(curve: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.abs(np.diff(curve)) * CURVE_RATE_HZ


def test_the_same_seed_gives_the_same_face() -> None:
    np.testing.assert_array_equal(of_speech(20).values, of_speech(20).values)


def test_another_seed_gives_another_face() -> None:
    first, second = of_speech(20, seed=1), of_speech(20, seed=2)
    for channel in (Gesture.YAW, Gesture.EYE_BLINK_LEFT, Gesture.GAZE_X, Gesture.BROW_INNER_UP_LEFT):
        assert np.abs(first.channel(channel) - second.channel(channel)).max() > 0.05


@given(seed=st.integers(0, 2**40), shorter_s=st.floats(4, 20))
@settings(max_examples=15, deadline=None)
def test_a_longer_clip_begins_with_the_same_gestures(seed: int, shorter_s: float) -> None:
    short, long = of_speech(shorter_s, seed=seed), of_speech(30, seed=seed)
    # The last second and a half eases out, and a blink that would not end in time is left out.
    same = round((shorter_s - 1.6) * CURVE_RATE_HZ)
    np.testing.assert_allclose(short.values[:same], long.values[:same], atol=2e-3)


@given(seed=st.integers(0, 2**40), duration_s=st.floats(0.01, 30))
@settings(max_examples=30, deadline=None)
def test_every_clip_starts_and_ends_in_the_pose_of_the_picture(seed: int, duration_s: float) -> None:
    curves = of_speech(duration_s, prompted(2), seed)
    assert len(curves.values) == max(1, round(duration_s * CURVE_RATE_HZ))
    assert np.isfinite(curves.values).all()
    np.testing.assert_allclose(curves.values[0], 0, atol=1e-6)
    np.testing.assert_allclose(curves.values[-1], 0, atol=1e-6)


def test_the_head_eases_out_of_the_pose_within_about_a_second(long: GestureCurves) -> None:
    for channel in HEAD_TURNS:
        assert np.abs(long.channel(channel)[:10]).max() < 0.2
        assert speed(long.channel(channel)[:100]).max() < 12


def test_a_calm_head_spreads_as_a_calm_speaker_does(long: GestureCurves) -> None:
    spread = {channel: long.channel(channel).std() for channel in HEAD_TURNS}
    assert 0.8 < spread[Gesture.PITCH] < 2.1
    assert 1.0 < spread[Gesture.YAW] < 3.9
    assert 0.3 < spread[Gesture.ROLL] < 3.2


def test_a_lively_head_moves_more_than_a_calm_one(long: GestureCurves, lively: GestureCurves) -> None:
    for channel in HEAD_TURNS:
        assert lively.channel(channel).std() > 1.3 * long.channel(channel).std()


def test_a_head_moves_no_faster_than_heads_do(long: GestureCurves, lively: GestureCurves) -> None:
    for curves, fastest_mean in ((long, 5), (lively, 10)):
        assert speed(curves.channel(Gesture.PITCH)).mean() < fastest_mean
        assert speed(curves.channel(Gesture.YAW)).mean() < fastest_mean
        assert speed(curves.channel(Gesture.PITCH)).max() < 40


@pytest.mark.parametrize("channel", HEAD_TURNS)
def test_head_motion_has_its_power_below_one_hertz_and_none_above_four(
    long: GestureCurves, channel: Gesture
) -> None:
    frequency_hz, power = welch(long.channel(channel), CURVE_RATE_HZ, nperseg=4096)
    total = power.sum()
    assert power[frequency_hz < 1].sum() > 0.7 * total
    assert power[frequency_hz > 4].sum() < 0.001 * total


def test_nods_come_at_the_rate_of_speech(long: GestureCurves) -> None:
    frequency_hz, power = welch(long.channel(Gesture.PITCH), CURVE_RATE_HZ, nperseg=4096)
    spoken = power[(frequency_hz > 1) & (frequency_hz < 2)].sum()
    assert spoken > 3 * power[(frequency_hz > 3) & (frequency_hz < 4)].sum()
    assert spoken > 0.01 * power.sum()


@pytest.mark.parametrize("intensity", [0.1, 1.0, 2.0])
@pytest.mark.parametrize("head_scale", [1.0, 3.0])
def test_the_head_never_turns_further_than_a_photo_can_bear(intensity: float, head_scale: float) -> None:
    mood = Mood(yaw_deg=5, pitch_deg=4, roll_deg=-3.5, nods=1.6, shakes=1.6, tilts=1.6, energy=2.5)
    style = replace(prompted(intensity), head_scale=head_scale, mood=mood)
    curves = of_speech(60, style)
    for channel, limit_deg in LIMITS_DEG.items():
        assert np.abs(curves.channel(channel)).max() <= limit_deg


def test_heads_nod_on_stressed_syllables() -> None:
    activity, prosody = talk(600)
    pitch = gestures(activity, prosody, 600).channel(Gesture.PITCH)
    slow = np.convolve(pitch, np.ones(80) / 80, mode="same")
    fast = pitch - slow
    accents = np.array([round(accent.time_s * CURVE_RATE_HZ) for accent in prosody.accents[2:-5]])
    elsewhere = np.random.default_rng(0).integers(500, 59_000, 2000)
    assert fast[accents].mean() > fast[elsewhere].mean() + 0.2


def test_the_head_is_quieter_in_pauses() -> None:
    spoken, silent = of_speech(300), gestures(quiet(300), None, 300, seed=1)
    for channel in HEAD_TURNS:
        assert silent.channel(channel).std() < 0.7 * spoken.channel(channel).std()


@pytest.mark.parametrize(
    "style",
    [GestureStyle(still=True), GestureStyle(head_scale=0), GestureStyle(mood=Mood(still=True))],
    ids=["still", "scale 0", "prompt"],
)
def test_a_still_head_does_not_move_while_eyes_and_brows_live(style: GestureStyle) -> None:
    curves = of_speech(30, style)
    for channel in HEAD:
        assert np.abs(curves.channel(channel)).max() == 0
    for channel in (Gesture.EYE_BLINK_LEFT, Gesture.GAZE_X, Gesture.BROW_INNER_UP_LEFT, Gesture.BREATH):
        assert np.ptp(curves.channel(channel)) > 0


def test_blinks_come_14_to_32_times_a_minute_of_video(long: GestureCurves) -> None:
    lid = long.channel(Gesture.EYE_BLINK_LEFT)
    starts = np.flatnonzero((lid[1:] > 0.3) & (lid[:-1] <= 0.3))
    assert 14 <= len(starts) / MINUTES <= 32
    closed = np.diff(np.flatnonzero(np.diff((lid > 0.05).astype(int))))[0::2]
    assert closed.max() < 60


def test_blink_scale_zero_keeps_the_eyes_open() -> None:
    assert of_speech(60, GestureStyle(blink_scale=0)).channel(Gesture.EYE_BLINK_LEFT).max() == 0


def test_eyes_stay_near_the_camera_and_are_never_quite_still() -> None:
    curves = of_speech(300, GestureStyle(still=True))
    for channel in (Gesture.GAZE_X, Gesture.GAZE_Y):
        gaze_deg = curves.channel(channel)
        assert np.abs(gaze_deg).max() <= 4.5
        assert 0.2 < gaze_deg.std() < 1.5
    moved = speed(curves.channel(Gesture.GAZE_X)) + speed(curves.channel(Gesture.GAZE_Y)) > 5
    jumps = np.flatnonzero(np.diff(moved.astype(int)) == 1)
    assert np.diff(jumps[jumps < 29_900]).max() < 250


def test_eyes_stay_on_the_viewer_while_the_head_turns(long: GestureCurves) -> None:
    together = np.corrcoef(long.channel(Gesture.YAW), long.channel(Gesture.GAZE_X))[0, 1]
    assert together < -0.5


def test_brows_rise_on_stressed_syllables() -> None:
    activity, prosody = talk(600)
    brow = gestures(activity, prosody, 600, GestureStyle(blink_scale=0)).channel(Gesture.BROW_INNER_UP_LEFT)
    accents = np.array([round(accent.time_s * CURVE_RATE_HZ) for accent in prosody.accents[2:-5]])
    assert brow[accents].mean() > brow.mean() + 0.02
    assert brow.max() < 0.5


def test_shoulders_rise_12_to_16_times_a_minute(long: GestureCurves) -> None:
    breath = long.channel(Gesture.BREATH)
    assert breath.min() >= 0
    assert 0.003 < breath.max() <= 0.006
    peaks = np.flatnonzero(
        (breath[1:-1] > breath[:-2]) & (breath[1:-1] >= breath[2:]) & (breath[1:-1] > 0.001)
    )
    assert 12 <= len(peaks) / MINUTES <= 16.5


def test_expression_scale_zero_is_a_face_without_expression() -> None:
    curves = of_speech(30, GestureStyle(expression_scale=0, blink_scale=0, mood=Mood(smile=0.8, brow=0.2)))
    for channel in (Gesture.MOUTH_SMILE_LEFT, Gesture.BROW_INNER_UP_LEFT, Gesture.EYE_SQUINT_LEFT):
        assert np.abs(curves.channel(channel)).max() == 0


def test_a_smiling_mood_smiles_after_the_first_second() -> None:
    smile = of_speech(20, GestureStyle(mood=Mood(smile=0.5))).channel(Gesture.MOUTH_SMILE_LEFT)
    assert smile[150:-150].min() > 0.2
    assert smile[150:-150].max() < 0.8


def test_a_nodding_mood_nods_and_a_shaking_one_shakes() -> None:
    plain = of_speech(60)
    nodding = of_speech(60, GestureStyle(mood=Mood(nods=1)))
    shaking = of_speech(60, GestureStyle(mood=Mood(shakes=1)))

    def fast_power(curves: GestureCurves, channel: Gesture) -> float:
        frequency_hz, power = welch(curves.channel(channel), CURVE_RATE_HZ, nperseg=1024)
        return float(power[(frequency_hz > 0.8) & (frequency_hz < 2)].sum())

    assert fast_power(nodding, Gesture.PITCH) > 2 * fast_power(plain, Gesture.PITCH)
    assert fast_power(shaking, Gesture.YAW) > 5 * fast_power(plain, Gesture.YAW)


def test_looking_left_turns_eyes_and_head_to_the_left_of_the_picture() -> None:
    options = TalkingPhotoOptions(mode=PhotoMode.PROMPTED, prompt="looking left")
    style, _ = style_of(options)
    curves = of_speech(60, style)
    assert curves.channel(Gesture.GAZE_X)[200:-200].mean() < -5
    assert curves.channel(Gesture.YAW)[200:-200].mean() < -1.5


def test_without_prosody_stresses_are_heard_in_the_loudness() -> None:
    activity, prosody = talk(300)
    pitch = gestures(activity, None, 300).channel(Gesture.PITCH)
    fast = pitch - np.convolve(pitch, np.ones(80) / 80, mode="same")
    accents = np.array([round(accent.time_s * CURVE_RATE_HZ) for accent in prosody.accents[2:-5]])
    assert fast[accents].mean() > 0.2


def test_a_face_without_speech_and_prosody_still_lives() -> None:
    curves = gestures(quiet(30), Prosody(accents=(), phrases=(), pauses=()), 30)
    assert curves.channel(Gesture.EYE_BLINK_LEFT).max() > 0.5
    assert np.ptp(curves.channel(Gesture.YAW)) > 0.3


def test_an_hour_of_gestures_takes_seconds() -> None:
    activity, prosody = talk(3600)
    assert len(gestures(activity, prosody, 3600).values) == 360_000
