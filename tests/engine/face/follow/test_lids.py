"""Blinks among the lids of a clip: found with their length, and told from looking down and from shut eyes."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.face.follow.lids import eyes_show, find_blinks, find_winks, lid_closure, openness

RATE = 25.0
OPEN = 0.05


def lids(*dips: tuple[float, float, float], duration_s: float = 8.0) -> NDArray[np.float64]:
    """Gaps of both eyes; a dip has a middle, a length at its edges, and how far it goes down, 0 to 1."""
    times_s = (np.arange(round(duration_s * RATE)) + 0.5) / RATE
    gap = np.full(len(times_s), OPEN)
    for middle_s, length_s, depth in dips:
        shape = np.clip(1.5 * (1 - np.abs(times_s - middle_s) / (length_s / 2)), 0, 1)
        gap *= 1 - depth * shape
    return np.stack([gap, gap], axis=1)


def seen(rows: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.ones(len(rows), bool)


def test_blinks_are_found_at_their_times_with_their_lengths() -> None:
    rows = lids((2.0, 0.24, 0.9), (5.0, 0.40, 0.9))
    blinks = find_blinks(lid_closure(rows, seen(rows), RATE), RATE)
    assert [blink.peak_s for blink in blinks] == pytest.approx([2.0, 5.0], abs=0.08)
    short, long = (blink.length_s for blink in blinks)
    assert 0.10 < short < 0.20
    assert 0.22 < long < 0.34


def test_a_wink_is_of_one_eye_and_a_blink_of_both() -> None:
    rows = lids((5.0, 0.3, 0.9))
    rows[:, 1] = np.minimum(rows[:, 1], lids((2.0, 0.5, 0.9))[:, 1])
    closure = lid_closure(rows, seen(rows), RATE)
    ((side, wink),) = find_winks(closure, RATE)
    assert side == 1
    assert wink.peak_s == pytest.approx(2.0, abs=0.15)
    (blink,) = find_blinks(closure, RATE)
    assert blink.peak_s == pytest.approx(5.0, abs=0.08)


def test_a_lid_that_is_read_a_little_lower_is_no_wink() -> None:
    rows = lids((2.0, 0.4, 0.9))
    rows[:, 0] *= 0.8
    rows[100:110, 0] *= 0.7
    assert not find_winks(lid_closure(rows, seen(rows), RATE), RATE)


def test_open_eyes_do_not_blink() -> None:
    rows = lids()
    assert not find_blinks(lid_closure(rows, seen(rows), RATE), RATE)


def test_a_glance_down_is_no_blink_and_a_rest_only_where_it_is_asked_for() -> None:
    rows = lids((2.0, 0.6, 0.35), (5.0, 1.4, 0.9))
    closure = lid_closure(rows, seen(rows), RATE)
    assert not find_blinks(closure, RATE)
    assert len(find_blinks(closure, RATE, longest_s=None)) == 1


def test_narrowed_eyes_between_two_blinks_are_no_third_one() -> None:
    rows = lids((2.0, 0.3, 0.9), (4.0, 0.3, 0.9))
    rows[50:100] = np.minimum(rows[50:100], 0.75 * OPEN)
    blinks = find_blinks(lid_closure(rows, seen(rows), RATE), RATE, longest_s=None)
    assert [blink.peak_s for blink in blinks] == pytest.approx([2.0, 4.0], abs=0.08)


def test_frames_without_the_face_are_no_blinks() -> None:
    rows = lids()
    rows[50:55] = 0
    is_seen = seen(rows)
    is_seen[50:55] = False
    assert openness(rows, is_seen, RATE) == pytest.approx(1.0)


def test_eyes_do_not_show_in_and_around_a_blink() -> None:
    rows = lids((2.0, 0.24, 0.9))
    shown = eyes_show(lid_closure(rows, seen(rows), RATE), seen(rows), RATE)
    assert not shown[46:54].any()
    assert shown[:42].all()
    assert shown[58:].all()
