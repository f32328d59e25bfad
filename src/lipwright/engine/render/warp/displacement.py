"""Displacement fields on a coarse grid: moves of mesh points as a map of where each pixel comes from.

The picture is cut along the line between the lips into two lip layers, the upper one above the line and the
lower one below, and each has a field of its own. Away from the mouth both fields are the same.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.face import mesh
from lipwright.engine.render.pixels import look_up, look_up_points, mapped
from lipwright.engine.render.warp.face_axes import FaceAxes
from lipwright.engine.render.warp.grid import Grid
from lipwright.engine.render.warp.mesh_binding import bind_mesh

# How far above and below the lip line the fields of the two lip layers differ, face heights.
CUT_REACH = 0.34
CUT_MARGIN_CELLS = 0.8
# Over which distance beyond a corner of the mouth both fields become one again, face heights.
CORNER_FADE = 0.03
# Steps of the fixed-point inversion. Around the mouth, where a wide smile that closes is steepest, 6 give a
# tenth of a pixel; elsewhere the field is gentle.
MOUTH_INVERSION_STEPS = 6
INVERSION_STEPS = 2
# Where fixed points still miss by more than this they jump to and fro, cells: beside corners that a wide
# smile draws in they end anywhere, which is seen as crumbs.
UNSETTLED_CELLS = 1.5
# After so many steps only those nodes go on that the last one moved by more than this, cells: few do, beside
# edges of lips and where a cheek turns away. What the others still lack is far below a pixel.
STEPS_OF_ALL = 2
STEADY_CELLS = 0.004
# A Newton step divides by the determinant of the field: not by less than this. Where the field nearly folds a
# full step lands anywhere.
LEAST_DETERMINANT = 0.4
# Newton's method begins where so many fixed-point steps end, which carry it as far as a shout opens the lips.
# How far each of its steps goes at the most, cells: steps that stay long jump to and fro across the lips'
# edges. Wherever a lip shows these end within a pixel, nearly everywhere within a tenth.
STEPS_BEFORE_NEWTON = 3
NEWTON_STEPS_CELLS = (2.0, 2.0, 1.0, 1.0, 0.5, 0.25)


class DisplacementFields:
    """Moves of mesh points as displacement of grid nodes, in a field for each of the two lip layers.

    Prepared for one face as it lies in one picture.
    """

    def __init__(
        self, axes: FaceAxes, landmarks_px: NDArray[np.float32], grid: Grid, *, is_kept: bool = False
    ) -> None:
        """is_kept: it will be asked for many moves, so that a slower start for a faster spread pays."""
        self.grid = grid
        self._binding = bind_mesh(axes, landmarks_px, grid)
        self._matrix = self._binding.matrix() if is_kept else None
        plane = axes.to_plane(grid.nodes_px())
        upper_row = axes.to_plane(landmarks_px[list(mesh.LIPS_INNER_UPPER), :2])
        lower_row = axes.to_plane(landmarks_px[list(mesh.LIPS_INNER_LOWER), :2])
        above = np.interp(plane[..., 0], upper_row[:, 0], upper_row[:, 1])
        below = np.interp(plane[..., 0], lower_row[:, 0], lower_row[:, 1])
        line = (above + below) / 2
        self.is_above = plane[..., 1] <= line
        # Each layer goes on beyond the cut as its lip's edge moves; beyond the corners it gives way to the
        # cheek.
        corners = (upper_row[0, 0] + lower_row[0, 0]) / 2, (upper_row[-1, 0] + lower_row[-1, 0]) / 2
        beyond = np.maximum(np.maximum(corners[0] - plane[..., 0], plane[..., 0] - corners[1]), 0)
        share = np.clip(1 - beyond / CORNER_FADE, 0, 1) * (np.abs(plane[..., 1] - line) < CUT_REACH)
        # A node whose cell the cut crosses must not see the other layer.
        margin = CUT_MARGIN_CELLS * grid.cell_px / axes.face_height_px
        self._upper = _layer_edge(
            share * (plane[..., 1] > above - margin), plane, upper_row, mesh.LIPS_INNER_UPPER
        )
        self._lower = _layer_edge(
            share * (plane[..., 1] < below + margin), plane, lower_row, mesh.LIPS_INNER_LOWER
        )

    def spread(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """A value of every mesh point (478,) at the nodes, float32 (row, column); fading around the mesh."""
        return self._spread(values[:, None])[..., 0]

    def displacement(self, moves_px: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Displacement of the nodes in the upper and the lower layer, each float32 (row, column, 2) pixels.

        moves_px: float32 (478, 2); or (478, 3), and the displacement has three components too.
        """
        common = self._spread(moves_px)
        return self._upper.laid_over(common, moves_px), self._lower.laid_over(common, moves_px)

    def _spread(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        if self._matrix is None:
            return self._binding.spread(values)
        return np.asarray(self._matrix @ values, dtype=np.float32).reshape(*self.grid.shape, -1)


class _LayerEdge:
    """Where a lip layer goes on beyond the cut: nodes that follow a lip row instead of the mesh."""

    def __init__(
        self,
        here: tuple[slice, slice],
        share: NDArray[np.float32],
        places: NDArray[np.float32],
        row: tuple[int, ...],
    ) -> None:
        """here: part of the grid. share, places: float32 (row, column), how much and where along the row."""
        low = np.minimum(places.astype(np.intp), len(row) - 2)
        points = np.array(row)
        self._here = here
        self._share = share[..., None]
        self._low, self._high = points[low], points[low + 1]
        self._fraction = (places - low)[..., None].astype(np.float32)

    def laid_over(self, common: NDArray[np.float32], moves_px: NDArray[np.float32]) -> NDArray[np.float32]:
        """The common field with the layer's own part put in, a new array."""
        low = moves_px[self._low]
        edge = low + (moves_px[self._high] - low) * self._fraction
        field = common.copy()
        field[self._here] += (edge - field[self._here]) * self._share
        return field


def _layer_edge(
    share: NDArray[np.float32],
    plane: NDArray[np.float32],
    row_in_plane: NDArray[np.float32],
    row: tuple[int, ...],
) -> _LayerEdge:
    rows, columns = np.flatnonzero(share.max(axis=1) > 0), np.flatnonzero(share.max(axis=0) > 0)
    if not len(rows):
        rows = columns = np.array([0])
    here = (slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1))
    places = np.interp(plane[here][..., 0], row_in_plane[:, 0], np.arange(len(row)))
    return _LayerEdge(here, share[here].astype(np.float32), places.astype(np.float32), row)


