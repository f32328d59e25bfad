"""Hair that the matte has missed goes with the person, lines of the background stay."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.render.photo.stray_hair import stray_hair
from tests.engine.render.photo.drawn_heads import SIZE, drawn_matte, plain_wall, with_head


def head() -> NDArray[np.uint8]:
    """A dark head before a light wall with some noise."""
    return with_head(plain_wall())


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
