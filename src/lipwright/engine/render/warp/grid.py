"""A coarse grid over a box of a picture, and the way from its nodes to pixels."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.render.pixels import Kind, mapped

# Grid cells a face height. Lips are about 5 cells thick at 112; at half of it their edges round off, at twice
# of it each frame costs four times as much and nothing more is seen.
CELLS_PER_FACE_HEIGHT = 112
# The same where only the head moves, which bends far less than lips do.
HEAD_CELLS_PER_FACE_HEIGHT = 56


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A coarse grid over a box of the picture: square cells, a node in the middle of each.

    cell_px: side of a cell, whole pixels, so that values at nodes become values at pixels by plain
    enlargement. shape: rows and columns of nodes; the last cells may stick out of the box.
    """

    box: Box
    cell_px: int
    shape: tuple[int, int]

    @classmethod
    def over(cls, box: Box, cell_px: float) -> Grid:
        """The grid that covers a box with cells of about a size."""
        cell = max(1, round(cell_px))
        return cls(box=box, cell_px=cell, shape=(-(-box.height // cell), -(-box.width // cell)))

    def nodes_px(self) -> NDArray[np.float32]:
        """Picture coordinates of the nodes, float32 (row, column, 2)."""
        rows, columns = self.shape
        x = self.box.left + (np.arange(columns, dtype=np.float32) + 0.5) * self.cell_px - 0.5
        y = self.box.top + (np.arange(rows, dtype=np.float32) + 0.5) * self.cell_px - 0.5
        return np.stack(np.broadcast_arrays(x[None, :], y[:, None]), axis=-1).astype(np.float32)

    def place_of(self, points_px: NDArray[np.float32]) -> NDArray[np.float32]:
        """Picture coordinates (..., 2) as columns and rows of the grid, fractions between nodes."""
        left, top = (0.5 - edge for edge in self.box.corner)
        scale = 1 / self.cell_px
        return mapped(points_px, np.array([[scale, 0, left * scale - 0.5], [0, scale, top * scale - 0.5]]))

    def part(self, box: Box) -> tuple[Grid, tuple[slice, slice]]:
        """The grid over those cells that a box inside this one touches, and where they are in this grid."""
        cell, wanted = self.cell_px, box.seen_from(self.box)
        cells = Box(
            wanted.left // cell, wanted.top // cell, -(-wanted.right // cell), -(-wanted.bottom // cell)
        )
        covered = Box(*(edge * cell for edge in (cells.left, cells.top, cells.right, cells.bottom)))
        covered = covered.moved(*self.box.corner).clipped(self.box)
        return Grid(box=covered, cell_px=cell, shape=(cells.height, cells.width)), cells.slices

    def to_pixels(self, nodes: NDArray[Kind]) -> NDArray[Kind]:
        """Values at the nodes, interpolated for every pixel of the box, (height, width, ...)."""
        rows, columns = self.shape
        size_wh = (columns * self.cell_px, rows * self.cell_px)
        values = np.asarray(cv2.resize(nodes, size_wh, interpolation=cv2.INTER_LINEAR), dtype=nodes.dtype)
        return values[: self.box.height, : self.box.width]
