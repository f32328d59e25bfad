"""The few image operations of the renderer, with their types and borders said once."""

from __future__ import annotations

from typing import Any, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

Kind = TypeVar("Kind", np.uint8, np.float32)

_NO_SECOND_MAP: Any = None
_POINTS_A_ROW = 128
# Share of the fine detail that is added to what is doubled: linear interpolation takes as much away, from
# skin 2 % of the contrast, from grain 10 %.
SHARPENING = 0.2
# Cubic interpolation halfway between pixels, with OpenCV's -0.75 for the slope.
_HALFWAY, _HERE = np.array([-3, 19, 19, -3], dtype=np.float32) / 32, np.ones(1, dtype=np.float32)
# Gains that an image is multiplied with in 8 bits: the least, the step between them, and which step is 1.
LEAST_GAIN, GAIN_STEP = 0.7, 0.3 / 110
NO_GAIN = 110


def look_up(image: NDArray[Kind], places: NDArray[np.float32], outside: float | None = None) -> NDArray[Kind]:
    """Pixels of an image at places (..., 2) as columns and rows, by linear interpolation.

    outside: what lies around the image; None continues its edge.
    """
    border = cv2.BORDER_REPLICATE if outside is None else cv2.BORDER_CONSTANT
    seen = cv2.remap(
        image, places, _NO_SECOND_MAP, cv2.INTER_LINEAR, borderMode=border, borderValue=outside or 0.0
    )
    return np.asarray(seen, dtype=image.dtype)


def look_up_points(image: NDArray[np.float32], points: NDArray[np.float32]) -> NDArray[np.float32]:
    """As :func:`look_up` at a list of points (n, 2), float32 (n, channel)."""
    # In rows, as OpenCV takes no image that is higher than 32767.
    rows = -(-len(points) // _POINTS_A_ROW)
    places = np.zeros((rows * _POINTS_A_ROW, 2), dtype=np.float32)
    places[: len(points)] = points
    seen = look_up(image, places.reshape(rows, _POINTS_A_ROW, 2))
    return seen.reshape(rows * _POINTS_A_ROW, -1)[: len(points)]


def mapped(points: NDArray[np.float32], matrix: NDArray[np.floating]) -> NDArray[np.float32]:
    """Points (..., n) through an affine map (m, n + 1), float32 (..., m).

    For fields of points: numpy takes ten times as long where the last axis is short.
    """
    flat = np.asarray(points, dtype=np.float32).reshape(-1, 1, points.shape[-1])
    return np.asarray(cv2.transform(flat, matrix), dtype=np.float32).reshape(*points.shape[:-1], -1)


def look_up_sharply(image: NDArray[np.uint8], places: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Pixels of an image at places (..., 2) as columns and rows, by cubic interpolation; its edge goes on.

    Linear interpolation halfway between pixels blurs: pores and teeth lose an eighth of their contrast.
    """
    seen = cv2.remap(image, places, _NO_SECOND_MAP, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen, dtype=np.uint8)


def doubled(image: NDArray[np.uint8], sharpening: float = SHARPENING) -> NDArray[np.uint8]:
    """An image at twice its size for :func:`look_up_doubled`.

    Every second pixel of every second row is the image's own, so that nothing changes where nothing moves;
    those between are a little sharper.
    """
    soft = cv2.GaussianBlur(image, (3, 3), 0)
    sharper = cv2.addWeighted(image, 1 + sharpening, soft, -sharpening, 0)
    height, width = image.shape[:2]
    enlarged = np.empty((2 * height, 2 * width, *image.shape[2:]), dtype=np.uint8)
    # As whole pixels where that goes: NumPy copies those four times as fast as single bytes.
    target = _as_whole_pixels(enlarged)
    target[::2, ::2] = _as_whole_pixels(image)
    for down, right in ((0, 1), (1, 0), (1, 1)):
        between = cv2.sepFilter2D(
            sharper,
            -1,
            _HALFWAY if right else _HERE,
            _HALFWAY if down else _HERE,
            anchor=(right, down),
            borderType=cv2.BORDER_REPLICATE,
        )
        target[down::2, right::2] = _as_whole_pixels(np.asarray(between, dtype=np.uint8))
    return enlarged


def _as_whole_pixels(image: NDArray[np.uint8]) -> NDArray[Any]:
    """An image of four channels as one number a pixel; others as they are."""
    if image.shape[2:] != (4,):
        return image
    return np.ascontiguousarray(image).view(np.uint32)[..., 0]


def look_up_doubled(image: NDArray[np.uint8], places: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Pixels of an image of which its double is given, at places (..., 2) in the image itself.

    In the mean as sharp as :func:`look_up_sharply`, in a third of the time, doubling included.
    """
    return look_up(image, places * np.float32(2))


def gain_steps(gain: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Gains near 1, from LEAST_GAIN to 1.39, in 8 bits for :func:`multiplied`.

    A step changes no pixel by more than a grey level.
    """
    held = np.maximum(gain, np.float32(LEAST_GAIN))
    return np.asarray(cv2.convertScaleAbs(held, alpha=1 / GAIN_STEP, beta=-LEAST_GAIN / GAIN_STEP), np.uint8)


def multiplied(image: NDArray[np.uint8], steps: NDArray[np.uint8]) -> None:
    """Multiply an image (height, width, 3) in place with gains (height, width) from :func:`gain_steps`."""
    raised = cv2.multiply(image, cv2.cvtColor(steps, cv2.COLOR_GRAY2RGB), scale=GAIN_STEP)
    cv2.addWeighted(image, LEAST_GAIN, raised, 1, 0, dst=image)


def blurred(image: NDArray[np.floating], sigma_px: float) -> NDArray[np.float32]:
    """An image blurred by a Gaussian, float32."""
    return np.asarray(cv2.GaussianBlur(image.astype(np.float32), (0, 0), sigma_px), dtype=np.float32)


def luminance(colours: NDArray[Any]) -> NDArray[np.float64]:
    """How bright RGB colours (..., 3) are, in their own unit (Rec. 601)."""
    weighted: NDArray[np.float64] = np.asarray(colours, dtype=np.float64) @ np.array([0.299, 0.587, 0.114])
    return weighted
