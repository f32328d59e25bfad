"""Rows of teeth drawn once for a face, as textures over the dental arch.

A texture's columns are arc length, its rows height; the edges of the middle teeth lie at height 0 and point
down, the gums lie above. The row of the lower jaw is the same upside down.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array, smoothstep
from lipwright.engine.render.mouth.arch import DentalArch
from lipwright.engine.render.mouth.palette import Palette
from lipwright.engine.render.pixels import blurred

# The part of an arch that a texture covers, millimetres: arc length to both sides, and heights.
HALF_LENGTH_MM = 38.0
TOP_MM, BOTTOM_MM = -14.0, 4.0
# Resolution of the textures against the picture's, and its bounds in pixels a millimetre: coarser loses the
# gaps between teeth, finer costs memory for nothing.
FINER, RESOLUTION = 2.2, (6.0, 16.0)
# How much narrower a tooth is at the gum than at its middle.
NECK = 0.20
# Light in the valley between two teeth against the teeth, and half the valley's width in millimetres.
VALLEY_LIGHT, VALLEY_MM = 0.66, 0.55
# How far a tooth's outside leans back from its lower third to its neck and edge, radians per tooth length.
LEAN = 0.55


@dataclass(frozen=True, slots=True, kw_only=True)
class ToothShape:
    """A tooth. width_mm, length_mm: of its crown. edge_mm: how far its edge hangs below the middle ones'.

    bulge_deg: how far its sides turn away from its middle.
    """

    width_mm: float
    length_mm: float
    edge_mm: float
    bulge_deg: float


# From the middle outwards: two incisors, canine, two premolars, molar; averages of adults.
UPPER_TEETH = (
    ToothShape(width_mm=8.6, length_mm=10.4, edge_mm=0.0, bulge_deg=30),
    ToothShape(width_mm=6.7, length_mm=9.2, edge_mm=-0.9, bulge_deg=30),
    ToothShape(width_mm=7.7, length_mm=10.4, edge_mm=-0.1, bulge_deg=42),
    ToothShape(width_mm=7.0, length_mm=8.8, edge_mm=-1.0, bulge_deg=46),
    ToothShape(width_mm=6.8, length_mm=8.2, edge_mm=-1.5, bulge_deg=46),
    ToothShape(width_mm=9.8, length_mm=7.6, edge_mm=-2.0, bulge_deg=40),
)
LOWER_TEETH = (
    ToothShape(width_mm=5.4, length_mm=8.8, edge_mm=0.0, bulge_deg=26),
    ToothShape(width_mm=6.0, length_mm=9.0, edge_mm=0.0, bulge_deg=26),
    ToothShape(width_mm=6.9, length_mm=10.2, edge_mm=-0.35, bulge_deg=40),
    ToothShape(width_mm=7.1, length_mm=8.6, edge_mm=0.55, bulge_deg=46),
    ToothShape(width_mm=7.2, length_mm=8.0, edge_mm=1.0, bulge_deg=46),
    ToothShape(width_mm=10.6, length_mm=7.4, edge_mm=1.5, bulge_deg=40),
)
# The arches over which the rows stand.
UPPER_ARCH = DentalArch.over_ellipse(27.5, 38.0)
LOWER_ARCH = DentalArch.over_ellipse(25.0, 35.0)
# Colour of a tooth by its place from the middle: laterals and canines are a little darker.
TONES = (1.0, 0.985, 0.955, 0.97, 0.97, 0.97)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ToothRow:
    """A row of teeth on its arch.

    colours: float32 (row, column, 4), RGB in even light from the front, multiplied by coverage, and coverage
    0 to 1. relief: float32 (row, column, 4), azimuth and elevation in radians that the surface turns from the
    arch's own, gloss 0 to 1, and how much of the colours is in the picture's light already, 0 to 1.
    px_per_mm: of colours. relief_px_per_mm: of relief. edge_slope: of coverage at an edge, per millimetre.
    """

    colours: NDArray[np.float32]
    relief: NDArray[np.float32]
    px_per_mm: float
    relief_px_per_mm: float
    edge_slope: float

    def __post_init__(self) -> None:
        check_array(self, "colours", np.float32, ("row", "column", 4))
        check_array(self, "relief", np.float32, ("row", "column", 4))

    def texture_places(self, surface: NDArray[np.float32], scale: float) -> NDArray[np.float32]:
        """Places of arc length and height (..., 2 or more) in a texture of this many pixels a millimetre."""
        corner = np.array([HALF_LENGTH_MM, -TOP_MM], dtype=np.float32)
        return (surface[..., :2] + corner) * np.float32(scale) - np.float32(0.5)


def texture_px_per_mm(px_per_mm: float) -> float:
    """Resolution of the textures for a picture of this resolution at the mouth."""
    return float(np.clip(FINER * px_per_mm, *RESOLUTION))


def draw_teeth(
    shapes: tuple[ToothShape, ...], palette: Palette, px_per_mm: float, rng: np.random.Generator
) -> ToothRow:
    """Draw one row of teeth. px_per_mm: resolution of the picture at the mouth."""
    scale = texture_px_per_mm(px_per_mm)
    columns, rows = round(2 * HALF_LENGTH_MM * scale), round((BOTTOM_MM - TOP_MM) * scale)
    s = (np.arange(columns, dtype=np.float32) + 0.5) / scale - HALF_LENGTH_MM
    y = ((np.arange(rows, dtype=np.float32) + 0.5) / scale + TOP_MM)[:, None]
    colours = np.zeros((rows, columns, 4), dtype=np.float32)
    relief = np.zeros((rows, columns, 4), dtype=np.float32)
    for side in (-1, 1):
        start = 0.0
        for place, shape in enumerate(shapes):
            width = shape.width_mm * float(rng.uniform(0.97, 1.03))
            here = (side * s >= start) & (side * s < start + width)
            across = (side * s[here] - start) / width * 2 - 1
            colours[:, here], relief[:, here, :3] = _draw_tooth(
                shape, place, across[None, :], y, side, width, scale, palette, rng
            )
            start += width
    # What is finer than half a pixel of the picture would flicker as it moves; the picture's own softness on
    # top.
    softness = np.hypot(palette.blur_px, 0.45) * scale / max(px_per_mm, 1e-3)
    return ToothRow(
        colours=blurred(colours, max(0.3, softness)),
        relief=np.ascontiguousarray(relief[::2, ::2]),
        px_per_mm=scale,
        relief_px_per_mm=scale / 2,
        edge_slope=scale / (2.5 * max(0.3, softness)),
    )


def _draw_tooth(
    shape: ToothShape,
    place: int,
    across: NDArray[np.float32],
    y: NDArray[np.float32],
    side: int,
    width_mm: float,
    scale: float,
    palette: Palette,
    rng: np.random.Generator,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Colours and relief over one tooth's columns. across: (1, column), -1 at the middle's side to 1."""
    detail = 1 - palette.flatness
    incisor, front = place < 2, place < 3
    length = shape.length_mm * float(rng.uniform(0.96, 1.04))
    edge = detail * (shape.edge_mm + float(rng.uniform(-0.15, 0.15)))
    tone = 1 + detail * (TONES[place] * float(rng.uniform(0.98, 1.02)) - 1)
    tilt = float(rng.uniform(-0.03, 0.03)) + (0.02 if place else 0.01)
    up = (edge - y) / length  # 0 at the edge, 1 at the gum
    height = np.clip(up, 0, 1)

    # The corner away from the middle is rounder.
    rounding = np.where(across > 0, 0.85, 0.45) * (1.0 if incisor else 1.6)
    corner = detail * rounding * np.abs(across) ** (4.0 if incisor else 2.2)
    cover = np.clip((edge - corner - y) * scale * 0.7 + 0.5, 0, 1)
    # Teeth part at their edges more than where they touch.
    from_side = (1 - np.abs(across)) * width_mm / 2
    parted = np.clip(from_side / (0.10 + 0.25 * np.exp(-height / 0.08)), 0.75, 1)
    valley = VALLEY_LIGHT + (1 - VALLEY_LIGHT) * smoothstep(from_side / VALLEY_MM)
    parted, valley = 1 - detail * (1 - parted), 1 - detail * (1 - valley)

    neck = 1.02 - NECK * smoothstep((up - 0.25) / 0.75)
    at_neck = np.clip((across + 2 * tilt * up) / neck, -1, 1)
    gum_line = edge - length + (3.4 if front else 2.2) * np.abs(at_neck) ** 2.4
    gum = np.clip((gum_line - y) * scale * 0.5 + 0.5, 0, 1)

    # Warmer towards the gum, greyer and a little see-through at the edge.
    hue = detail * palette.chroma
    warmth = hue * smoothstep((height - 0.35) / 0.65) * (1.25 if place == 2 else 0.9)
    coolness = hue * smoothstep((0.22 - height) / 0.22) * (1.0 if incisor else 0.4)
    thinness = detail * 0.10 * smoothstep((0.06 - height) / 0.06) * incisor
    enamel = palette.tooth * (1 + warmth[..., None] * (_WARM - 1)) * (1 + coolness[..., None] * (_COOL - 1))
    enamel = enamel * (tone * (1 - thinness) * valley)[..., None]
    flesh = palette.gum * (0.92 + 0.1 * np.cos(3 * at_neck))[..., None]
    rgb = enamel * (1 - gum[..., None]) + flesh * gum[..., None]
    alpha = np.maximum(cover * parted, gum) * np.clip((y - TOP_MM) / 2, 0, 1)

    bulge = np.deg2rad(shape.bulge_deg) * np.sign(across) * np.abs(across) ** 1.7
    relief = np.stack(
        [
            detail * side * bulge * (1 - 0.6 * gum),
            detail * (np.clip(up, 0, 1.2) - 0.42) * LEAN + np.zeros_like(across),
            detail * (1 - 0.4 * gum) * valley,
        ],
        axis=-1,
    )
    colours = np.concatenate([rgb * alpha[..., None], alpha[..., None]], axis=-1)
    return colours.astype(np.float32), relief.astype(np.float32)


_WARM = np.array([1.0, 0.965, 0.875], dtype=np.float32)
_COOL = np.array([0.955, 0.965, 0.985], dtype=np.float32)
