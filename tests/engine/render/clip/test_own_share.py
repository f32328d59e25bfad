"""A frame's own inside of the mouth and another one do not take turns from frame to frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.render.clip.transfer import LOOKED_FRAMES, own_share, steady_own_share

WANTED = 0.06


def shares(own_gap: NDArray[np.float32]) -> NDArray[np.float64]:
    """The share of every frame that has enough others around it."""
    width = 2 * LOOKED_FRAMES + 1
    wanted = np.full(width, WANTED, dtype=np.float32)
    starts = range(len(own_gap) - width + 1)
    return np.array([steady_own_share(own_gap[start : start + width], wanted) for start in starts])


def gaps(*, brief: float, usual: float) -> NDArray[np.float32]:
    """Own openings that are as usual but for two frames, face heights."""
    found = np.full(60, usual, dtype=np.float32)
    found[30:32] = brief
    return found


def test_a_mouth_that_is_open_enough_throughout_shows_its_own_inside() -> None:
    assert (shares(np.full(60, 0.06, dtype=np.float32)) == 1).all()


def test_two_frames_that_are_open_too_little_do_not_flash() -> None:
    assert own_share(0.032, WANTED) == 0
    assert shares(gaps(brief=0.032, usual=0.06)).min() > 0.9


def test_two_frames_that_are_open_enough_do_not_flash() -> None:
    assert own_share(0.06, WANTED) == 1
    assert shares(gaps(brief=0.06, usual=0.01)).max() == 0


def test_what_a_shut_mouth_shows_is_never_stretched_into_an_open_one() -> None:
    assert shares(gaps(brief=0.004, usual=0.06)).min() == 0


def test_one_inside_goes_over_into_the_other_over_several_frames() -> None:
    rising = np.concatenate([np.full(30, 0.032), np.full(30, 0.06)]).astype(np.float32)
    assert np.abs(np.diff(shares(rising))).max() < 0.35
