"""How turning, nodding and breathing move the picture: a head with depth on a body that stays."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from lipwright.engine.arrays import smoothstep
from lipwright.engine.boxes import Box
from lipwright.engine.face import mesh
from lipwright.engine.gesture.curves import Gesture
from lipwright.engine.render.photo.silhouette import find_silhouette
from lipwright.engine.render.warp.face_axes import FaceAxes
from lipwright.engine.render.warp.grid import Grid

# Distances from the edge of the face mesh, in face heights, up to which the picture moves with the head
# (hair, ears) and from which on it stays, by direction: above, beside, below. Too near tears hair off; too
# far bends the background.
MOVES_WITH_HEAD = (0.34, 0.16, 0.02)
STAYS = (0.80, 0.56, 0.85)
# The head turns about the top of the neck: below and behind the mouth, face heights.
PIVOT = (0.0, 0.30, 0.45)
# How steeply the head recedes outside the mesh, and how far, face heights.
RECEDE_SLOPE = 0.7
RECEDE_MOST = 0.30
# Near the edge of the box that is drawn nothing moves: no seam shows there, and where it is the picture's
# edge, nothing has to be made up beyond it. Face heights: much less tears, much more holds hair back.
EDGE_FADE = 0.16
# A head that is turned away in the picture turns less: beyond the first angle a part, at the second and
# beyond the least share. What lies behind its nose was never photographed, so that turning folds the nose
# over the lips.
TURNED_FROM_DEG, TURNED_TO_DEG = 12.0, 38.0
LEAST_TURN = 0.35
# Shoulders rise with breath from here downwards, face heights below the mouth.
SHOULDERS = 0.75


class HeadField:
    """Displacement of grid nodes by head motion for one face."""

    def __init__(
        self,
        axes: FaceAxes,
        landmarks_px: NDArray[np.float32],
        grid: Grid,
        rgb: NDArray[np.uint8],
        mesh_depth: NDArray[np.float32],
        share: NDArray[np.float32] | None = None,
    ) -> None:
        """rgb: the picture. mesh_depth: float32 (row, column), z of the face at the nodes inside the mesh.

        share: float32 (row, column), how much of the motion each node may make; None is all.
        """
        nodes = grid.nodes_px()
        height = axes.face_height_px
        oval = landmarks_px[list(mesh.FACE_OVAL)]
        distance, nearest = _distance_to_oval(oval[:, :2], grid)
        distance = distance / height
        plane = axes.to_plane(nodes)
        allowed = _inside(nodes, grid.box, EDGE_FADE * height) * (1 if share is None else share)
        self._share = _follows(distance, plane) * allowed
        silhouette = find_silhouette(rgb, axes, grid, distance)
        if silhouette is not None:
            self._share = self._share * silhouette
        around = oval[nearest, 2] + height * np.minimum(distance * RECEDE_SLOPE, RECEDE_MOST)
        depth = np.where(distance > 0, around, mesh_depth)
        pivot = axes.origin_px + axes.rotation @ (np.array(PIVOT, dtype=np.float32) * height)
        self._relative = np.concatenate([nodes - pivot[:2], (depth - pivot[2])[..., None]], axis=-1).astype(
            np.float32
        )
        self._height = height
        turned_deg = float(np.rad2deg(np.arccos(np.clip(axes.rotation[2, 2], -1, 1))))
        away = np.clip((turned_deg - TURNED_FROM_DEG) / (TURNED_TO_DEG - TURNED_FROM_DEG), 0, 1)
        self._turn = float(1 - (1 - LEAST_TURN) * away)
        shoulders = np.clip((plane[..., 1] - SHOULDERS) / 0.4, 0, 1) * allowed
        self._breath = shoulders * np.clip(1.6 - np.abs(plane[..., 0]) / 1.2, 0, 1)

    def displacement(self, gesture: NDArray[np.float32]) -> NDArray[np.float32]:
        """Displacement by a row of GestureCurves, float32 (row, column, 2) pixels."""
        yaw, pitch, roll = np.deg2rad(gesture[[Gesture.YAW, Gesture.PITCH, Gesture.ROLL]]).tolist()
        turn = _rotation(self._turn * yaw, self._turn * pitch, roll)
        change = (turn - np.eye(3, dtype=np.float32))[:2]
        moved = self._relative @ change.T
        moved += self._relative[..., :2] * np.float32(gesture[Gesture.NEARNESS])
        moved += (
            np.array([gesture[Gesture.SHIFT_X], gesture[Gesture.SHIFT_Y]], dtype=np.float32) * self._height
        )
        moved *= self._share[..., None]
        moved[..., 1] -= self._breath * np.float32(gesture[Gesture.BREATH] * self._height)
        return moved.astype(np.float32)


def _rotation(yaw: float, pitch: float, roll: float) -> NDArray[np.float32]:
    """Turn to the viewer's right, nod down, lean clockwise; x right, y down, z away."""
    cy, sy, cp, sp, cr, sr = (
        np.cos(yaw),
        np.sin(yaw),
        np.cos(pitch),
        np.sin(pitch),
        np.cos(roll),
        np.sin(roll),
    )
    about_y = np.array([[cy, 0, -sy], [0, 1, 0], [sy, 0, cy]])
    about_x = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    about_z = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    return np.asarray(about_z @ about_y @ about_x, dtype=np.float32)


def _follows(distance: NDArray[np.float32], plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much places around a face move with it."""
    up = np.clip(-(plane[..., 1] + 0.35) / 0.5, 0, 1)
    down = np.clip((plane[..., 1] - 0.0) / 0.35, 0, 1)
    side = 1 - up - down
    near = up * MOVES_WITH_HEAD[0] + side * MOVES_WITH_HEAD[1] + down * MOVES_WITH_HEAD[2]
    far = up * STAYS[0] + side * STAYS[1] + down * STAYS[2]
    return np.asarray(smoothstep(1 - (distance - near) / (far - near)), dtype=np.float32)


def _inside(nodes: NDArray[np.float32], box: Box, fade_px: float) -> NDArray[np.float32]:
    """0 at the box's edge, 1 from fade_px on."""
    x, y = nodes[..., 0], nodes[..., 1]
    edge = np.minimum(
        np.minimum(x - box.left, box.right - 1 - x), np.minimum(y - box.top, box.bottom - 1 - y)
    )
    return smoothstep(edge / max(fade_px, 1.0)).astype(np.float32)


def _distance_to_oval(
    oval_px: NDArray[np.float32], grid: Grid
) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Distance of the grid's nodes from the mesh's edge, pixels, 0 inside; and the nearest oval point."""
    rows, columns = grid.shape
    outline = grid.place_of(oval_px)
    outside = np.ones((rows, columns), dtype=np.uint8)
    cv2.fillPoly(outside, [np.round(outline * 16).astype(np.int32)], 0, shift=4)
    distance = cv2.distanceTransform(outside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    nearest = cKDTree(oval_px).query(grid.nodes_px().reshape(-1, 2))[1].reshape(rows, columns)
    return (distance * grid.cell_px).astype(np.float32), nearest
