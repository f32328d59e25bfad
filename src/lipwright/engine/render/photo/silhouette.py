"""Which part of a picture is the head, so that straight lines in the background behind it stay straight.

GrabCut (Rother, Kolmogorov and Blake 2004) on a small copy, started from where heads usually end.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.render.pixels import blurred
from lipwright.engine.render.warp.face_axes import FaceAxes
from lipwright.engine.render.warp.grid import Grid

# The head is looked for on a copy with about this many rows: more follows single hairs and takes seconds.
ROWS = 200
ROUNDS = 3
# Distances from the face mesh, in face heights: up to the first a place is surely head, from the second on
# surely not. Between them the colours decide.
SURELY_HEAD = 0.03
SURELY_NOT = 0.62
# Beyond this distance a place is rather background when the search begins.
RATHER_HEAD = 0.22
# Below the mouth by this, face heights, the body begins, which may fill the picture; it moves little anyway.
BODY_BELOW = 0.30
# The edge between what moves and what stays, face heights: sharper tears hair, softer bends what is behind.
EDGE = 0.035
# A head of less than this share of what heads usually fill was not found; the picture moves without
# silhouette then.
LEAST_FOUND = 0.55
# Random numbers inside GrabCut start from here, so that the same picture gives the same silhouette.
_SEED = 7


def find_silhouette(
    rgb: NDArray[np.uint8], axes: FaceAxes, grid: Grid, distance: NDArray[np.float32]
) -> NDArray[np.float32] | None:
    """How much of each node of a grid is head or body, float32 (row, column), 0 to 1; None when unclear.

    rgb: the picture. distance: of the nodes from the face mesh, face heights, 0 inside.
    """
    part = rgb[grid.box.slices]
    rows, columns = grid.shape
    scale = min(1.0, ROWS / rows)
    size_wh = (max(8, round(columns * scale)), max(8, round(rows * scale)))
    small = np.asarray(cv2.resize(part, size_wh, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    far = np.asarray(cv2.resize(distance, size_wh, interpolation=cv2.INTER_LINEAR), dtype=np.float32)
    below = np.asarray(
        cv2.resize(axes.to_plane(grid.nodes_px())[..., 1], size_wh, interpolation=cv2.INTER_LINEAR),
        dtype=np.float32,
    )
    labels = np.full(small.shape[:2], cv2.GC_PR_BGD, dtype=np.uint8)
    labels[far < RATHER_HEAD] = cv2.GC_PR_FGD
    labels[(below > BODY_BELOW) & (far < SURELY_NOT)] = cv2.GC_PR_FGD
    labels[far < SURELY_HEAD] = cv2.GC_FGD
    labels[(far > SURELY_NOT) & (below < BODY_BELOW)] = cv2.GC_BGD
    if not (labels == cv2.GC_BGD).any():
        return None
    behind, before = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(_SEED)
    cv2.grabCut(small, labels, (0, 0, 1, 1), behind, before, ROUNDS, cv2.GC_INIT_WITH_MASK)
    head = ((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)).astype(np.float32)
    usual = far < RATHER_HEAD
    if head[usual].mean() < LEAST_FOUND:
        return None
    sigma = EDGE * size_wh[1] * axes.face_height_px / max(grid.box.height, 1)
    # Grown before it is softened, so that the head itself moves whole.
    grown = cv2.dilate(head, np.ones((3, 3), np.uint8), iterations=max(1, round(sigma)))
    soft = blurred(np.asarray(grown), max(0.6, sigma))
    return np.asarray(cv2.resize(soft, (columns, rows), interpolation=cv2.INTER_LINEAR), dtype=np.float32)
