"""Boxes of a frame's planes in RGB, smaller where that is enough: what the search for faces asks for."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.media.pixels.colour import HD_COLOUR, ColourProperties, rgb_from_yuv
from lipwright.engine.media.pixels.planes import I420, box_to_rgb, frame_size_wh, in_chroma, split_planes


class PlanesView:
    """One I420 frame. Fits lipwright.engine.face.values.FrameView."""

    def __init__(self, i420: I420, colour: ColourProperties = HD_COLOUR) -> None:
        """i420: not copied; not changed."""
        self._i420 = i420
        self._colour = colour
        self.size_wh = frame_size_wh(i420)

    def rgb(self, box: Box, shrink: int = 1) -> tuple[NDArray[np.uint8], tuple[int, int]]:
        """About this box as RGB, a whole factor smaller, and the left top corner it really has.

        The box is cut to the frame and widened or narrowed by less than 2 * shrink pixels a side.
        """
        grid = 2 * shrink
        low = [max(0, edge // grid * grid) for edge in box.corner]
        room = [(size - start) // grid * grid for size, start in zip(self.size_wh, low, strict=True)]
        ends = (box.right, box.bottom)
        wanted = [-(-(high - start) // grid) * grid for high, start in zip(ends, low, strict=True)]
        width, height = (min(one, other) for one, other in zip(wanted, room, strict=True))
        if width <= 0 or height <= 0:
            return np.empty((0, 0, 3), np.uint8), (low[0], low[1])
        part = Box.of_size((width, height)).moved(*low)
        if shrink == 1:
            return box_to_rgb(self._i420, part, self._colour), part.corner
        size_wh = (width // shrink, height // shrink)
        luma, *chroma = split_planes(self._i420)
        parts = [luma[part.slices], *(plane[in_chroma(part).slices] for plane in chroma)]
        # A thumbnail needs no more than a few rows of each block; every whole factor averages quickly.
        skip = next(rows for rows in range(max(1, shrink // 2), 0, -1) if shrink % rows == 0)
        parts = [plane[::skip] for plane in parts]
        yuv = cv2.merge([cv2.resize(plane, size_wh, interpolation=cv2.INTER_AREA) for plane in parts])
        matrix = rgb_from_yuv(self._colour.matrix_code, self._colour.is_full_range)
        return np.asarray(cv2.transform(yuv, matrix), np.uint8), part.corner
