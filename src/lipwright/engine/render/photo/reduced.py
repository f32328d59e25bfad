"""A box of a picture at a bounded size, on which slow work is done, and the way back to the picture."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.boxes import Box

# Height of the face on the copy, pixels. Half of it loses single curls, twice of it takes four times as long
# and moves the edge by less than a pixel of the picture.
FACE_HEIGHT_PX = 240
# No copy has more pixels than this, however large the box is against the face.
MOST_PIXELS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReducedCopy:
    """A box of a picture, averaged down.

    box: what it shows. rgb: uint8 (row, column, 3). face_height_px: of the face, in pixels of the copy.
    """

    box: Box
    rgb: NDArray[np.uint8]
    face_height_px: float

    def __post_init__(self) -> None:
        check_array(self, "rgb", np.uint8, ("row", "column", 3))

    @classmethod
    def of(cls, rgb: NDArray[np.uint8], box: Box, face_height_px: float) -> ReducedCopy:
        """The copy of a box of a picture with a face of this height; never larger than the box."""
        scale = min(1.0, FACE_HEIGHT_PX / face_height_px, (MOST_PIXELS / (box.width * box.height)) ** 0.5)
        size_wh = (max(1, round(box.width * scale)), max(1, round(box.height * scale)))
        small = cv2.resize(rgb[box.slices], size_wh, interpolation=cv2.INTER_AREA)
        return cls(box=box, rgb=np.asarray(small, dtype=np.uint8), face_height_px=face_height_px * scale)

    @property
    def size_wh(self) -> tuple[int, int]:
        """Columns and rows."""
        return self.rgb.shape[1], self.rgb.shape[0]

    @property
    def step_px(self) -> tuple[float, float]:
        """Pixels of the picture that one pixel of the copy is wide and high."""
        return self.box.width / self.size_wh[0], self.box.height / self.size_wh[1]

    def places_px(self) -> NDArray[np.float32]:
        """Where the middles of its pixels lie in the picture, float32 (row, column, 2)."""
        columns, rows = self.size_wh
        across, down = self.step_px
        x = self.box.left - 0.5 + (np.arange(columns, dtype=np.float32) + 0.5) * np.float32(across)
        y = self.box.top - 0.5 + (np.arange(rows, dtype=np.float32) + 0.5) * np.float32(down)
        return np.stack(np.broadcast_arrays(x[None], y[:, None]), axis=-1).astype(np.float32)

    def place_of(self, points_px: NDArray[np.float32]) -> NDArray[np.float32]:
        """Points of the picture (..., 2) as columns and rows of the copy."""
        corner = np.array(self.box.corner, dtype=np.float32) - 0.5
        return np.asarray((points_px - corner) / np.array(self.step_px, dtype=np.float32) - 0.5, np.float32)

    def around(self, values: NDArray[np.float32], part: Box) -> NDArray[np.float32]:
        """Those of the copy's values (row, column, ...) that a part of the picture is made from; a view."""
        (left, top), (right, bottom) = self.place_of(
            np.array([part.corner, (part.right - 1, part.bottom - 1)], dtype=np.float32)
        ).tolist()
        columns, rows = self.size_wh
        within = Box.holding(left, top, right + 1, bottom + 1).clipped(
            Box.of_size((columns, rows)), least_px=1
        )
        return values[within.slices]

    def enlarged(self, values: NDArray[np.float32], part: Box) -> NDArray[np.float32]:
        """Values at the copy's pixels, (row, column) or (row, column, up to 4), for each pixel of a part.

        part: a box of the picture. float32 (height, width, ...), by linear interpolation.
        """
        across, down = self.step_px
        matrix = np.array(
            [
                [1 / across, 0, (part.left - self.box.left + 0.5) / across - 0.5],
                [0, 1 / down, (part.top - self.box.top + 0.5) / down - 0.5],
            ]
        )
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        seen = cv2.warpAffine(values, matrix, part.size_wh, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(seen, dtype=np.float32)
