"""How far away each place of a person is: the face by its mesh, hair, ears and neck by what heads are like.

Depth is in pixels behind the mouth, so that it goes with places of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import scipy.fft
import scipy.sparse
import scipy.sparse.linalg
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array, smoothstep
from lipwright.engine.face import mesh
from lipwright.engine.render.pixels import blurred
from lipwright.engine.render.warp.face_axes import FaceAxes
from lipwright.engine.render.warp.grid import Grid

# The tracker sees less of a turn of a flat picture than of a real head, and flattening takes depth away: with
# this much of the landmarks' depth it reads, in the middle of seventeen pictures, the angle that was asked.
# What is left of a picture's own is in its TurnGain.
MESH_DEPTH = 1.7
# How far behind the mouth the outline of the skull lies, and the neck, face heights. A head that turns about
# an axis at about the skull's depth keeps its outline, as real heads do; nearer slides like a mask.
SKULL_DEPTH = 0.52
NECK_DEPTH = 0.34
# Under the jaw the neck begins, and beside it hair or shoulders, face heights: how far below the jaw line,
# how far from the middle, and over which distance.
NECK_BELOW = 0.02
BESIDE_NECK, BESIDE_NECK_FADE = 0.30, 0.25
# How firmly places keep to those depths beside the smoothness of the whole: background surely, hair hardly.
_FIRM_MESH, _FIRM_OUTSIDE, _FIRM_BODY, _FIRM_HAIR = 1e4, 1.0, 0.05, 5e-4
# Where the body begins, face heights below the jaw line.
BODY_BELOW = 0.06
# Around the mesh, depth per distance at the most. Without it a wall to the skull's depth stands at the far
# cheek of a turned head, whose silhouette is the cheek itself, and flattening the wall flattens the face.
STEEPEST_AROUND = 1.2
# From one node to the next the nearest place of the mesh may jump; over so many nodes that is smoothed.
_AROUND_BLUR = 2.0
# Depth per distance in the picture that is aimed for at the most in one that turns as far as any. Steeper
# folds the picture when the head turns, flatter is a mask.
STEEPEST = 1.8
FLATTENING_ROUNDS, FLATTENING_STEP = 12, 1.5
# How far around a steep place depths change with it, face heights: farther takes the whole face along.
FLATTENING_REACH = 0.2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeadDepth:
    """Depth of a person at the nodes of a grid.

    depth_px: float32 (row, column), pixels behind the mouth.
    normals: float32 (row, column, 3), unit vectors out of the surface; x right, y down, z away.
    """

    depth_px: NDArray[np.float32]
    normals: NDArray[np.float32]

    def __post_init__(self) -> None:
        check_array(self, "depth_px", np.float32, ("row", "column"))
        check_array(self, "normals", np.float32, (*self.depth_px.shape, 3))


def head_depth(
    axes: FaceAxes,
    landmarks_px: NDArray[np.float32],
    grid: Grid,
    mesh_depth_px: NDArray[np.float32],
    alpha: NDArray[np.float32],
    steepest: float = STEEPEST,
) -> HeadDepth:
    """Depth of a person at the nodes of a grid.

    mesh_depth_px: float32 (row, column), depth of the landmarks at the nodes inside the mesh, pixels behind
    the mouth. alpha: float32 (row, column), how much of each node is the person. steepest: depth per distance
    that is aimed for at the most.
    """
    height = axes.face_height_px
    plane = axes.to_plane(grid.nodes_px())
    below = plane[..., 1] - jaw_line_y(axes, landmarks_px, plane[..., 0])
    inside = _inside_mesh(landmarks_px, grid)
    # The skull's middle lies behind the mouth along the head's own axis.
    skull_px = SKULL_DEPTH * height * float(axes.rotation[2, 2])
    beside = smoothstep((np.abs(plane[..., 0]) - BESIDE_NECK) / BESIDE_NECK_FADE)
    neck_px = NECK_DEPTH * height
    mesh_px = np.float32(MESH_DEPTH) * mesh_depth_px
    usual = np.where(below > NECK_BELOW, neck_px + (skull_px - neck_px) * beside, skull_px)
    usual = _near_mesh(usual.astype(np.float32), mesh_px, inside, grid.cell_px)
    firm = np.where(alpha < 0.5, _FIRM_OUTSIDE, np.where(below > BODY_BELOW, _FIRM_BODY, _FIRM_HAIR))
    firm = np.where(inside, _FIRM_MESH, firm).astype(np.float32)
    wanted = np.where(inside, mesh_px, usual).astype(np.float32)
    depth = np.where(inside, wanted, _membrane(wanted, firm))
    depth = _flattened(blurred(depth, 0.9), grid.cell_px, height, steepest)
    across, down = _slopes(depth, grid.cell_px)
    normals = np.stack([across, down, -np.ones_like(across)], axis=-1)
    normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
    return HeadDepth(depth_px=depth, normals=normals.astype(np.float32))


def jaw_line_y(
    axes: FaceAxes, landmarks_px: NDArray[np.float32], x: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Height of the jaw line in the plane of the face at places x across it, face heights below the mouth."""
    jaw = axes.to_plane(landmarks_px[list(mesh.JAW_LINE), :2])
    jaw = jaw[np.argsort(jaw[:, 0])]
    return np.interp(x, jaw[:, 0], jaw[:, 1]).astype(np.float32)


