"""One size and one pixel aspect for a clip whose frames have several: the others are laid on it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.media.pixels.alpha import OPAQUE, Alpha
from lipwright.engine.media.pixels.planes import I420, split_planes

# Steps of a call round sizes to whole blocks: proportions that differ by less fill the canvas, because bars
# of a few pixels that come and go are seen, and faces that are so much wider are not.
_SAME_PROPORTIONS = 0.03
_BLACK_LUMA, _GREY_CHROMA = 16, 128


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureShape:
    """How a frame is shown. size_wh: upright, even. pixel_aspect: width over height of an upright pixel."""

    size_wh: tuple[int, int]
    pixel_aspect: Fraction

    @property
    def pixels(self) -> int:
        """How many it has."""
        return self.size_wh[0] * self.size_wh[1]

    @property
    def proportions(self) -> Fraction:
        """Width over height of the picture as it is seen."""
        return Fraction(self.size_wh[0], self.size_wh[1]) * self.pixel_aspect


def place_on_canvas(shape: PictureShape, canvas: PictureShape) -> tuple[int, int, int, int]:
    """Where a frame lies on a canvas, in its middle: left, top, width and height, all even."""
    width, height = (float(side) for side in canvas.size_wh)
    wider = float(shape.proportions / canvas.proportions)
    if abs(np.log(wider)) > np.log1p(_SAME_PROPORTIONS):
        width, height = (width, height / wider) if wider > 1 else (width * wider, height)
    inner_wh = [
        min(whole, max(2, round(side / 2) * 2))
        for side, whole in zip((width, height), canvas.size_wh, strict=True)
    ]
    left, top = ((whole - side) // 4 * 2 for whole, side in zip(canvas.size_wh, inner_wh, strict=True))
    return left, top, inner_wh[0], inner_wh[1]


def fitted(
    i420: I420, alpha: Alpha | None, shape: PictureShape, canvas: PictureShape, *, is_full_range: bool
) -> tuple[I420, Alpha | None]:
    """A frame and its opacity laid on a canvas, with bars where its proportions differ; new arrays.

    Bars are black, and transparent where the frame has an opacity.
    """
    place = place_on_canvas(shape, canvas)
    width, height = canvas.size_wh
    whole = np.empty((height * 3 // 2, width), np.uint8)
    black = 0 if is_full_range else _BLACK_LUMA
    for target, source, ground in zip(
        split_planes(whole), split_planes(i420), (black, _GREY_CHROMA, _GREY_CHROMA), strict=True
    ):
        target[...] = ground
        part = [side * target.shape[1] // width for side in place]
        _lay(target, source, part)
    if alpha is None:
        return whole, None
    opacity = np.zeros((height, width), np.uint8)
    _lay(opacity, alpha, list(place))
    return whole, opacity if opacity.min(initial=OPAQUE) < OPAQUE else None


def _lay(target: NDArray[np.uint8], source: NDArray[np.uint8], part: list[int]) -> None:
    left, top, width, height = part
    is_larger = width * height > source.shape[0] * source.shape[1]
    way = cv2.INTER_CUBIC if is_larger else cv2.INTER_AREA
    target[top : top + height, left : left + width] = cv2.resize(source, (width, height), interpolation=way)
