"""Displacement fields on a coarse grid: from moves of mesh points to a map that says where each pixel comes
from.

The field is cut along the line between the lips: one sheet belongs to everything above it, one to everything
below. Where the mouth is not, the sheets agree. Knows nothing of colours or of speech.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from lipwright.engine.face import mesh
from lipwright.engine.render.frame import FaceFrame
from lipwright.engine.render.pixels import look_up

# Grid cells a face height. Lips are about 5 cells thick at 128; at 64 their edges round off, at 256 each
# frame costs four times as much and nothing more is seen.
CELLS_PER_FACE_HEIGHT = 112
# How far the skin around the mesh follows its edge, face heights.
FOLLOW_AROUND = 0.22
FOLLOW_BELOW = 0.34
# How far above and below the lip line the two sheets differ, face heights.
CUT_REACH = 0.34
CUT_MARGIN_CELLS = 0.8
# Over which distance beyond a corner of the mouth the sheets become one again, face heights.
CORNER_FADE = 0.03
# Steps of the fixed-point inversion. Around the mouth, where a wide smile that closes is steepest, 6 give a
# tenth of a pixel; elsewhere the field is gentle.
MOUTH_INVERSION_STEPS = 6
INVERSION_STEPS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A coarse grid over a box of the picture: square cells, a node in the middle of each.

    box_xyxy: whole pixels. cell_px: side of a cell, whole pixels, so that values at nodes become values at
    pixels by plain enlargement. shape: rows and columns of nodes; the last cells may stick out of the box.
    """

    box_xyxy: tuple[int, int, int, int]
    cell_px: int
    shape: tuple[int, int]

    @classmethod
    def over(cls, box_xyxy: tuple[int, int, int, int], cell_px: float) -> Grid:
        """The grid that covers a box with cells of about a size."""
        left, top, right, bottom = box_xyxy
        cell = max(1, round(cell_px))
        return cls(
            box_xyxy=box_xyxy, cell_px=cell, shape=(-((top - bottom) // cell), -((left - right) // cell))
        )

    def nodes_px(self) -> NDArray[np.float32]:
        """Picture coordinates of the nodes, float32 (row, column, 2)."""
        rows, columns = self.shape
        x = self.box_xyxy[0] + (np.arange(columns, dtype=np.float32) + 0.5) * self.cell_px - 0.5
        y = self.box_xyxy[1] + (np.arange(rows, dtype=np.float32) + 0.5) * self.cell_px - 0.5
        return np.stack(np.broadcast_arrays(x[None, :], y[:, None]), axis=-1).astype(np.float32)

    def place_of(self, points_px: NDArray[np.float32]) -> NDArray[np.float32]:
        """Picture coordinates (..., 2) as columns and rows of the grid, fractions between nodes."""
        corner = np.array(self.box_xyxy[:2], dtype=np.float32)
        return (points_px - (corner - 0.5)) * np.float32(1 / self.cell_px) - np.float32(0.5)

    def part(self, box_xyxy: tuple[int, int, int, int]) -> tuple[Grid, tuple[slice, slice]]:
        """The grid over those cells that a box inside this one touches, and where they are in this grid."""
        left, top, right, bottom = self.box_xyxy
        cell = self.cell_px
        first = (box_xyxy[1] - top) // cell, (box_xyxy[0] - left) // cell
        last = -((top - box_xyxy[3]) // cell), -((left - box_xyxy[2]) // cell)
        covered = (
            left + first[1] * cell,
            top + first[0] * cell,
            min(left + last[1] * cell, right),
            min(top + last[0] * cell, bottom),
        )
        shape = (last[0] - first[0], last[1] - first[1])
        here = (slice(first[0], last[0]), slice(first[1], last[1]))
        return Grid(box_xyxy=covered, cell_px=cell, shape=shape), here

    def to_pixels(self, nodes: NDArray[np.float32]) -> NDArray[np.float32]:
        """Values at the nodes, interpolated for every pixel of the box, float32 (height, width, ...)."""
        rows, columns = self.shape
        left, top, right, bottom = self.box_xyxy
        size_wh = (columns * self.cell_px, rows * self.cell_px)
        values = np.asarray(cv2.resize(nodes, size_wh, interpolation=cv2.INTER_LINEAR), dtype=np.float32)
        return values[: bottom - top, : right - left]


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
        # Each sheet goes on beyond the cut as its lip's edge moves, and beyond the corners gives way to the
        # cheek.
        corners = (upper_row[0, 0] + lower_row[0, 0]) / 2, (upper_row[-1, 0] + lower_row[-1, 0]) / 2
        beyond = np.maximum(np.maximum(corners[0] - plane[:, 0], plane[:, 0] - corners[1]), 0)
        share = np.clip(1 - beyond / CORNER_FADE, 0, 1) * (np.abs(plane[:, 1] - line) < CUT_REACH)
        # A node whose cell the cut crosses must not see the other sheet.
        margin = CUT_MARGIN_CELLS / CELLS_PER_FACE_HEIGHT
        in_upper = share * (plane[:, 1] > above - margin)
        in_lower = share * (plane[:, 1] < below + margin)
        self._upper = _project(weights, in_upper, plane[:, 0], upper_row[:, 0], mesh.LIPS_INNER_UPPER)
        self._lower = _project(weights, in_lower, plane[:, 0], lower_row[:, 0], mesh.LIPS_INNER_LOWER)
        self.is_above = (plane[:, 1] <= line).reshape(grid.shape)
        self._plain = weights

    def spread(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """A value of every mesh point (478,) at the nodes, float32 (row, column); fading to 0 around the
        mesh."""
        spread: NDArray[np.float32] = (self._plain @ values).reshape(self.grid.shape)
        return spread

    def restrict(self, share: NDArray[np.float32] | None) -> None:
        """Let nodes move by a share only, float32 (row, column); None is all."""
        if share is not None:
            fewer = scipy.sparse.diags(share.ravel())
            self._upper, self._lower = (fewer @ self._upper).tocsr(), (fewer @ self._lower).tocsr()

    def displacement(self, moves_px: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Displacement of the nodes in the upper and the lower sheet, each float32 (row, column, 2) pixels.

        moves_px: float32 (478, 2).
        """
        shape = (*self.grid.shape, 2)
        return (self._upper @ moves_px).reshape(shape), (self._lower @ moves_px).reshape(shape)


def invert(
    displacement_px: NDArray[np.float32], grid: Grid, targets_px: NDArray[np.float32], steps: int
) -> NDArray[np.float32]:
    """Where the content at the grid's nodes came from: solves p + d(p) = target by fixed-point iteration.

    displacement_px, targets_px: float32 (row, column, 2); the targets are the nodes in picture coordinates.
    Outside the grid the displacement is that of its edge.
    """
    sources = targets_px - displacement_px
    for _ in range(steps):
        sources = targets_px - look_up(displacement_px, grid.place_of(sources))
    return sources


def _point_weights(
    frame: FaceFrame, landmarks_px: NDArray[np.float32], grid: Grid
) -> scipy.sparse.csr_matrix:
    """Weights (node, point): barycentric inside the mesh, fading with distance around it."""
    rows, columns = grid.shape
    points = grid.place_of(landmarks_px[:, :2])
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
        z = (
            at_a * landmarks_px[triangle[0], 2]
            + at_b * landmarks_px[triangle[1], 2]
            + at_c * landmarks_px[triangle[2], 2]
        )
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
    along = ((nodes[:, None] - start) * (end - start)).sum(-1) / np.maximum(
        ((end - start) ** 2).sum(-1), 1e-6
    )
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
    share: NDArray[np.float32],
    node_x: NDArray[np.float32],
    row_x: NDArray[np.float32],
    row: tuple[int, ...],
) -> scipy.sparse.csr_matrix:
    """The same weights, but nodes follow by a share (node,) the place above or below on a lip row."""
    nodes = np.flatnonzero(share > 0)
    place = np.interp(node_x[nodes], row_x, np.arange(len(row)))
    low = np.minimum(place.astype(int), len(row) - 2)
    at_high = (place - low) * share[nodes]
    at_low = share[nodes] - at_high
    points = np.array(row)
    extra = scipy.sparse.csr_matrix(
        (
            np.concatenate([at_low, at_high]).astype(np.float32),
            (np.concatenate([nodes, nodes]), np.concatenate([points[low], points[low + 1]])),
        ),
        shape=weights.shape,
    )
    kept = (1 - share).astype(np.float32)
    return scipy.sparse.csr_matrix(scipy.sparse.diags(kept) @ weights + extra)
