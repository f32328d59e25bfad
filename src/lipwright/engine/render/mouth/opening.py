"""The opening between the lip layers in a part of the output, and the light that falls through it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.boxes import Box
from lipwright.engine.render.pixels import blurred

# Over which distance the mouth closes at its corners, face heights.
CORNER_SOFTNESS = 0.012
# Pixels that are open by less than this do not make an opening: lips that only touch would let something
# through.
LEAST_OPEN = 0.01
# The interior is lit through the lips: how much of its light they take where they cover all around, the upper
# one more than the lower one, and the least that is left. Darker, teeth in narrow openings are grey; lighter,
# they lie on the lips. What is open is lit fully a little before the shadow ends.
UPPER_SHADOW, LOWER_SHADOW, LEAST_LIGHT, FULL_LIGHT = 0.38, 0.74, 0.36, 1.08
# How far the shadow of the lips reaches, face heights.
SHADOW_REACH = 0.016
# A shadow this soft is worked out on a grid of this many cells in its reach.
SHADOW_CELLS = 2.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Opening:
    """Where one looks between the lips.

    part: the box of the output over which the lip layers lie. window: in pixels of the part, the box that
    holds all that is open, with some room.
    upper, lower: float32 (height, width) of the part, how much of each pixel the lip layers cover, 0 to 1.
    share: float32 (height, width) of the window, how open each pixel is, 0 to 1.
    corners_px: float32 (2, 2), the inner corners of the mouth, the viewer's left one first, in pixels of the
    part.
    face_height_px: of the face in the output.
    """

    part: Box
    window: Box
    upper: NDArray[np.float32]
    lower: NDArray[np.float32]
    share: NDArray[np.float32]
    corners_px: NDArray[np.float32]
    face_height_px: float

    def __post_init__(self) -> None:
        for name in ("upper", "lower"):
            check_array(self, name, np.float32, (self.part.height, self.part.width))
        check_array(self, "share", np.float32, (self.window.height, self.window.width))
        check_array(self, "corners_px", np.float32, (2, 2))

    @property
    def box(self) -> Box:
        """The window in pixels of the output."""
        return self.window.moved(*self.part.corner)

    def light(self) -> NDArray[np.float32]:
        """Share of light that gets inside, float32 (height, width) of the window: less behind a lip."""
        reach = max(0.8, SHADOW_REACH * self.face_height_px)
        # Blurring the covers needs some of the lips around the opening.
        around = self.window.grown(int(4 * reach) + 2).clipped(Box.of_size(self.part.size_wh))
        cell = max(1.0, reach / SHADOW_CELLS)
        cells_wh = max(1, round(around.width / cell)), max(1, round(around.height / cell))
        shadow = np.zeros(cells_wh[::-1], dtype=np.float32)
        for cover, strength, spread in (
            (self.upper, UPPER_SHADOW, 1.5 * reach),
            (self.lower, LOWER_SHADOW, 0.8 * reach),
        ):
            coarse = cv2.resize(cover[around.slices], cells_wh, interpolation=cv2.INTER_AREA)
            shadow += strength * blurred(np.asarray(coarse, dtype=np.float32), spread / cell)
        light = np.clip(FULL_LIGHT - shadow, LEAST_LIGHT, 1)
        fine = cv2.resize(light, around.size_wh, interpolation=cv2.INTER_LINEAR)
        return np.asarray(fine[self.window.seen_from(around).slices], dtype=np.float32)


def find_opening(
    part: Box,
    upper: NDArray[np.float32],
    lower: NDArray[np.float32],
    corners_px: NDArray[np.floating],
    face_height_px: float,
    room_px: int,
) -> Opening | None:
    """What two lip layers leave open in a part of the output; None when the mouth is shut.

    upper, lower: float32 (height, width), how much of each pixel they cover. corners_px: (2, 2), the inner
    corners of the mouth in pixels of the part. room_px: around what is open.
    """
    # Under a lip nothing is open; only what both leave is looked at closely.
    around = Box.of_size(part.size_wh)
    found = cv2.boundingRect((upper + lower < 1 - LEAST_OPEN).astype(np.uint8))
    if found[2] == 0:
        return None
    around = Box(found[0], found[1], found[0] + found[2], found[1] + found[3]).grown(room_px).clipped(around)
    here = around.slices
    share = np.clip(1 - upper[here] - lower[here], 0, 1)
    share *= _between(corners_px, around, CORNER_SOFTNESS * face_height_px)
    rows, columns = (np.flatnonzero(share.max(axis=axis) > LEAST_OPEN) for axis in (1, 0))
    if not len(rows):
        return None
    open_px = Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    window = open_px.grown(room_px).clipped(Box.of_size(around.size_wh))
    share = share[window.slices]
    window = window.moved(*around.corner)
    return Opening(
        part=part,
        window=window,
        upper=upper,
        lower=lower,
        share=share,
        corners_px=np.asarray(corners_px, dtype=np.float32),
        face_height_px=face_height_px,
    )


def _between(corners_px: NDArray[np.floating], box: Box, softness_px: float) -> NDArray[np.float32]:
    """1 between two points across their connecting line, softly 0 beyond them, float32 (height, width)."""
    along = corners_px[1] - corners_px[0]
    length = max(float(np.linalg.norm(along)), 1.0)
    along = along / length
    x = np.arange(box.left, box.right, dtype=np.float32)[None, :] - corners_px[0, 0]
    y = np.arange(box.top, box.bottom, dtype=np.float32)[:, None] - corners_px[0, 1]
    place = x * np.float32(along[0]) + y * np.float32(along[1])
    edge = np.minimum(place, length - place) / max(softness_px, 1.0)
    return np.asarray(np.clip(edge, 0, 1), dtype=np.float32)
