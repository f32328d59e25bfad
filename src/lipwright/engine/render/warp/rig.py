"""How the mouth and gesture curves move the points of the face mesh.

A few dozen handles (lip rows, jaw line, brows, cheeks) get their moves from the curves; all other points
follow by biharmonic interpolation over the mesh, which is cut along the lips, so that the mouth opens as a
hole.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import smoothstep
from lipwright.engine.articulation.curves import Mouth
from lipwright.engine.face import mesh
from lipwright.engine.render.warp.expression_moves import (
    CHEEKS,
    cheek_moves,
    move_brows,
    move_corners,
    unsmiled_cheeks,
)
from lipwright.engine.render.warp.face_axes import FaceAxes
from lipwright.engine.render.warp.lip_moves import LIP_ROWS, closed_share, lip_moves
from lipwright.engine.render.warp.lip_rest import lip_rest

# Inner-lip gap at aperture 1, face heights: the 95th percentile of real speakers is .076 to .130. Smaller
# mumbles, larger shouts.
FULL_GAP = 0.095
# The gap may not exceed this share of the mouth's width: small mouths of children and drawings would turn
# into holes. People's 95th percentile is .25 to .42 of the width of their mouths; at .31 small mouths mumble.
FULL_GAP_PER_WIDTH = 0.35
# How far the chin's points go per drop of the chin that is asked for: the skin slides over the bone, and a
# tracker finds .6 to .9 of what is drawn. With it the chin is read to follow the gap by .26 to .43 on most
# pictures, as on clips of people (.25 to .41); a tenth more follows too far on open smiles, two tenths less
# not far enough on faces that are turned away.
CHIN_PER_JAW = 1.4
# How far the chin goes back as it drops, per drop: the jaw turns about the ears.
JAW_BACK = 0.25

# The rings of points within the lips, with the rows of LIP_ROWS (outer edge, inner edge) that they lie
# between. As free points they overshoot where a lip thins, and the lip folds at its edge.
_RINGS = (
    (mesh.LIPS_MIDDLE_UPPER_OUTER, 0, 1),
    (mesh.LIPS_MIDDLE_UPPER_INNER, 0, 1),
    (mesh.LIPS_MIDDLE_LOWER_INNER, 3, 2),
    (mesh.LIPS_MIDDLE_LOWER_OUTER, 3, 2),
)
# Beside and above each corner lies the knot of muscles that moves it. Its points go along by these shares;
# less, and the end of the lips' line stays behind as a crease.
_KNOTS = (
    (57, mesh.MOUTH_CORNER_LEFT, 0.95),
    (186, mesh.MOUTH_CORNER_LEFT, 0.75),
    (287, mesh.MOUTH_CORNER_RIGHT, 0.95),
    (410, mesh.MOUTH_CORNER_RIGHT, 0.75),
)
_STILL_POINTS = (
    *mesh.NOSE_BRIDGE,
    *mesh.NOSE_WINGS,
    *mesh.EYE_LEFT_LOWER,
    *mesh.EYE_RIGHT_LOWER,
    *(234, 127, 162, 21, 54, 103, 67, 109, 10, 338, 297, 332, 284, 251, 389, 356, 454),
)


class FaceRig:
    """Moves the mesh points of one face."""

    def __init__(self, axes: FaceAxes, full_gap: float | None = None) -> None:
        """full_gap: inner-lip gap at aperture 1, face heights; None takes what is usual for this mouth."""
        self._axes = axes
        self.rest = lip_rest(axes)
        handles = [point for row in LIP_ROWS for point in row]
        handles += [point for ring, _, _ in _RINGS for point in ring]
        handles += [knot for knot, _, _ in _KNOTS]
        handles += [*mesh.JAW_LINE, *mesh.BROW_LEFT, *mesh.BROW_RIGHT, *_STILL_POINTS]
        self._handles = np.array(list(dict.fromkeys(handles)), dtype=np.intp)
        self._follow = _harmonic_weights(axes, self._handles)
        self._jaw = _jaw_weights(axes, self._handles)
        # Cheeks follow mouth and jaw like all skin; what they do of their own goes out from them.
        cheeks = np.array([point for side in CHEEKS for point in side], dtype=np.intp)
        together = np.concatenate([self._handles, cheeks])
        self._cheek_follow = _harmonic_weights(axes, together)[:, len(self._handles) :]
        usual_gap = min(FULL_GAP, FULL_GAP_PER_WIDTH * 2 * axes.half_mouth)
        self.full_gap = usual_gap if full_gap is None else full_gap

    def jaw_drop(self, mouth: NDArray[np.float32]) -> float:
        """How far the chin is below its place with the teeth together, face heights.

        JAW has the unit of APERTURE, so that JAW over APERTURE is the chin's drop per gap: people drop it by
        .38 to .42 of the gap.
        """
        return float(mouth[Mouth.JAW]) * self.full_gap

    def seam(self, mouth: NDArray[np.float32], share: float = 1.0) -> float:
        """How dark the line is where lips meet that the picture shows apart, 0 to 1; 0 for all other lips."""
        if not self.rest.is_parted:
            return 0.0
        return share * closed_share(mouth, self.full_gap)

    def moves(
        self, mouth: NDArray[np.float32], gesture: NDArray[np.float32], share: float = 1.0
    ) -> NDArray[np.float32]:
        """Where the curves take every point, float32 (478, 3) in face heights from its place in the picture.

        mouth: one row of ArticulationCurves. gesture: one row of GestureCurves; head motion and lids are not
        used here. share: how far the lips and jaw go from the picture's own mouth to the one that is asked
        for, 0 to 1. Expressions come on top of either.
        """
        moves = np.zeros((mesh.SKIN_POINTS + 10, 3), dtype=np.float32)
        jaw = self.jaw_drop(mouth) - self.rest.jaw_drop
        moves[list(mesh.JAW_LINE), 1:] = share * CHIN_PER_JAW * jaw * np.array([1, JAW_BACK], np.float32)
        moves[self._handles] *= self._jaw[:, None]
        gap = max(0.0, float(mouth[Mouth.APERTURE])) * self.full_gap
        lips = lip_moves(self._axes, self.rest, mouth, gap=gap, jaw=jaw)
        for row, spoken in zip(LIP_ROWS, lips, strict=True):
            moves[list(row)] = share * spoken
        move_corners(moves, self.rest, gesture)
        self._move_lip_skin(moves)
        move_brows(moves, self._axes, gesture)
        own = cheek_moves(self.rest, gesture) - share * unsmiled_cheeks(self.rest, mouth)
        return self._follow @ moves[self._handles] + self._cheek_follow @ own

    def carry(self, lips: NDArray[np.float32], jaw_change: float) -> NDArray[np.float32]:
        """Moves of all points, float32 (478, 3), that follow given moves of the lips and a change of the jaw.

        lips: float32 (478, 3), face heights; the lip rows count. jaw_change: how much farther the chin drops.
        """
        moves = np.zeros_like(lips)
        moves[list(mesh.JAW_LINE), 1] = jaw_change
        moves[self._handles] *= self._jaw[:, None]
        rows = [point for row in LIP_ROWS for point in row]
        moves[rows] = lips[rows]
        self._move_lip_skin(moves)
        return self._follow @ moves[self._handles]

    def _move_lip_skin(self, moves: NDArray[np.float32]) -> None:
        """Let the rings within the lips and the skin at their corners follow the rows, in moves (478, 3)."""
        for knot, corner, share in _KNOTS:
            moves[knot] = share * moves[corner]
        points = self._axes.points
        for ring, outer_row, inner_row in _RINGS:
            outer, inner = list(LIP_ROWS[outer_row]), list(LIP_ROWS[inner_row])
            to_outer, to_inner = (
                np.linalg.norm(points[list(ring)] - points[edge], axis=1) for edge in (outer, inner)
            )
            inward = (to_outer / np.maximum(to_outer + to_inner, 1e-6))[:, None]
            moves[list(ring)] = moves[outer] + (moves[inner] - moves[outer]) * inward


def _jaw_weights(axes: FaceAxes, handles: NDArray[np.intp]) -> NDArray[np.float32]:
    """How much each handle drops with the chin: the jaw turns about the ears, so its angle hardly drops."""
    points = axes.points
    hinge_z = float(points[[234, 454], 2].mean())
    chin_z = float(points[mesh.CHIN_BOTTOM, 2])
    reach = np.clip((hinge_z - points[:, 2]) / max(hinge_z - chin_z, 1e-3), 0, 1.1)
    chin_y = float(points[mesh.CHIN_BOTTOM, 1])
    below = smoothstep((points[:, 1] + 0.05) / (0.6 * chin_y + 0.05))
    weights: NDArray[np.float32] = (reach * below).astype(np.float32)[handles]
    return weights


def _harmonic_weights(axes: FaceAxes, handles: NDArray[np.intp]) -> NDArray[np.float32]:
    """Weights (478, handles) by which every point follows the handles: the smoothest field through their
    moves.

    Solves the graph Laplacian of the mesh, edges weighted by inverse length, with the handles fixed.
    """
    count = mesh.SKIN_POINTS + 10
    laplacian = np.zeros((count, count), dtype=np.float64)
    edges = np.array([(a, b) for a, others in enumerate(mesh.neighbours()) for b in others], dtype=np.intp)
    lengths = np.linalg.norm(axes.points[edges[:, 0]] - axes.points[edges[:, 1]], axis=1)
    laplacian[edges[:, 0], edges[:, 1]] = -1.0 / np.maximum(lengths, 1e-3)
    degree = -laplacian.sum(axis=1)
    laplacian[np.diag_indices(count)] = np.where(degree > 0, degree, 1.0)  # the irises have no edges
    free = np.setdiff1d(np.arange(count), handles)
    weights = np.zeros((count, len(handles)), dtype=np.float32)
    weights[handles, np.arange(len(handles))] = 1
    # The square of the Laplacian bends smoothly through the handles, where the Laplacian alone makes tents.
    system = laplacian @ laplacian
    solved = np.linalg.solve(system[np.ix_(free, free)], -system[np.ix_(free, handles)])
    weights[free] = solved
    return weights
