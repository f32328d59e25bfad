"""Cutting a face out of a picture, with some of the head around it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.face.values import Face

# Share of the face's size added on every side: less cuts off chin and brow, more shows the neighbour.
MARGIN = 0.25


def crop_face(rgb: NDArray[np.uint8], face: Face) -> NDArray[np.uint8]:
    """The part of a picture around a face, uint8 (height, width, 3), at least one pixel."""
    height, width = rgb.shape[:2]
    left, top, right, bottom = (float(edge) for edge in face.box_xyxy)
    margin_px = MARGIN * max(right - left, bottom - top)
    left_px = int(np.clip(left - margin_px, 0, width - 1))
    top_px = int(np.clip(top - margin_px, 0, height - 1))
    right_px = int(np.clip(np.ceil(right + margin_px), left_px + 1, width))
    bottom_px = int(np.clip(np.ceil(bottom + margin_px), top_px + 1, height))
    return np.ascontiguousarray(rgb[top_px:bottom_px, left_px:right_px])
