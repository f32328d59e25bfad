"""Hair that the matte has missed goes with the person, lines of the background stay."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.render.photo.matte import RefinedMatte
from lipwright.engine.render.photo.reduced import ReducedCopy
from lipwright.engine.render.photo.stray_hair import stray_hair

SIZE, RADIUS, FACE_HEIGHT_PX = 300, 60, 100


def drawn_matte(rgb: NDArray[np.uint8]) -> RefinedMatte:
    """A dark disc in the middle of a picture is the person."""
    alpha = np.zeros((SIZE, SIZE), dtype=np.float32)
    cv2.circle(alpha, (SIZE // 2, SIZE // 2), RADIUS, 1.0, -1)
    nothing = np.zeros_like(alpha)
    return RefinedMatte(
        copy=ReducedCopy.of(rgb, Box.of_size((SIZE, SIZE)), FACE_HEIGHT_PX),
        slopes=np.zeros((SIZE, SIZE, 4), dtype=np.float32),
        kept=nothing,
        added=alpha,
        alpha=alpha,
        others=nothing,
        unsure=0.0,
    )


def head(seed: int = 1) -> NDArray[np.uint8]:
    """A dark head before a light wall with some noise."""
    noise = np.random.default_rng(seed).normal(0, 1, (SIZE, SIZE, 3))
    rgb = np.full((SIZE, SIZE, 3), 200) + noise
    cv2.circle(rgb, (SIZE // 2, SIZE // 2), RADIUS, (40, 30, 20), -1)
    return rgb.astype(np.uint8)


def found(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    matte = drawn_matte(rgb)
    hidden = (matte.alpha > 0).astype(np.uint8)
    return stray_hair(matte, hidden, 1 - hidden)[0]


def test_a_smooth_wall_has_no_stray_hair() -> None:
    assert not found(head()).any()


def test_a_hair_that_ends_near_the_head_is_found() -> None:
    rgb = head()
    cv2.line(rgb, (210, 150), (218, 146), (45, 35, 25), 1)
    assert found(rgb)[147:150, 212:217].any()


@pytest.mark.parametrize("colour", [(45, 35, 25), (250, 250, 250)])
def test_a_line_that_goes_on_is_the_background(colour: tuple[int, int, int]) -> None:
    rgb = head()
    cv2.line(rgb, (205, 150), (SIZE, 150), colour, 2)
    assert not found(rgb).any()


def test_what_is_unlike_the_person_is_the_background() -> None:
    rgb = head()
    cv2.line(rgb, (210, 150), (218, 146), (255, 255, 255), 1)
    assert not found(rgb).any()


def test_a_hair_away_from_the_head_stays() -> None:
    rgb = head()
    cv2.line(rgb, (240, 150), (248, 146), (45, 35, 25), 1)
    assert not found(rgb).any()


def test_before_a_busy_wall_no_hair_is_told_from_it() -> None:
    rgb = head()
    rgb[:, ::8] = 60
    matte = drawn_matte(rgb)
    hidden = (matte.alpha > 0).astype(np.uint8)
    stray, busy = stray_hair(matte, hidden, 1 - hidden)
    assert not stray.any()
    assert busy[hidden == 0].mean() > 0.9
