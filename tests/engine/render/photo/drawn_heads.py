"""Drawn heads before drawn walls, with mattes that are known."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.render.photo.matte import RefinedMatte
from lipwright.engine.render.photo.reduced import ReducedCopy

SIZE, RADIUS, FACE_HEIGHT_PX = 300, 60, 100
MIDDLE = (SIZE // 2, SIZE // 2)


def plain_wall(seed: int = 1, *, noise: float = 1.0) -> NDArray[np.uint8]:
    """A light wall, uint8 (300, 300, 3)."""
    grain = np.random.default_rng(seed).normal(0, noise, (SIZE, SIZE, 3))
    return np.clip(200 + grain, 0, 255).astype(np.uint8)


def with_head(wall: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A dark disc before a wall."""
    rgb = wall.copy()
    cv2.circle(rgb, MIDDLE, RADIUS, (40, 30, 20), -1)
    return rgb


def disc(radius: int) -> NDArray[np.float32]:
    """1 inside a disc in the middle, float32 (300, 300)."""
    inside = np.zeros((SIZE, SIZE), dtype=np.float32)
    cv2.circle(inside, MIDDLE, radius, 1.0, -1)
    return inside


def drawn_matte(rgb: NDArray[np.uint8]) -> RefinedMatte:
    """The disc is the person."""
    alpha = disc(RADIUS)
    nothing = np.zeros_like(alpha)
    return RefinedMatte(
        copy=ReducedCopy.of(rgb, Box.of_size((SIZE, SIZE)), FACE_HEIGHT_PX),
        slopes=np.zeros((SIZE, SIZE, 4), dtype=np.float32),
        kept=nothing,
        added=alpha,
        alpha=alpha,
        others=nothing,
        unsure=0.0,
    )
