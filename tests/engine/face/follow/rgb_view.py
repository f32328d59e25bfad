"""A frame of a clip as the tests paint it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


class RgbView:
    """A FrameView of a whole RGB frame, uint8 (height, width, 3)."""

    def __init__(self, rgb: NDArray[np.uint8]) -> None:
        self._rgb = rgb
        self.size_wh = (rgb.shape[1], rgb.shape[0])

    def rgb(
        self, box_xyxy: tuple[int, int, int, int], shrink: int = 1
    ) -> tuple[NDArray[np.uint8], tuple[int, int]]:
        """See FrameView."""
        left, top = max(0, box_xyxy[0]), max(0, box_xyxy[1])
        part = self._rgb[top : max(top, box_xyxy[3]), left : max(left, box_xyxy[2])]
        if shrink == 1 or part.size == 0:
            return part, (left, top)
        count_wh = (part.shape[1] // shrink, part.shape[0] // shrink)
        if min(count_wh) == 0:
            return part[:0, :0], (left, top)
        part = part[: count_wh[1] * shrink, : count_wh[0] * shrink]
        return np.asarray(cv2.resize(part, count_wh, interpolation=cv2.INTER_AREA), np.uint8), (left, top)
