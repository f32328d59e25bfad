"""Depth of a person: the nose before the ears, nothing steep, and what follows the head."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.face import mesh
from lipwright.engine.face.values import Face
from lipwright.engine.gesture.limits import HeadLimits
from lipwright.engine.render.photo.depth import (
    SKULL_DEPTH,
    STEEPEST,
    STEEPEST_AROUND,
    HeadDepth,
    head_depth,
)
from lipwright.engine.render.photo.limits import LARGEST, steepest_depth
from lipwright.engine.render.photo.skinning import Skinning, distance_to_mesh, layered_skinning
from lipwright.engine.render.pixels import look_up
from lipwright.engine.render.warp.displacement import DisplacementFields
from lipwright.engine.render.warp.face_axes import FaceAxes, face_axes
from lipwright.engine.render.warp.grid import HEAD_CELLS_PER_FACE_HEIGHT, Grid

PICTURE = Box(0, 0, 480, 480)
# Slopes are measured between nodes, where the aim is met but for rounding.
SLOPE_SLACK = 1.05


@pytest.fixture(scope="module")
def axes(closed_face: Face) -> FaceAxes:
    return face_axes(closed_face)


@pytest.fixture(scope="module")
def grid(axes: FaceAxes) -> Grid:
    return Grid.over(PICTURE, axes.face_height_px / HEAD_CELLS_PER_FACE_HEIGHT)


@pytest.fixture(scope="module")
def depth(axes: FaceAxes, closed_face: Face, grid: Grid) -> HeadDepth:
    return depth_with(axes, closed_face, grid)


def depth_with(axes: FaceAxes, face: Face, grid: Grid, steepest: float = STEEPEST) -> HeadDepth:
    points = face.landmarks_px
    on_mesh = DisplacementFields(axes, points, grid).spread(points[:, 2] - axes.origin_px[2])
    alpha = np.clip(1 - distance_to_mesh(points, grid) / (0.3 * axes.face_height_px), 0, 1)
    return head_depth(axes, points, grid, on_mesh, alpha.astype(np.float32), steepest)


@pytest.fixture(scope="module")
def skinning(axes: FaceAxes, closed_face: Face, grid: Grid) -> Skinning:
    return layered_skinning(axes, closed_face.landmarks_px, grid, PICTURE)


def at(values: NDArray[np.float32], grid: Grid, place_px: NDArray[np.floating]) -> float:
    return float(look_up(values, grid.place_of(place_px[None, None, :2].astype(np.float32)))[0, 0])


def test_the_nose_is_nearer_than_the_mouth_and_the_outline_is_behind(
    depth: HeadDepth, grid: Grid, axes: FaceAxes, closed_face: Face
) -> None:
    points = closed_face.landmarks_px
    nose = at(depth.depth_px, grid, points[mesh.NOSE_TIP])
    mouth = at(depth.depth_px, grid, axes.origin_px)
    above = at(depth.depth_px, grid, axes.origin_px[:2] - 1.2 * axes.y_axis_px)
    assert nose < mouth < above
    beside = at(depth.depth_px, grid, axes.origin_px[:2] + axes.x_axis_px - axes.y_axis_px / 2)
    assert beside == pytest.approx(SKULL_DEPTH * axes.face_height_px, rel=0.15)
    # Hair close above a forehead is still on its way to the skull.
    assert above > SKULL_DEPTH * axes.face_height_px / 2


def test_no_slope_is_steeper_than_a_turned_head_bears(depth: HeadDepth, grid: Grid) -> None:
    across, down = np.diff(depth.depth_px, axis=1)[:-1], np.diff(depth.depth_px, axis=0)[:, :-1]
    assert np.hypot(across, down).max() / grid.cell_px < SLOPE_SLACK * STEEPEST


def test_a_head_that_turns_less_keeps_more_of_its_depth(
    axes: FaceAxes, closed_face: Face, grid: Grid, depth: HeadDepth
) -> None:
    less = HeadLimits(yaw_deg=0.4 * LARGEST.yaw_deg, pitch_deg=LARGEST.pitch_deg)
    assert steepest_depth(LARGEST) == STEEPEST
    deeper = depth_with(axes, closed_face, grid, steepest=steepest_depth(less))
    ear, nose = (closed_face.landmarks_px[each] for each in (234, mesh.NOSE_TIP))
    relief, less_relief = (
        at(each.depth_px, grid, ear) - at(each.depth_px, grid, nose) for each in (deeper, depth)
    )
    assert relief > 1.05 * less_relief


def test_no_wall_stands_beside_the_face(axes: FaceAxes, closed_face: Face, grid: Grid) -> None:
    # A face so flat that the skull's depth begins far behind its edge, as behind a far cheek.
    plate = np.zeros(grid.shape, np.float32)
    alpha = (distance_to_mesh(closed_face.landmarks_px, grid) == 0).astype(np.float32)
    flat = head_depth(axes, closed_face.landmarks_px, grid, plate, alpha)
    middle = grid.place_of(axes.origin_px[None, None, :2])[0, 0]
    row = flat.depth_px[round(float(middle[1]) - 8)]
    assert np.abs(np.diff(row)).max() / grid.cell_px < 1.1 * STEEPEST_AROUND
    assert np.ptp(row) > 0.8 * SKULL_DEPTH * axes.face_height_px
    inside = distance_to_mesh(closed_face.landmarks_px, grid) == 0
    assert np.abs(flat.depth_px[cv2.erode(inside.astype(np.uint8), np.ones((9, 9))) > 0]).max() < 2


def test_normals_are_unit_vectors_towards_the_viewer(depth: HeadDepth) -> None:
    assert np.linalg.norm(depth.normals, axis=-1) == pytest.approx(1, abs=1e-4)
    assert (depth.normals[..., 2] < 0).all()


def test_all_of_the_head_follows_and_the_chest_stays(
    skinning: Skinning, grid: Grid, axes: FaceAxes, closed_face: Face
) -> None:
    inside = distance_to_mesh(closed_face.landmarks_px, grid) == 0
    upper = inside & (axes.to_plane(grid.nodes_px())[..., 1] < 0.1)
    assert skinning.head[upper].min() > 0.98
    chest = axes.to_plane(grid.nodes_px())[..., 1] > 1.2
    assert not chest.any() or skinning.head[chest].max() < 0.02
