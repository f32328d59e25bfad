"""Writing a mark into planes of luma: hardly anything where a picture is even, more where it is busy.

The strength follows the activity around a pixel, as busy parts hide what even ones show: the masking by local
variance of Voloshynovskiy, Herrigel, Baumgaertner and Pun, "A stochastic approach to content adaptive digital
image watermarking" (Information Hiding, 1999), with means of absolute differences.

The pattern stands still, so what moves under it is coded anew in every frame: moving parts carry less. Large
pictures carry less, too, as more pixels tell of each wave.
"""

from __future__ import annotations

import math
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.watermark.pattern import CANONICAL_SIDE_PX, tile_pattern, tile_side_px
from lipwright.engine.watermark.values import Watermark

# The pattern, whose deviation is 1, and its strength in levels, as bytes.
_PATTERN_UNIT, _STRENGTH_UNIT, _ACTIVITY_UNIT = 48, 96, 32
# Levels. In even parts one pixel of four changes by a single level: with more, walls look mottled at twice
# their size. The most keeps the whole picture above 42 dB however busy it is.
_LEAST_STRENGTH, _MOST_STRENGTH = 0.42, 2.0
# Below this mean difference from its neighbours, in levels, a picture is even: a codec's noise is no texture.
_CALM_ACTIVITY = 0.2
_STRENGTH_PER_ACTIVITY = 2.5
# In larger pictures than the canonical one busy parts carry less, by the ratio of the sides, to this share.
_LEAST_SIZE_SHARE = 0.5
# The geometric mean of the sides of the map of strengths: finer, it would see less than the pattern's waves.
_MAP_SIDE_PX = 360
# Frames that share one drawing of the mark: what moves has not gone far after so many.
_FRAMES_A_DRAWING = 8
# A mean difference between two frames, in levels, that only a cut makes.
_CUT_DIFFERENCE = 12.0
_STRIP_ROWS = 64
# The geometric mean of the sides of the map of motion.
_MOTION_SIDE_PX = 180
# Motion is a difference between frames, as bytes; it fades by this factor a frame. From the first to the
# second number of levels a part goes from still to moving: below is the noise of a codec or a camera.
_MOTION_UNIT, _MOTION_DECAY = 16, 0.9
_STILL_DIFFERENCE, _MOVING_DIFFERENCE = 0.5, 2.0
# The share of its strength that the mark keeps in moving parts; less in large pictures, whose waves have more
# pixels to be found by, and cost more bits.
_MOVING_SHARE = 0.8


class WatermarkEmbedder:
    """Writes one mark into the frames of one video, in their order. For one thread at a time."""

    def __init__(self, watermark: Watermark, size_wh: tuple[int, int]) -> None:
        """size_wh: of the planes of luma."""
        self._side = tile_side_px(size_wh)
        pattern = np.rint(np.clip(tile_pattern(watermark, self._side) * _PATTERN_UNIT, -255, 255))
        self._magnitude = np.abs(pattern).astype(np.uint8)
        self._is_raised = np.where(pattern > 0, 255, 0).astype(np.uint8)
        self._size_wh = size_wh
        self._share = min(max(CANONICAL_SIDE_PX / _mean_side(size_wh), _LEAST_SIZE_SHARE), 1.0)
        # What is added to a plane, and what is taken away.
        self._raised = np.empty((size_wh[1], size_wh[0]), np.uint8)
        self._lowered = np.empty_like(self._raised)
        self._samples: NDArray[np.uint8] | None = None
        self._motion = np.zeros(_reduced_wh(size_wh, _MOTION_SIDE_PX)[::-1], np.uint8)
        self._age = 0

    def mark(self, luma: NDArray[np.uint8]) -> None:
        """Write the mark into a plane, uint8 (height, width), in place. Raises ValueError for other sizes."""
        height, width = luma.shape
        if (width, height) != self._size_wh:
            raise ValueError(f"the plane is {width}x{height}, expected {self._size_wh}")
        if self._follow(luma):
            self._draw(_strengths(luma, self._motion, self._share))
        # Strip by strip, which stays in the processor's cache.
        for top in range(0, height, _STRIP_ROWS):
            strip = luma[top : top + _STRIP_ROWS]
            cv2.add(strip, self._raised[top : top + _STRIP_ROWS], dst=strip)
            cv2.subtract(strip, self._lowered[top : top + _STRIP_ROWS], dst=strip)

    def _follow(self, luma: NDArray[np.uint8]) -> bool:
        """Take in what moves from the frame before; whether the mark must be drawn anew."""
        before = self._samples
        self._samples = np.asarray(
            cv2.resize(luma, self._motion.shape[::-1], interpolation=cv2.INTER_NEAREST), np.uint8
        )
        if before is None:
            return True
        difference = cv2.absdiff(self._samples, before)
        if cv2.mean(difference)[0] > _CUT_DIFFERENCE:
            self._motion[...] = 0
            self._age = 0
            return True
        faded = cv2.convertScaleAbs(self._motion, alpha=_MOTION_DECAY)
        cv2.max(
            cv2.convertScaleAbs(cv2.blur(difference, (3, 3)), alpha=_MOTION_UNIT), faded, dst=self._motion
        )
        self._age = (self._age + 1) % _FRAMES_A_DRAWING
        return self._age == 0

    def _draw(self, strengths: NDArray[np.uint8]) -> None:
        """Make what is added and taken away, from a map of strengths."""
        cv2.resize(strengths, self._size_wh, dst=self._raised, interpolation=cv2.INTER_LINEAR)
        unit = 1 / (_PATTERN_UNIT * _STRENGTH_UNIT)
        # Tile by tile, which stays in the processor's cache.
        for top in range(0, self._size_wh[1], self._side):
            for left in range(0, self._size_wh[0], self._side):
                raised = self._raised[top : top + self._side, left : left + self._side]
                lowered = self._lowered[top : top + self._side, left : left + self._side]
                rows, columns = raised.shape
                cv2.multiply(self._magnitude[:rows, :columns], raised, dst=lowered, scale=unit)
                cv2.bitwise_and(lowered, self._is_raised[:rows, :columns], dst=raised)
                cv2.subtract(lowered, raised, dst=lowered)


