"""Motion with the shape of people's: its spread, its bursts, and that nothing of it comes twice."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.gesture import people
from lipwright.engine.gesture.people import NaturalChannel, natural_motion
from lipwright.engine.gesture.shaping import times_s


@pytest.fixture(scope="module")
def long() -> NDArray[np.float64]:
    return natural_motion(times_s(60_000), 1)


def test_every_channel_spreads_about_as_far(long: NDArray[np.float64]) -> None:
    spread = np.mean([natural_motion(times_s(30_000), seed).std(axis=0) for seed in range(8)], axis=0)
    assert ((spread > 0.7) & (spread < 1.1)).all()
    assert np.abs(long).max() <= 1.01 * people.FARTHEST
    assert (np.abs(long.mean(axis=0)) < 0.2).all()


def test_a_longer_clock_begins_with_the_same_motion(long: NDArray[np.float64]) -> None:
    np.testing.assert_allclose(natural_motion(times_s(2_000), 1), long[:2_000], atol=1e-3)


def test_another_seed_is_another_motion(long: NDArray[np.float64]) -> None:
    other = natural_motion(times_s(60_000), 2)
    for channel in NaturalChannel:
        assert abs(np.corrcoef(long[:, channel], other[:, channel])[0, 1]) < 0.2


def test_a_faster_clock_makes_the_same_way_faster(long: NDArray[np.float64]) -> None:
    hurried = natural_motion(1.25 * times_s(8_000), 1)
    np.testing.assert_allclose(hurried[::4], long[:10_000:5], atol=1e-9)


def test_strength_comes_in_bursts(long: NDArray[np.float64], monkeypatch: pytest.MonkeyPatch) -> None:
    def unevenness(motion: NDArray[np.float64]) -> float:
        speed = np.linalg.norm(np.diff(motion[:, :3], axis=0), axis=1)
        each = speed[: len(speed) // 100 * 100].reshape(-1, 100).mean(axis=1)
        return float(np.log(each).std())

    for name in ("MOVE_BURSTS", "MOMENT_BURSTS", "OWN_BURSTS"):
        monkeypatch.setattr(people, name, 1e-9)
    even = natural_motion(times_s(60_000), 1)
    assert unevenness(long) > 1.5 * unevenness(even)


def test_turns_are_hardly_faster_than_their_limit(long: NDArray[np.float64]) -> None:
    speed = np.linalg.norm(np.diff(long[:, :3], axis=0), axis=1) * 100
    assert speed.max() < 1.3 * people.FASTEST


def test_a_minute_does_not_repeat_itself(long: NDArray[np.float64]) -> None:
    minute = long[:6_000:10, NaturalChannel.YAW]
    whole = np.correlate(minute - minute.mean(), minute - minute.mean(), "full")[len(minute) - 1 :]
    assert np.abs(whole[100:] / whole[0]).max() < 0.5
