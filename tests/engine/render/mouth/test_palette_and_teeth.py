"""Colours that are drawn in suit the picture, and teeth look like a row, not like a keyboard."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.face.values import Face
from lipwright.engine.render.mouth.palette import TEETH_PER_SKIN, Palette, read_palette
from lipwright.engine.render.mouth.teeth import (
    HALF_LENGTH_MM,
    TOP_MM,
    UPPER_TEETH,
    ToothRow,
    draw_teeth,
)
from lipwright.engine.render.pixels import blurred, luminance
from lipwright.engine.render.warp.face_axes import face_axes

# The darkest line between two front teeth against the teeth beside it: darker is a piano keyboard.
DARKEST_GAP = 0.55
# How much brighter than the brightest skin teeth may be; the median of the cheeks is darker than that.
MOST_PER_SKIN = 1.5


@pytest.fixture(scope="module")
def palette(smiling_rgb: NDArray[np.uint8], smiling_face: Face) -> Palette:
    return palette_of(smiling_rgb, smiling_face)


def palette_of(rgb: NDArray[np.uint8], face: Face) -> Palette:
    return read_palette(face_axes(face), face.landmarks_px, rgb)


def upper_row(palette: Palette, px_per_mm: float, seed: int = 0) -> ToothRow:
    return draw_teeth(UPPER_TEETH, palette, px_per_mm, np.random.default_rng(seed))


def along_row(teeth: ToothRow, y_mm: float, half_length_mm: float) -> NDArray[np.float64]:
    """Luminance along a row of teeth at a height, from left to right."""
    row = round((y_mm - TOP_MM) * teeth.px_per_mm)
    ends = [round((HALF_LENGTH_MM + side * half_length_mm) * teeth.px_per_mm) for side in (-1, 1)]
    return luminance(teeth.colours[row, ends[0] : ends[1], :3])


def contrast_along(teeth: ToothRow) -> NDArray[np.float64]:
    """Luminance along the front teeth against the brightest nearby."""
    line = along_row(teeth, -3.0, 12.0)
    reach = round(5 * teeth.px_per_mm)
    around = [line[max(0, i - reach) : i + reach].max() for i in range(len(line))]
    return np.asarray(line / np.array(around), dtype=np.float64)


@pytest.mark.parametrize("px_per_mm", [1.5, 2.0, 6.0])
def test_the_gaps_between_teeth_are_seen_and_are_no_keyboard(palette: Palette, px_per_mm: float) -> None:
    contrast = contrast_along(upper_row(replace(palette, blur_px=0.5), px_per_mm))
    assert DARKEST_GAP < contrast.min() < 0.97


def test_small_teeth_have_no_hard_blocks(palette: Palette) -> None:
    small, large = (contrast_along(upper_row(palette, px_per_mm)).min() for px_per_mm in (0.5, 4.0))
    assert small > large + 0.1


def test_a_drawing_gets_a_flat_band_of_teeth(palette: Palette) -> None:
    photographed, drawn = (
        contrast_along(upper_row(replace(palette, flatness=flatness), 4.0)) for flatness in (0.0, 1.0)
    )
    assert drawn.min() > 0.98
    assert photographed.min() < 0.9


def test_no_two_people_have_the_same_teeth(palette: Palette) -> None:
    one, same, other = (upper_row(palette, 2.0, seed).colours for seed in (1, 1, 2))
    assert (one == same).all()
    assert (one != other).any()


def test_a_grey_picture_gets_a_grey_mouth_and_a_sepia_one_a_sepia_mouth(
    smiling_rgb: NDArray[np.uint8], smiling_face: Face
) -> None:
    grey = np.repeat(luminance(smiling_rgb)[..., None], 3, axis=-1)
    for tint in (np.ones(3), np.array([1.0, 0.85, 0.65])):
        palette = palette_of((grey * tint).astype(np.uint8), smiling_face)
        for colour in (palette.tooth, palette.gum, palette.tongue, palette.cavity):
            assert colour / colour[0] == pytest.approx(tint, abs=0.03)


@pytest.mark.parametrize("light", [1.0, 0.4, 0.12])
def test_teeth_do_not_glow_in_dark_pictures(
    smiling_rgb: NDArray[np.uint8], smiling_face: Face, light: float
) -> None:
    palette = palette_of((smiling_rgb * light).astype(np.uint8), smiling_face)
    skin, tooth = float(luminance(palette.skin)), float(luminance(palette.tooth))
    assert TEETH_PER_SKIN[0] * skin * 0.9 < tooth < MOST_PER_SKIN * skin


def test_teeth_take_the_colour_of_the_light(smiling_rgb: NDArray[np.uint8], smiling_face: Face) -> None:
    warm, cold = (
        palette_of((smiling_rgb * np.array(tint)).astype(np.uint8), smiling_face).tooth
        for tint in ((1.0, 0.85, 0.6), (0.6, 0.8, 1.0))
    )
    assert warm[2] / warm[0] < cold[2] / cold[0]


def test_a_soft_picture_gets_soft_teeth_and_a_grainy_one_grain(
    smiling_rgb: NDArray[np.uint8], smiling_face: Face
) -> None:
    noise = np.random.default_rng(0).normal(0, 6, smiling_rgb.shape)
    soft_rgb = blurred(smiling_rgb.astype(np.float32), 3.0).astype(np.uint8)
    grainy_rgb = np.clip(smiling_rgb + noise, 0, 255).astype(np.uint8)
    plain, soft, grainy = (palette_of(rgb, smiling_face) for rgb in (smiling_rgb, soft_rgb, grainy_rgb))
    assert soft.blur_px > plain.blur_px + 0.5
    assert grainy.grain > plain.grain + 1


def test_the_inside_of_the_mouth_is_dark_and_the_tongue_is_red(palette: Palette) -> None:
    assert float(luminance(palette.cavity)) < 0.25 * float(luminance(palette.skin))
    assert palette.tongue[0] > 1.2 * palette.tongue[1]