def _inside_mesh(landmarks_px: NDArray[np.float32], grid: Grid) -> NDArray[np.bool_]:
    """Which nodes lie inside the outline of the face, and not at its very edge."""
    inside = np.zeros(grid.shape, dtype=np.uint8)
    outline = grid.place_of(landmarks_px[list(mesh.FACE_OVAL), :2])
    cv2.fillPoly(inside, [np.round(outline * 16).astype(np.int32)], 1, shift=4)
    return np.asarray(cv2.erode(inside, np.ones((3, 3), np.uint8))) > 0


def _near_mesh(
    usual_px: NDArray[np.float32], mesh_px: NDArray[np.float32], inside: NDArray[np.bool_], cell_px: int
) -> NDArray[np.float32]:
    """Depths outside the mesh, no farther from those at its edge than STEEPEST_AROUND allows."""
    if not inside.any():
        return usual_px
    distance, label = cv2.distanceTransformWithLabels(
        (~inside).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    of_label = np.zeros(int(label.max()) + 1, dtype=np.float32)
    of_label[label[inside]] = mesh_px[inside]
    edge_px, reach_px = of_label[label], STEEPEST_AROUND * cell_px * np.asarray(distance)
    near = np.clip(usual_px, edge_px - reach_px, edge_px + reach_px).astype(np.float32)
    return blurred(near, _AROUND_BLUR)


def _membrane(wanted: NDArray[np.float32], firm: NDArray[np.float32]) -> NDArray[np.float32]:
    """The smoothest surface that keeps to wanted values as firmly as said (sparse Laplace equation).

    Solved on every second node; the surface is smooth, so that the others lie between.
    """
    rows, columns = (-(-side // 2) for side in wanted.shape)
    pad = ((0, 2 * rows - wanted.shape[0]), (0, 2 * columns - wanted.shape[1]))

    def summed(values: NDArray[np.float32]) -> NDArray[np.float64]:
        padded = np.pad(values, pad, mode="edge").astype(np.float64)
        return np.asarray(padded.reshape(rows, 2, columns, 2).sum(axis=(1, 3)))

    weight = summed(firm)
    pulled = summed(firm * wanted)
    system = scipy.sparse.kronsum(_chain(columns), _chain(rows)) + scipy.sparse.diags(weight.ravel())
    solved = scipy.sparse.linalg.spsolve(system.tocsc(), pulled.ravel()).reshape(rows, columns)
    size_wh = (2 * columns, 2 * rows)
    full = cv2.resize(solved.astype(np.float32), size_wh, interpolation=cv2.INTER_LINEAR)
    return np.asarray(full[: wanted.shape[0], : wanted.shape[1]], dtype=np.float32)


def _chain(length: int) -> scipy.sparse.dia_matrix:
    """The Laplacian of a row of nodes whose ends are free."""
    degree = np.full(length, 2.0)
    degree[0] = degree[-1] = min(1.0, length - 1.0)
    beside = -np.ones(max(length - 1, 0))
    return scipy.sparse.diags([beside, degree, beside], [-1, 0, 1])


def _flattened(
    depth_px: NDArray[np.float32], cell_px: int, height_px: float, steepest: float
) -> NDArray[np.float32]:
    """The surface with nothing much steeper than said: each round subtracts what is too steep.

    Depths change where it is steep and around, by a screened Poisson equation (cosine transform).
    """
    rows, columns = depth_px.shape
    waves = [2 - 2 * np.cos(np.pi * np.arange(side) / side) for side in (rows, columns)]
    held = (cell_px / (FLATTENING_REACH * height_px)) ** 2
    response = (1 / (waves[0][:, None] + waves[1][None, :] + held)).astype(np.float32)
    for _ in range(FLATTENING_ROUNDS):
        across = np.diff(depth_px, axis=1, append=depth_px[:, -1:])
        down = np.diff(depth_px, axis=0, append=depth_px[-1:])
        excess = np.maximum(1 - steepest * cell_px / np.maximum(np.hypot(across, down), 1e-6), 0)
        if not excess.any():
            break
        across, down = across * excess, down * excess
        source = -np.diff(across, axis=1, prepend=0) - np.diff(down, axis=0, prepend=0)
        change = scipy.fft.idctn(scipy.fft.dctn(source, norm="ortho") * response, norm="ortho")
        depth_px = (depth_px - FLATTENING_STEP * change).astype(np.float32)
    return depth_px


def _slopes(values: NDArray[np.float32], cell_px: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How values at the nodes rise to the right and down, per pixel."""
    return tuple(  # type: ignore[return-value]
        np.asarray(cv2.Sobel(values, cv2.CV_32F, dx, dy, scale=1 / (8 * cell_px)), dtype=np.float32)
        for dx, dy in ((1, 0), (0, 1))
    )
