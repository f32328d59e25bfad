"""A job tells how far it is, never backwards, and stops when it is told to."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lipwright.engine.errors import Cancelled
from lipwright.engine.progress import LIP_SYNC_SHARES, STAGE_SHARES, JobContext, ProgressEvent, Stage


def told() -> tuple[JobContext, list[ProgressEvent]]:
    events: list[ProgressEvent] = []
    return JobContext(events.append), events


@pytest.mark.parametrize("shares", [STAGE_SHARES, LIP_SYNC_SHARES])
def test_the_stages_make_up_the_whole_job(shares: dict[Stage, float]) -> None:
    assert set(shares) == set(Stage)
    assert list(shares) == list(Stage)
    assert sum(shares.values()) == pytest.approx(1)


@given(st.lists(st.tuples(st.sampled_from(list(Stage)), st.integers(0, 20), st.integers(0, 30))))
def test_the_fraction_never_falls_and_never_passes_one(steps: list[tuple[Stage, int, int]]) -> None:
    context, events = told()
    for stage, total, advances in steps:
        context.enter(stage, total)
        for _ in range(advances):
            context.advance()
    fractions = [event.fraction for event in events]
    assert fractions == sorted(fractions)
    assert all(0 <= fraction <= 1 for fraction in fractions)
    assert all(0 <= event.done <= event.total for event in events)


def test_a_finished_job_is_whole() -> None:
    context, events = told()
    for stage in Stage:
        context.enter(stage, 3)
        context.advance(3)
    assert events[-1].fraction == pytest.approx(1)
    assert events[-1].seconds_left == pytest.approx(0, abs=1e-6)


def test_nothing_is_foretold_at_the_start() -> None:
    context, events = told()
    context.enter(Stage.READING)
    assert events[0].seconds_left is None


def test_a_stage_counts_its_frames() -> None:
    context, events = told()
    context.enter(Stage.RENDERING, 4)
    context.advance()
    context.advance(2)
    assert [(event.done, event.total) for event in events] == [(0, 4), (1, 4), (3, 4)]


def test_a_job_that_is_cancelled_from_another_thread_stops_at_its_next_step() -> None:
    context = JobContext()
    context.enter(Stage.RENDERING, 10)
    other = threading.Thread(target=context.cancel)
    other.start()
    other.join()
    assert context.is_cancelled
    for step in (context.check, context.advance, lambda: context.enter(Stage.FINISHING)):
        with pytest.raises(Cancelled):
            step()


def test_a_finished_job_cannot_be_cancelled() -> None:
    context, events = told()
    context.enter(Stage.FINISHING)
    context.cancel()
    context.finish()
    assert events[-1].fraction == pytest.approx(1)


def test_a_job_without_a_listener_goes_on_silently() -> None:
    context = JobContext()
    context.enter(Stage.READING)
    context.advance()
    assert not context.is_cancelled
