"""The opacity of frames: read from any pixel format, laid on a ground, and kept beside the planes."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from av.video.format import VideoFormat
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from lipwright.engine.media.pixels.planes import I420, split_planes

# One byte for each pixel, 0 is not seen: uint8 (height, width), of the luma's size.
Alpha = NDArray[np.uint8]

OPAQUE = 255
# FFmpeg's scaler leaves the first opacities of a row undefined now and then where a thread's part begins.
ALPHA_THREADS = 1
# Transparent parts become white, as those of pictures do.
_WHITE_LUMA, _WHITE_LUMA_FULL_RANGE, _GREY_CHROMA = 235, 255, 128
# How far beyond a cut-out its colours stay: coders smear over so many pixels, further off nothing is seen.
_EDGE_PX = 16
# Coders of opacity leave so much where there was none; it is not seen.
_UNSEEN = 4


@cache
def carries_alpha(format_name: str) -> bool:
    """Whether a pixel format has room for opacity."""
    pixels = VideoFormat(format_name)
    return pixels.has_palette or any(component.is_alpha for component in pixels.components)


def alpha_of(frame: VideoFrame, reformatter: VideoReformatter) -> Alpha | None:
    """The opacity of a frame as it is stored, a new array; None where all of it is opaque."""
    if not carries_alpha(frame.format.name):
        return None
    if frame.format.name == "yuva420p":
        plane = frame.planes[3]
        alpha = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
        alpha = alpha[: frame.height, : frame.width].copy()
    else:
        rgba = reformatter.reformat(frame, format="rgba", threads=ALPHA_THREADS).to_ndarray()
        alpha = np.ascontiguousarray(rgba[..., 3])
    return None if alpha.min(initial=OPAQUE) == OPAQUE else alpha


def lay_on_white(i420: I420, alpha: Alpha, *, is_full_range: bool) -> None:
    """Put a frame on white where it is transparent, in place: what lies hidden there never shows."""
    white = _WHITE_LUMA_FULL_RANGE if is_full_range else _WHITE_LUMA
    for plane, ground in zip(split_planes(i420), (white, _GREY_CHROMA, _GREY_CHROMA), strict=True):
        share = alpha
        if share.shape != plane.shape:
            share = np.asarray(cv2.resize(alpha, plane.shape[::-1], interpolation=cv2.INTER_AREA), np.uint8)
        weight = share.astype(np.float32) / OPAQUE
        below = np.full_like(plane, ground)
        plane[...] = cv2.blendLinear(np.ascontiguousarray(plane), below, weight, 1 - weight)


def take_from_white(i420: I420, alpha: Alpha, *, is_full_range: bool) -> None:
    """Undo lay_on_white where a frame is half seen, in place, so that its edge brings no white along."""
    white = _WHITE_LUMA_FULL_RANGE if is_full_range else _WHITE_LUMA
    for plane, ground in zip(split_planes(i420), (white, _GREY_CHROMA, _GREY_CHROMA), strict=True):
        share = alpha
        if share.shape != plane.shape:
            share = np.asarray(cv2.resize(alpha, plane.shape[::-1], interpolation=cv2.INTER_AREA), np.uint8)
        is_half = (share > _UNSEEN) & (share < OPAQUE)
        weight = share[is_half].astype(np.float32) / OPAQUE
        own = (plane[is_half] - ground * (1 - weight)) / weight
        plane[is_half] = np.clip(np.rint(own), 0, 255).astype(np.uint8)


def hide_under(i420: I420, alpha: Alpha, *, is_full_range: bool) -> None:
    """Make white what is not seen at all, in place, up to where a coder would smear it into the cut-out."""
    seen = cv2.dilate(alpha, np.ones((2 * _EDGE_PX + 1, 2 * _EDGE_PX + 1), np.uint8))
    lay_on_white(
        i420, np.where(np.asarray(seen) > _UNSEEN, OPAQUE, 0).astype(np.uint8), is_full_range=is_full_range
    )


def frame_with_alpha(i420: I420, alpha: Alpha | None) -> VideoFrame:
    """A frame of yuva420p from planes and their opacity, None where all of it is opaque."""
    luma, blue, red = split_planes(i420)
    frame = VideoFrame(luma.shape[1], luma.shape[0], "yuva420p")
    opacity = np.full_like(luma, OPAQUE) if alpha is None else alpha
    for plane, values in zip(frame.planes, (luma, blue, red, opacity), strict=True):
        rows = np.zeros((values.shape[0], plane.line_size), np.uint8)
        rows[:, : values.shape[1]] = values
        plane.update(rows.tobytes())
    return frame
