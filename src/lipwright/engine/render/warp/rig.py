"""How the mouth and brow curves move the points of the face mesh.

A few dozen handles (lip rows, jaw line, brows) get their moves from the curves; all other points follow by
harmonic interpolation over the mesh, which is cut along the lips, so that the mouth opens as a hole.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array, smoothstep
from lipwright.engine.articulation.curves import Mouth
from lipwright.engine.face import mesh
from lipwright.engine.gesture.curves import BROWS_DOWN, BROWS_INNER_UP, BROWS_OUTER_UP, FROWNS, SMILES
from lipwright.engine.render.warp.face_axes import FaceAxes

# Inner-lip gap at aperture 1, face heights: the 95th percentile of real speakers is .076 to .130. Smaller
# mumbles, larger shouts.
FULL_GAP = 0.095
# The gap may not exceed this share of the mouth's width: small mouths of children and drawings would turn
# into holes.
FULL_GAP_PER_WIDTH = 0.31
# Share of the opening that the upper lip makes by rising; the jaw and lower lip make the rest.
UPPER_SHARE = 0.25
# Where open lips meet when they close, from the upper edge (0) to the lower (1): the upper lip is short and
# the lower lip comes up to it.
CLOSING_SHARE = 0.38
# How far lips overlap when they are shut, face heights: hides the last line of teeth of a smile.
SEAL_OVERLAP = 0.003
# How much narrower a wide open mouth is, as a share of its width.
NARROWING = 0.05
# How far the lower lip rises towards the upper teeth for f and v, face heights.
TUCK_RISE = 0.012
# How far a brow that is fully raised goes up, eye heights.
BROW_LIFT = 0.55
# Mouths narrower than this gap in the picture count as closed, face heights; below lies the noise of
# landmarks.
PARTED_GAP = 0.012

_LIP_ROWS = (mesh.LIPS_OUTER_UPPER, mesh.LIPS_INNER_UPPER, mesh.LIPS_INNER_LOWER, mesh.LIPS_OUTER_LOWER)
_STILL_POINTS = (
    *mesh.NOSE_BRIDGE,
    *mesh.NOSE_WINGS,
    *mesh.EYE_LEFT_LOWER,
    *mesh.EYE_RIGHT_LOWER,
    *(234, 127, 162, 21, 54, 103, 67, 109, 10, 338, 297, 332, 284, 251, 389, 356, 454),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LipRest:
    """The lips as the picture shows them, in face heights, 11 entries each from left to right.

    u: position across the mouth, -1 at the left corner, 1 at the right.
    gap: inner gap. contact: y of the line where the lips meet when they close.
    """

    u: NDArray[np.float32]
    gap: NDArray[np.float32]
    contact: NDArray[np.float32]

    def __post_init__(self) -> None:
        for name in ("u", "gap", "contact"):
            check_array(self, name, np.float32, (11,))

    @property
    def is_parted(self) -> bool:
        """Whether the picture shows the mouth open."""
        return float(self.gap.max()) > PARTED_GAP


def lip_rest(axes: FaceAxes) -> LipRest:
    """Measure the lips of a picture."""
    upper = axes.points[list(mesh.LIPS_INNER_UPPER)]
    lower = axes.points[list(mesh.LIPS_INNER_LOWER)]
    x = (upper[:, 0] + lower[:, 0]) / 2
    u = np.interp(x, [x[0], x[5], x[-1]], [-1, 0, 1])
    gap = np.maximum(lower[:, 1] - upper[:, 1], 0)
    parted = float(gap.max()) > PARTED_GAP
    share = CLOSING_SHARE if parted else 0.5
    contact = upper[:, 1] + share * (lower[:, 1] - upper[:, 1])
    return LipRest(u=u.astype(np.float32), gap=gap.astype(np.float32), contact=contact.astype(np.float32))


class FaceRig:
    """Moves the mesh points of one face."""

    def __init__(self, axes: FaceAxes, full_gap: float | None = None) -> None:
        """full_gap: inner-lip gap at aperture 1, face heights; None takes what is usual for this mouth."""
        self._axes = axes
        self.rest = lip_rest(axes)
        handles = [point for row in _LIP_ROWS for point in row]
        handles += [*mesh.JAW_LINE, *mesh.BROW_LEFT, *mesh.BROW_RIGHT, *_STILL_POINTS]
        self._handles = np.array(list(dict.fromkeys(handles)), dtype=np.intp)
        self._follow = _harmonic_weights(axes, self._handles)
        self._jaw = _jaw_weights(axes, self._handles)
        usual_gap = min(FULL_GAP, FULL_GAP_PER_WIDTH * 2 * axes.half_mouth)
        self.full_gap = usual_gap if full_gap is None else full_gap

    def jaw_drop(self, mouth: NDArray[np.float32]) -> float:
        """How far the chin drops, face heights."""
        return float(mouth[Mouth.JAW]) * self.full_gap

    def moves(self, mouth: NDArray[np.float32], gesture: NDArray[np.float32]) -> NDArray[np.float32]:
        """Where the curves take every point, float32 (478, 3) in face heights from its place in the picture.

        mouth: one row of ArticulationCurves. gesture: one row of GestureCurves; head motion is not used here.
        """
        moves = np.zeros((mesh.SKIN_POINTS + 10, 3), dtype=np.float32)
        moves[list(mesh.JAW_LINE), 1] += self.jaw_drop(mouth)
        moves[self._handles] *= self._jaw[:, None]
        self._move_lips(moves, mouth, gesture)
        for row, inner, outer, down in (
            (mesh.BROW_LEFT, BROWS_INNER_UP[0], BROWS_OUTER_UP[0], BROWS_DOWN[0]),
            (mesh.BROW_RIGHT, BROWS_INNER_UP[1], BROWS_OUTER_UP[1], BROWS_DOWN[1]),
        ):
            lift = float((gesture[inner] + gesture[outer]) / 2 - gesture[down])
            moves[list(row), 1] = -BROW_LIFT * lift * self._eye_height()
        return self._follow @ moves[self._handles]

    def carry(self, lips: NDArray[np.float32], jaw_change: float) -> NDArray[np.float32]:
        """Moves of all points, float32 (478, 3), that follow given moves of the lips and a change of the jaw.

        lips: float32 (478, 3), face heights; the lip rows count. jaw_change: how much farther the chin drops.
        """
        moves = np.zeros_like(lips)
        moves[list(mesh.JAW_LINE), 1] = jaw_change
        moves[self._handles] *= self._jaw[:, None]
        rows = [point for row in _LIP_ROWS for point in row]
        moves[rows] = lips[rows]
        return self._follow @ moves[self._handles]

    def _eye_height(self) -> float:
        points = self._axes.points
        left = points[145, 1] - points[159, 1]
        right = points[374, 1] - points[386, 1]
        return float(np.clip((left + right) / 2, 0.02, 0.08))

    def _move_lips(
        self, moves: NDArray[np.float32], mouth: NDArray[np.float32], gesture: NDArray[np.float32]
    ) -> None:
        points, rest, half = self._axes.points, self.rest, self._axes.half_mouth
        gap = max(0.0, float(mouth[Mouth.APERTURE])) * self.full_gap
        rounding = float(max(mouth[Mouth.PUCKER], mouth[Mouth.FUNNEL]))
        width = float(mouth[Mouth.WIDTH])
        press, tuck, lift = float(mouth[Mouth.PRESS]), float(mouth[Mouth.TUCK]), float(mouth[Mouth.RAISE])
        smile = float(gesture[list(SMILES)].mean() - gesture[list(FROWNS)].mean())
        jaw = self.jaw_drop(mouth)

        # Vertical opening: flat in the middle, rounder when the lips round, always shut at the corners.
        power = 2.3 - 0.4 * rounding
        profile = np.maximum(0, 1 - np.abs(rest.u) ** power) ** 0.9
        closed = 1 - min(1.0, gap / 0.02)
        inner_upper = rest.contact - UPPER_SHARE * gap * profile + SEAL_OVERLAP * closed * rest.is_parted
        inner_lower = rest.contact + (1 - UPPER_SHARE) * gap * profile
        upper_y, lower_y = points[list(mesh.LIPS_INNER_UPPER), 1], points[list(mesh.LIPS_INNER_LOWER), 1]
        up, down = inner_upper - upper_y, inner_lower - lower_y

        # Corners: in with rounding and narrow shapes, out with wide ones and a smile; a little down with the
        # jaw.
        corner_in = half * ((1 - width) + 0.16 * rounding + NARROWING * gap / self.full_gap) - 0.012 * smile
        corner_y = 0.22 * jaw - 0.014 * smile
        side = rest.u * np.float32(corner_in)
        arch = np.abs(rest.u) ** 2

        # Thickness: lips pout forward and thicken when rounded, roll in when pressed.
        thickness_upper = np.abs(
            points[list(mesh.LIPS_OUTER_UPPER), 1] - points[list(mesh.LIPS_INNER_UPPER), 1]
        )
        thickness_lower = np.abs(
            points[list(mesh.LIPS_OUTER_LOWER), 1] - points[list(mesh.LIPS_INNER_LOWER), 1]
        )
        swell = 0.22 * rounding - 0.28 * press
        forward = -0.02 * rounding

        for row, dy in (
            (mesh.LIPS_INNER_UPPER, up - 0.012 * lift * profile),
            (mesh.LIPS_OUTER_UPPER, _follow_upper(up) - swell * thickness_upper - 0.012 * lift * profile),
            (mesh.LIPS_INNER_LOWER, down - TUCK_RISE * tuck * profile),
            (
                mesh.LIPS_OUTER_LOWER,
                _follow_lower(down, jaw, profile)
                + swell * thickness_lower
                - 0.4 * TUCK_RISE * tuck * profile,
            ),
        ):
            index = list(row)
            moves[index, 0] = -side
            moves[index, 1] = dy + corner_y * arch
            moves[index, 2] = forward * profile


def _follow_upper(up: NDArray[np.floating]) -> NDArray[np.floating]:
    """How the upper lip's outer edge follows its inner edge: rising as one, thickening when it comes down."""
    return np.where(up < 0, 0.85 * up, 0.45 * up)


def _follow_lower(
    down: NDArray[np.floating], jaw: float, profile: NDArray[np.floating]
) -> NDArray[np.floating]:
    """How the lower lip's outer edge follows: with the lip and the jaw when it opens, less when it closes."""
    opening = 0.72 * down + 0.2 * jaw * profile
    return np.where(down > 0, opening, 0.6 * down)


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
    for a, others in enumerate(mesh.neighbours()):
        for b in others:
            length = float(np.linalg.norm(axes.points[a] - axes.points[b]))
            laplacian[a, b] = -1.0 / max(length, 1e-3)
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
