"""A mood changes at its times, smoothly, and cuts no blink."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from lipwright.engine.errors import BadParameters
from lipwright.engine.gesture.cue import MAX_CUE_CHARACTERS, MAX_CUES, Cue
from lipwright.engine.gesture.curves import (
    BLINKS,
    BROWS_INNER_UP,
    BROWS_OUTER_UP,
    FROWNS,
    SMILES,
    Gesture,
    GestureCurves,
)
from lipwright.engine.gesture.direction import CHANGE_S, directed_gestures, read_direction
from lipwright.engine.gesture.gestures import gestures
from lipwright.engine.gesture.mood import Mood
from lipwright.engine.gesture.style import GestureStyle
from tests.engine.gesture.gesture_builders import talk

DURATION_S = 20.0


def plan_of(seed: int = 3, duration_s: float = DURATION_S) -> Callable[[Mood], GestureCurves]:
    activity, prosody = talk(duration_s)

    def plan(mood: Mood) -> GestureCurves:
        return gestures(activity, prosody, duration_s, GestureStyle(mood=mood), seed)

    return plan


def half_way_s(before: np.ndarray, after: np.ndarray, directed: np.ndarray) -> float:
    """When a curve has gone half of the way from one plan to the other for the first time, seconds."""
    share = (directed - before) / np.where(np.abs(after - before) > 0.02, after - before, np.nan)
    return float(np.flatnonzero(share > 0.5)[0]) / 100


def test_one_mood_alone_is_the_face_of_that_mood_bit_for_bit() -> None:
    for prompt in ("", "happy", "very sad, nodding"):
        direction = read_direction(prompt, (Cue(start_s=0, prompt="calm"),) if prompt else ())
        plain = plan_of()(direction.moods[0])
        assert np.array_equal(directed_gestures(plan_of(), direction).values, plain.values)


def test_weights_sum_to_one_and_none_is_negative_however_dense_the_cues_are() -> None:
    cues = [Cue(start_s=0.1 * index, prompt=f"happy:{index / 30:.2f}") for index in range(20)]
    weights = np.stack(list(read_direction("warm", cues).weights(400).values()))
    assert np.allclose(weights.sum(axis=0), 1)
    assert weights.min() >= 0


@pytest.mark.parametrize("start_s", [4.0, 7.31, 12.5])
def test_a_mood_is_there_within_150_ms_of_its_time(start_s: float) -> None:
    direction = read_direction("smiling:0.6", (Cue(start_s=start_s, prompt="surprised"),))
    before, after = (plan_of()(mood) for mood in direction.moods)
    directed = directed_gestures(plan_of(), direction)
    for channel in (
        BROWS_OUTER_UP[0],
        BROWS_INNER_UP[1],
        *range(Gesture.EYE_WIDE_LEFT, Gesture.EYE_WIDE_RIGHT),
    ):
        found_s = half_way_s(*(curves.channel(channel) for curves in (before, after, directed)))
        assert found_s == pytest.approx(start_s, abs=0.15)
    assert np.allclose(
        directed.values[: round(100 * (start_s - 0.9))], before.values[: round(100 * (start_s - 0.9))]
    )
    assert np.allclose(
        directed.values[round(100 * (start_s + 0.9)) :], after.values[round(100 * (start_s + 0.9)) :]
    )


def test_eyes_lead_the_head() -> None:
    direction = read_direction("", (Cue(start_s=6.0, prompt="looking left"),))
    before, after = (plan_of()(mood) for mood in direction.moods)
    directed = directed_gestures(plan_of(), direction)
    gaze_s, head_s = (
        half_way_s(*(curves.channel(channel) for curves in (before, after, directed)))
        for channel in (Gesture.GAZE_X, Gesture.YAW)
    )
    assert gaze_s < head_s < 6.15


def test_a_cue_ends_at_its_end_and_those_that_overlap_are_mixed() -> None:
    cues = (Cue(start_s=2, end_s=8, prompt="smiling"), Cue(start_s=5, end_s=8, prompt="raised brows"))
    direction = read_direction("", cues)
    assert list(direction.starts_s) == [0, 2, 5, 8]
    assert (direction.moods[0], direction.moods[3]) == (Mood(), Mood())
    assert direction.moods[2].smile == direction.moods[1].smile > 0
    assert direction.moods[2].brow_inner > direction.moods[1].brow_inner == 0
    assert len(direction.distinct) == 3


def test_the_same_seed_gives_the_same_and_another_seed_another() -> None:
    direction = read_direction("", (Cue(start_s=3, prompt="sad"), Cue(start_s=9, prompt="laughing")))
    first, again, other = (directed_gestures(plan_of(seed), direction).values for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_no_blink_is_cut_or_doubled() -> None:
    for seed in range(6):
        cues = [
            Cue(start_s=1.3 * index, prompt=("nervous", "blinking rarely", "not blinking")[index % 3])
            for index in range(1, 14)
        ]
        lids = directed_gestures(plan_of(seed), read_direction("", cues)).values[:, BLINKS]
        plans = [plan_of(seed)(mood).values[:, BLINKS] for mood in read_direction("", cues).distinct]
        fastest = max(float(np.abs(np.diff(plan, axis=0)).max()) for plan in plans)
        assert np.abs(np.diff(lids, axis=0)).max() <= fastest + 1e-6
        shut = np.flatnonzero(np.diff((lids.min(axis=1) > 0.5).astype(int)) == 1)
        assert np.diff(shut).min(initial=100) > 15


def test_no_channel_jumps_where_the_mood_changes() -> None:
    cues = [Cue(start_s=2.0 * index, prompt=("happy", "sad", "angry")[index % 3]) for index in range(1, 9)]
    direction = read_direction("", cues)
    channels = [*SMILES, *FROWNS, Gesture.YAW, Gesture.PITCH, Gesture.ROLL]
    plans = np.stack([plan_of()(mood).values[:, channels] for mood in direction.distinct])
    directed = directed_gestures(plan_of(), direction).values[:, channels]
    # A change adds at most its own steepest slope to what the moods do by themselves.
    own = np.abs(np.diff(plans, axis=1)).max(axis=(0, 1))
    between = np.ptp(plans, axis=0).max(axis=0)
    steepest = 1.5 / (100 * CHANGE_S)
    assert np.all(np.abs(np.diff(directed, axis=0)).max(axis=0) <= own + steepest * between)


def test_leaning_is_scaled_and_ends_with_the_clip() -> None:
    direction = read_direction("leaning in")
    leaning = directed_gestures(plan_of(), direction).channel(Gesture.NEARNESS)
    upright = directed_gestures(plan_of(), direction, lean_scale=0).channel(Gesture.NEARNESS)
    assert leaning[1000] - upright[1000] == pytest.approx(direction.moods[0].lean, abs=1e-6)
    assert leaning[0] == leaning[-1] == 0


@pytest.mark.parametrize(
    ("start_s", "end_s"),
    [(-1, None), (2, 2), (3, 1), (float("nan"), None), (0, float("nan")), (float("inf"), None)],
)
def test_times_that_make_no_sense_are_refused(start_s: float, end_s: float | None) -> None:
    with pytest.raises(BadParameters):
        Cue(start_s=start_s, end_s=end_s, prompt="happy")


def test_too_many_and_too_long_directions_are_refused() -> None:
    with pytest.raises(BadParameters, match="100 are the most"):
        read_direction("", [Cue(start_s=index, prompt="happy") for index in range(MAX_CUES + 1)])
    with pytest.raises(BadParameters, match="500 are the most"):
        Cue(start_s=0, prompt="x" * (MAX_CUE_CHARACTERS + 1))


def test_unknown_words_of_prompt_and_cues_are_told_once() -> None:
    cues = (Cue(start_s=1, prompt="happy zorp"), Cue(start_s=2, prompt="zorp blick"))
    assert read_direction("fnord", cues).unknown_words == ("fnord", "zorp", "blick")
