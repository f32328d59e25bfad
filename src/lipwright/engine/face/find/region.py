"""A turned square of a picture, the form in which the networks look at a face.

Coordinates follow OpenCV: whole numbers are the middles of pixels.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Region:
    """A square around a point.

    centre_px: float64 (2,). side_px: its side. angle_rad: how far its own x axis is turned from the
    picture's, clockwise for the viewer.
    """

    centre_px: NDArray[np.float64]
    side_px: float
    angle_rad: float

    @property
    def rotation(self) -> NDArray[np.float64]:
        """From the square's own axes to the picture's, float64 (2, 2)."""
        cosine, sine = np.cos(self.angle_rad), np.sin(self.angle_rad)
        return np.array([[cosine, -sine], [sine, cosine]])

    def cut(
        self,
        rgb: NDArray[np.uint8],
        size_px: int,
        *,
        border: int = cv2.BORDER_REPLICATE,
        antialias: bool = True,
    ) -> NDArray[np.uint8]:
        """The square resampled, uint8 (size_px, size_px, 3).

        antialias: average the pixels that a large square would skip; MediaPipe itself skips them.
        """
        origin, shrink = np.zeros(2), 1.0
        if antialias and self.side_px >= 2 * size_px:
            rgb, origin, shrink = self._shrunk(rgb, size_px)
        step = self.rotation * (self.side_px / size_px / shrink)
        centre = (self.centre_px - origin) / shrink - 0.5 * (1 - 1 / shrink)
        corner = centre - step @ np.full(2, size_px / 2)
        matrix = np.column_stack([step, corner])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        cut = cv2.warpAffine(rgb, matrix, (size_px, size_px), flags=flags, borderMode=border)
        return cut.astype(np.uint8, copy=False)

    def to_picture(self, points: NDArray[np.floating], size_px: int) -> NDArray[np.float64]:
        """Points (point, 2 or 3) found in the cut square, in the picture; a third axis is only scaled."""
        scale = self.side_px / size_px
        found = points.astype(np.float64) * scale
        found[:, :2] = (found[:, :2] - self.side_px / 2) @ self.rotation.T + self.centre_px
        return found

    def from_picture(self, points: NDArray[np.floating], size_px: int) -> NDArray[np.float64]:
        """Points (point, 2) of the picture in the cut square, the inverse of to_picture."""
        inside = (points - self.centre_px) @ self.rotation + self.side_px / 2
        return np.asarray(inside * (size_px / self.side_px), np.float64)

    @classmethod
    def around(
        cls,
        points: NDArray[np.floating],
        left: NDArray[np.floating],
        right: NDArray[np.floating],
        *,
        scale: float,
    ) -> Region:
        """The square that is level with the line from `left` to `right` and holds the points, enlarged."""
        across = np.asarray(right[:2], np.float64) - left[:2]
        low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
        return cls(
            centre_px=(low + high).astype(np.float64) / 2,
            side_px=float((high - low).max()) * scale,
            angle_rad=float(np.arctan2(across[1], across[0])),
        )

    def _shrunk(
        self, rgb: NDArray[np.uint8], size_px: int
    ) -> tuple[NDArray[np.uint8], NDArray[np.float64], float]:
        """The picture around the square, smaller by a whole factor: part, its origin, the factor."""
        factor = int(self.side_px / size_px)
        height, width = rgb.shape[:2]
        reach = self.side_px * 0.75  # a square turned by 45 degrees reaches 0.71 of its side
        low = np.clip(np.floor(self.centre_px - reach).astype(int), 0, [width, height])
        high = np.clip(np.ceil(self.centre_px + reach).astype(int), 0, [width, height])
        count = (high - low) // factor
        if count.min() < 1:
            return rgb, np.zeros(2), 1.0
        high = low + count * factor
        part = rgb[low[1] : high[1], low[0] : high[0]]
        small = cv2.resize(part, tuple(count.tolist()), interpolation=cv2.INTER_AREA)
        return small.astype(np.uint8, copy=False), low.astype(np.float64), float(factor)
