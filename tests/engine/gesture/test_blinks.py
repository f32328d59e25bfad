"""Eyes blink as often, as long and at such moments as those of real people."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.gesture.blinks import Blink, lid_curve, plan_blinks, plan_winks
from lipwright.engine.gesture.random_streams import random_stream
from tests.engine.gesture.gesture_builders import talk

MINUTES = 30
ROWS = MINUTES * 6000


def blinks_of(pace: float = 1.0, seed: int = 1) -> tuple[Blink, ...]:
    return plan_blinks(ROWS, (), pace, random_stream(seed, "blinks"))


@pytest.mark.parametrize("seed", range(3))
def test_a_face_blinks_20_to_26_times_a_minute(seed: int) -> None:
    assert 20 <= len(blinks_of(seed=seed)) / MINUTES <= 26


def test_gaps_spread_as_widely_as_those_of_people() -> None:
    starts = np.array([blink.start_s for blink in blinks_of()])
    gaps = np.diff(starts)
    assert gaps.min() >= 0.3
    assert gaps.max() <= 8.5
    # Log-normal: the mean lies well above the median, and neither end is empty.
    assert gaps.mean() > 1.04 * np.median(gaps)
    assert (gaps < 1.2).mean() > 0.05
    assert (gaps > 4.5).mean() > 0.05


def test_one_blink_in_eight_is_double() -> None:
    starts = np.array([blink.start_s for blink in blinks_of()])
    doubles = (np.diff(starts) < 0.67).mean()
    assert 0.07 < doubles < 0.16


def test_one_blink_in_eight_is_incomplete_and_none_is_only_a_twitch() -> None:
    depths = np.array([blink.depth for blink in blinks_of()])
    assert 0.08 < (depths < 1).mean() < 0.18
    assert depths.min() >= 0.6


def test_a_blink_falls_faster_than_it_rises() -> None:
    blinks = blinks_of()
    lengths = np.array([blink.end_s - blink.start_s for blink in blinks])
    assert 0.37 < lengths.min() <= lengths.max() < 0.49
    assert all(blink.close_s < 0.5 * blink.open_s for blink in blinks)


def test_a_full_blink_is_half_shut_or_more_for_180_ms() -> None:
    blinks = [blink for blink in blinks_of()[:200] if blink.depth == 1]
    shut_s = (lid_curve(blinks, ROWS) >= 0.5).sum() / CURVE_RATE_HZ / len(blinks)
    assert shut_s == pytest.approx(0.18, abs=0.02)


def test_winks_come_when_asked_and_end_before_the_clip() -> None:
    assert plan_winks(3000, 0, random_stream(1, "winks")) == ()
    winks = plan_winks(3000, 1, random_stream(1, "winks"))
    assert 4 <= len(winks) <= 9
    assert winks[-1].end_s < 30


def test_the_lid_reaches_the_depth_of_the_blink_and_opens_wholly() -> None:
    blink = Blink(start_s=1.0, close_s=0.08, hold_s=0.03, open_s=0.22, depth=1.0)
    lid = lid_curve([blink], 200)
    assert lid.max() == pytest.approx(1.0)
    assert lid[:101].max() < 0.01
    assert lid[134:].max() == 0


@pytest.mark.parametrize("frame_rate", [24, 25, 30, 60])
def test_every_full_blink_is_seen_nearly_shut_at_every_frame_rate(frame_rate: int) -> None:
    blinks = [blink for blink in blinks_of()[:200] if blink.depth == 1]
    rows = round((blinks[-1].end_s + 1) * 100)
    lid = lid_curve(blinks, rows)
    times_s = (np.arange(int(rows / 100 * frame_rate)) + 0.5) / frame_rate
    seen = np.interp(times_s, np.arange(rows) / 100, lid)
    for blink in blinks:
        near = (times_s > blink.start_s) & (times_s < blink.end_s)
        assert seen[near].max() > 0.75


@given(duration_s=st.floats(0.1, 60), seed=st.integers(0, 2**31))
@settings(max_examples=60, deadline=None)
def test_no_clip_starts_or_ends_in_a_blink(duration_s: float, seed: int) -> None:
    rows = max(1, round(duration_s * 100))
    lid = lid_curve(plan_blinks(rows, (), 1.0, random_stream(seed, "blinks")), rows)
    assert lid[: min(rows, 30)].max() == 0
    assert lid[-10:].max() == 0


def test_blinks_never_overlap() -> None:
    blinks = blinks_of(pace=2.5)
    assert all(before.end_s <= after.start_s + 1e-9 for before, after in pairwise(blinks))


def test_blinks_prefer_the_good_moments() -> None:
    _, prosody = talk(600)
    moments = sorted(pause.start_s + 0.06 for pause in prosody.pauses)
    starts = np.array(
        [blink.start_s for blink in plan_blinks(60_000, moments, 1.0, random_stream(3, "blinks"))]
    )
    near = np.array([np.abs(np.array(moments) - start).min() for start in starts]) < 0.02
    chance_level = 0.04 * len(moments) / 600
    assert near.mean() > 5 * chance_level


def test_the_pace_scales_how_often_and_zero_is_never() -> None:
    assert blinks_of(pace=0) == ()
    assert len(blinks_of(pace=0.5)) < 0.6 * len(blinks_of())
    assert len(blinks_of(pace=1.5)) > 1.3 * len(blinks_of())
