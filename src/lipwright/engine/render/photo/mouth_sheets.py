"""The two lip layers of a photo, over the box of the mouth, which moves with the head.

Finer than the head around them: each layer has a field of its own, inverted by Newton's method, as lips are
too steep for fixed points from half a mouth's opening on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array, smoothstep
from lipwright.engine.boxes import Box
from lipwright.engine.face import mesh
from lipwright.engine.render.mouth.lips import LipCut, lip_cut
from lipwright.engine.render.photo.head import HeadField, SkullMotion
from lipwright.engine.render.photo.skinning import Skinning
from lipwright.engine.render.pixels import look_up
from lipwright.engine.render.warp.displacement import DisplacementFields, invert_by_newton
from lipwright.engine.render.warp.face_axes import FaceAxes
from lipwright.engine.render.warp.grid import CELLS_PER_FACE_HEIGHT, Grid

# Room around the lips beside, above and below, face heights: for the chin that drops and the blend.
ROOM = (0.16, 0.16, 0.30)
# Outer part of the patch, as a share of its radius, over which its fields become the head's: without it a
# seam shows on a cheek that turns away.
BLEND_FROM, BLEND_WIDTH = 0.75, 0.22


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LipSources:
    """Where the pixels of a box of the output come from in either lip layer.

    grid: over a box of the output. upper, lower: float32 (row, column, 2), at its nodes, pixels of the
    picture.
    """

    grid: Grid
    upper: NDArray[np.float32]
    lower: NDArray[np.float32]

    def __post_init__(self) -> None:
        check_array(self, "upper", np.float32, (*self.grid.shape, 2))
        check_array(self, "lower", np.float32, self.upper.shape)


class MouthSheets:
    """The lip layers of one face."""

    def __init__(
        self,
        axes: FaceAxes,
        landmarks_px: NDArray[np.float32],
        head_grid: Grid,
        depth_px: NDArray[np.float32],
        skinning: Skinning,
        falloff: NDArray[np.float32] | None,
        cut: LipCut,
    ) -> None:
        """head_grid: the grid at whose nodes depth_px, skinning and falloff are given. cut: mouth_cut."""
        unit = axes.face_height_px
        self._head_grid = head_grid
        self._grid = _mouth_grid(landmarks_px, unit)
        self._nodes = self._grid.nodes_px()
        at = head_grid.place_of(self._nodes)
        here = Skinning(head=look_up(skinning.head, at), breath=look_up(skinning.breath, at))
        self._field = HeadField(axes, self._nodes, look_up(depth_px, at), here)
        self._falloff = None if falloff is None else look_up(falloff, at)[..., None]
        self._layers = DisplacementFields(axes, landmarks_px, self._grid, is_kept=True)
        self.cut = cut
        rows, columns = self._grid.shape
        x = np.abs(np.linspace(-1, 1, columns, dtype=np.float32))[None, :]
        y = np.abs(np.linspace(-1, 1, rows, dtype=np.float32))[:, None]
        own = smoothstep((BLEND_FROM + BLEND_WIDTH - np.hypot(x, y)) / BLEND_WIDTH)
        self._own = own.astype(np.float32)[..., None]

    def sources(
        self,
        moves_px: NDArray[np.float32],
        motion: SkullMotion,
        breath: float,
        whole: NDArray[np.float32],
        shift_px: NDArray[np.float32],
    ) -> LipSources:
        """Where the lips come from in a frame.

        moves_px: float32 (478, 3). whole: float32 (row, column, 2), the same for the head's grid, uncut.
        shift_px: float32 (2,), by how much the head carries the mouth.
        """
        cell = self._grid.cell_px
        cells = np.rint(shift_px / cell).astype(int) * cell
        grid = Grid(
            box=self._grid.box.moved(int(cells[0]), int(cells[1])), cell_px=cell, shape=self._grid.shape
        )
        targets = grid.nodes_px()
        around = look_up(whole, self._head_grid.place_of(targets))
        found = []
        for moves in self._layers.displacement(moves_px):
            moved = moves if self._falloff is None else moves * self._falloff
            places = self._field.places(motion, breath, moved)
            sources = invert_by_newton(places, self._grid, self._nodes, targets)
            found.append(around + (sources - around) * self._own)
        return LipSources(grid=grid, upper=found[0], lower=found[1])


def mouth_cut(axes: FaceAxes, landmarks_px: NDArray[np.float32], picture: Box) -> LipCut:
    """Where the lips of a face part, over the box of its mouth inside the picture."""
    grid = _mouth_grid(landmarks_px, axes.face_height_px)
    return lip_cut(axes, landmarks_px, grid.box.clipped(picture))


def _mouth_grid(landmarks_px: NDArray[np.float32], unit_px: float) -> Grid:
    return Grid.over(_mouth_box(landmarks_px, unit_px), unit_px / CELLS_PER_FACE_HEIGHT)


def _mouth_box(landmarks_px: NDArray[np.float32], unit_px: float) -> Box:
    """The box in which the two lip layers differ; may reach beyond the picture."""
    lips = landmarks_px[list(mesh.LIPS_OUTER), :2]
    low, high = lips.min(axis=0), lips.max(axis=0)
    side, above, below = (room * unit_px for room in ROOM)
    return Box.holding(low[0] - side, low[1] - above, high[0] + side, high[1] + below)
