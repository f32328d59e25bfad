"""The dark line where lips meet that the picture shows apart.

Lips that are shut in the picture bring their line along. Lips that close have none: two rims of equal colour
meet, and the mouth looks like one lip.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import smoothstep
from lipwright.engine.render.pixels import blurred

# Half width of the line, face heights, and how much darker its middle is.
SEAM_WIDTH = 0.003
SEAM_DARKER = 0.24
# Over which distance from the corners it begins, face heights.
SEAM_FADE = 0.03


def shade_seam(
    rgb: NDArray[np.uint8],
    upper: NDArray[np.float32],
    corners_px: NDArray[np.floating],
    face_height_px: float,
    strength: float,
) -> None:
    """Darken a part of a picture along the lower edge of the upper lip.

    rgb: uint8 (height, width, 3), changed. upper: float32 (height, width), how much of each pixel the upper
    lip covers. corners_px: (2, 2), the inner corners of the mouth. strength: 0 to 1.
    """
    room = int(6 * SEAM_WIDTH * face_height_px) + 2
    (left, _), (right, _) = corners_px
    start, end = (
        int(np.argmax(upper.min(axis=1) < 1)),
        int(np.flatnonzero(upper.max(axis=1) > 0).max(initial=-1)),
    )
    if end < 0 or right <= left:
        return
    here = (
        slice(max(0, start - room), end + room + 1),
        slice(max(0, int(left)), max(0, int(right) + 1)),
    )
    if rgb[here].size == 0:
        return
    near = blurred(upper[here], max(0.6, SEAM_WIDTH * face_height_px))
    line = 4 * near * (1 - near)
    x = np.arange(near.shape[1]) + here[1].start
    inward = np.minimum(x - left, right - x) / (SEAM_FADE * face_height_px)
    gain = 1 - SEAM_DARKER * strength * line**2 * smoothstep(inward).astype(np.float32)
    rgb[here] = (rgb[here] * gain[..., None] + 0.5).astype(np.uint8)
