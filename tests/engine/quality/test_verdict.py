"""How surely a mouth belongs to its sound, by how long one looks."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from lipwright.engine.quality.judge import measure
from lipwright.engine.quality.verdict import (
    LEAST_AGREEMENT,
    LONG_S,
    SHORT_S,
    SURE_AGREEMENT,
    SURE_AGREEMENT_LONG,
    SyncVerdict,
    judge_sync,
)


def speaking(duration_s: float, seed: int = 1) -> NDArray[np.float32]:
    """A mouth of four channels that move alike, at 100 Hz."""
    rng = np.random.default_rng(seed)
    gap = 0.02 * gaussian_filter1d(rng.normal(0, 1, round(duration_s * 100)), 6) / 0.25
    return np.stack([gap, -0.5 * gap, 0.7 * gap, 0.4 * gap], axis=1).astype(np.float32)


def verdict(mouth: NDArray[np.float32], expected: NDArray[np.float32]) -> SyncVerdict:
    found = judge_sync(mouth, expected, np.ones(len(mouth), bool), len(mouth) / 100)
    assert found is not None
    return found


def test_a_mouth_that_does_what_is_expected_agrees_at_any_length() -> None:
    for seconds in (2.0, 4.0, 10.0):
        found = verdict(speaking(seconds), speaking(seconds))
        assert found.sync.as_seen > 0.95 > found.sure
        assert found.is_offset_sure


def test_another_sentence_does_not_agree() -> None:
    assert verdict(speaking(10), speaking(10, seed=5)).sync.as_seen < LEAST_AGREEMENT


@pytest.mark.parametrize("late_s", [-0.4, 0.3])
def test_a_shifted_sound_does_not_agree_as_it_is_seen_and_its_offset_is_told(late_s: float) -> None:
    found = verdict(speaking(10), np.roll(speaking(10), round(100 * late_s), axis=0))
    assert found.sync.as_seen < LEAST_AGREEMENT
    assert found.is_offset_sure
    assert found.sync.offset_s == pytest.approx(late_s, abs=0.02)


def test_an_offset_that_nobody_sees_costs_nothing() -> None:
    assert verdict(speaking(10), np.roll(speaking(10), 4, axis=0)).sync.as_seen > 0.95


def test_the_shorter_the_clip_the_more_agreement_is_asked_for() -> None:
    sure = [verdict(speaking(seconds), speaking(seconds)).sure for seconds in (SHORT_S, 4.0, LONG_S)]
    assert sure == sorted(sure, reverse=True)
    assert sure[0] == SURE_AGREEMENT
    assert sure[-1] == pytest.approx(SURE_AGREEMENT_LONG)
    assert sure[-1] >= LEAST_AGREEMENT


def test_channels_that_do_not_move_do_not_count() -> None:
    mouth = speaking(10)
    mouth[:, 1:] = 0.3
    assert verdict(mouth, speaking(10)).sync.as_seen > 0.95


def test_between_the_bars_nothing_is_said() -> None:
    middle = (LEAST_AGREEMENT + SURE_AGREEMENT) / 2
    short = measure("sync_correlation", middle, sure=SURE_AGREEMENT)
    assert short.is_good is None
    assert short.is_unsure
    assert measure("sync_correlation", middle, sure=LEAST_AGREEMENT).is_good is True
    assert measure("sync_correlation", LEAST_AGREEMENT - 0.01, sure=SURE_AGREEMENT).is_good is False
    assert measure("sync_correlation", SURE_AGREEMENT, sure=SURE_AGREEMENT).is_good is True
    assert measure("sync_correlation", None, sure=SURE_AGREEMENT).is_unsure is False
