"""How still the picture is beside the person."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.media.pixels.planes import frame_size_wh
from lipwright.engine.media.reading.video_reader import VideoReader
from lipwright.engine.progress import JobContext
from lipwright.engine.quality.observe import MouthRecord

# Every how many frames two that follow each other are compared: decoding is what costs.
COMPARE_EVERY = 5
# Hair, ears and a turning head lie within this many widths of the face beside it and above it; what is lower
# than the face is the body.
PERSON_BESIDE, PERSON_ABOVE = 0.6, 0.6
# Frames are compared at this width: noise of single pixels is no motion.
COMPARED_PX = 160
# Less of the picture than this beside the person says nothing.
LEAST_SHARE = 0.03


def background_motion(path: Path, record: MouthRecord, context: JobContext) -> float | None:
    """Mean difference of brightness from frame to frame beside everybody, levels of 255.

    None where the faces leave no background, or for a single frame.
    """
    last: NDArray[np.float32] | None = None
    differences: list[float] = []
    with VideoReader(path) as reader:
        for frame in reader:
            context.check()
            index = frame.index
            place = index % COMPARE_EVERY
            if place > 1 or index >= len(record.is_seen) or frame_size_wh(frame.i420) != record.size_wh:
                continue
            small = _small(frame.i420)
            if place == 1 and last is not None:
                outside = _outside(record, index, small.shape)
                if outside.mean() >= LEAST_SHARE:
                    differences.append(float(np.abs(small - last)[outside].mean()))
            last = small if place == 0 else None
    return float(np.mean(differences)) if differences else None


def _small(i420: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The brightness of a frame, made small."""
    width, height = frame_size_wh(i420)
    scale = min(1.0, COMPARED_PX / width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(i420[:height], size, interpolation=cv2.INTER_AREA), np.float32)


def _outside(record: MouthRecord, index: int, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Where nobody is, bool of a small frame's shape: above and beside every face, and not below one."""
    outside = np.ones(shape[:2], bool)
    scale = shape[1] / record.size_wh[0]
    for track in record.faces.tracks:
        left, top, right, bottom = (float(edge) * scale for edge in track.boxes_xyxy[index])
        if not track.is_seen[index]:
            continue
        width = right - left
        rows = slice(max(0, int(top - PERSON_ABOVE * width)), None)
        columns = slice(max(0, int(left - PERSON_BESIDE * width)), int(right + PERSON_BESIDE * width) + 1)
        outside[rows, columns] = False
        outside[int(bottom) :] = False
    return outside
