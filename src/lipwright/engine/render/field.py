"""Displacement fields on a coarse grid: from moves of mesh points to a map that says where each pixel comes from.

The field is cut along the line between the lips: one sheet belongs to everything above it, one to everything below.
Where the mouth is not, the sheets agree. Knows nothing of colours or of speech.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from lipwright.engine.face import mesh
from lipwright.engine.render.frame import FaceFrame

# Grid cells a face height. Lips are about 5 cells thick at 128; at 64 their edges round off, at 256 each frame costs
# four times as much and nothing more is seen.
CELLS_PER_FACE_HEIGHT = 112
# How far the skin around the mesh follows its edge, face heights.
FOLLOW_AROUND = 0.22
FOLLOW_BELOW = 0.34
# How far above and below the lip line the two sheets differ, face heights.
CUT_REACH = 0.34
CUT_MARGIN_CELLS = 0.8
# Steps of the fixed-point inversion. The steepest field (a wide smile that closes) needs 6 for a tenth of a pixel.
INVERSION_STEPS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A coarse grid over a box of the picture.

    box_xyxy: whole pixels. cell_px: distance of grid nodes; node (0, 0) is the box's top left corner.
    shape: rows and columns of nodes.
    """

    box_xyxy: tuple[int, int, int, int]
    cell_px: float
    shape: tuple[int, int]

    @classmethod
    def over(cls, box_xyxy: tuple[int, int, int, int], cell_px: float) -> Grid:
        """The grid that covers a box, its last nodes at or beyond the box's edge."""
        left, top, right, bottom = box_xyxy
        rows = int(np.ceil((bottom - top) / cell_px)) + 1
        columns = int(np.ceil((right - left) / cell_px)) + 1
        return cls(box_xyxy=box_xyxy, cell_px=cell_px, shape=(rows, columns))

    def nodes_px(self) -> NDArray[np.float32]:
        """Picture coordinates of the nodes, float32 (row, column, 2)."""
        rows, columns = self.shape
        x = self.box_xyxy[0] + np.arange(columns, dtype=np.float32) * self.cell_px
        y = self.box_xyxy[1] + np.arange(rows, dtype=np.float32) * self.cell_px
        return np.stack(np.broadcast_arrays(x[None, :], y[:, None]), axis=-1).astype(np.float32)

    def to_pixels(self, nodes: NDArray[np.float32], box_xyxy: tuple[int, int, int, int]) -> NDArray[np.float32]:
        """Values at nodes, interpolated for every pixel of a box inside the grid's, float32 (height, width, n)."""
        left, top, right, bottom = box_xyxy
        scale = 1.0 / self.cell_px
        to_grid = np.array(
            [[scale, 0, (left - self.box_xyxy[0]) * scale], [0, scale, (top - self.box_xyxy[1]) * scale]],
            dtype=np.float32,
        )
        return cv2.warpAffine(
            nodes,
            to_grid,
            (right - left, bottom - top),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )


