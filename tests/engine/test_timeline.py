"""The arithmetic of seconds, frames and samples is exact at every rate."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lipwright.engine.timeline import frame_at, frame_count, frame_times_s, sample_index

NTSC = Fraction(30000, 1001)

rates = st.one_of(
    st.sampled_from(
        [Fraction(24), Fraction(25), NTSC, Fraction(24000, 1001), Fraction(1350, 61), Fraction(60)]
    ),
    st.fractions(min_value=5, max_value=60, max_denominator=1001),
)
durations_s = st.floats(0, 7200, allow_nan=False)


@pytest.mark.parametrize(
    ("duration_s", "frame_rate", "count"),
    [
        (0, Fraction(30), 1),  # nothing is still one picture
        (1, Fraction(30), 30),
        (1.001, Fraction(30), 31),  # a begun frame is shown
        (0.1 + 0.2, Fraction(10), 3),  # the rounding of a decimal is no frame
        (1001, NTSC, 30_000),
        (3600, Fraction(24000, 1001), 86_314),
    ],
)
def test_frames_cover_a_duration(duration_s: float, frame_rate: Fraction, count: int) -> None:
    assert frame_count(duration_s, frame_rate) == count


def test_a_duration_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="duration_s"):
        frame_count(-0.1, Fraction(30))


@given(durations_s, rates)
def test_the_last_frame_reaches_the_end_and_none_is_too_many(duration_s: float, frame_rate: Fraction) -> None:
    count = frame_count(duration_s, frame_rate)
    slack_s = Fraction(1, 1000) / frame_rate
    assert count / frame_rate >= Fraction(duration_s) - slack_s
    assert count == 1 or (count - 1) / frame_rate < Fraction(duration_s)


@given(st.integers(0, 10**7), rates)
def test_a_frame_shows_from_its_time_until_the_next_begins(index: int, frame_rate: Fraction) -> None:
    begin, end = index / frame_rate, (index + 1) / frame_rate
    assert frame_at(begin, frame_rate) == index
    assert frame_at((begin + end) / 2, frame_rate) == index
    assert frame_at(end, frame_rate) == index + 1


@given(st.integers(1, 500), rates)
def test_curves_are_sampled_in_the_middle_of_each_frame(count: int, frame_rate: Fraction) -> None:
    times_s = frame_times_s(count, frame_rate)
    assert len(times_s) == count
    assert [frame_at(float(time_s), frame_rate) for time_s in times_s] == list(range(count))
    assert np.mean(times_s) == pytest.approx(count / float(frame_rate) / 2)


def test_no_frame_is_lost_or_doubled_in_an_hour_at_any_rate() -> None:
    for frame_rate in (Fraction(24), Fraction(25), NTSC, Fraction(60)):
        times_s = frame_times_s(frame_count(3600, frame_rate), frame_rate)
        assert abs(float(times_s[-1]) - 3600) < 1.5 / float(frame_rate)
        assert np.ptp(np.diff(times_s)) < 1e-9


@given(st.integers(0, 10**9), st.sampled_from([8_000, 16_000, 44_100, 48_000]))
def test_a_sample_is_found_again_at_its_time(index: int, sample_rate_hz: int) -> None:
    assert sample_index(Fraction(index, sample_rate_hz), sample_rate_hz) == index


@given(durations_s, rates)
def test_picture_and_sound_of_a_duration_end_within_a_frame_of_each_other(
    duration_s: float, frame_rate: Fraction
) -> None:
    pictures_s = frame_count(duration_s, frame_rate) / frame_rate
    sound_s = Fraction(sample_index(duration_s, 48_000), 48_000)
    assert -Fraction(1, 48_000) - Fraction(1, 1000) / frame_rate <= pictures_s - sound_s <= 1 / frame_rate
