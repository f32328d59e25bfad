"""The arithmetic under the picture: grids, weights of the mesh, lip layers and the way back from a field."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.face import mesh
from lipwright.engine.face.values import Face
from lipwright.engine.gesture.curves import Gesture
from lipwright.engine.render.pixels import look_up
from lipwright.engine.render.warp.displacement import (
    CORNER_FADE,
    CUT_REACH,
    MOUTH_INVERSION_STEPS,
    DisplacementFields,
    invert,
    invert_around_mouth,
    invert_by_newton,
)
from lipwright.engine.render.warp.face_axes import FaceAxes, face_axes
from lipwright.engine.render.warp.grid import CELLS_PER_FACE_HEIGHT, Grid
from lipwright.engine.render.warp.mesh_binding import FOLLOW_BELOW, bind_mesh
from lipwright.engine.render.warp.rig import FaceRig
from tests.engine.render.drawing import mouth_row

# Linear interpolation looks up at multiples of 1/32 of a cell.
LOOK_UP_STEP = 1 / 32
# Fixed points come nearer by this factor a step, where no field of the renderer is steeper.
STEEPEST = 0.4

boxes = st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(2, 60), st.integers(2, 60)).map(
    lambda b: Box(b[0], b[1], b[0] + b[2], b[1] + b[3])
)


@given(
    box=boxes,
    cell=st.integers(1, 7),
    slope=st.tuples(st.floats(-2, 2, width=32), st.floats(-2, 2, width=32)),
    level=st.floats(-50, 50, width=32),
)
def test_a_linear_function_at_the_nodes_is_the_same_function_at_the_pixels(
    box: Box, cell: int, slope: tuple[float, float], level: float
) -> None:
    grid = Grid.over(box, cell)
    values = grid.nodes_px() @ np.array(slope, np.float32) + np.float32(level)
    x, y = np.meshgrid(np.arange(box.left, box.right), np.arange(box.top, box.bottom))
    wanted = slope[0] * x + slope[1] * y + level
    pixels = grid.to_pixels(values)
    assert pixels.shape == wanted.shape
    # Outside the outermost nodes the edge holds.
    nodes = grid.nodes_px()
    between = (
        (x >= nodes[0, 0, 0]) & (x <= nodes[-1, -1, 0]) & (y >= nodes[0, 0, 1]) & (y <= nodes[-1, -1, 1])
    )
    assert pixels[between] == pytest.approx(wanted[between], abs=1e-2)


@given(box=boxes, cell=st.integers(1, 7))
def test_a_node_knows_its_own_place(box: Box, cell: int) -> None:
    grid = Grid.over(box, cell)
    rows, columns = np.mgrid[: grid.shape[0], : grid.shape[1]]
    assert grid.place_of(grid.nodes_px()) == pytest.approx(np.stack([columns, rows], axis=-1), abs=1e-3)


@given(box=boxes, cell=st.integers(1, 7), data=st.data())
def test_a_part_of_a_grid_has_the_nodes_of_the_whole(box: Box, cell: int, data: st.DataObject) -> None:
    grid = Grid.over(box, cell)
    left = data.draw(st.integers(box.left, box.right - 1))
    top = data.draw(st.integers(box.top, box.bottom - 1))
    right = data.draw(st.integers(left + 1, box.right))
    bottom = data.draw(st.integers(top + 1, box.bottom))
    part, here = grid.part(Box(left, top, right, bottom))
    assert (part.nodes_px() == grid.nodes_px()[here]).all()
    assert part.box.left <= left
    assert part.box.top <= top
    assert part.box.right >= right
    assert part.box.bottom >= bottom


@settings(max_examples=40)
@given(seed=st.integers(0, 2**16), steepness=st.floats(0, STEEPEST), cell=st.integers(1, 4))
def test_inverting_a_smooth_field_finds_where_the_content_came_from(
    seed: int, steepness: float, cell: int
) -> None:
    grid = Grid.over(Box(10, 20, 10 + 40 * cell, 20 + 30 * cell), cell)
    field = smooth_field(np.random.default_rng(seed), grid, steepness)
    targets = grid.nodes_px()
    sources = invert(field, grid, targets, MOUTH_INVERSION_STEPS)
    arrived = sources + look_up(field, grid.place_of(sources))
    error_px = np.linalg.norm(arrived - targets, axis=-1)
    largest_px = float(np.linalg.norm(field, axis=-1).max())
    left_over_px = largest_px * steepness ** (MOUTH_INVERSION_STEPS + 1)
    assert error_px.max() <= left_over_px + 4 * LOOK_UP_STEP * cell


def smooth_field(rng: np.random.Generator, grid: Grid, steepness: float) -> NDArray[np.float32]:
    """A displacement (row, column, 2) of slow waves, pixels, whose slope stays below `steepness`."""
    rows, columns = grid.shape
    y, x = np.mgrid[:rows, :columns]
    field = np.zeros((rows, columns, 2))
    for _ in range(4):
        wave = rng.uniform(-0.15, 0.15, 2)
        field += np.sin(x * wave[0] + y * wave[1] + rng.uniform(0, 6))[..., None] * rng.normal(size=2)
    slope = np.sqrt(sum(np.gradient(field[..., i], axis=a) ** 2 for i in range(2) for a in range(2)))
    return (field * steepness / max(float(slope.max()), 1e-6) * grid.cell_px).astype(np.float32)


@pytest.fixture(scope="module")
def axes(closed_face: Face) -> FaceAxes:
    return face_axes(closed_face)


@pytest.fixture(scope="module")
def grid(axes: FaceAxes) -> Grid:
    return Grid.over(Box(0, 0, 480, 480), axes.face_height_px / CELLS_PER_FACE_HEIGHT)


@pytest.fixture(scope="module")
def layers(axes: FaceAxes, closed_face: Face, grid: Grid) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The two fields above and below the lips, for a mouth that opens wide."""
    moves = FaceRig(axes).moves(mouth_row(1.0, pucker=0.4), np.zeros(len(Gesture), np.float32))
    fields = DisplacementFields(axes, closed_face.landmarks_px, grid)
    return fields.displacement(axes.displacement_px(moves))


