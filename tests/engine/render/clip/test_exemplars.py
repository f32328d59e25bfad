"""Choosing open mouths, and what their inside looks like in another opening."""

from __future__ import annotations

from dataclasses import replace

import hypothesis.extra.numpy as numbers
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from numpy.typing import NDArray

from lipwright.engine.render.clip.exemplars import (
    LEAST_GAP,
    LEAST_RANGE,
    MOST_EXEMPLARS,
    Exemplar,
    MouthFeatures,
    choose_sequence,
    dullness,
    pick_exemplars,
    seen_teeth,
)
from lipwright.engine.render.clip.transfer import (
    LOWER_EDGE_SHARE,
    UPPER_EDGE_SHARE,
    MouthAxes,
    transfer_inside,
)

FULL_GAP = 0.09


def features(gaps: NDArray[np.floating], usable: bool = True) -> MouthFeatures:
    count = len(gaps)
    return MouthFeatures(
        gap=gaps.astype(np.float32),
        width=np.full(count, 0.3, dtype=np.float32),
        chin=np.full(count, 0.3, dtype=np.float32),
        turn=np.zeros((count, 2), dtype=np.float32),
        usable=np.full(count, usable),
    )


def chosen(
    wanted: NDArray[np.floating], gaps: NDArray[np.floating], dull: NDArray[np.floating] | None = None
) -> NDArray[np.intp]:
    turn = np.zeros((len(wanted), 2), dtype=np.float32)
    dull = np.zeros(len(gaps)) if dull is None else dull
    every = list(range(len(gaps)))
    return choose_sequence(
        wanted.astype(np.float32), turn, features(gaps), every, FULL_GAP, dull.astype(np.float32)
    )


def open_mouth(gap_px: float, length_px: float = 80.0) -> Exemplar:
    """A mouth of stripes that show how deep they lie, level in its picture."""
    x = np.linspace(20, 20 + length_px, 11)
    arch = 1 - ((x - x[5]) / (length_px / 2)) ** 2
    rows = np.arange(120)[:, None]
    rgb = np.repeat(np.repeat(2 * rows, 140, axis=1)[..., None], 3, axis=2).astype(np.uint8)
    upper, lower = (
        np.stack([x, 60 + side * gap_px / 2 * arch], axis=1).astype(np.float32) for side in (-1, 1)
    )
    return Exemplar(rgb=rgb, upper=upper, lower=lower, gap=0.08, tone=np.ones(3, dtype=np.float32))


def test_a_clip_of_closed_mouths_has_no_exemplars() -> None:
    assert pick_exemplars(features(np.full(50, LEAST_GAP / 2)), FULL_GAP) == ()
    assert pick_exemplars(features(np.full(50, 0.08), usable=False), FULL_GAP) == ()


@settings(deadline=None, max_examples=30)
@given(numbers.arrays(np.float32, st.integers(1, 200), elements=st.floats(0, 0.125, width=32)))
def test_picked_mouths_are_open_different_few_and_in_order_of_time(gaps: NDArray[np.float32]) -> None:
    picked = pick_exemplars(features(gaps), FULL_GAP)
    assert len(picked) <= MOST_EXEMPLARS
    assert list(picked) == sorted(set(picked))
    assert all(gaps[index] >= LEAST_GAP for index in picked)
    if gaps.max() >= LEAST_RANGE * FULL_GAP:
        assert picked
        widest = gaps.max()
        assert min(widest - gaps[index] for index in picked) < 0.1 * FULL_GAP


@settings(deadline=None, max_examples=30)
@given(numbers.arrays(np.float32, st.integers(1, 60), elements=st.floats(0, 0.09375, width=32)))
def test_among_equal_mouths_the_choice_never_changes(wanted: NDArray[np.float32]) -> None:
    path = chosen(wanted, np.full(5, 0.06))
    assert path.shape == wanted.shape
    assert len(set(path.tolist())) == 1


def test_a_mouth_that_trembles_about_the_middle_of_two_stays_with_one() -> None:
    wanted = 0.05 + 0.004 * np.where(np.arange(40) % 2, 1, -1)
    assert len(set(chosen(wanted, np.array([0.046, 0.054])).tolist())) == 1


