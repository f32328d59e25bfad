"""Colours that are drawn in suit the picture, and teeth look like a row, not like a keyboard."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.face.values import Face
from lipwright.engine.render.mouth.palette import TEETH_PER_SKIN, Palette, read_palette
from lipwright.engine.render.mouth.teeth import HALF_WIDTH_MM, TOP_MM, Texture, draw_mouth
from lipwright.engine.render.pixels import blurred, luminance
from lipwright.engine.render.warp.face_axes import face_axes

# The darkest line between two front teeth against the teeth beside it: darker is a piano keyboard.
DARKEST_GAP = 0.70
# How much brighter than the brightest skin teeth may be; the median of the cheeks is darker than that.
MOST_PER_SKIN = 1.5


@pytest.fixture(scope="module")
def palette(smiling_rgb: NDArray[np.uint8], smiling_face: Face) -> Palette:
    return palette_of(smiling_rgb, smiling_face)


def palette_of(rgb: NDArray[np.uint8], face: Face) -> Palette:
    return read_palette(face_axes(face), face.landmarks_px, rgb)


def across_row(texture: Texture, y_mm: float, half_width_mm: float) -> NDArray[np.float64]:
    """Luminance along a row of teeth at a height, from left to right."""
    row = round((y_mm - TOP_MM) * texture.px_per_mm)
    ends = [round((HALF_WIDTH_MM + side * half_width_mm) * texture.px_per_mm) for side in (-1, 1)]
    return luminance(texture.rgb[row, ends[0] : ends[1]])


@pytest.mark.parametrize("px_per_mm", [0.8, 2.0, 6.0])
def test_the_gaps_between_teeth_are_seen_and_are_no_keyboard(palette: Palette, px_per_mm: float) -> None:
    line = across_row(draw_mouth(palette, px_per_mm).upper_teeth, -2.0, 12.0)
    around = np.array([line[max(0, i - 40) : i + 40].max() for i in range(len(line))])
    contrast = line / around
    assert contrast.min() > DARKEST_GAP
    assert contrast.min() < 0.97


def test_teeth_darken_towards_the_corners_of_the_mouth(palette: Palette) -> None:
    line = across_row(draw_mouth(palette, 2.0).upper_teeth, -2.0, 24.0)
    ends = (line[: len(line) // 10].mean() + line[-len(line) // 10 :].mean()) / 2
    middle = line[len(line) * 4 // 10 : len(line) * 6 // 10].mean()
    assert ends < 0.8 * middle


def test_no_two_people_have_the_same_teeth(palette: Palette) -> None:
    one, same, other = (draw_mouth(palette, 2.0, seed).upper_teeth.rgb for seed in (1, 1, 2))
    assert (one == same).all()
    assert (one != other).any()


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
