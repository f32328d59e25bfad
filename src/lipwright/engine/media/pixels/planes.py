"""Frames as I420 planes, and the boxes of them that are worked on in RGB.

A frame is one uint8 array (height * 3 / 2, width), width and height even: the luma plane, then the two
chroma planes at half size, each packed row after row. Only the box of a face ever becomes RGB.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.media.pixels.colour import HD_COLOUR, ColourProperties, rgb_from_yuv, yuv_from_rgb

I420 = NDArray[np.uint8]


def frame_size_wh(i420: I420) -> tuple[int, int]:
    """Width and height of a frame. Raises ValueError when the array cannot be one."""
    rows, width = i420.shape
    if rows % 3 or width % 2:
        raise ValueError(f"an array of shape {i420.shape} is no I420 frame of even size")
    return width, rows * 2 // 3


def split_planes(i420: I420) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]:
    """Luma and the two chroma planes, views into the frame."""
    width, height = frame_size_wh(i420)
    flat = i420.reshape(-1)
    luma_size, chroma_size = width * height, width * height // 4
    chroma_shape = (height // 2, width // 2)
    return (
        i420[:height],
        flat[luma_size : luma_size + chroma_size].reshape(chroma_shape),
        flat[luma_size + chroma_size :].reshape(chroma_shape),
    )


def in_chroma(box: Box) -> Box:
    """A box on even pixels in the planes of half the size."""
    return Box(box.left // 2, box.top // 2, box.right // 2, box.bottom // 2)


def fit_size_wh(size_wh: tuple[int, int], max_resolution_px: int) -> tuple[int, int]:
    """The even size of the same shape whose longer side is at most this; itself when it already fits."""
    longest = max(size_wh)
    if longest <= max_resolution_px:
        return size_wh
    width, height = (max(2, round(side * max_resolution_px / longest / 2) * 2) for side in size_wh)
    return width, height


def resized(i420: I420, size_wh: tuple[int, int]) -> I420:
    """A frame at another even size, a new array; made smaller without flicker of fine patterns."""
    width, height = size_wh
    small = np.empty((height * 3 // 2, width), np.uint8)
    for target, source in zip(split_planes(small), split_planes(i420), strict=True):
        shape_wh = (target.shape[1], target.shape[0])
        target[...] = cv2.resize(source, shape_wh, interpolation=cv2.INTER_AREA)
    return small


def resized_alpha(alpha: NDArray[np.uint8], size_wh: tuple[int, int]) -> NDArray[np.uint8]:
    """The opacity of a frame at another size, a new array."""
    return np.asarray(cv2.resize(alpha, size_wh, interpolation=cv2.INTER_AREA), np.uint8)


def rgb_to_i420(rgb: NDArray[np.uint8], colour: ColourProperties = HD_COLOUR) -> I420:
    """A whole frame from RGB uint8 (height, width, 3), both even; a new array."""
    height, width = rgb.shape[:2]
    i420 = np.empty((height * 3 // 2, width), np.uint8)
    paste_rgb(i420, Box.of_size((width, height)), rgb, colour=colour)
    return i420


def i420_to_rgb(i420: I420, colour: ColourProperties = HD_COLOUR) -> NDArray[np.uint8]:
    """A whole frame as RGB uint8 (height, width, 3); a new array. Costs much: prefer :func:`box_to_rgb`."""
    return box_to_rgb(i420, Box.of_size(frame_size_wh(i420)), colour)


def box_to_rgb(i420: I420, box: Box, colour: ColourProperties = HD_COLOUR) -> NDArray[np.uint8]:
    """A box on even pixels as RGB uint8 (height, width, 3); a new array.

    Chroma is repeated, not smoothed, so that pasting the same pixels back changes nothing.
    """
    _check_box(box, i420)
    luma, blue, red = split_planes(i420)
    chroma = in_chroma(box)
    yuv = cv2.merge(
        [
            luma[box.slices],
            cv2.resize(blue[chroma.slices], box.size_wh, interpolation=cv2.INTER_NEAREST),
            cv2.resize(red[chroma.slices], box.size_wh, interpolation=cv2.INTER_NEAREST),
        ]
    )
    return _transform(yuv, rgb_from_yuv(colour.matrix_code, colour.is_full_range))


def paste_rgb(
    i420: I420,
    box: Box,
    rgb: NDArray[np.uint8],
    *,
    weight: NDArray[np.float32] | None = None,
    colour: ColourProperties = HD_COLOUR,
) -> None:
    """Put RGB uint8 (height, width, 3) into a box on even pixels, in place.

    weight: float32 (height, width), 0 keeps the frame's pixel bit by bit, 1 takes the new one; None is all 1.
    """
    _check_box(box, i420)
    if rgb.shape[:2] != (box.height, box.width):
        raise ValueError(f"rgb has shape {rgb.shape}, expected ({box.height}, {box.width}, 3)")
    yuv = _transform(rgb, yuv_from_rgb(colour.matrix_code, colour.is_full_range))
    half = np.asarray(_halve(yuv), np.uint8)
    half_weight = None if weight is None else np.asarray(_halve(weight), np.float32)
    luma, blue, red = split_planes(i420)
    chroma = in_chroma(box)
    _lay(luma[box.slices], yuv[..., 0], weight)
    _lay(blue[chroma.slices], half[..., 1], half_weight)
    _lay(red[chroma.slices], half[..., 2], half_weight)


def _lay(plane: NDArray[np.uint8], new: NDArray[np.uint8], weight: NDArray[np.float32] | None) -> None:
    if weight is None:
        plane[...] = new
        return
    plane[...] = cv2.blendLinear(np.ascontiguousarray(new), plane, weight, 1 - weight)


def _check_box(box: Box, i420: I420) -> None:
    frame = Box.of_size(frame_size_wh(i420))
    if box.is_empty or not frame.contains(box) or not box.is_even:
        raise ValueError(f"{box} is not on even pixels inside {frame.width}x{frame.height}")


def _transform(pixels: cv2.typing.MatLike, matrix: NDArray[np.float64]) -> NDArray[np.uint8]:
    return np.asarray(cv2.transform(pixels, matrix), dtype=np.uint8)


def _halve(pixels: cv2.typing.MatLike) -> cv2.typing.MatLike:
    height, width = pixels.shape[:2]
    return cv2.resize(pixels, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
