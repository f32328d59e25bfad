"""How sharp and how calm the pixels of the mouth are, and whether the rest of a frame is the source's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.media.pixels.planes import I420, frame_size_wh
from lipwright.engine.media.reading.video_reader import VideoReader
from lipwright.engine.progress import JobContext
from lipwright.engine.quality.observe import MouthRecord

# The mouth box, in eye distances: lips, the skin around them, no chin line.
MOUTH_BOX_WH = (0.8, 0.6)
# Flicker is looked at in a patch of this size, so that large and small faces compare.
_PATCH_WH = (64, 48)
# Around the face nothing may change beyond this many face widths: hair that moves with the head stays inside.
_FACE_MARGIN = 0.35
# Every how many frames the untouched part is compared: it is the same story in all of them.
_COMPARE_EVERY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Texture:
    """The mouth's pixels, averaged over a video.

    sharpness: mean size of the Laplacian of the mouth box's brightness. flicker: mean size of the second
    difference over time in the mouth box, the head held still. Both in brightness levels of 255.
    """

    sharpness: float
    flicker: float


def measure_texture(path: Path, record: MouthRecord, context: JobContext) -> Texture | None:
    """Sharpness and flicker of a video's mouth, at the places of a record. None when no frame can tell."""
    sharpness: list[float] = []
    flicker: list[float] = []
    last: list[NDArray[np.float32]] = []
    for index, frame in _frames_at(path, record.frame_rate, len(record.is_seen)):
        context.check()
        if not record.is_seen[index] or frame_size_wh(frame) != record.size_wh:
            last.clear()
            continue
        box = _mouth_box(frame, record.mouth_px[index])
        if box is None:
            last.clear()
            continue
        sharpness.append(float(np.abs(cv2.Laplacian(box.astype(np.float32), cv2.CV_32F)).mean()))
        last.append(_mouth_patch(frame, record.mouth_px[index]))
        if len(last) == 3:
            flicker.append(float(np.abs(last[0] - 2 * last[1] + last[2]).mean()))
            last.pop(0)
    if not flicker:
        return None
    return Texture(sharpness=float(np.mean(sharpness)), flicker=float(np.mean(flicker)))


def measure_untouched_db(path: Path, source: Path, record: MouthRecord, context: JobContext) -> float | None:
    """How alike both videos are outside the faces, peak signal to noise in dB; None when nothing compares."""
    squares, count = 0.0, 0
    ours = _frames_at(path, record.frame_rate, len(record.is_seen))
    theirs = _frames_at(source, record.frame_rate, len(record.is_seen))
    for (index, frame), (_, other) in zip(ours, theirs, strict=False):
        context.check()
        if index % _COMPARE_EVERY:
            continue
        if frame.shape != other.shape:
            return None
        whole = Box.of_size(frame_size_wh(frame))
        outside = np.ones((whole.height, whole.width), bool)
        for track in record.faces.tracks:
            outside[_grown(track.boxes_xyxy[index]).clipped(whole).slices] = False
        difference = frame[: whole.height].astype(np.float32) - other[: whole.height]
        squares += float((difference[outside] ** 2).sum())
        count += int(outside.sum())
    if count == 0:
        return None
    return float(10 * np.log10(255**2 / max(squares / count, 1e-3)))


def _frames_at(path: Path, frame_rate: Fraction, count: int) -> Iterator[tuple[int, I420]]:
    """The frame that a video shows in the middle of each frame of a rate."""
    with VideoReader(path) as reader:
        frames = iter(reader)
        frame, index = next(frames, None), 0
        while frame is not None and index < count:
            time_s = (Fraction(index) + Fraction(1, 2)) / frame_rate
            if (frame.index + 1) / reader.frame_rate > time_s:
                yield index, frame.i420
                index += 1
            else:
                frame = next(frames, None)


def _mouth_box(frame: I420, place: NDArray[np.float32]) -> NDArray[np.uint8] | None:
    width, height = frame_size_wh(frame)
    half = np.array(MOUTH_BOX_WH) * place[2] / 2
    left, top = np.maximum(0, np.floor(place[:2] - half)).astype(int)
    right, bottom = np.minimum([width, height], np.ceil(place[:2] + half)).astype(int)
    if right - left < 8 or bottom - top < 8:
        return None
    return frame[top:bottom, left:right]


def _mouth_patch(frame: I420, place: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mouth box with sub-pixel placing and always of one size, its brightness."""
    height = frame_size_wh(frame)[1]
    scale = MOUTH_BOX_WH[0] * float(place[2]) / _PATCH_WH[0]
    corner = place[:2] - np.array(_PATCH_WH) * scale / 2
    matrix = np.array([[scale, 0, corner[0]], [0, scale, corner[1]]])
    luma = frame[:height]
    if scale > 2:  # large faces are shrunk first, or the patch would see every tenth pixel
        matrix, luma = _shrunk(luma, matrix, int(scale))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    patch = cv2.warpAffine(luma, matrix, _PATCH_WH, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(patch, np.float32)


def _shrunk(
    luma: NDArray[np.uint8], matrix: NDArray[np.float64], factor: int
) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
    """The part of a frame around the patch made smaller, and the matrix for it."""
    reach = np.array(_PATCH_WH) * matrix[0, 0]
    limit = np.array(luma.shape[1::-1])
    low = np.clip(np.floor(matrix[:, 2]).astype(int) - factor, 0, limit - 1)
    high = np.clip(np.ceil(matrix[:, 2] + reach).astype(int) + factor, low + 1, limit)
    size = np.maximum(1, (high - low) // factor)
    high = np.minimum(low + size * factor, limit)
    part = luma[low[1] : high[1], low[0] : high[0]]
    small = cv2.resize(part, (int(size[0]), int(size[1])), interpolation=cv2.INTER_AREA)
    moved = matrix / factor
    moved[:, 2] = (matrix[:, 2] - low - (factor - 1) / 2) / factor
    return moved, np.asarray(small, np.uint8)


def _grown(box_xyxy: NDArray[np.float32]) -> Box:
    margin = float(box_xyxy[2] - box_xyxy[0]) * _FACE_MARGIN
    left, top, right, bottom = (float(edge) for edge in box_xyxy)
    return Box(int(left - margin), int(top - margin), int(right + margin), int(bottom + margin))
