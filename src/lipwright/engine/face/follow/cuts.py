"""Where one shot of a clip ends and the next begins."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

# Mean change of a thumbnail's pixels, of 255, that may be a cut. In 13 clips of people, some walking, it
# stays below 4.1; joined one after the other, they change by 28 to 74.
LEAST_CUT_CHANGE = 12.0
# A cut also changes this many times more than the frames before it, or a shaking camera would always cut.
CUT_OVER_USUAL = 4.0
# Share of the pixels that must also change their class of brightness. A moving camera changes every pixel of
# an edge but few classes: 0.012 at the most in the same clips, 0.08 to 0.67 where they are joined.
LEAST_BRIGHTNESS_CHANGE = 0.05
_REMEMBERED = 12
_BRIGHTNESS_CLASSES = 16


class CutDetector:
    """Fed with one thumbnail a frame."""

    def __init__(self) -> None:
        self._last: NDArray[np.float32] | None = None
        self._changes: deque[float] = deque(maxlen=_REMEMBERED)

    def is_cut(self, thumbnail: NDArray[np.uint8]) -> bool:
        """Whether this frame begins a new shot. thumbnail: uint8, always of the same size."""
        now = thumbnail.astype(np.float32)
        last, self._last = self._last, now
        if last is None:
            return False
        change = float(np.abs(now - last).mean())
        usual = float(np.median(self._changes)) if self._changes else 0.0
        self._changes.append(change)
        if change < max(LEAST_CUT_CHANGE, CUT_OVER_USUAL * usual):
            return False
        return float(np.abs(_brightness(now) - _brightness(last)).sum()) / 2 > LEAST_BRIGHTNESS_CHANGE


def _brightness(thumbnail: NDArray[np.float32]) -> NDArray[np.float64]:
    """Share of pixels in each class of brightness, smoothed: a little more light is a little change."""
    counts, _ = np.histogram(thumbnail, bins=_BRIGHTNESS_CLASSES, range=(0, 256))
    return np.asarray(np.convolve(counts / thumbnail.size, [0.25, 0.5, 0.25]), np.float64)
