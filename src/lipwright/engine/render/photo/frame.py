"""A thin frame around a picture, as scans and cut pictures have: it must stay where it is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.boxes import Box

# Lines from the border that may belong to a frame, and as many behind them that show what is usual. Wider
# frames are bars, and a person seldom touches them.
WIDEST_PX, USUAL_PX = 12, 8
# A frame's edge is a change from line to line this many times as great as usual, and this much greater, grey
# levels. Less finds frames in plain pictures.
TIMES_USUAL, MORE_THAN_USUAL = 3.0, 3.0
# Smaller pictures are left as they are, pixels.
LEAST_SIDE_PX = 64


def inside_frame(rgb: NDArray[np.uint8]) -> Box:
    """The even box of a picture inside its frame; all of it where there is none."""
    height, width = rgb.shape[:2]
    picture = Box.of_size((width // 2 * 2, height // 2 * 2))
    if min(width, height) < LEAST_SIDE_PX:
        return picture
    reach = WIDEST_PX + USUAL_PX
    left, right = (_frame_px(lines.swapaxes(0, 1)) for lines in (rgb[:, :reach], rgb[:, : -reach - 1 : -1]))
    top, bottom = (_frame_px(lines) for lines in (rgb[:reach], rgb[: -reach - 1 : -1]))
    return Box(
        -(-left // 2) * 2, -(-top // 2) * 2, (width - right) // 2 * 2, (height - bottom) // 2 * 2
    ).clipped(picture)


def _frame_px(lines: NDArray[np.uint8]) -> int:
    """How many of the first lines (line, pixel, 3), from the border inwards, are frame."""
    grey = lines.astype(np.float32).mean(axis=-1)
    change = np.abs(np.diff(grey, axis=0)).mean(axis=1)
    usual = float(np.median(change[WIDEST_PX:]))
    edges = np.flatnonzero(change[:WIDEST_PX] > TIMES_USUAL * usual + MORE_THAN_USUAL)
    return int(edges[-1]) + 1 if len(edges) else 0
