"""Writing a mark into planes of luma: hardly anything where a picture is even, more where it is busy.

The strength follows the activity around a pixel, as busy parts hide what even ones show: the masking by local
variance of Voloshynovskiy, Herrigel, Baumgaertner and Pun, "A stochastic approach to content adaptive digital
image watermarking" (Information Hiding, 1999), with means of absolute differences.
"""

from __future__ import annotations

import math
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.watermark.pattern import tile_pattern, tile_side_px
from lipwright.engine.watermark.values import Watermark

# The pattern, whose deviation is 1, and its strength in levels, as bytes.
_PATTERN_UNIT, _STRENGTH_UNIT, _ACTIVITY_UNIT = 48, 96, 32
# Levels. In even parts one pixel of four changes by a single level: with more, walls look mottled at twice
# their size. The most keeps the whole picture above 42 dB however busy it is.
_LEAST_STRENGTH, _MOST_STRENGTH = 0.42, 2.0
# Below this mean difference from its neighbours, in levels, a picture is even: a codec's noise is no texture.
_CALM_ACTIVITY = 0.2
_STRENGTH_PER_ACTIVITY = 2.5
# The geometric mean of the sides of the map of strengths: finer, it would see less than the pattern's waves.
_MAP_SIDE_PX = 360


class WatermarkEmbedder:
    """Writes one mark into frames of one size. For one thread at a time."""

    def __init__(self, watermark: Watermark, size_wh: tuple[int, int]) -> None:
        """size_wh: of the planes of luma."""
        self._side = tile_side_px(size_wh)
        pattern = np.rint(np.clip(tile_pattern(watermark, self._side) * _PATTERN_UNIT, -255, 255))
        self._magnitude = np.abs(pattern).astype(np.uint8)
        self._is_raised = np.where(pattern > 0, 255, 0).astype(np.uint8)
        self._size_wh = size_wh
        self._strengths = np.empty((size_wh[1], size_wh[0]), np.uint8)
        self._change = np.empty((self._side, self._side), np.uint8)
        self._raised = np.empty((self._side, self._side), np.uint8)

    def mark(self, luma: NDArray[np.uint8]) -> None:
        """Write the mark into a plane, uint8 (height, width), in place. Raises ValueError for other sizes."""
        height, width = luma.shape
        if (width, height) != self._size_wh:
            raise ValueError(f"the plane is {width}x{height}, expected {self._size_wh}")
        cv2.resize(_strengths(luma), self._size_wh, dst=self._strengths, interpolation=cv2.INTER_LINEAR)
        unit = 1 / (_PATTERN_UNIT * _STRENGTH_UNIT)
        # Tile by tile, which stays in the processor's cache.
        for top in range(0, height, self._side):
            for left in range(0, width, self._side):
                part = luma[top : top + self._side, left : left + self._side]
                strength = self._strengths[top : top + self._side, left : left + self._side]
                rows, columns = part.shape
                change = self._change[:rows, :columns]
                raised = self._raised[:rows, :columns]
                cv2.multiply(self._magnitude[:rows, :columns], strength, dst=change, scale=unit)
                cv2.bitwise_and(change, self._is_raised[:rows, :columns], dst=raised)
                cv2.add(part, raised, dst=part)
                cv2.subtract(change, raised, dst=change)
                cv2.subtract(part, change, dst=part)


def _strengths(luma: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """How strong the mark is, in 1 / _STRENGTH_UNIT levels, uint8, a small map of the plane."""
    height, width = luma.shape
    shrink = max(1.0, math.sqrt(width * height) / _MAP_SIDE_PX)
    map_wh = (max(1, round(width / shrink)), max(1, round(height / shrink)))
    small = cv2.resize(luma, map_wh, interpolation=cv2.INTER_LINEAR)
    differences = cv2.convertScaleAbs(cv2.absdiff(small, cv2.blur(small, (3, 3))), alpha=_ACTIVITY_UNIT)
    # The least around a pixel: a wall stays even up to the edge of what stands before it.
    activity = cv2.erode(cv2.blur(differences, (7, 7)), np.ones((5, 5), np.uint8))
    return np.asarray(cv2.LUT(cv2.blur(activity, (5, 5)), _strengths_of_activity()), np.uint8)


@cache
def _strengths_of_activity() -> NDArray[np.uint8]:
    """The strength for each activity, uint8 (256,)."""
    activity = np.arange(256) / _ACTIVITY_UNIT
    strength = _LEAST_STRENGTH + (activity - _CALM_ACTIVITY) * _STRENGTH_PER_ACTIVITY
    return np.rint(np.clip(strength, _LEAST_STRENGTH, _MOST_STRENGTH) * _STRENGTH_UNIT).astype(np.uint8)