def _mean_side(size_wh: tuple[int, int]) -> float:
    """The geometric mean of the sides."""
    return math.sqrt(size_wh[0] * size_wh[1])


def _reduced_wh(size_wh: tuple[int, int], side_px: int) -> tuple[int, int]:
    """The size of a map whose sides have this mean; never larger than the picture."""
    shrink = max(1.0, _mean_side(size_wh) / side_px)
    return max(1, round(size_wh[0] / shrink)), max(1, round(size_wh[1] / shrink))


def _strengths(luma: NDArray[np.uint8], motion: NDArray[np.uint8], share: float) -> NDArray[np.uint8]:
    """How strong the mark is, in 1 / _STRENGTH_UNIT levels, uint8, a small map of the plane."""
    map_wh = _reduced_wh((luma.shape[1], luma.shape[0]), _MAP_SIDE_PX)
    reduced = cv2.resize(luma, map_wh, interpolation=cv2.INTER_LINEAR)
    differences = cv2.convertScaleAbs(cv2.absdiff(reduced, cv2.blur(reduced, (3, 3))), alpha=_ACTIVITY_UNIT)
    # The least around a pixel: a wall stays even up to the edge of what stands before it.
    activity = cv2.erode(cv2.blur(differences, (7, 7)), np.ones((5, 5), np.uint8))
    strengths = cv2.LUT(cv2.blur(activity, (5, 5)), _strengths_of_activity(share))
    kept = cv2.resize(cv2.blur(cv2.LUT(motion, _shares_of_motion(share)), (3, 3)), map_wh)
    return np.asarray(cv2.multiply(strengths, kept, scale=1 / 255), np.uint8)


@cache
def _shares_of_motion(share: float) -> NDArray[np.uint8]:
    """The share of its strength that the mark keeps at each motion, in 1 / 255, uint8 (256,)."""
    levels = np.arange(256) / _MOTION_UNIT
    moving = np.clip((levels - _STILL_DIFFERENCE) / (_MOVING_DIFFERENCE - _STILL_DIFFERENCE), 0, 1)
    return np.rint(255 * (1 - (1 - _MOVING_SHARE * share**2) * moving)).astype(np.uint8)


@cache
def _strengths_of_activity(share: float) -> NDArray[np.uint8]:
    """The strength for each activity, uint8 (256,)."""
    activity = np.arange(256) / _ACTIVITY_UNIT
    strength = _LEAST_STRENGTH + (activity - _CALM_ACTIVITY) * _STRENGTH_PER_ACTIVITY * share
    return np.rint(np.clip(strength, _LEAST_STRENGTH, _MOST_STRENGTH * share) * _STRENGTH_UNIT).astype(
        np.uint8
    )
