"""Where the lips part: the cut through the picture between upper and lower lip."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from lipwright.engine.arrays import check_array
from lipwright.engine.boxes import Box
from lipwright.engine.face import mesh
from lipwright.engine.render.pixels import blurred, look_up, luminance
from lipwright.engine.render.warp.face_axes import FaceAxes
from lipwright.engine.render.warp.grid import CELLS_PER_FACE_HEIGHT, Grid
from lipwright.engine.render.warp.lip_rest import lip_rest

# How far from the landmarks' line the dark line between closed lips is looked for, face heights: the mesh is
# right to about 0.01 on photographs; farther away lie the shadows of the lips' own edges. On drawings the
# whole mouth can lie elsewhere, by up to 0.03; beyond come the nostrils and the shadow under the lips.
LINE_SEARCH = 0.014
MOUTH_SEARCH = 0.036
# What it costs to look that far, in luminance (0 to 1): a drawn line is darker than this, a shadow within a
# lip is not.
LINE_PRIOR = 0.10
MOUTH_PRIOR = 0.22
# From this shift on the whole mouth is taken to lie elsewhere, face heights.
MOUTH_SHIFT = 0.016
# The edges of parted lips are looked for this far from the landmarks, face heights.
EDGE_SEARCH = 0.03
EDGE_PRIOR = 0.8
# Where between its outer edge (0) and its inner one (1) a lip certainly has its own colour.
LIP_SAMPLE = (0.35, 0.75)
# How much of either side of an edge is compared, face heights, and the difference that leaves no doubt,
# L*a*b* units with these weights: light falls on lips in many ways.
EDGE_SIDE = 0.009
CLEAR_CONTRAST = 25.0
# An edge is a ramp, and its middle is found; the lip ends this much earlier, face heights. Later, it keeps a
# rim of the teeth's colour; earlier, the opening keeps one of the lip's.
EDGE_RAMP = 0.008
LAB_WEIGHTS = np.array([0.6, 1.0, 1.0], dtype=np.float32)
# By how much more than the landmarks say a mouth may be open, at each edge, as a share of its widest gap.
EDGE_GROWTH = 0.3
# How much the first points of each row go along with their corner.
CORNER_SPREAD = (1.0, 0.7, 0.35)
INNER_CORNER_SHARE = 0.3
# How far beyond the mesh's corner the line between the lips may end, and in a band how wide on either side it
# is looked for, face heights: beside the corners of parted lips lie only short lines. Lips that reach farther
# out fold at their corners when they open wide.
CORNER_SEARCH = 0.004
CORNER_BAND, PARTED_BAND = 0.018, 0.010
# Where beside a line one looks for what is lighter, face heights.
LINE_SIDE = 0.010
# A line is this much darker than the skin beside it, luminance (0 to 1), and ends where this share is left.
LEAST_LINE_DEPTH = 0.04
LINE_ENDS = 0.5
# Columns in which the line is looked for, from corner to corner.
LINE_COLUMNS = 48
# Cost of the line's jumping by one search step between columns, in units of luminance (0 to 1).
LINE_STIFFNESS = 0.05
# All of it is looked for within this distance of the lips, face heights, and so many pixels more for blurs.
LOOKED_AT, LOOKED_AT_PX = 0.15, 8
# Width of the soft edge of a lip, pixels: one pixel is a clean edge; more would show the cavity through the
# lips.
EDGE_PX = 1.2


# The rows of the lips, each from corner to corner.
_LIP_RINGS = (
    mesh.LIPS_OUTER_UPPER,
    mesh.LIPS_MIDDLE_UPPER_OUTER,
    mesh.LIPS_MIDDLE_UPPER_INNER,
    mesh.LIPS_INNER_UPPER,
    mesh.LIPS_INNER_LOWER,
    mesh.LIPS_MIDDLE_LOWER_INNER,
    mesh.LIPS_MIDDLE_LOWER_OUTER,
    mesh.LIPS_OUTER_LOWER,
)
_LIPS = sorted({point for row in _LIP_RINGS for point in row})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LipCut:
    """How much of each pixel of a box belongs to the upper and the lower lip layer.

    box: of the picture. upper, lower: float32 (height, width), 0 to 1; what is in neither is mouth.
    """

    box: Box
    upper: NDArray[np.float32]
    lower: NDArray[np.float32]

    def __post_init__(self) -> None:
        check_array(self, "upper", np.float32, ("height", "width"))
        check_array(self, "lower", np.float32, self.upper.shape)


def refine_lip_line(
    axes: FaceAxes, landmarks_px: NDArray[np.float32], rgb: NDArray[np.uint8]
) -> NDArray[np.float32]:
    """Landmarks whose inner lip rows lie where the picture shows them, float32 (478, 3).

    Of closed lips that is the dark line between them, of parted lips the edge of what has the colour of each
    lip. Both are the cheapest paths through a small search band, found by dynamic programming.
    """
    lips = landmarks_px[_LIPS, :2]
    reach = LOOKED_AT * axes.face_height_px + LOOKED_AT_PX
    box = Box.holding(*(lips.min(axis=0) - reach), *(lips.max(axis=0) + reach))
    box = box.clipped(Box.of_size((rgb.shape[1], rgb.shape[0])), least_px=1)
    corner = np.array([*box.corner, 0], dtype=np.float32)
    found = _refined(axes, landmarks_px - corner, rgb[box.slices])
    refined = landmarks_px.copy()
    refined[_LIPS] = found[_LIPS] + corner
    return refined


def _refined(
    axes: FaceAxes, landmarks_px: NDArray[np.float32], rgb: NDArray[np.uint8]
) -> NDArray[np.float32]:
    """As refine_lip_line, in a picture that shows the mouth."""
    grey = blurred(luminance(rgb) / 255, max(0.5, 0.002 * axes.face_height_px))
    if lip_rest(axes).is_parted:
        return _refine_corners(axes, _refine_edges(axes, landmarks_px, rgb), grey, is_parted=True)
    down = axes.y_axis_px / np.linalg.norm(axes.y_axis_px)
    moved = landmarks_px.copy()
    elsewhere = float(np.median(_line_shift(axes, moved, grey, MOUTH_SEARCH, MOUTH_PRIOR)))
    if abs(elsewhere) > MOUTH_SHIFT * axes.face_height_px:
        moved[list(_LIPS), :2] += elsewhere * down
    shift = _line_shift(axes, moved, grey, LINE_SEARCH, LINE_PRIOR)
    middle = (moved[list(mesh.LIPS_INNER_UPPER), :2] + moved[list(mesh.LIPS_INNER_LOWER), :2]) / 2
    for row in (mesh.LIPS_INNER_UPPER, mesh.LIPS_INNER_LOWER):
        moved[list(row), :2] = middle + shift[:, None] * down
    return _refine_corners(axes, moved, grey, is_parted=False)


def _refine_corners(
    axes: FaceAxes, landmarks_px: NDArray[np.float32], grey: NDArray[np.float32], *, is_parted: bool
) -> NDArray[np.float32]:
    """Landmarks whose corners lie on the dark line between the lips, float32 (478, 3).

    On drawings the mesh is off by up to .03 face heights, and an opening would begin beside the line.
    """
    unit = axes.face_height_px
    moved = landmarks_px.copy()
    for side in (1, -1):
        upper, lower = mesh.LIPS_INNER_UPPER[::side], mesh.LIPS_INNER_LOWER[::side]
        middle = (landmarks_px[list(upper), :2] + landmarks_px[list(lower), :2]) / 2
        # Between parted lips there is no line before the corner.
        start, band = (middle[0], PARTED_BAND) if is_parted else (middle[2], CORNER_BAND)
        end = landmarks_px[mesh.LIPS_OUTER_UPPER[::side][0], :2]
        line = _follow_line(grey, start, end, unit, band * unit)
        if line is None:
            continue
        for ring in _LIP_RINGS:
            for point, share in zip(ring[::side], CORNER_SPREAD, strict=False):
                moved[point, :2] = landmarks_px[point, :2] + share * (line[-1] - end)
        # The opening itself keeps its corner: what lies beyond is line, and stays shut.
        opening = middle[0] + INNER_CORNER_SHARE * (line[-1] - end)
        for row in (upper, lower):
            moved[list(row[1:3]), :2] = landmarks_px[list(row[1:3]), :2]
            for point, place in ((row[0], opening), (row[1], middle[1])):
                if not is_parted:
                    moved[point, :2] = line[np.linalg.norm(line - place, axis=1).argmin()]
                elif point == row[0]:
                    moved[point, :2] = place
    return moved


def _follow_line(
    grey: NDArray[np.float32],
    start: NDArray[np.float32],
    end: NDArray[np.float32],
    unit: float,
    band_px: float,
) -> NDArray[np.float32] | None:
    """A dark line from its start, through about a landmark where it may end, to its end, (n, 2) pixels.

    None where there is none, or where it ends before the landmark. band_px: how far from the straight way it
    may lie.
    """
    length = float(np.linalg.norm(end - start))
    if length < 1e-3:
        return None
    along = (end - start) / length
    across = np.array([-along[1], along[0]])
    steps = np.arange(0.0, length + CORNER_SEARCH * unit, max(0.5, 0.002 * unit))
    reach = np.linspace(-band_px, band_px, 17)
    places = start + steps[:, None, None] * along + reach[None, :, None] * across
    seen = look_up(grey, places.astype(np.float32))
    # At its start the line is known; from there on it may bend.
    cost = seen + LINE_PRIOR * (reach / band_px) ** 2 / (0.3 + steps[:, None] / (0.03 * unit))
    path = _cheapest_path(cost.astype(np.float64))
    rows = np.arange(len(steps))
    line = places[rows, path]
    sides = [line + side * LINE_SIDE * unit * across for side in (-1, 1)]
    beside = [look_up(grey, side[None].astype(np.float32))[0] for side in sides]
    depth = np.minimum(*beside) - seen[rows, path]
    clear = float(np.median(depth[steps <= length]))
    if clear < LEAST_LINE_DEPTH:
        return None
    faded = np.flatnonzero((depth < LINE_ENDS * clear) & (steps > 0.9 * length))
    last = int(faded[0]) - 1 if len(faded) else len(steps) - 1
    if steps[last] < 0.9 * length:
        return None
    return np.asarray(line[: last + 1], dtype=np.float32)


def _refine_edges(
    axes: FaceAxes, landmarks_px: NDArray[np.float32], rgb: NDArray[np.uint8]
) -> NDArray[np.float32]:
    """Landmarks whose inner lip rows lie at the edges of parted lips, float32 (478, 3).

    The mesh is off by up to .02 face heights there. What it takes for lip then travels with the lip: teeth
    that stay between lips which meet, crumbs along their edges.
    """
    smooth = blurred(rgb.astype(np.float32) / 255, 0.6)
    lab = np.asarray(cv2.cvtColor(smooth, cv2.COLOR_RGB2LAB) * LAB_WEIGHTS, dtype=np.float32)
    outer_upper, upper, lower, outer_lower = (
        _columns(landmarks_px[list(row), :2])
        for row in (
            mesh.LIPS_OUTER_UPPER,
            mesh.LIPS_INNER_UPPER,
            mesh.LIPS_INNER_LOWER,
            mesh.LIPS_OUTER_LOWER,
        )
    )
    moved = landmarks_px.copy()
    for row, outer, inner, opposite in (
        (mesh.LIPS_INNER_UPPER, outer_upper, upper, lower),
        (mesh.LIPS_INNER_LOWER, outer_lower, lower, upper),
    ):
        moved[list(row), :2] += _edge_shift(axes, lab, outer, inner, opposite)
    return moved


def _columns(row_px: NDArray[np.float32]) -> NDArray[np.float32]:
    """A row of points (11, 2) at LINE_COLUMNS places from corner to corner."""
    place, points = np.linspace(0, 1, LINE_COLUMNS), np.linspace(0, 1, len(row_px))
    return np.stack([np.interp(place, points, row_px[:, i]) for i in range(2)], axis=-1).astype(np.float32)


def _edge_shift(
    axes: FaceAxes,
    lab: NDArray[np.float32],
    outer_px: NDArray[np.float32],
    inner_px: NDArray[np.float32],
    opposite_px: NDArray[np.float32],
) -> NDArray[np.float32]:
    """By how much the inner edge of a lip lies elsewhere than its landmarks, float32 (11, 2) pixels.

    outer_px, inner_px: the lip's edges in columns. opposite_px: the inner edge of the other lip.
    """
    inward = axes.y_axis_px / np.linalg.norm(axes.y_axis_px)
    inward = inward * np.sign((inner_px - outer_px).mean(axis=0) @ inward)
    thick = (inner_px - outer_px) @ inward
    open_by = np.maximum((opposite_px - inner_px) @ inward, 0)
    # The lip's own colour, column by column: from its middle, where no mesh errs.
    share = np.linspace(*LIP_SAMPLE, 9)[:, None]
    middle = outer_px[:, None] + share * (inner_px - outer_px)[:, None]
    lip = blurred(look_up(lab, middle.astype(np.float32)).mean(axis=1)[None], 3.0)[0]
    reach_px = max(2.0, EDGE_SEARCH * axes.face_height_px)
    steps = np.linspace(-reach_px, reach_px, 2 * int(np.ceil(2 * reach_px)) + 1)
    seen = look_up(lab, (inner_px[:, None] + steps[None, :, None] * inward).astype(np.float32))
    strange = np.linalg.norm(seen - lip[:, None], axis=-1).astype(np.float32)
    # An edge has the lip's colour on one side and another one on the other.
    side = max(1, round(EDGE_SIDE * axes.face_height_px / (steps[1] - steps[0])))
    mean = cv2.blur(strange, (side, 1), borderType=cv2.BORDER_REPLICATE)
    half = side // 2 + 1
    contrast = np.roll(mean, -half, axis=1) - np.roll(mean, half, axis=1)
    contrast[:, :half] = contrast[:, -half:] = 0
    place = np.linspace(0, 1, LINE_COLUMNS)
    near_corner = np.minimum(place, 1 - place)
    cost = EDGE_PRIOR * (steps / reach_px) ** 2 / np.minimum(1, 4 * near_corner + 0.1)[:, None]
    cost -= np.minimum(contrast, CLEAR_CONTRAST) / CLEAR_CONTRAST
    widest = float(open_by.max())
    outward = np.minimum(0.6 * thick, EDGE_GROWTH * widest)
    beyond = (steps < -outward[:, None]) | (steps > 0.45 * open_by[:, None])
    cost += 4 * (beyond & (steps != 0))
    shift = steps[_cheapest_path(cost)] - min(EDGE_RAMP * axes.face_height_px, 0.5 * EDGE_GROWTH * widest)
    shift = blurred((shift * np.minimum(1, 6 * near_corner))[None, :], 1.5)[0]
    at_points = np.interp(np.linspace(0, 1, len(mesh.LIPS_INNER_UPPER)), place, shift)
    return np.asarray(at_points[:, None] * inward, dtype=np.float32)


def _line_shift(
    axes: FaceAxes,
    landmarks_px: NDArray[np.float32],
    grey: NDArray[np.float32],
    search: float,
    prior: float,
) -> NDArray[np.float32]:
    """How far below its landmarks the line between the lips is seen, float32 (11,) pixels."""
    middle = (
        landmarks_px[list(mesh.LIPS_INNER_UPPER), :2] + landmarks_px[list(mesh.LIPS_INNER_LOWER), :2]
    ) / 2
    place, row = np.linspace(0, 1, LINE_COLUMNS), np.linspace(0, 1, len(middle))
    line = np.stack([np.interp(place, row, middle[:, i]) for i in range(2)], axis=-1)
    down = axes.y_axis_px / np.linalg.norm(axes.y_axis_px)
    reach_px = max(2.0, search * axes.face_height_px)
    steps = np.linspace(-reach_px, reach_px, 2 * int(np.ceil(2 * reach_px)) + 1)
    at = (line[:, None, :] + steps[None, :, None] * down).astype(np.float32)
    seen = look_up(grey, at)
    # Prefer the landmarks' own place a little, and hold the corners.
    near_corner = np.minimum(place, 1 - place)
    cost = seen + prior * (steps / reach_px) ** 2 / np.minimum(1, 4 * near_corner + 0.1)[:, None]
    shift = steps[_cheapest_path(cost)] * np.minimum(1, 6 * near_corner)
    shift = blurred(shift[None, :], 1.5)[0]
    return np.asarray(np.interp(row, place, shift), dtype=np.float32)


def _cheapest_path(cost: NDArray[np.float64]) -> NDArray[np.intp]:
    """The index in every row of the path of least cost through a table (row, choice)."""
    rows, choices = cost.shape
    jump = LINE_STIFFNESS * np.abs(np.arange(choices)[:, None] - np.arange(choices)[None, :])
    total = cost[0]
    came_from = np.zeros((rows, choices), dtype=np.intp)
    for row in range(1, rows):
        through = total[:, None] + jump
        came_from[row] = through.argmin(axis=0)
        total = through.min(axis=0) + cost[row]
    path = np.zeros(rows, dtype=np.intp)
    path[-1] = total.argmin()
    for row in range(rows - 1, 0, -1):
        path[row - 1] = came_from[row, path[row]]
    return path


def lip_cut(axes: FaceAxes, landmarks_px: NDArray[np.float32], box: Box) -> LipCut:
    """The two lip layers over a box around the mouth.

    Beyond the corners the cut goes on level, where both layers move alike and show nothing of it.
    """
    grid = Grid.over(box, axes.face_height_px / CELLS_PER_FACE_HEIGHT)
    plane = axes.to_plane(grid.nodes_px())
    edges = []
    for row in (mesh.LIPS_INNER_UPPER, mesh.LIPS_INNER_LOWER):
        line = axes.to_plane(landmarks_px[list(row), :2])
        order = np.argsort(line[:, 0])
        edges.append(_smooth_interp(plane[..., 0], line[order, 0], line[order, 1]))
    upper_edge, lower_edge = edges[0], np.maximum(edges[0], edges[1])
    # How far a node lies within each layer is as good as linear between nodes, so pixels need no curve.
    within = np.stack([upper_edge - plane[..., 1], plane[..., 1] - lower_edge], axis=-1)
    height_px = float(np.linalg.norm(axes.y_axis_px))
    covers = np.clip(grid.to_pixels(within * np.float32(height_px / EDGE_PX)) + 0.5, 0, 1)
    upper, lower = (np.ascontiguousarray(covers[..., layer]) for layer in range(2))
    return LipCut(box=box, upper=upper, lower=lower)


def _smooth_interp(
    at: NDArray[np.float32], x: NDArray[np.float32], y: NDArray[np.float32]
) -> NDArray[np.float32]:
    """A smooth curve through points, level beyond its ends, at any places."""
    keep = np.concatenate([[True], np.diff(x) > 1e-5])
    curve = PchipInterpolator(x[keep], y[keep])
    return np.asarray(curve(np.clip(at, x[0], x[keep][-1])), dtype=np.float32)
