"""Times of frames become slots of a constant rate, exactly, for any length."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lipwright.engine.media.reading.constant_rate import LONGEST_STEP_S, FrameGrid, capped_rate

RATES = [
    Fraction(24000, 1001),
    Fraction(25),
    Fraction(30000, 1001),
    Fraction(30),
    Fraction(1350, 61),
    Fraction(60),
]
rates = st.sampled_from(RATES)


def slots(grid: FrameGrid, times_s: list[Fraction]) -> list[int]:
    return [grid.slot(time_s) for time_s in times_s]


@given(rate=rates, first_ms=st.integers(-500, 5000), first_index=st.integers(0, 200_000))
def test_a_constant_rate_loses_and_repeats_nothing_wherever_its_clock_starts(
    rate: Fraction, first_ms: int, first_index: int
) -> None:
    first_s = Fraction(first_ms, 1000)
    grid = FrameGrid(rate, first_time_s=first_s, start_s=0)
    times_s = [first_s + (first_index + index) / rate for index in range(10)]
    found = slots(grid, times_s)
    assert [slot - found[0] for slot in found] == list(range(10))


@given(rate=rates, jitter_ms=st.lists(st.integers(-7, 7), min_size=20, max_size=20))
def test_times_rounded_by_a_container_stay_in_their_slots(rate: Fraction, jitter_ms: list[int]) -> None:
    grid = FrameGrid(rate, first_time_s=Fraction(0), start_s=0)
    times_s = [index / rate + Fraction(shift, 1000) for index, shift in enumerate(jitter_ms)]
    assert slots(grid, times_s) == list(range(20))


@given(rate=rates, start_ms=st.integers(0, 3_600_000))
def test_the_start_becomes_slot_zero_to_within_half_a_frame(rate: Fraction, start_ms: int) -> None:
    grid = FrameGrid(rate, first_time_s=Fraction(0), start_s=start_ms / 1000)
    assert abs(grid.time_s(0) - Fraction(start_ms, 1000)) <= 1 / rate / 2 + Fraction(1, 10**9)
    assert grid.slot_at(grid.time_s(0)) == 0
    assert grid.slot_at(grid.time_s(17)) == 17


def test_sixty_minutes_drift_by_no_frame() -> None:
    rate = Fraction(30000, 1001)
    grid = FrameGrid(rate, first_time_s=Fraction(0), start_s=0)
    last = 60 * 60 * 30
    assert grid.slot_at(last / rate) == last


def test_a_pause_is_kept_and_a_clock_that_was_reset_is_closed_up() -> None:
    grid = FrameGrid(Fraction(25), first_time_s=Fraction(0), start_s=0)
    assert slots(grid, [Fraction(0), Fraction(2)]) == [0, 50]
    later_s = Fraction(LONGEST_STEP_S + 10)
    assert slots(grid, [later_s, later_s + Fraction(1, 25)]) == [51, 52]
    assert slots(grid, [Fraction(0), Fraction(1, 25)]) == [53, 54]


@pytest.mark.parametrize(
    ("rate", "cap", "wanted"),
    [
        (Fraction(25), None, Fraction(25)),
        (Fraction(25), Fraction(30), Fraction(25)),
        (Fraction(60), Fraction(30), Fraction(30)),
        # 29.97 is below 30 and keeps its own.
        (Fraction(60000, 1001), Fraction(30), Fraction(30000, 1001)),
        # Half of 50 is near enough to the cap to be worth its smoothness.
        (Fraction(50), Fraction(30), Fraction(25)),
        # Half of 30 would be far below it.
        (Fraction(30), Fraction(24), Fraction(24)),
        (Fraction(25), Fraction(1), Fraction(1)),
    ],
)
def test_a_rate_above_the_cap_is_brought_down_smoothly(
    rate: Fraction, cap: Fraction | None, wanted: Fraction
) -> None:
    assert capped_rate(rate, cap) == wanted
