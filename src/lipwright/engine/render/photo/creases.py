"""Light and shadow of the folds that an expression makes in skin: beside the nose, between and above brows.

A warp moves the skin that a picture shows but makes no new folds; a soft gain over the picture does.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator
from scipy.spatial import cKDTree

from lipwright.engine.arrays import smoothstep
from lipwright.engine.articulation.curves import Mouth
from lipwright.engine.face import mesh
from lipwright.engine.gesture.curves import (
    BROWS_DOWN,
    BROWS_INNER_UP,
    BROWS_OUTER_UP,
    CHEEK_SQUINTS,
)
from lipwright.engine.render.warp.expression_moves import smile_against
from lipwright.engine.render.warp.face_axes import FaceAxes
from lipwright.engine.render.warp.lip_rest import lip_rest

# The nasolabial fold, from the wing of the nose to beside the corner of the mouth, the viewer's left first.
FOLDS = ((129, 203, 206, 216, 212), (358, 423, 426, 436, 432))
# How much darker a full smile makes the fold, and the cheek beside it lighter, as shares. More is a smudge on
# a face that has no fold yet.
FOLD_DARKER, CHEEK_LIGHTER = 0.095, 0.05
# A cheek that bulges over a fold is steep on its side and shades off on the other: half widths of the fold
# towards the cheek and towards the mouth, distance and half width of the lit cheek, face heights.
FOLD_EDGE, FOLD_WIDTH = 0.008, 0.024
CHEEK_DISTANCE, CHEEK_WIDTH = 0.03, 0.02
# A cheek that rises without a smile deepens the fold by this share of what a smile does.
FOLD_OF_SQUINT = 0.35
# What a mouth that is drawn wide does, per share of extra width.
FOLD_OF_WIDTH = 1.5
# Lines of the forehead: how far up from the brows to the top of the forehead, and how much darker raised
# brows make them. Stronger, they age a smooth forehead.
FOREHEAD_LINES = (0.34, 0.52, 0.69)
FOREHEAD_DARKER = 0.055
FOREHEAD_WIDTH = 0.009
# The ridge of skin above a line catches the light, as a share of the line's depth.
RIDGE_SHARE = 0.45
# The two lines between brows that are drawn together: how much darker, and how far apart, as a share of the
# distance between the brows.
FROWN_DARKER = 0.12
FROWN_WIDTH = 0.008
FROWN_APART = 0.46
# Along a fold, the share of its length over which it begins and ends.
FOLD_FADE = 0.35
# Curves are sampled at this many points.
CURVE_POINTS = 60
# Nothing of a fold is seen so far from its curve, face heights: six times the largest width.
CURVE_REACH = 0.2


class FaceCreases:
    """The folds of one face, prepared for the nodes of a grid over its picture."""

    def __init__(
        self, axes: FaceAxes, landmarks_px: NDArray[np.float32], nodes_px: NDArray[np.float32]
    ) -> None:
        """landmarks_px: float32 (478, 3). nodes_px: float32 (row, column, 2), of the picture as it is."""
        self._rest = lip_rest(axes)
        plane = axes.to_plane(nodes_px)
        points = axes.to_plane(landmarks_px[:, :2])
        # Finer than the grid, a fold would come and go with the nodes.
        cell = float(np.abs(np.diff(plane[:2, :2], axis=1)).max())
        patterns = [
            *_smile_folds(plane, points, cell),
            *_forehead_lines(plane, points, cell),
            *_frown_lines(plane, points, cell),
        ]
        self._patterns = np.stack(patterns).astype(np.float32)

    def gain(self, mouth: NDArray[np.float32], gesture: NDArray[np.float32]) -> NDArray[np.float32] | None:
        """By what the light of the picture is multiplied at each node, float32 (row, column); None where 1.

        mouth, gesture: rows of ArticulationCurves and GestureCurves. It moves with the skin.
        """
        depths = np.array(self._depths(mouth, gesture), dtype=np.float32)
        if not depths.any():
            return None
        gain: NDArray[np.float32] = np.float32(1) + np.tensordot(depths, self._patterns, axes=1)
        return gain

    def _depths(self, mouth: NDArray[np.float32], gesture: NDArray[np.float32]) -> list[float]:
        stretched = FOLD_OF_WIDTH * max(0.0, float(mouth[Mouth.WIDTH]) - 1)
        smiles = [
            min(
                1.2,
                smile_against(self._rest, gesture, side)
                + FOLD_OF_SQUINT * float(gesture[squint])
                + stretched,
            )
            for side, squint in enumerate(CHEEK_SQUINTS)
        ]
        raised = [
            max(0.0, float(gesture[inner] + gesture[outer]) / 2 - float(gesture[down]))
            for inner, outer, down in zip(BROWS_INNER_UP, BROWS_OUTER_UP, BROWS_DOWN, strict=True)
        ]
        drawn = [max(0.0, float(gesture[down])) for down in BROWS_DOWN]
        return [*smiles, *raised, *drawn]


def _smile_folds(
    plane: NDArray[np.float32], points: NDArray[np.float32], cell: float
) -> list[NDArray[np.float32]]:
    """The nasolabial fold of each side, as the change of light at full depth."""
    patterns = []
    for row, outward in zip(FOLDS, (-1, 1), strict=True):
        distance, along, side = _from_curve(plane, points[list(row)])
        fade = smoothstep(np.minimum(along, 1 - along) / FOLD_FADE)
        is_cheek = outward * side > 0
        dark = np.where(is_cheek, _bump(distance, FOLD_EDGE, cell), _bump(distance, FOLD_WIDTH, cell))
        lit = _bump(distance - CHEEK_DISTANCE, CHEEK_WIDTH, cell) * is_cheek
        patterns.append((CHEEK_LIGHTER * lit - FOLD_DARKER * dark) * fade)
    return patterns


def _forehead_lines(
    plane: NDArray[np.float32], points: NDArray[np.float32], cell: float
) -> list[NDArray[np.float32]]:
    """The lines above each brow, as the change of light at full depth."""
    brows = points[[*mesh.BROW_LEFT_UPPER, *mesh.BROW_RIGHT_UPPER]]
    order = np.argsort(brows[:, 0])
    brow_y = np.interp(plane[..., 0], brows[order, 0], brows[order, 1])
    top_y = float(points[mesh.FOREHEAD_TOP, 1])
    up = (brow_y - plane[..., 1]) / np.maximum(brow_y - top_y, 1e-3)
    forehead = np.maximum(brow_y - top_y, 1e-3)
    lines = np.zeros(up.shape)
    for number, height in enumerate(FOREHEAD_LINES):
        # Real lines are neither straight nor parallel.
        wave = 0.03 * np.sin(9 * plane[..., 0] + 2.1 * number)
        distance = (up - height - wave) * forehead
        ridge = _bump(distance - 1.6 * FOREHEAD_WIDTH, 1.3 * FOREHEAD_WIDTH, cell)
        lines += RIDGE_SHARE * ridge - _bump(distance, FOREHEAD_WIDTH, cell)
    patterns = []
    for row, outward in ((mesh.BROW_LEFT_UPPER, -1), (mesh.BROW_RIGHT_UPPER, 1)):
        outer = float(np.abs(points[list(row), 0]).max())
        across = outward * plane[..., 0]
        # Both sides share the middle.
        here = smoothstep((outer - across) / (0.45 * outer)) * smoothstep((across + 0.06) / 0.12)
        patterns.append(FOREHEAD_DARKER * lines * here)
    return patterns


def _frown_lines(
    plane: NDArray[np.float32], points: NDArray[np.float32], cell: float
) -> list[NDArray[np.float32]]:
    """The upright line at the inner end of each brow, as the change of light at full depth."""
    patterns = []
    middle = points[[9, 8]].mean(axis=0)
    height = float(np.linalg.norm(points[9] - points[8]))
    for inner in (mesh.BROW_LEFT_UPPER[-1], mesh.BROW_RIGHT_UPPER[0]):
        x = middle[0] + FROWN_APART * (points[inner, 0] - middle[0])
        line = np.array([[x, middle[1] + 0.9 * height], [x, middle[1] - 1.1 * height]], dtype=np.float32)
        distance, along, _ = _from_curve(plane, line)
        fade = smoothstep(np.minimum(along, 1 - along) / 0.45)
        patterns.append(-FROWN_DARKER * _bump(distance, FROWN_WIDTH, cell) * fade)
    return patterns


def _from_curve(
    plane: NDArray[np.float32], through: NDArray[np.float32]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """How places lie to a smooth curve: distance, place along it (0 to 1), and on which side in x.

    Farther away than CURVE_REACH the distance may be infinite.
    """
    knots = np.arange(len(through))
    at = np.linspace(0, len(through) - 1, CURVE_POINTS)
    curve = np.stack([PchipInterpolator(knots, through[:, axis])(at) for axis in range(2)], axis=-1)
    distance = np.full(plane.shape[:2], np.inf)
    nearest = np.zeros(plane.shape[:2], dtype=np.intp)
    low, high = curve.min(axis=0) - CURVE_REACH, curve.max(axis=0) + CURVE_REACH
    x, y = plane[..., 0], plane[..., 1]
    near = (x > low[0]) & (x < high[0]) & (y > low[1]) & (y < high[1])
    distance[near], nearest[near] = cKDTree(curve).query(plane[near])
    side = np.sign(x - curve[nearest, 0])
    return distance, nearest / (CURVE_POINTS - 1), side


def _bump(distance: NDArray[np.floating], width: float, cell: float) -> NDArray[np.float64]:
    """1 on a line and falling off over a half width, no finer than the grid shows."""
    return np.asarray(np.exp(-((distance / np.hypot(width, 0.5 * cell)) ** 2)), dtype=np.float64)
