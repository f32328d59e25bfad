"""Decoded frames of any pixel format as I420 planes of 8 bits, upright and of even size."""

from __future__ import annotations

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from lipwright.engine.media.pixels.colour import BT709, HD_COLOUR, ColourProperties, known_colour
from lipwright.engine.media.pixels.hdr import tone_mapped
from lipwright.engine.media.pixels.planes import I420, rgb_to_i420, split_planes

# Rotation flags are counter-clockwise.
_TURNS = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}
_EIGHT_BIT_420 = ("yuv420p", "yuvj420p")
_COLOUR_RANGE_FULL = 2


def even_size_wh(frame: VideoFrame) -> tuple[int, int]:
    """The size that a frame has as planes: upright, without an odd last row or column."""
    return turned_size_wh((frame.width // 2 * 2, frame.height // 2 * 2), frame.rotation)


def planes_colour(frame: VideoFrame) -> ColourProperties:
    """What the numbers of a frame's planes mean: its own tags, or BT.709 where it had to be converted."""
    colour = frame_colour(frame)
    return HD_COLOUR if colour.is_hdr or frame.format.is_rgb else colour


def frame_colour(frame: VideoFrame) -> ColourProperties:
    """The colour tags of a decoded frame, with the players' choice where there are none."""
    if frame.format.is_rgb:
        return ColourProperties(
            matrix_code=BT709, primaries_code=frame.color_primaries, transfer_code=frame.color_trc
        )
    is_full_range = frame.color_range == _COLOUR_RANGE_FULL or frame.format.name.startswith("yuvj")
    return known_colour(
        matrix_code=frame.colorspace,
        primaries_code=frame.color_primaries,
        transfer_code=frame.color_trc,
        is_full_range=is_full_range,
        height_px=frame.height,
    )


def turned_size_wh(size_wh: tuple[int, int], rotation_deg: int) -> tuple[int, int]:
    """The size of a picture after its rotation flag."""
    width, height = size_wh
    return (height, width) if rotation_deg % 180 else (width, height)


class PlaneConverter:
    """Turns the frames of one clip into planes. What is 8-bit 4:2:0 already is copied bit by bit."""

    def __init__(self, first: VideoFrame) -> None:
        """first: a frame of the clip; later ones of another size are scaled to its."""
        self._coded_wh = (first.width, first.height)
        self._rotation_deg = first.rotation
        self._is_full_range = planes_colour(first).is_full_range
        self._reformatter = VideoReformatter()

    def i420(self, frame: VideoFrame) -> I420:
        """The frame as planes, a new array."""
        if (frame.width, frame.height) != self._coded_wh:
            frame = self._reformatter.reformat(frame, *self._coded_wh)
        width, height = self._coded_wh[0] // 2 * 2, self._coded_wh[1] // 2 * 2
        colour = frame_colour(frame)
        if colour.is_hdr:
            rgb_16 = np.asarray(self._reformatter.reformat(frame, format="rgb48le").to_ndarray(), np.uint16)
            return self._turned(rgb_to_i420(tone_mapped(rgb_16[:height, :width], colour.transfer_code)))
        if frame.format.is_rgb:
            rgb = np.asarray(self._reformatter.reformat(frame, format="rgb24").to_ndarray(), np.uint8)
            return self._turned(rgb_to_i420(rgb[:height, :width]))
        if frame.format.name not in _EIGHT_BIT_420:
            frame = self._reformatter.reformat(frame, format="yuvj420p" if self._is_full_range else "yuv420p")
        i420 = np.empty((height * 3 // 2, width), np.uint8)
        for target, source in zip(split_planes(i420), frame.planes, strict=True):
            target[...] = _pixels(source)[: target.shape[0], : target.shape[1]]
        return self._turned(i420)

    def _turned(self, i420: I420) -> I420:
        turn = _TURNS.get(self._rotation_deg % 360)
        if turn is None:
            return i420
        sources = split_planes(i420)
        height, width = sources[0].shape
        if turn != cv2.ROTATE_180:
            height, width = width, height
        turned = np.empty((height * 3 // 2, width), np.uint8)
        for target, source in zip(split_planes(turned), sources, strict=True):
            target[...] = cv2.rotate(source, turn)
        return turned


def _pixels(plane: VideoPlane) -> NDArray[np.uint8]:
    return np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
