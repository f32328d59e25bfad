"""The tongue, shaped and shaded for each frame: behind the lower teeth, and up in open vowels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array, smoothstep

# Half the width of the tongue where it lies between the teeth, and of its tip, millimetres.
HALF_WIDTH_MM, TIP_HALF_WIDTH_MM = 21.0, 15.0
# How high its top stands above the edges of the lower teeth: at rest, and how much more for each millimetre
# that the lips open beyond the first, up to a last one. Lower shows a black hole in every open vowel.
TOP_MM, RISE, RISES_FROM_MM, RISES_TO_MM = 1.0, 0.33, 3.0, 17.0
# And how high above the edge of the lower lip at least, for each of these millimetres, where that hides the
# lower teeth.
RISE_OVER_LIP = 0.36
# For l, n, t and d its tip goes up behind the edges of the upper teeth by this, millimetres.
BEHIND_UPPER_MM = 1.2
# For th the tip lies under the edges of the upper teeth and covers those of the lower ones, by this,
# millimetres.
OVER_UPPER_MM, OVER_LOWER_MM = 0.1, 3.0
# It is seen at least this far above the edge of the lower lip, millimetres, or this share of the opening:
# over teeth that hang lower.
SEEN_MM, SEEN_SHARE = 2.4, 0.6
# It comes out from this share of TONGUE_OUT on.
OUT_FROM = 0.15
# How far behind the lower teeth's edges what is seen of the tongue lies, millimetres.
DEPTH_MM = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TonguePose:
    """What the tongue does in a frame.

    open_mm: how far the lips are open. lip_mm: from the edge of the lower lip down to those of the lower
    teeth; negative where the teeth stand above the lip. edges_mm: from the edges of the lower teeth up to
    those of the upper ones; negative where they overlap. up, out: the channels TONGUE_UP and TONGUE_OUT.
    """

    open_mm: float
    lip_mm: float
    edges_mm: float
    up: float
    out: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TongueView:
    """The tongue over a grid of places.

    cover: float32 (row, column), 0 to 1. normals: float32 (row, column, 3), face axes. shade: float32 (row,
    column), what the light that falls on it is multiplied with.
    """

    cover: NDArray[np.float32]
    normals: NDArray[np.float32]
    shade: NDArray[np.float32]

    def __post_init__(self) -> None:
        check_array(self, "cover", np.float32, ("row", "column"))
        check_array(self, "normals", np.float32, (*self.cover.shape, 3))
        check_array(self, "shade", np.float32, self.cover.shape)


def lying_tongue(x: NDArray[np.float32], y: NDArray[np.float32], pose: TonguePose) -> TongueView:
    """The tongue behind the teeth. x, y: float32 (row, column), millimetres from the middle lower edge."""
    rising = float(np.clip(pose.open_mm - RISES_FROM_MM, 0, RISES_TO_MM - RISES_FROM_MM))
    low = max(TOP_MM + RISE * rising, pose.lip_mm + RISE_OVER_LIP * rising)
    high = pose.edges_mm + BEHIND_UPPER_MM
    top = low + max(high - low, 0.0) * pose.up
    # A tip that is up is narrower than a back that lies.
    half = HALF_WIDTH_MM - 2.5 * pose.up
    body = np.clip(1 - (np.abs(x) / half) ** 2.6, 0, 1) ** (0.6 - 0.15 * pose.up)
    groove = np.exp(-((x / 2.2) ** 2)) * (1 - 0.6 * pose.up)
    surface = -(top + 1.5) * body + 2.5 * (1 - body) + 0.6 * groove
    depth = y - surface
    cover = np.clip(depth / 0.8 + 0.3, 0, 1) * np.clip((half - np.abs(x)) / 1.5, 0, 1)
    elevation = np.clip(1.25 - depth / 7.0, -0.25, 1.25) * (1 - 0.5 * pose.up)
    # What lies deeper gets less light; so does a narrow opening.
    lit = np.clip(0.52 + 0.055 * depth + 0.25 * pose.up, 0.48, 0.90) * np.clip(0.72 + pose.open_mm / 45, 0, 1)
    side = 1 - 0.35 * np.clip(np.abs(x) / half, 0, 1) ** 2
    line = 1 - 0.16 * np.exp(-((x / 1.3) ** 2)) * np.clip(elevation, 0.15, 1) * (1 - 0.6 * pose.up)
    return TongueView(
        cover=cover.astype(np.float32),
        normals=_normals(0.8 * np.clip(x / half, -1, 1), elevation),
        shade=(lit * side * line).astype(np.float32),
    )


def tip_between_teeth(x: NDArray[np.float32], y: NDArray[np.float32], pose: TonguePose) -> TongueView:
    """The tip of the tongue in front of the teeth, for th. x, y: as for :func:`lying_tongue`."""
    out = float(smoothstep(np.array((pose.out - OUT_FROM) / (1 - OUT_FROM))))
    half = TIP_HALF_WIDTH_MM * (0.75 + 0.25 * out)
    seen = pose.lip_mm + min(SEEN_MM, SEEN_SHARE * pose.open_mm)
    top = max(pose.edges_mm + OVER_UPPER_MM, seen) - 2.5 * (1 - out)
    bend = np.clip(np.abs(x) / half, 0, 1.2) ** 2.4
    surface = -top + 3.0 * bend
    depth = y - surface
    bottom = OVER_LOWER_MM * (1 - bend)
    ends = np.clip((bottom - y) / 0.8 + 0.5, 0, 1) * np.clip((half - np.abs(x)) / 1.2, 0, 1)
    cover = np.clip(depth / 0.6 + 0.4, 0, 1) * ends * min(1.0, 3 * out)
    thickness = max(top + OVER_LOWER_MM, 2.0)
    elevation = 0.9 - 1.5 * np.clip(depth / thickness, 0, 1)
    line = 1 - 0.10 * np.exp(-((x / 1.2) ** 2))
    return TongueView(
        cover=cover.astype(np.float32),
        normals=_normals(0.6 * np.clip(x / half, -1, 1), elevation),
        shade=np.broadcast_to(line, cover.shape).astype(np.float32),
    )


def _normals(azimuth: NDArray[np.floating], elevation: NDArray[np.floating]) -> NDArray[np.float32]:
    level = np.cos(elevation)
    return np.stack(
        [np.sin(azimuth) * level, -np.sin(elevation) + 0 * azimuth, -np.cos(azimuth) * level], axis=-1
    ).astype(np.float32)
