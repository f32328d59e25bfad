"""What one face of a photo is drawn from: its person over what lies behind, and which of it moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.boxes import Box
from lipwright.engine.face.values import Face
from lipwright.engine.render.photo.frame import inside_frame
from lipwright.engine.render.photo.layers import PersonLayers, split_layers
from lipwright.engine.render.photo.skinning import (
    STAYS,
    Skinning,
    distance_to_mesh,
    fading_skinning,
    layered_skinning,
)
from lipwright.engine.render.warp.face_axes import FaceAxes
from lipwright.engine.render.warp.grid import HEAD_CELLS_PER_FACE_HEIGHT, Grid

# What a still head needs around the mesh, face heights: room for skin that follows chin and brows.
STILL_MARGIN = 0.36
# Where a person is looked for around the mesh, face heights: beside, above, below. Hair and shoulders that
# reach farther stay.
PERSON_MARGIN = (1.5, 1.3, 1.3)
# Room around what follows the head, for where it goes at the limits, face heights.
MOTION_ROOM = 0.25
# Without layers, the distance from the mesh at which the depth of the outline is reached, face heights.
OUTLINE = 0.5
# What is person or follows by less than this counts as still.
_STILL = 0.01


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scene:
    """One person of a picture as it is drawn.

    grid: over the box in which anything moves.
    texture: uint8 (height, width, 4), premultiplied RGBA over texture_box, which holds the grid's box.
    plate: uint8 (height, width, 3) of the grid's box, what lies behind; None where the texture hides it all.
    alpha: float32 (row, column), how much of each node is the person.
    unsure: as in PersonLayers.
    """

    grid: Grid
    texture: NDArray[np.uint8]
    texture_box: Box
    plate: NDArray[np.uint8] | None
    alpha: NDArray[np.float32]
    skinning: Skinning
    unsure: float

    def __post_init__(self) -> None:
        check_array(self, "texture", np.uint8, (self.texture_box.height, self.texture_box.width, 4))
        if self.plate is not None:
            check_array(self, "plate", np.uint8, (self.grid.box.height, self.grid.box.width, 3))
        check_array(self, "alpha", np.float32, self.grid.shape)


def find_scene(
    rgb: NDArray[np.uint8], face: Face, axes: FaceAxes, other_faces: Sequence[Face], *, head_moves: bool
) -> Scene:
    """The scene of a face. A person who cannot be cut out is a picture that bends, fading with distance."""
    picture = inside_frame(rgb)
    landmarks, unit = face.landmarks_px, axes.face_height_px
    if head_moves:
        box = _around(landmarks, unit, PERSON_MARGIN, picture)
        layers = split_layers(rgb, face, other_faces, box)
        if layers is not None:
            return _layered_scene(layers, axes, landmarks, picture)
    margin = (STAYS[1], STAYS[0], STAYS[2]) if head_moves else (STILL_MARGIN,) * 3
    box = _around(landmarks, unit, margin, picture)
    grid = Grid.over(box, unit / HEAD_CELLS_PER_FACE_HEIGHT)
    still = np.zeros(grid.shape, dtype=np.float32)
    distance = distance_to_mesh(landmarks, grid) / (OUTLINE * unit)
    return Scene(
        grid=grid,
        texture=np.asarray(cv2.cvtColor(rgb[box.slices], cv2.COLOR_RGB2RGBA), dtype=np.uint8),
        texture_box=box,
        plate=None,
        alpha=np.clip(1 - distance, 0, 1).astype(np.float32),
        skinning=(
            fading_skinning(axes, landmarks, grid) if head_moves else Skinning(head=still, breath=still)
        ),
        unsure=0.0,
    )


def _layered_scene(
    layers: PersonLayers, axes: FaceAxes, landmarks_px: NDArray[np.float32], picture: Box
) -> Scene:
    """The part of the layers in which something can move."""
    unit = axes.face_height_px
    grid = Grid.over(layers.box, unit / HEAD_CELLS_PER_FACE_HEIGHT)
    skinning = layered_skinning(axes, landmarks_px, grid, picture)
    alpha = _at_nodes(layers.alpha, grid)
    moves = (alpha > _STILL) & (np.maximum(skinning.head, skinning.breath) > _STILL)
    rows, columns = np.flatnonzero(moves.any(axis=1)), np.flatnonzero(moves.any(axis=0))
    cells = Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    cell = grid.cell_px
    edges = (cells.left * cell, cells.top * cell, cells.right * cell, cells.bottom * cell)
    box = Box(*edges).moved(*layers.box.corner).grown(int(MOTION_ROOM * unit)).evened().clipped(layers.box)
    here = box.seen_from(layers.box).slices
    with_margin = _with_margin(box, layers)
    grid = Grid.over(box, unit / HEAD_CELLS_PER_FACE_HEIGHT)
    return Scene(
        grid=grid,
        texture=layers.texture[with_margin.seen_from(layers.texture_box).slices],
        texture_box=with_margin,
        plate=np.ascontiguousarray(layers.plate[here]),
        alpha=_at_nodes(layers.alpha[here], grid),
        skinning=layered_skinning(axes, landmarks_px, grid, picture),
        unsure=layers.unsure,
    )


def _with_margin(box: Box, layers: PersonLayers) -> Box:
    """A part of the layers' box with the texture's margins where they begin at its edges."""
    whole, texture = layers.box, layers.texture_box
    return Box(
        texture.left if box.left == whole.left else box.left,
        texture.top if box.top == whole.top else box.top,
        texture.right if box.right == whole.right else box.right,
        texture.bottom if box.bottom == whole.bottom else box.bottom,
    )


def _at_nodes(pixels: NDArray[np.float32], grid: Grid) -> NDArray[np.float32]:
    """The mean over the cells of a grid, float32 (row, column)."""
    rows, columns = grid.shape
    cell = grid.cell_px
    below, right = rows * cell - pixels.shape[0], columns * cell - pixels.shape[1]
    whole = cv2.copyMakeBorder(pixels, 0, below, 0, right, cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA), dtype=np.float32)


def _around(
    landmarks_px: NDArray[np.float32],
    unit_px: float,
    margin: tuple[float, float, float],
    picture: Box,
) -> Box:
    """The even box around a face mesh with margins beside, above and below, face heights."""
    beside, above, below = (each * unit_px for each in margin)
    low, high = landmarks_px[:, :2].min(axis=0), landmarks_px[:, :2].max(axis=0)
    box = Box(int(low[0] - beside), int(low[1] - above), int(high[0] + beside) + 1, int(high[1] + below) + 1)
    return box.evened().clipped(picture)
