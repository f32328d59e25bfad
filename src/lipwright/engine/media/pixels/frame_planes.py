"""Decoded frames of any pixel format as I420 planes of 8 bits, upright, of even size, on one canvas."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from lipwright.engine.media.pixels.alpha import Alpha, alpha_of, hide_under, lay_on_white
from lipwright.engine.media.pixels.canvas import PictureShape, fitted
from lipwright.engine.media.pixels.colour import BT709, HD_COLOUR, ColourProperties, known_colour
from lipwright.engine.media.pixels.hdr import tone_mapped
from lipwright.engine.media.pixels.orientation import Orientation, known_orientation, orientation_of
from lipwright.engine.media.pixels.planes import I420, frame_size_wh, rgb_to_i420, split_planes

_EIGHT_BIT_420 = ("yuv420p", "yuvj420p", "yuva420p")
_COLOUR_RANGE_LIMITED, _COLOUR_RANGE_FULL = 1, 2


def shape_of(
    frame: VideoFrame, pixel_aspect: Fraction, orientation: Orientation | None = None
) -> PictureShape:
    """The shape that a frame has as planes: upright, without an odd last row or column.

    pixel_aspect: width over height of a pixel as it is stored.
    """
    orientation = orientation or orientation_of(frame)
    return PictureShape(
        size_wh=orientation.size_wh((frame.width // 2 * 2, frame.height // 2 * 2)),
        pixel_aspect=1 / pixel_aspect if orientation.is_transposed else pixel_aspect,
    )


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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FramePlanes:
    """One frame as planes. alpha: None where all of it is opaque. was_fitted: it had another shape."""

    i420: I420
    alpha: Alpha | None
    was_fitted: bool


class PlaneConverter:
    """Turns the frames of one clip into planes. What is 8-bit 4:2:0 already is copied bit by bit."""

    def __init__(self, canvas: PictureShape, colour: ColourProperties, *, keeps_alpha: bool) -> None:
        """canvas: what every frame is laid on. colour: of the clip's planes.

        keeps_alpha: colours stay as they are around what is seen; otherwise they are laid on white.
        """
        self._canvas = canvas
        self._is_full_range = colour.is_full_range
        self._keeps_alpha = keeps_alpha
        self._reformatter = VideoReformatter()
        self._orientations: dict[int, Orientation] = {}

    def planes(self, frame: VideoFrame, pixel_aspect: Fraction) -> FramePlanes:
        """The frame as planes, new arrays. pixel_aspect: of this frame, as it is stored."""
        orientation = known_orientation(frame, self._orientations)
        i420 = _turned(self._stored(frame), orientation)
        alpha = alpha_of(frame, self._reformatter)
        if alpha is not None:
            width, height = frame_size_wh(i420)
            alpha = np.ascontiguousarray(orientation.upright(alpha)[:height, :width])
            lay = hide_under if self._keeps_alpha else lay_on_white
            lay(i420, alpha, is_full_range=self._is_full_range)
        shape = shape_of(frame, pixel_aspect, orientation)
        if shape == self._canvas:
            return FramePlanes(i420=i420, alpha=alpha, was_fitted=False)
        i420, alpha = fitted(i420, alpha, shape, self._canvas, is_full_range=self._is_full_range)
        return FramePlanes(i420=i420, alpha=alpha, was_fitted=True)

    def _stored(self, frame: VideoFrame) -> I420:
        """The planes as the file stores them, not turned."""
        width, height = frame.width // 2 * 2, frame.height // 2 * 2
        colour = frame_colour(frame)
        if colour.is_hdr:
            rgb_16 = np.asarray(self._reformatter.reformat(frame, format="rgb48le").to_ndarray(), np.uint16)
            return rgb_to_i420(tone_mapped(rgb_16[:height, :width], colour.transfer_code))
        if frame.format.is_rgb:
            rgb = np.asarray(self._reformatter.reformat(frame, format="rgb24").to_ndarray(), np.uint8)
            return rgb_to_i420(rgb[:height, :width])
        is_other_range = colour.is_full_range != self._is_full_range
        if frame.format.name not in _EIGHT_BIT_420 or is_other_range:
            frame = self._reformatter.reformat(
                frame,
                format="yuvj420p" if self._is_full_range else "yuv420p",
                src_color_range=_range_code(colour.is_full_range) if is_other_range else None,
                dst_color_range=_range_code(self._is_full_range) if is_other_range else None,
            )
        i420 = np.empty((height * 3 // 2, width), np.uint8)
        for target, source in zip(split_planes(i420), frame.planes[:3], strict=True):
            target[...] = _pixels(source)[: target.shape[0], : target.shape[1]]
        return i420


def _range_code(is_full_range: bool) -> int:
    return _COLOUR_RANGE_FULL if is_full_range else _COLOUR_RANGE_LIMITED


def _turned(i420: I420, orientation: Orientation) -> I420:
    if orientation.is_upright:
        return i420
    sources = split_planes(i420)
    width, height = orientation.size_wh(frame_size_wh(i420))
    turned = np.empty((height * 3 // 2, width), np.uint8)
    for target, source in zip(split_planes(turned), sources, strict=True):
        target[...] = orientation.upright(source)
    return turned


def _pixels(plane: VideoPlane) -> NDArray[np.uint8]:
    return np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
