"""Frames as planes: colour survives, and what is not edited stays bit by bit."""

from __future__ import annotations

import numpy as np
import pytest

from lipwright.engine.boxes import Box
from lipwright.engine.media.pixels.colour import HD_COLOUR, SMPTE170M, ColourProperties
from lipwright.engine.media.pixels.planes import (
    box_to_rgb,
    frame_size_wh,
    i420_to_rgb,
    paste_rgb,
    rgb_to_i420,
    split_planes,
)
from tests.support.pictures import gradient

# 8-bit limited range has 220 steps of luma for 256 of RGB, and chroma half as many.
ROUNDING_LEVELS = 3

COLOURS = [
    HD_COLOUR,
    ColourProperties(matrix_code=SMPTE170M),
    ColourProperties(matrix_code=9),
    ColourProperties(matrix_code=1, is_full_range=True),
]


@pytest.mark.parametrize("colour", COLOURS, ids=["709", "601", "2020", "709-full"])
def test_colours_survive_the_way_to_planes_and_back(colour: ColourProperties) -> None:
    colours = [
        (0, 0, 0),
        (255, 255, 255),
        (255, 0, 0),
        (0, 255, 0),
        (0, 0, 255),
        (224, 172, 140),
        (90, 60, 50),
    ]
    for rgb in colours:
        flat = np.full((8, 8, 3), rgb, np.uint8)
        back = i420_to_rgb(rgb_to_i420(flat, colour), colour).astype(int)
        assert np.abs(back - flat).max() <= ROUNDING_LEVELS, rgb


def test_black_and_white_have_the_levels_of_the_standard() -> None:
    frame = np.zeros((4, 4, 3), np.uint8)
    frame[:2] = 255
    luma, blue, red = split_planes(rgb_to_i420(frame))
    assert luma[:, 0].tolist() == [235, 235, 16, 16]
    assert (blue == 128).all()
    assert (red == 128).all()


def test_chroma_is_the_mean_of_its_four_pixels() -> None:
    frame = np.zeros((2, 2, 3), np.uint8)
    frame[0, 0] = (255, 0, 0)
    one = int(split_planes(rgb_to_i420(frame))[2][0, 0])
    frame[:] = (255, 0, 0)
    all_four = int(split_planes(rgb_to_i420(frame))[2][0, 0])
    assert one - 128 == pytest.approx((all_four - 128) / 4, abs=1)


def test_pasting_what_was_taken_changes_nearly_nothing() -> None:
    rng = np.random.default_rng(1)
    before = rgb_to_i420(gradient(128, 96))
    before += rng.integers(0, 3, before.shape, dtype=np.uint8)
    after = before.copy()
    box = Box(16, 8, 96, 72)
    paste_rgb(after, box, box_to_rgb(after, box))
    assert np.abs(after.astype(int) - before).max() <= 1
    # A second time there is nothing left to round.
    again = after.copy()
    paste_rgb(again, box, box_to_rgb(again, box))
    assert (again != after).mean() < 0.001


def test_pixels_outside_the_box_stay_untouched() -> None:
    before = rgb_to_i420(gradient(64, 48))
    after = before.copy()
    paste_rgb(after, Box(8, 10, 24, 20), np.zeros((10, 16, 3), np.uint8))
    luma, blue, red = split_planes(after)
    assert (luma[10:20, 8:24] == 16).all()
    for plane, was, scale in zip((luma, blue, red), split_planes(before), (1, 2, 2), strict=True):
        outside = np.ones(plane.shape, bool)
        outside[10 // scale : 20 // scale, 8 // scale : 24 // scale] = False
        assert (plane[outside] == was[outside]).all()


def test_pixels_of_no_weight_stay_untouched_inside_the_box() -> None:
    before = rgb_to_i420(gradient(64, 48))
    after = before.copy()
    weight = np.zeros((20, 20), np.float32)
    weight[4:8, 4:8] = 1
    weight[10, 10] = 0.5
    paste_rgb(after, Box(8, 8, 28, 28), np.zeros((20, 20, 3), np.uint8), weight=weight)
    luma, was = split_planes(after)[0], split_planes(before)[0]
    assert (luma[12:16, 12:16] == 16).all()
    assert luma[18, 18] == pytest.approx((int(was[18, 18]) + 16) / 2, abs=1)
    inside = weight > 0
    assert (luma[8:28, 8:28][~inside] == was[8:28, 8:28][~inside]).all()


@pytest.mark.parametrize("box", [Box(1, 0, 5, 4), Box(0, 0, 66, 48), Box(4, 4, 4, 8), Box(-2, 0, 4, 4)])
def test_a_box_off_the_grid_or_the_frame_is_refused(box: Box) -> None:
    with pytest.raises(ValueError, match="even pixels"):
        box_to_rgb(rgb_to_i420(gradient(64, 48)), box)


def test_an_odd_frame_is_refused() -> None:
    with pytest.raises(ValueError, match="I420"):
        frame_size_wh(np.zeros((6, 5), np.uint8))
    with pytest.raises(ValueError, match="I420"):
        frame_size_wh(np.zeros((7, 4), np.uint8))
