"""Which pixels of a picture show a person, as MediaPipe's selfie segmentation sees it: coarse, 256 x 256.

The network knows persons, not whose they are; paintings and drawings count.
"""

from __future__ import annotations

from importlib.resources import files

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.face import mesh
from lipwright.engine.face.measures import face_height_px
from lipwright.engine.face.values import Face
from lipwright.engine.networks import Network

# Made by tools/convert_face_models.py.
NETWORK = Network(files(__package__) / "models" / "matte.onnx")

# Side of the square that the network sees; the picture is squeezed into it.
INPUT_PX = 256
# The second look: a square of this many face heights, in which this share lies above the middle of the face.
# A smaller one cuts shoulders, from which the network knows a person; a larger one blurs hair.
CLOSE_SIDE, CLOSE_ABOVE = 3.0, 0.48
# A second look is worth its time where the square is at most this share of the picture.
CLOSE_SHARE = 0.8
# How the second look gives way to the first towards the sides of its square, face heights: a step would show
# as an edge across a shoulder.
CLOSE_FADE = 0.25


def person_matte(
    rgb: NDArray[np.uint8], face: Face, box: Box, size_wh: tuple[int, int]
) -> NDArray[np.float32]:
    """How surely each place of a box of a picture shows a person, float32 (height, width) of size_wh, 0 to 1.

    face: where a second, closer look is worth it. About 8 ms a look.
    """
    height, width = rgb.shape[:2]
    whole = Box.of_size((width, height))
    matte = _placed(_look(rgb, whole), whole, box, size_wh)
    close = _close_box(face).clipped(whole)
    if close.is_empty or close.width * close.height > CLOSE_SHARE * width * height:
        return matte
    share = _fade(close, whole, CLOSE_FADE * face_height_px(face.landmarks_px), box, size_wh)
    closer = _placed(_look(rgb, close), close, box, size_wh)
    return np.asarray(matte + (closer - matte) * share, dtype=np.float32)


def _look(rgb: NDArray[np.uint8], box: Box) -> NDArray[np.float32]:
    """The network's matte of a box and of its mirror image, averaged: each is off to its own side."""
    part = rgb[box.slices]
    seen = cv2.resize(part, (INPUT_PX, INPUT_PX), interpolation=cv2.INTER_AREA)
    image = seen.astype(np.float32) / np.float32(255)
    (straight,) = NETWORK.run(image)
    (mirrored,) = NETWORK.run(np.ascontiguousarray(image[:, ::-1]))
    return np.asarray((straight + mirrored[:, ::-1]) / 2, dtype=np.float32)


def _placed(matte: NDArray[np.float32], of: Box, box: Box, size_wh: tuple[int, int]) -> NDArray[np.float32]:
    """The matte of one box as it lies in another one, resampled to size_wh; its edge goes on."""
    rows, columns = matte.shape
    across, down = box.width / size_wh[0], box.height / size_wh[1]
    to_column, to_row = columns / of.width, rows / of.height
    x = (box.left - of.left + (np.arange(size_wh[0]) + 0.5) * across) * to_column - 0.5
    y = (box.top - of.top + (np.arange(size_wh[1]) + 0.5) * down) * to_row - 0.5
    xs, ys = np.broadcast_arrays(x[None].astype(np.float32), y[:, None].astype(np.float32))
    seen = cv2.remap(
        matte,
        np.ascontiguousarray(xs),
        np.ascontiguousarray(ys),
        cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(np.clip(seen, 0, 1), dtype=np.float32)


def _close_box(face: Face) -> Box:
    """The square of the second look."""
    side = CLOSE_SIDE * face_height_px(face.landmarks_px)
    x, y = face.landmarks_px[: mesh.SKIN_POINTS, :2].mean(axis=0).tolist()
    left, top = x - side / 2, y - side * CLOSE_ABOVE
    return Box.holding(left, top, left + side, top + side)


def _fade(close: Box, whole: Box, fade_px: float, box: Box, size_wh: tuple[int, int]) -> NDArray[np.float32]:
    """How much the second look counts, float32 (height, width): 1 but near sides that cut the picture."""
    x = box.left + (np.arange(size_wh[0]) + 0.5) * (box.width / size_wh[0])
    y = box.top + (np.arange(size_wh[1]) + 0.5) * (box.height / size_wh[1])
    far = np.inf
    across = np.minimum(
        x - close.left if close.left > whole.left else far,
        close.right - x if close.right < whole.right else far,
    )
    down = np.minimum(
        y - close.top if close.top > whole.top else far,
        close.bottom - y if close.bottom < whole.bottom else far,
    )
    inside = np.minimum(across * np.ones_like(x), (down * np.ones_like(y))[:, None])
    return np.asarray(np.clip(inside / fade_px, 0, 1), dtype=np.float32)
