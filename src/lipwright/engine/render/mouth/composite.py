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


def composite_mouth(
    part: Box,
    upper: LipLayer,
    lower: LipLayer,
    look_inside: Callable[[Opening], NDArray[np.float32]],
    *,
    corners_px: NDArray[np.floating],
    face_height_px: float,
    room_px: int,
    shown_inside: Callable[[Opening], NDArray[np.floating] | NDArray[np.uint8]] | None = None,
    share: float = 1.0,
    seam: float = 0.0,
) -> Patch:
    """A part of the output with its lips, and between them the inside of the mouth.

    look_inside: gives the inside through an opening in the light that reaches it, (height, width, 3) of the
    opening's window, 0 to 255; not called when the mouth is shut. corners_px: (2, 2), the inner corners of
    the mouth in pixels of the part. room_px: how far around what is open the inside may shine through.
    shown_inside: gives what the picture itself shows there, see :func:`places_between`. share: how much of
    the inside is look_inside's, 0 to 1; the rest is shown_inside's, where there is one.
    seam: how strong the line is where the lips meet, 0 to 1.
    """
    rgb = _lay_over(upper, lower)
    if seam > 0:
        shade_seam(rgb, upper.cover, corners_px, face_height_px, seam)
    opening = find_opening(part, upper.cover, lower.cover, corners_px, face_height_px, room_px)
    if opening is not None:
        if shown_inside is None or share >= 1:
            inside = look_inside(opening)
        elif share <= 0:
            inside = np.asarray(shown_inside(opening), dtype=np.float32)
        else:
            shown = shown_inside(opening)
            inside = np.asarray(shown + (look_inside(opening) - shown) * np.float32(share), dtype=np.float32)
        open_share = opening.share[..., None]
        here = opening.window.slices
        mixed = rgb[here] * (1 - open_share) + inside * open_share
        rgb[here] = np.clip(mixed + 0.5, 0, 255).astype(np.uint8)
    return Patch(box=part, rgb=rgb, weight=None)


def places_between(
    opening: Opening, upper_places: NDArray[np.float32], lower_places: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Where in a picture what it shows between its lips comes from: as the nearer lip moves.

    float32 (height, width, 2) of the opening's window. upper_places, lower_places: float32 (height, width, 2)
    of the opening's part, where each pixel of the lip layers comes from.
    """
    here = opening.window.slices
    # From the upper lip's edge to the lower one's in every column, as far as it is open.
    depth = np.cumsum(opening.share, axis=0)
    depth /= np.maximum(depth[-1:], 1e-3)
    places = upper_places[here] + (lower_places[here] - upper_places[here]) * depth[..., None]
    return np.asarray(places, dtype=np.float32)


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
