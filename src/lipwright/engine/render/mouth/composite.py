"""Lip layers and the inside of the mouth put together: the one compositor of every renderer.

It does not ask how the layers were displaced or how the inside was made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.boxes import Box
from lipwright.engine.render.mouth.opening import Opening, find_opening
from lipwright.engine.render.mouth.seam import shade_seam
from lipwright.engine.render.patch import Patch


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LipLayer:
    """One side of a picture that is cut along the lips, displaced to where it lies in a part of the output.

    cover: float32 (height, width), how much of each pixel it covers, 0 to 1.
    colours: gives a stretch of its rows, uint8 (row, width, 3); asked only for rows that show.
    """

    cover: NDArray[np.float32]
    colours: Callable[[slice], NDArray[np.uint8]]

    def __post_init__(self) -> None:
        check_array(self, "cover", np.float32, ("height", "width"))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InsideView:
    """The inside of a mouth as it is seen through an opening.

    rgb: float32 (height, width, 3) of the opening's window, 0 to 255.
    light: float32 (height, width), share of light that reaches it; None where rgb is lit already.
    """

    rgb: NDArray[np.float32]
    light: NDArray[np.float32] | None

    def __post_init__(self) -> None:
        check_array(self, "rgb", np.float32, ("height", "width", 3))
        if self.light is not None:
            check_array(self, "light", np.float32, self.rgb.shape[:2])


def composite_mouth(
    part: Box,
    upper: LipLayer,
    lower: LipLayer,
    look_inside: Callable[[Opening], InsideView],
    *,
    corners_px: NDArray[np.floating],
    face_height_px: float,
    room_px: int,
    seam: float = 0.0,
) -> Patch:
    """A part of the output with its lips, and between them the inside of the mouth.

    look_inside: gives the inside through an opening; not called when the mouth is shut. corners_px: (2, 2),
    the inner corners of the mouth in pixels of the part. room_px: how far around what is open the inside may
    shine through. seam: strength of the line where lips meet, 0 to 1.
    """
    rgb = _lay_over(upper, lower)
    if seam > 0:
        shade_seam(rgb, upper.cover, corners_px, face_height_px, seam)
    opening = find_opening(part, upper.cover, lower.cover, corners_px, face_height_px, room_px)
    if opening is not None:
        inside = look_inside(opening)
        share = opening.share
        weight = share if inside.light is None else inside.light * share
        here = opening.window.slices
        mixed = rgb[here] * (1 - share[..., None]) + inside.rgb * weight[..., None]
        rgb[here] = np.clip(mixed + 0.5, 0, 255).astype(np.uint8)
    return Patch(box=part, rgb=rgb, weight=None)


def _lay_over(upper: LipLayer, lower: LipLayer) -> NDArray[np.uint8]:
    """The upper layer where it covers, the lower one elsewhere, uint8 (height, width, 3)."""
    cover = upper.cover
    end = len(cover) - int(np.argmax(cover[::-1].max(axis=1) > 0))  # rows below show the lower layer
    start = int(np.argmax(cover.min(axis=1) < 1))  # rows above show the upper one
    rgb = np.empty((*cover.shape, 3), dtype=np.uint8)
    if start > 0:
        rgb[:start] = upper.colours(slice(0, start))
    if end < len(cover):
        rgb[end:] = lower.colours(slice(end, None))
    if start < end:
        both = slice(start, end)
        rgb[both] = cv2.blendLinear(upper.colours(both), lower.colours(both), cover[both], 1 - cover[both])
    return rgb