def test_a_mouth_that_opens_enough_is_chosen_before_one_that_must_be_stretched() -> None:
    path = chosen(np.full(20, 0.06), np.array([0.045, 0.080]))
    assert set(path.tolist()) == {1}


def test_the_choice_changes_while_the_lips_are_shut() -> None:
    wanted = np.concatenate([np.full(12, 0.03), np.zeros(3), np.full(12, 0.085)])
    path = chosen(wanted, np.array([0.03, 0.09]))
    changes = np.flatnonzero(np.diff(path))
    assert (path[0], path[-1]) == (0, 1)
    assert len(changes) == 1
    assert 10 <= changes[0] <= 15


def test_an_opening_like_the_exemplars_own_shows_its_own_pixels() -> None:
    mouth = open_mouth(30)
    y, x = np.mgrid[40:80, 20:100].astype(np.float32)
    axes = MouthAxes(mouth.upper, mouth.lower)
    along, across = axes.of_pixels(np.stack([x, y], axis=-1))
    seen = transfer_inside(mouth, axes, np.clip(along, 0, 1), across)
    upper, lower = axes.lips(np.clip(along, 0, 1))
    depth = (across - upper) / np.maximum(lower - upper, 1e-3)
    inner = (depth > UPPER_EDGE_SHARE) & (depth < 1 - LOWER_EDGE_SHARE) & (lower - upper > 2)
    assert inner.sum() > 500
    assert np.abs(seen[..., 0][inner] - 2 * y[inner]).max() < 1.5


@pytest.mark.parametrize("share", [0.3, 0.6])
def test_a_smaller_opening_hides_the_middle_and_keeps_what_hangs_from_the_upper_lip(share: float) -> None:
    mouth, target = open_mouth(30), open_mouth(30 * share)
    axes = MouthAxes(target.upper, target.lower)
    top, bottom = 60 - 15 * share, 60 + 15 * share
    y = np.linspace(top, bottom, 21, dtype=np.float32)[:, None]
    along, across = axes.of_pixels(np.stack([np.full_like(y, 60), y], axis=-1))
    seen = transfer_inside(mouth, axes, along, across)[:, 0, 0] / 2
    hanging = slice(5, 11)
    assert np.abs(seen[hanging] - (45 + y[hanging, 0] - top)).max() < 1.5
    assert abs(seen[-1] - (75 - LOWER_EDGE_SHARE * 30)) < 1.5


def painted(inside: tuple[int, int, int]) -> Exemplar:
    """An open mouth in skin, all of one colour but for a dark stripe when that is white."""
    mouth = open_mouth(40)
    rgb = np.full_like(mouth.rgb, (180, 140, 130))
    low, high = int(mouth.upper[:, 1].min()), int(mouth.lower[:, 1].max())
    rgb[low : high + 1, 20:101] = inside
    return replace(mouth, rgb=rgb, tone=np.array([180, 140, 130], dtype=np.float32))


def test_a_tongue_that_fills_the_mouth_is_dull_beside_teeth() -> None:
    teeth = painted((200, 190, 180))
    rgb = teeth.rgb.copy()
    rgb[60:] = (30, 10, 10)
    teeth = replace(teeth, rgb=rgb)
    tongue = painted((150, 90, 90))
    dull = dullness([teeth, teeth, tongue])
    assert dull[2] > 0.8
    assert dull[:2].max() < 0.2


def test_of_two_openings_alike_the_one_that_shows_something_is_chosen() -> None:
    gaps = np.array([0.06, 0.06])
    path = chosen(np.full(10, 0.06), gaps, dull=np.array([0.9, 0.0]))
    assert (path == 1).all()


def test_the_colour_of_teeth_is_taken_where_they_are_seen() -> None:
    seen = seen_teeth([painted((200, 186, 170)), painted((150, 70, 70))])
    assert seen is not None
    assert seen == pytest.approx(np.array([200, 186, 170]) / (180, 140, 130), abs=0.02)
    assert seen_teeth([painted((150, 70, 70))]) is None
    assert seen_teeth([]) is None


def test_a_mouth_that_hardly_opens_gives_no_exemplars() -> None:
    assert pick_exemplars(features(np.full(60, 0.5 * FULL_GAP)), FULL_GAP) == ()
    assert pick_exemplars(features(np.full(60, 0.6 * FULL_GAP)), FULL_GAP) != ()