class SheetFields:
    """Moves of mesh points as displacement of grid nodes, one sheet above the lip line and one below.

    Precomputed for one face; each sheet is a sparse matrix from points to nodes.
    """

    def __init__(self, frame: FaceFrame, landmarks_px: NDArray[np.float32], grid: Grid) -> None:
        self.grid = grid
        weights = _point_weights(frame, landmarks_px, grid)
        plane = frame.to_plane(grid.nodes_px()).reshape(-1, 2)
        upper_row = frame.to_plane(landmarks_px[list(mesh.LIPS_INNER_UPPER), :2])
        lower_row = frame.to_plane(landmarks_px[list(mesh.LIPS_INNER_LOWER), :2])
        above = np.interp(plane[:, 0], upper_row[:, 0], upper_row[:, 1])
        below = np.interp(plane[:, 0], lower_row[:, 0], lower_row[:, 1])
        line = (above + below) / 2
        inside = (plane[:, 0] > upper_row[0, 0]) & (plane[:, 0] < upper_row[-1, 0])
        between = inside & (np.abs(plane[:, 1] - line) < CUT_REACH)
        # A node whose cell the cut crosses must not see the other sheet.
        margin = CUT_MARGIN_CELLS / CELLS_PER_FACE_HEIGHT
        extend_upper = np.flatnonzero(between & (plane[:, 1] > above - margin))
        extend_lower = np.flatnonzero(between & (plane[:, 1] < below + margin))
        self._upper = _project(weights, extend_upper, plane[:, 0], upper_row[:, 0], mesh.LIPS_INNER_UPPER)
        self._lower = _project(weights, extend_lower, plane[:, 0], lower_row[:, 0], mesh.LIPS_INNER_LOWER)
        self.is_above = (plane[:, 1] <= line).reshape(grid.shape)

    def restrict(self, share: NDArray[np.float32] | None) -> None:
        """Let nodes move by a share only, float32 (row, column); None is all."""
        if share is not None:
            fewer = scipy.sparse.diags(share.ravel())
            self._upper, self._lower = (fewer @ self._upper).tocsr(), (fewer @ self._lower).tocsr()

    def displacement(self, moves_px: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Displacement of the nodes in the upper and the lower sheet, each float32 (row, column, 2) pixels."""
        shape = (*self.grid.shape, 2)
        return (self._upper @ moves_px).reshape(shape), (self._lower @ moves_px).reshape(shape)


def invert(
    displacement_px: NDArray[np.float32], grid: Grid, targets_px: NDArray[np.float32], steps: int = INVERSION_STEPS
) -> NDArray[np.float32]:
    """Where the content at given places came from: solves p + d(p) = target by fixed-point iteration.

    displacement_px: float32 (row, column, 2) at the grid's nodes. targets_px: float32 (..., 2). Outside the grid the
    displacement is that of its edge.
    """
    offset = np.array(grid.box_xyxy[:2], dtype=np.float32)
    sources = targets_px
    for _ in range(steps):
        position = (sources - offset) / np.float32(grid.cell_px)
        moved = cv2.remap(
            displacement_px, position, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        sources = targets_px - moved
    return sources


def _point_weights(
    frame: FaceFrame, landmarks_px: NDArray[np.float32], grid: Grid
) -> scipy.sparse.csr_matrix:
    """Weights (node, point): barycentric inside the mesh, fading with distance around it."""
    rows, columns = grid.shape
    points = (landmarks_px[:, :2] - grid.box_xyxy[:2]) / grid.cell_px
    depth = np.full((rows, columns), np.inf, dtype=np.float32)
    corner = np.zeros((rows, columns, 3), dtype=np.int32)
    weight = np.zeros((rows, columns, 3), dtype=np.float32)
    for triangle in _all_triangles():
        a, b, c = points[triangle]
        low = np.maximum(np.ceil(np.minimum(np.minimum(a, b), c) - 1e-3), 0).astype(int)
        high = np.floor(np.maximum(np.maximum(a, b), c) + 1e-3).astype(int)
        high = np.minimum(high, (columns - 1, rows - 1))
        area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
        if (high < low).any() or abs(area) < 1e-9:
            continue
        x = np.arange(low[0], high[0] + 1, dtype=np.float32)[None, :]
        y = np.arange(low[1], high[1] + 1, dtype=np.float32)[:, None]
        at_b = ((x - a[0]) * (c[1] - a[1]) - (y - a[1]) * (c[0] - a[0])) / area
        at_c = ((b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])) / area
        at_a = 1 - at_b - at_c
        z = at_a * landmarks_px[triangle[0], 2] + at_b * landmarks_px[triangle[1], 2] + at_c * landmarks_px[triangle[2], 2]
        window = np.s_[low[1] : high[1] + 1, low[0] : high[0] + 1]
        inside = (at_a >= -1e-4) & (at_b >= -1e-4) & (at_c >= -1e-4) & (z < depth[window])
        depth[window][inside] = z[inside]
        corner[window][inside] = triangle
        weight[window][inside] = np.stack([at_a, at_b, at_c], axis=-1)[inside]
    outside = ~np.isfinite(depth)
    _fade_around(frame, landmarks_px, grid, outside, corner, weight)
    node = np.repeat(np.arange(rows * columns), 3)
    return scipy.sparse.csr_matrix(
        (weight.ravel(), (node, corner.ravel())), shape=(rows * columns, len(landmarks_px)), dtype=np.float32
    )


def _all_triangles() -> NDArray[np.intp]:
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
    frame: FaceFrame,
    landmarks_px: NDArray[np.float32],
    grid: Grid,
    outside: NDArray[np.bool_],
    corner: NDArray[np.int32],
    weight: NDArray[np.float32],
) -> None:
    """Let nodes around the mesh follow the nearest place on its edge, less and less with distance."""
    oval = np.array(mesh.FACE_OVAL)
    start = landmarks_px[oval, :2]
    end = np.roll(start, -1, axis=0)
    nodes = grid.nodes_px()[outside]
    along = ((nodes[:, None] - start) * (end - start)).sum(-1) / np.maximum(((end - start) ** 2).sum(-1), 1e-6)
    along = np.clip(along, 0, 1)
    nearest = start + along[..., None] * (end - start)
    distance = np.linalg.norm(nodes[:, None] - nearest, axis=-1)
    best = distance.argmin(axis=1)
    pick = np.arange(len(nodes))
    plane = frame.to_plane(nodes)
    below = np.clip((plane[:, 1] - 0.1) / 0.3, 0, 1)
    reach = FOLLOW_AROUND + (FOLLOW_BELOW - FOLLOW_AROUND) * below
    share = np.clip(1 - distance[pick, best] / (reach * frame.face_height_px), 0, 1)
    share = share * share * (3 - 2 * share)
    second = along[pick, best]
    corner[outside] = np.stack([oval[best], np.roll(oval, -1)[best], oval[best]], axis=-1)
    weight[outside] = np.stack([share * (1 - second), share * second, np.zeros_like(share)], axis=-1)


def _project(
    weights: scipy.sparse.csr_matrix,
    nodes: NDArray[np.intp],
    node_x: NDArray[np.float32],
    row_x: NDArray[np.float32],
    row: tuple[int, ...],
) -> scipy.sparse.csr_matrix:
    """The same weights, but with some nodes following the place on a lip row that is straight above or below."""
    place = np.interp(node_x[nodes], row_x, np.arange(len(row)))
    low = np.minimum(place.astype(int), len(row) - 2)
    share = place - low
    row_points = np.array(row)
    keep = np.ones(weights.shape[0], dtype=np.float32)
    keep[nodes] = 0
    extra = scipy.sparse.csr_matrix(
        (
            np.concatenate([1 - share, share]).astype(np.float32),
            (np.concatenate([nodes, nodes]), np.concatenate([row_points[low], row_points[low + 1]])),
        ),
        shape=weights.shape,
    )
    return (scipy.sparse.diags(keep) @ weights + extra).tocsr()
