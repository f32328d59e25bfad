"""The opening between the lips in a box of the output."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.boxes import Box

# Over which distance the mouth closes at its corners, face heights.
CORNER_SOFTNESS = 0.012


def hole_window(hole: NDArray[np.float32], reach_px: int) -> Box | None:
    """The part of a box with an opening and some room around it; None when shut."""
    rows, columns = np.flatnonzero(hole.max(axis=1) > 0.01), np.flatnonzero(hole.max(axis=0) > 0.01)
    if not len(rows):
        return None
    open_px = Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    return open_px.grown(reach_px).clipped(Box.of_size((hole.shape[1], hole.shape[0])))


def between(
    corners_px: NDArray[np.float32], shape: tuple[int, int], softness_px: float
) -> NDArray[np.float32]:
    """1 between two points across their connecting line, softly 0 beyond them, float32 (height, width)."""
    along = corners_px[1] - corners_px[0]
    length = max(float(np.linalg.norm(along)), 1.0)
    along = along / length
    x = np.arange(shape[1], dtype=np.float32)[None, :] - corners_px[0, 0]
    y = np.arange(shape[0], dtype=np.float32)[:, None] - corners_px[0, 1]
    place = x * np.float32(along[0]) + y * np.float32(along[1])
    edge = np.minimum(place, length - place) / max(softness_px, 1.0)
    return np.asarray(np.clip(edge, 0, 1), dtype=np.float32)