def invert(
    displacement_px: NDArray[np.float32], grid: Grid, targets_px: NDArray[np.float32], steps: int
) -> NDArray[np.float32]:
    """Where the content at the grid's nodes came from: solves p + d(p) = target by fixed-point iteration.

    displacement_px, targets_px: float32 (row, column, 2); the targets are the nodes in picture coordinates.
    steps: of the nodes that need so many. Outside the grid the displacement is that of its edge.
    """
    # In cells, so that a step is one look-up and one difference.
    in_cells = displacement_px * np.float32(1 / grid.cell_px)
    targets = grid.place_of(targets_px)
    at, before = targets - in_cells, targets
    for _ in range(min(steps - 1, STEPS_OF_ALL)):
        at, before = targets - look_up(in_cells, at), at
    goes_on = _unsteady(at - before)
    if steps - 1 > STEPS_OF_ALL and len(goes_on):
        points, goals = at.reshape(-1, 2)[goes_on], targets.reshape(-1, 2)[goes_on]
        for _ in range(steps - 1 - STEPS_OF_ALL):
            points = goals - look_up_points(in_cells, points)
        at.reshape(-1, 2)[goes_on] = points
    return np.asarray(targets_px - look_up(displacement_px, at), dtype=np.float32)


def invert_by_newton(
    places_px: NDArray[np.float32],
    grid: Grid,
    nodes_px: NDArray[np.float32],
    targets_px: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Where the content at target places came from, by Newton's method: for fields too steep for `invert`.

    places_px: float32 (row, column, 2), where the content at the grid's nodes goes. nodes_px: the nodes.
    targets_px: float32 (row, column, 2), of any size.
    """
    at_cells = grid.place_of(places_px)
    across, down = (
        cv2.Sobel(at_cells, cv2.CV_32F, dx, dy, scale=1 / 8, borderType=cv2.BORDER_REPLICATE)
        for dx, dy in ((1, 0), (0, 1))
    )
    determinant = across[..., 0] * down[..., 1] - across[..., 1] * down[..., 0]
    held = np.where(np.abs(determinant) < LEAST_DETERMINANT, LEAST_DETERMINANT, determinant)
    share = np.float32(1) / held
    adjugate = (down[..., 1], -down[..., 0], -across[..., 1], across[..., 0])
    inverse = np.stack([entry * share for entry in adjugate], axis=-1).astype(np.float32)
    displacement = (places_px - nodes_px) * np.float32(1 / grid.cell_px)
    targets = grid.place_of(targets_px)
    at = targets
    for _ in range(STEPS_BEFORE_NEWTON):
        at = targets - look_up(displacement, at)
    for longest in NEWTON_STEPS_CELLS[:STEPS_OF_ALL]:
        step = _newton_step(targets - at - look_up(displacement, at), look_up(inverse, at), longest)
        at += step
    goes_on = _unsteady(step)
    if len(goes_on):
        points, goals = at.reshape(-1, 2)[goes_on], targets.reshape(-1, 2)[goes_on]
        for longest in NEWTON_STEPS_CELLS[STEPS_OF_ALL:]:
            error = goals - points - look_up_points(displacement, points)
            points += _newton_step(error, look_up_points(inverse, points), longest)
        at.reshape(-1, 2)[goes_on] = points
    cell = grid.cell_px
    left, top = (edge + cell / 2 - 0.5 for edge in grid.box.corner)
    return mapped(at, np.array([[cell, 0, left], [0, cell, top]], dtype=np.float64))


def invert_around_mouth(
    displacement_px: NDArray[np.float32],
    grid: Grid,
    nodes_px: NDArray[np.float32],
    part: Grid,
    here: tuple[slice, slice],
) -> NDArray[np.float32]:
    """As `invert` for the nodes of a part of the grid; by Newton's method where fixed points do not settle.

    nodes_px: of the grid. part, here: what Grid.part gives.
    """
    targets = nodes_px[here]
    settled = invert(displacement_px[here], part, targets, MOUTH_INVERSION_STEPS)
    missed = _missed_cells(settled, displacement_px, grid, targets)
    if missed.max() <= UNSETTLED_CELLS:
        return settled
    steep = invert_by_newton(nodes_px + displacement_px, grid, nodes_px, targets)
    better = (missed > UNSETTLED_CELLS) & (_missed_cells(steep, displacement_px, grid, targets) < missed)
    return np.where(better[..., None], steep, settled)


def _missed_cells(
    sources_px: NDArray[np.float32],
    displacement_px: NDArray[np.float32],
    grid: Grid,
    targets_px: NDArray[np.float32],
) -> NDArray[np.float32]:
    """How far from its target what lies at each source ends, cells, float32 (row, column)."""
    arrived = sources_px + look_up(displacement_px, grid.place_of(sources_px))
    return np.asarray(np.linalg.norm(arrived - targets_px, axis=-1) / grid.cell_px, np.float32)


def _newton_step(
    error: NDArray[np.float32], inverse: NDArray[np.float32], longest: float
) -> NDArray[np.float32]:
    """By how much places (..., 2) change that miss their targets by an error, no more than the longest."""
    step = np.empty_like(error)
    for axis in range(2):
        step[..., axis] = inverse[..., 2 * axis] * error[..., 0] + inverse[..., 2 * axis + 1] * error[..., 1]
    return np.clip(step, -np.float32(longest), np.float32(longest), out=step)


def _unsteady(step: NDArray[np.float32]) -> NDArray[np.intp]:
    """Which nodes a step (row, column, 2) still moved, as places in their flat list."""
    moved = np.abs(step) > STEADY_CELLS
    # Both coordinates of a node at once.
    return np.flatnonzero(moved.view(np.uint16))
