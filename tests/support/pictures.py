"""Small pictures for the tests, made on the spot, and what is asked of pictures."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray


def gradient(width: int = 64, height: int = 48) -> NDArray[np.uint8]:
    """A smooth colour picture, uint8 (height, width, 3), whose corners all differ."""
    across, down = np.linspace(0, 1, width)[None, :], np.linspace(0, 1, height)[:, None]
    planes = [40 + 170 * across + 0 * down, 40 + 170 * down + 0 * across, 200 - 80 * across - 80 * down]
    return np.rint(np.stack(planes, axis=-1)).astype(np.uint8)


def numbered_frame(index: int, width: int = 64, height: int = 48) -> NDArray[np.uint8]:
    """A grey frame whose brightness tells its number modulo 16: see :func:`frame_number`."""
    return np.full((height, width, 3), 20 + 14 * (index % 16), np.uint8)


def frame_number(frame_rgb: NDArray[np.uint8]) -> int:
    """The number modulo 16 of a frame made by :func:`numbered_frame`, also after lossy coding."""
    return round((float(np.mean(frame_rgb)) - 20) / 14)


def psnr_db(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Peak signal to noise ratio of two pictures."""
    error = float(np.mean((one.astype(np.float64) - other) ** 2))
    return float(10 * np.log10(255**2 / max(error, 1e-9)))


def read_bgr(path: Path) -> NDArray[np.uint8]:
    """A picture file, uint8 (height, width, 3), blue first, as OpenCV writes it. Fails when it is none."""
    bgr = cv2.imread(str(path), cv2.IMREAD_COLOR)
    assert bgr is not None, path
    return np.asarray(bgr, np.uint8)
