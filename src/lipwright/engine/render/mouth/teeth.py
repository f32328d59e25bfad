"""Teeth and tongue drawn once for a face, as textures in millimetres of the mouth's own plane.

The upper teeth belong to the skull; the lower teeth and the tongue to the jaw. Origin: the middle of the line
where the lips meet, x to the viewer's right, y down.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.render.mouth.palette import Palette
from lipwright.engine.render.pixels import blurred

# The part of the mouth's plane that the textures cover, millimetres: x from -HALF_WIDTH_MM to HALF_WIDTH_MM.
HALF_WIDTH_MM = 30.0
TOP_MM, BOTTOM_MM = -16.0, 30.0
# Widths of the teeth from the middle outwards (incisors, canine, premolars, molar), and how far their edges
# hang below (upper) the middle of the arch; averages of adults.
UPPER_WIDTHS_MM = (8.5, 6.6, 7.6, 7.0, 6.8, 9.5)
UPPER_EDGES_MM = (0.0, -0.7, -0.1, -0.8, -1.2, -1.6)
LOWER_WIDTHS_MM = (5.3, 5.9, 6.8, 7.0, 7.2, 10.5)
LOWER_EDGES_MM = (0.0, 0.1, -0.3, 0.5, 0.9, 1.3)
# Where the edges lie at rest under the line of the lips. Young people show 1 to 3 mm of the upper teeth when
# the lips just part; the lower ones stay hidden until the jaw drops.
UPPER_EDGE_MM = 1.6
LOWER_EDGE_MM = 3.2
UPPER_LENGTH_MM = 10.0
LOWER_LENGTH_MM = 9.0
# Half the width of the dental arch as seen from the front; the teeth turn away towards it.
ARCH_HALF_WIDTH_MM = 27.0
# Brightness of the line between two teeth against the teeth: darker makes a piano keyboard.
GAP_SHADE = 0.80


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Texture:
    """A drawn thing.

    rgb: float32 (row, column, 3), 0 to 255. alpha: float32 (row, column), 0 to 1. px_per_mm: its resolution.
    """

    rgb: NDArray[np.float32]
    alpha: NDArray[np.float32]
    px_per_mm: float

    def __post_init__(self) -> None:
        check_array(self, "rgb", np.float32, ("row", "column", 3))
        check_array(self, "alpha", np.float32, self.rgb.shape[:2])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MouthTextures:
    """Everything inside a mouth, in front of its cavity."""

    upper_teeth: Texture
    lower_teeth: Texture
    tongue: Texture


def draw_mouth(palette: Palette, px_per_mm: float, seed: int = 0) -> MouthTextures:
    """Draw teeth and tongue in the light of a picture.

    px_per_mm: resolution of the picture at the mouth; the textures are drawn finer and softened to match it.
    """
    scale = float(np.clip(2 * px_per_mm, 5.0, 16.0))
    x, y = _plane(scale)
    softness = palette.blur_px / max(px_per_mm, 1e-3) * scale
    rng = np.random.default_rng(seed)
    upper = _draw_row(
        x, y, palette, UPPER_WIDTHS_MM, UPPER_EDGES_MM, UPPER_EDGE_MM, UPPER_LENGTH_MM, rng, up=True
    )
    lower = _draw_row(
        x, -y, palette, LOWER_WIDTHS_MM, LOWER_EDGES_MM, -LOWER_EDGE_MM, LOWER_LENGTH_MM, rng, up=False
    )
    return MouthTextures(
        upper_teeth=_soften(*upper, softness, scale),
        lower_teeth=_soften(*lower, softness, scale),
        tongue=_soften(*_draw_tongue(x, y, palette), softness + 0.3 * scale, scale),
    )


def _plane(scale: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    columns, rows = round(2 * HALF_WIDTH_MM * scale), round((BOTTOM_MM - TOP_MM) * scale)
    x = (np.arange(columns, dtype=np.float32) + 0.5) / scale - HALF_WIDTH_MM
    y = (np.arange(rows, dtype=np.float32) + 0.5) / scale + TOP_MM
    gx, gy = np.meshgrid(x, y)
    return gx, gy


def _draw_row(
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    palette: Palette,
    widths: tuple[float, ...],
    edges: tuple[float, ...],
    edge_mm: float,
    length_mm: float,
    rng: np.random.Generator,
    *,
    up: bool,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """One row of teeth whose edges point down (+y): colours and coverage."""
    # Along the arch: what is s millimetres from the middle appears at a * sin(s / a) from the front.
    along = ARCH_HALF_WIDTH_MM * np.arcsin(np.clip(x / ARCH_HALF_WIDTH_MM, -0.999, 0.999))
    alpha = np.zeros_like(x)
    shade = np.zeros_like(x)
    for side in (-1, 1):
        start = 0.0
        for width, edge in zip(widths, edges, strict=True):
            width_here = width * float(rng.uniform(0.97, 1.03))
            across = (side * along - start) / width_here * 2 - 1  # -1 to 1 over the tooth
            inside = np.abs(across) <= 1
            rounding = 0.55 * np.abs(across) ** 3.5
            bottom = edge_mm + edge + float(rng.uniform(-0.15, 0.15)) - rounding
            cover = np.clip((bottom - y) * 3 + 0.5, 0, 1)
            round_light = 1 - 0.16 * np.abs(across) ** 2.6 - 0.04 * across * side
            gap = GAP_SHADE + (1 - GAP_SHADE) * np.clip((1 - np.abs(across)) * width_here / 2 / 0.45, 0, 1)
            tone = float(rng.uniform(0.97, 1.02)) * (1.0 if width > 6 or not up else 0.985)
            alpha = np.where(inside, cover, alpha)
            shade = np.where(inside, round_light * gap * tone, shade)
            start += width_here
    depth = np.clip((edge_mm - y) / length_mm, 0, 1)  # 0 at the edge, 1 at the gum
    turned = np.clip(np.abs(x) / ARCH_HALF_WIDTH_MM, 0, 1)
    light = (1 - 0.10 * depth) * (1 - 0.62 * turned**2.2)
    light = light * (1.0 if up else 0.80)
    light = light * (1 + np.clip(palette.side_light * x / 140.0, -0.2, 0.2))
    # The last millimetre of an incisor is thinner and a little greyer.
    edge_grey = np.exp(-((depth * length_mm / 0.9) ** 2))
    warm = np.stack(
        [1 - 0.05 * edge_grey, 1 - 0.04 * edge_grey, 1 - 0.01 * edge_grey + 0.02 - 0.10 * depth], axis=-1
    )
    enamel = palette.tooth * warm * (shade * light)[..., None]
    gum = palette.tongue * np.array([1.15, 1.05, 1.05]) * light[..., None]
    scallop = 0.9 * np.cos(np.clip(along / 8.0, -9, 9) * 2 * np.pi) * 0.5
    at_gum = np.clip((edge_mm - length_mm + scallop - y) * 1.2 + 0.5, 0, 1)[..., None]
    rgb = enamel * (1 - at_gum) + gum * at_gum
    reach = np.clip((ARCH_HALF_WIDTH_MM * 0.985 - np.abs(x)) * 1.5, 0, 1)
    return rgb.astype(np.float32), (alpha * reach).astype(np.float32)


def _draw_tongue(
    x: NDArray[np.float32], y: NDArray[np.float32], palette: Palette
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The tongue as it lies low behind the lower teeth: a mound with a soft groove."""
    top = 2.6 + 3.2 * (x / 17.0) ** 2 + 0.7 * np.exp(-((x / 2.2) ** 2))
    depth = y - top
    alpha = np.clip(depth * 0.9 + 0.5, 0, 1) * np.clip((19.0 - np.abs(x)) / 2.5, 0, 1)
    light = 0.62 + 0.38 * np.exp(-(((depth - 3.0) / 4.0) ** 2))
    light = light * (1 - 0.35 * (x / 19.0) ** 2) * (1 - 0.10 * np.exp(-((x / 1.2) ** 2)))
    return (palette.tongue * light[..., None]).astype(np.float32), alpha.astype(np.float32)


def _soften(
    rgb: NDArray[np.float32], alpha: NDArray[np.float32], softness_px: float, scale: float
) -> Texture:
    """Blur colours and coverage together, colours weighted by coverage so that nothing bleeds in."""
    sigma = max(softness_px, 0.4)
    covered = blurred(alpha, sigma)
    weight = np.maximum(alpha, 0.02)
    colour = blurred(rgb * weight[..., None], sigma)
    total = blurred(weight, sigma)
    return Texture(rgb=colour / total[..., None], alpha=covered, px_per_mm=scale)
