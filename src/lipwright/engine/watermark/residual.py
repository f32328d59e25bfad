"""What is left of a picture when the picture is taken away, averaged over frames."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.watermark.pattern import CANONICAL_SIDE_PX

# Of the canonical picture. Wider, more of the picture stays; narrower, the longer waves of the mark go too.
_NEIGHBOURHOOD_PX = 7
# A pixel counts by the inverse square of the activity around it, in levels. Even parts, where the mark is
# weakest and a codec has left least, would count for everything without a floor.
_ACTIVITY_FLOOR = 2.0
# An edge exceeds what is around it, a mark does not.
_MOST_ACTIVITIES = 2.5


class ResidualSum:
    """Adds up the residuals of frames of one size, scaled to the canonical one."""

    def __init__(self, size_wh: tuple[int, int]) -> None:
        """size_wh: of the planes that will come."""
        scale = CANONICAL_SIDE_PX / math.sqrt(size_wh[0] * size_wh[1])
        self._canonical_wh = (max(1, round(size_wh[0] * scale)), max(1, round(size_wh[1] * scale)))
        self._sum = np.zeros(self._canonical_wh[::-1], np.float32)
        self._count = 0

    @property
    def mean(self) -> NDArray[np.float32]:
        """The mean residual, float32 (row, column), without unit."""
        return np.asarray(self._sum / max(1, self._count), np.float32)

    def add(self, luma: NDArray[np.uint8]) -> None:
        """Add a plane, uint8 (height, width)."""
        is_larger = luma.shape[1] > self._canonical_wh[0]
        scaled = cv2.resize(
            luma, self._canonical_wh, interpolation=cv2.INTER_AREA if is_larger else cv2.INTER_LINEAR
        )
        plane = np.asarray(scaled, np.float32)
        around = (_NEIGHBOURHOOD_PX, _NEIGHBOURHOOD_PX)
        residual = plane - cv2.blur(plane, around)
        activity = cv2.blur(np.abs(residual), around) + np.float32(_ACTIVITY_FLOOR)
        most = _MOST_ACTIVITIES * activity
        self._sum += np.clip(residual, -most, most) / np.square(activity)
        self._count += 1
