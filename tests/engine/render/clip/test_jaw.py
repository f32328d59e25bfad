"""Clenched teeth are told from teeth apart, and are not borrowed for a wide vowel."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.render.clip.exemplars import Exemplar, MouthFeatures, choose_sequence
from lipwright.engine.render.clip.jaw import (
    LEAST_TAUGHT,
    guess_jaw,
    missing_apart,
    mouth_lengths,
    teeth_apart,
    wanted_apart,
)
from lipwright.engine.render.clip.transfer import LOOKED_FRAMES, steady_own_share

GAP, FULL_GAP, CHIN = 0.08, 0.09, 0.30
SKIN_RGB, TOOTH_RGB, TONGUE_RGB = (200, 150, 130), (220, 215, 200), (170, 80, 80)


def mouth(*, apart: float, between: tuple[int, int, int] = (20, 10, 10)) -> Exemplar:
    """An open mouth with two rows of teeth, and between them a share of its depth of another colour."""
    rgb = np.full((120, 140, 3), SKIN_RGB, np.uint8)
    x = np.linspace(20, 120, 11)
    arch = 25 * np.sqrt(np.clip(1 - ((x - 70) / 50) ** 2, 0, 1))
    upper, lower = (np.stack([x, 60 + side * arch], axis=1).astype(np.float32) for side in (-1, 1))
    cv2.fillPoly(rgb, [np.rint(np.concatenate([upper, lower[::-1]])).astype(np.int32)], TOOTH_RGB)
    half = round(25 * apart)
    rgb[60 - half : 60 + half, 22:118] = between
    return Exemplar(rgb=rgb, upper=upper, lower=lower, gap=GAP, tone=np.array(SKIN_RGB, np.float32))


def lengths(count: int, chin: float = CHIN) -> NDArray[np.float32]:
    return np.tile(np.array([GAP, chin, 0.1, 0.3], np.float32), (count, 1))


@pytest.mark.parametrize("between", [(20, 10, 10), TONGUE_RGB], ids=["dark", "tongue"])
def test_teeth_that_are_apart_are_told_from_clenched_ones(between: tuple[int, int, int]) -> None:
    clenched, parted = teeth_apart([mouth(apart=0), mouth(apart=0.6, between=between)], lengths(2), CHIN)
    assert clenched < 0.1 * GAP
    assert parted == pytest.approx(0.6 * GAP, abs=0.15 * GAP)


def test_a_chin_that_drops_shows_that_a_pale_tongue_is_none_of_the_teeth() -> None:
    apart = teeth_apart([mouth(apart=0)], lengths(1, chin=CHIN + 0.06), CHIN)
    assert apart[0] > 0.03


def test_nobody_borrows_from_nobody() -> None:
    assert teeth_apart([], np.zeros((0, 4), np.float32), CHIN).shape == (0,)
    assert guess_jaw(lengths(LEAST_TAUGHT - 1), np.zeros(LEAST_TAUGHT - 1, np.float32)) is None


def test_exemplars_teach_how_a_frame_shows_its_jaw() -> None:
    rng = np.random.default_rng(0)
    taught = lengths(28) + rng.normal(0, 0.01, (28, 4)).astype(np.float32)
    apart = np.maximum(taught[:, 1] - CHIN, 0) + 0.02
    jaw = guess_jaw(taught, apart.astype(np.float32))
    assert jaw is not None
    shut, dropped = jaw.apart(np.concatenate([lengths(1, chin=CHIN), lengths(1, chin=CHIN + 0.03)]))
    assert dropped > shut + 0.01


def test_a_wide_vowel_borrows_teeth_that_are_apart_from_a_mouth_of_the_same_opening() -> None:
    count = 2
    seen = MouthFeatures(
        gap=np.full(count, GAP, np.float32),
        width=np.full(count, 0.3, np.float32),
        chin=np.full(count, CHIN, np.float32),
        turn=np.array([[0, 0], [6, 0]], np.float32),  # the clenched one is turned as is wanted
        usable=np.ones(count, bool),
    )
    wanted = np.full(20, GAP, np.float32)
    apart = np.array([0.004, 0.045], np.float32)
    still, flat = np.zeros((20, 2), np.float32), np.zeros(count, np.float32)

    def path(jaw_drop: float) -> NDArray[np.intp]:
        missing = missing_apart(wanted_apart(np.full(20, jaw_drop, np.float32))[:, None], apart[None])
        return choose_sequence(wanted, still, seen, range(count), FULL_GAP, flat, missing)

    assert (path(jaw_drop=0.4 * GAP) == 1).all()
    assert (path(jaw_drop=0.0) == 0).all()


def test_a_frame_that_clenches_its_teeth_does_not_keep_them_in_a_wide_vowel() -> None:
    frames = 2 * LOOKED_FRAMES + 1
    gap = np.full(frames, GAP, np.float32)
    assert steady_own_share(gap, gap) == 1
    assert steady_own_share(gap, gap, np.zeros(frames, np.float32)) == 0


def test_lengths_of_a_mesh_do_not_depend_on_its_size() -> None:
    mesh = np.random.default_rng(0).normal(0, 1, (478, 3)).astype(np.float32)
    assert mouth_lengths(3 * mesh) == pytest.approx(mouth_lengths(mesh), rel=1e-4)