def test_layers_agree_away_from_the_mouth(
    axes: FaceAxes, grid: Grid, layers: tuple[NDArray[np.float32], NDArray[np.float32]]
) -> None:
    upper, lower = layers
    plane = axes.to_plane(grid.nodes_px())
    beside = np.abs(plane[..., 0]) > axes.half_mouth + CORNER_FADE + 0.03
    away = beside | (np.abs(plane[..., 1]) > CUT_REACH + 0.05)
    assert (upper[away] == lower[away]).all()


def test_layers_part_where_the_mouth_opens(
    axes: FaceAxes, grid: Grid, layers: tuple[NDArray[np.float32], NDArray[np.float32]]
) -> None:
    upper, lower = layers
    at_mouth = grid.place_of(axes.origin_px[None, None, :2])
    gap_px = (look_up(lower, at_mouth) - look_up(upper, at_mouth))[0, 0] @ axes.y_axis_px
    gap = gap_px / axes.face_height_px**2
    assert gap == pytest.approx(FaceRig(axes).full_gap, rel=0.1)


def test_neither_layer_folds_the_picture_over_itself(
    grid: Grid, layers: tuple[NDArray[np.float32], NDArray[np.float32]]
) -> None:
    for field in layers:
        places = grid.nodes_px() + field
        across, down = np.diff(places, axis=1)[:-1], np.diff(places, axis=0)[:, :-1]
        area = across[..., 0] * down[..., 1] - across[..., 1] * down[..., 0]
        assert (area < 0).mean() < 0.002


