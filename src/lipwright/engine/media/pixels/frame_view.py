"""Boxes of a frame's planes in RGB, smaller where that is enough: what the search for faces asks for."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.media.pixels.colour import HD_COLOUR, ColourProperties, rgb_from_yuv
from lipwright.engine.media.pixels.planes import I420, box_to_rgb, frame_size_wh, split_planes


class PlanesView:
    """One I420 frame. Fits lipwright.engine.face.values.FrameView."""

    def __init__(self, i420: I420, colour: ColourProperties = HD_COLOUR) -> None:
        """i420: not copied; not changed."""
        self._i420 = i420
        self._colour = colour
        self.size_wh = frame_size_wh(i420)

    def rgb(
        self, box_xyxy: tuple[int, int, int, int], shrink: int = 1
    ) -> tuple[NDArray[np.uint8], tuple[int, int]]:
        """About this box as RGB, a whole factor smaller, and the left top corner it really has.

        The box is cut to the frame and widened or narrowed by less than 2 * shrink pixels a side.
        """
        grid = 2 * shrink
        low = [max(0, edge // grid * grid) for edge in box_xyxy[:2]]
        room = [(size - start) // grid * grid for size, start in zip(self.size_wh, low, strict=True)]
        wanted = [-(-(high - start) // grid) * grid for high, start in zip(box_xyxy[2:], low, strict=True)]
        width, height = (min(one, other) for one, other in zip(wanted, room, strict=True))
        if width <= 0 or height <= 0:
            return np.empty((0, 0, 3), np.uint8), (low[0], low[1])
        left, top = low
        if shrink == 1:
            return box_to_rgb(self._i420, (left, top, left + width, top + height), self._colour), (left, top)
        size_wh = (width // shrink, height // shrink)
        planes = split_planes(self._i420)
        parts = [planes[0][top : top + height, left : left + width]] + [
            plane[top // 2 : (top + height) // 2, left // 2 : (left + width) // 2] for plane in planes[1:]
        ]
        # A thumbnail needs no more than a few rows of each block; every whole factor averages quickly.
        skip = next(rows for rows in range(max(1, shrink // 2), 0, -1) if shrink % rows == 0)
        parts = [part[::skip] for part in parts]
        yuv = cv2.merge([cv2.resize(part, size_wh, interpolation=cv2.INTER_AREA) for part in parts])
        matrix = rgb_from_yuv(self._colour.matrix_code, self._colour.is_full_range)
        return np.asarray(cv2.transform(yuv, matrix), np.uint8), (left, top)
