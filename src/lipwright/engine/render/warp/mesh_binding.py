"""How grid nodes follow the points of a face mesh: inside by barycentric weights, around it less and less."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array, smoothstep
from lipwright.engine.face import mesh
from lipwright.engine.face.values import MESH_POINTS
from lipwright.engine.render.warp.face_axes import FaceAxes
from lipwright.engine.render.warp.grid import Grid

# How far the skin around the mesh follows its edge beside and below the face, face heights.
FOLLOW_AROUND = 0.22
FOLLOW_BELOW = 0.34
# Triangles are painted a little beyond their edges, so that no node is missed; weights may leave 0 to 1 by
# this much.
WEIGHT_SLACK = 0.3
_SUBPIXEL_BITS = 4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeshBinding:
    """What every node of a grid follows.

    points: int32 (row, column, 3), mesh points. weights: float32 (row, column, 3); their sum is 1 inside the
    mesh and less around it.
    """

    points: NDArray[np.int32]
    weights: NDArray[np.float32]

    def __post_init__(self) -> None:
        check_array(self, "points", np.int32, ("row", "column", 3))
        check_array(self, "weights", np.float32, self.points.shape)

    def spread(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Values of the mesh points (478, n) at the nodes, float32 (row, column, n)."""
        total = values[self.points[..., 0]] * self.weights[..., :1]
        for corner in (1, 2):
            total += values[self.points[..., corner]] * self.weights[..., corner : corner + 1]
        return total

    def matrix(self) -> scipy.sparse.csr_matrix:
        """The same as a sparse matrix (node, point): three times as quick to apply, slow to make."""
        nodes = self.points.shape[0] * self.points.shape[1]
        node = np.repeat(np.arange(nodes), 3)
        return scipy.sparse.csr_matrix(
            (self.weights.ravel(), (node, self.points.ravel())), shape=(nodes, MESH_POINTS), dtype=np.float32
        )


def bind_mesh(axes: FaceAxes, landmarks_px: NDArray[np.float32], grid: Grid) -> MeshBinding:
    """What the nodes of a grid follow, for a face that lies so in the picture."""
    rows, columns = grid.shape
    places = grid.place_of(landmarks_px[:, :2])
    triangles = _filled_triangles()
    # Painted from far to near, so that a turned head's near cheek covers the far one.
    triangles = triangles[np.argsort(-landmarks_px[triangles, 2].mean(axis=1))]
    corners = places[triangles]
    low, high = corners.min(axis=1), corners.max(axis=1)
    seen = ((high >= 0) & (low <= (columns - 1, rows - 1))).all(axis=1)
    triangles, corners = triangles[seen], corners[seen]
    owner = np.full((rows, columns), -1, dtype=np.int32)
    outlines = np.round(corners * (1 << _SUBPIXEL_BITS)).astype(np.int32)
    for number, outline in enumerate(outlines):
        cv2.fillConvexPoly(owner, outline, number, shift=_SUBPIXEL_BITS)
    inside = owner >= 0
    row, column = np.nonzero(inside)
    owned = owner[inside]
    points = np.zeros((rows, columns, 3), dtype=np.int32)
    weights = np.zeros((rows, columns, 3), dtype=np.float32)
    points[inside] = triangles[owned]
    weights[inside] = _barycentric(corners[owned], np.stack([column, row], axis=-1).astype(np.float32))
    if not inside.all() and inside.any():
        _fade_around(axes, grid, inside, points, weights)
    return MeshBinding(points=points, weights=weights)


def _barycentric(corners: NDArray[np.float32], at: NDArray[np.float32]) -> NDArray[np.float32]:
    """Weights (n, 3) of the corners (n, 3, 2) of triangles at places (n, 2)."""
    ab, ac, ap = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0], at - corners[:, 0]
    area = ab[:, 0] * ac[:, 1] - ab[:, 1] * ac[:, 0]
    area = np.where(np.abs(area) < 1e-6, 1e-6, area)
    at_b = (ap[:, 0] * ac[:, 1] - ap[:, 1] * ac[:, 0]) / area
    at_c = (ab[:, 0] * ap[:, 1] - ab[:, 1] * ap[:, 0]) / area
    weights = np.stack([1 - at_b - at_c, at_b, at_c], axis=-1).clip(-WEIGHT_SLACK, 1 + WEIGHT_SLACK)
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True), dtype=np.float32)


@cache
def _filled_triangles() -> NDArray[np.intp]:
    """The mesh with its eyes filled; the mouth stays a hole."""
    filled = [mesh.triangles()]
    for upper, lower in (
        (mesh.EYE_LEFT_UPPER, mesh.EYE_LEFT_LOWER),
        (mesh.EYE_RIGHT_UPPER, mesh.EYE_RIGHT_LOWER),
    ):
        quads = zip(upper[:-1], upper[1:], lower[1:], lower[:-1], strict=True)
        filled.append(np.array([t for a, b, c, d in quads for t in ((a, b, c), (a, c, d))], dtype=np.intp))
    return np.concatenate(filled)


def _fade_around(
    axes: FaceAxes,
    grid: Grid,
    inside: NDArray[np.bool_],
    points: NDArray[np.int32],
    weights: NDArray[np.float32],
) -> None:
    """Let nodes around the mesh do as the nearest node inside does, less and less with distance."""
    outside = (~inside).astype(np.uint8)
    distance, label = cv2.distanceTransformWithLabels(
        outside, cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    node_of_label = np.zeros(int(label.max()) + 1, dtype=np.intp)
    node_of_label[label[inside]] = np.flatnonzero(inside)
    nearest = node_of_label[label[~inside]]
    plane = axes.to_plane(grid.nodes_px()[~inside])
    below = np.clip((plane[:, 1] - 0.1) / 0.3, 0, 1)
    reach = FOLLOW_AROUND + (FOLLOW_BELOW - FOLLOW_AROUND) * below
    share = smoothstep(1 - distance[~inside] * grid.cell_px / (reach * axes.face_height_px))
    points[~inside] = points.reshape(-1, 3)[nearest]
    weights[~inside] = weights.reshape(-1, 3)[nearest] * share[:, None]