def test_a_mouth_as_in_the_picture_moves_nothing(axes: FaceAxes, closed_face: Face, grid: Grid) -> None:
    moves = FaceRig(axes).moves(mouth_row(), np.zeros(len(Gesture), np.float32))
    for field in DisplacementFields(axes, closed_face.landmarks_px, grid).displacement(
        axes.displacement_px(moves)
    ):
        assert np.abs(field).max() < 0.015 * axes.face_height_px


def test_weights_of_the_mesh_sum_to_one_inside_the_mesh_and_fade_to_none_around_it(
    axes: FaceAxes, closed_face: Face, grid: Grid
) -> None:
    share = bind_mesh(axes, closed_face.landmarks_px, grid).weights.sum(axis=-1)
    plane = axes.to_plane(grid.nodes_px())
    points = axes.to_plane(closed_face.landmarks_px[:, :2])
    nose = np.linalg.norm(plane - points[4], axis=-1) < 0.1
    assert share[nose] == pytest.approx(1, abs=1e-4)
    assert share.max() == pytest.approx(1, abs=1e-4)
    outside = (plane < points.min(axis=0) - FOLLOW_BELOW) | (plane > points.max(axis=0) + FOLLOW_BELOW)
    far = outside.any(axis=-1)
    assert far.any()
    assert (share[far] == 0).all()


def test_positions_of_the_points_give_back_the_nodes(axes: FaceAxes, closed_face: Face, grid: Grid) -> None:
    points = closed_face.landmarks_px
    woven = bind_mesh(axes, points, grid)
    inside = np.abs(woven.weights.sum(axis=-1) - 1) < 1e-6
    error_px = np.linalg.norm(woven.spread(points[:, :2]) - grid.nodes_px(), axis=-1)[inside]
    assert np.percentile(error_px, 98) < 0.1


def test_newton_finds_where_the_lips_of_a_shout_came_from(
    axes: FaceAxes, closed_face: Face, grid: Grid
) -> None:
    moves = FaceRig(axes).moves(mouth_row(1.7, jaw=1.0), np.zeros(len(Gesture), np.float32))
    fields = DisplacementFields(axes, closed_face.landmarks_px, grid)
    nodes = grid.nodes_px()
    upper_line, lower_line = (
        np.interp(axes.to_plane(nodes)[..., 0], line[:, 0], line[:, 1])
        for line in (
            axes.to_plane(closed_face.landmarks_px[list(row), :2])
            for row in (mesh.LIPS_INNER_UPPER, mesh.LIPS_INNER_LOWER)
        )
    )
    for field, line, side in zip(
        fields.displacement(axes.displacement_px(moves)), (upper_line, lower_line), (-1, 1), strict=True
    ):
        sources = invert_by_newton(nodes + field, grid, nodes, nodes)
        missed_px = np.linalg.norm(sources + look_up(field, grid.place_of(sources)) - nodes, axis=-1)
        # Only what belongs to the layer shows.
        shows = side * (axes.to_plane(sources)[..., 1] - line) > 0
        assert np.percentile(missed_px[shows], 99.9) < 1.0


@settings(max_examples=20)
@given(seed=st.integers(0, 2**16), steepness=st.floats(1.0, 2.0))
def test_where_fixed_points_do_not_settle_a_mouth_is_inverted_better(seed: int, steepness: float) -> None:
    grid = Grid.over(Box(10, 20, 90, 80), 2)
    field = smooth_field(np.random.default_rng(seed), grid, steepness)
    nodes = grid.nodes_px()
    part, here = grid.part(Box(10, 20, 90, 80))

    def missed_px(sources: NDArray[np.float32]) -> NDArray[np.float32]:
        arrived = sources + look_up(field, grid.place_of(sources))
        return np.asarray(np.linalg.norm(arrived - nodes[here], axis=-1), np.float32)

    settled = missed_px(invert(field[here], part, nodes[here], MOUTH_INVERSION_STEPS))
    surely = missed_px(invert_around_mouth(field, grid, nodes, part, here))
    assert surely.max() <= settled.max() + 1e-3
    assert surely.mean() <= settled.mean() + 1e-3
