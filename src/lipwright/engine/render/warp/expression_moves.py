"""How the gesture curves move brows, corners of the mouth and cheeks, each side by itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.curves import Mouth
from lipwright.engine.face import mesh
from lipwright.engine.gesture.curves import (
    BROWS_DOWN,
    BROWS_INNER_UP,
    BROWS_OUTER_UP,
    CHEEK_SQUINTS,
    FROWNS,
    SMILES,
)
from lipwright.engine.render.warp.face_axes import FaceAxes
from lipwright.engine.render.warp.lip_moves import LIP_ROWS
from lipwright.engine.render.warp.lip_rest import LipRest

# Points of the cheeks beside and above the mouth that a smile lifts, the viewer's left first.
CHEEKS = ((50, 101, 205, 36, 187), (280, 330, 425, 266, 411))

# How far a brow goes at weight 1, eye heights: raised at its outer or inner end, drawn down at both ends, and
# inwards at its inner end.
BROW_LIFT = 0.55
BROW_DROP_OUTER, BROW_DROP_INNER = 0.25, 0.60
BROW_DRAWN_IN = 0.35
# The lower edge of a brow goes a little less than the upper.
BROW_LOWER_EDGE = 0.9

# How far a smile takes the corner of the mouth, face heights: out, up, and back along the teeth.
SMILE_OUT, SMILE_UP, SMILE_BACK = 0.034, 0.044, 0.018
# How much the lips of a smile thin, as a share.
SMILE_THINS = 0.25
# Share of a smile that is still free when the picture shows a full one.
SMILE_ROOM = 0.3
# A face that frowns does not smile: from this frown on the smile that the picture shows is taken back by the
# share. Less and an angry face grins; all of it and the lips, parted in the picture, look pulled.
UNSMILING_FROWN, UNSMILED_SHARE = 0.35, 0.85
FROWN_DOWN, FROWN_IN = 0.030, 0.006
# How far cheeks go in a smile (out, up, forward) and when they rise by themselves (up, forward).
CHEEK_OUT, CHEEK_UP, CHEEK_FORWARD = 0.006, 0.020, 0.014
SQUINT_UP, SQUINT_FORWARD = 0.014, 0.008


def move_brows(moves: NDArray[np.float32], axes: FaceAxes, gesture: NDArray[np.float32]) -> None:
    """Add to moves (478, 3) what the curves of the brows ask for. gesture: a row of GestureCurves."""
    eye = eye_height(axes)
    for side, (upper, lower, inward) in enumerate(
        (
            (mesh.BROW_LEFT_UPPER, mesh.BROW_LEFT_LOWER, 1),
            (mesh.BROW_RIGHT_UPPER, mesh.BROW_RIGHT_LOWER, -1),
        )
    ):
        towards_nose = np.linspace(0, 1, len(upper))[::inward]
        inner, outer, drop = (
            float(gesture[pair[side]]) for pair in (BROWS_INNER_UP, BROWS_OUTER_UP, BROWS_DOWN)
        )
        lift = BROW_LIFT * (inner * towards_nose**1.3 + outer * (1 - towards_nose**1.5))
        drop_at = BROW_DROP_OUTER + (BROW_DROP_INNER - BROW_DROP_OUTER) * towards_nose
        vertical = eye * (drop * drop_at - lift)
        for row, share in ((upper, 1.0), (lower, BROW_LOWER_EDGE)):
            moves[list(row), 0] += eye * BROW_DRAWN_IN * drop * towards_nose * inward
            moves[list(row), 1] += share * vertical


def move_corners(moves: NDArray[np.float32], rest: LipRest, gesture: NDArray[np.float32]) -> None:
    """Add to moves (478, 3) what smiles and frowns do to the lips."""
    thinner = np.zeros(len(rest.u))
    for side, outward in enumerate((-1, 1)):
        smile, frown = smile_against(rest, gesture, side), float(gesture[FROWNS[side]])
        here = np.clip(outward * rest.u, 0, 1)  # 0 in the middle, 1 in this corner
        thinner += SMILE_THINS * smile * (1 + outward * rest.u) / 2
        change = np.stack(
            [
                outward * (SMILE_OUT * smile - FROWN_IN * frown) * here,
                FROWN_DOWN * frown * here**1.6 - SMILE_UP * smile * here**1.4,
                SMILE_BACK * smile * here**1.3,
            ],
            axis=-1,
        )
        for number, row in enumerate(LIP_ROWS):
            # Both rows of an edge end in the same corners.
            part = slice(None) if number < len(LIP_ROWS) // 2 else slice(1, -1)
            moves[np.array(row)[part]] += change[part]
    moves[list(mesh.LIPS_OUTER_UPPER), 1] += 0.3 * thinner * rest.upper
    moves[list(mesh.LIPS_OUTER_LOWER), 1] -= 0.3 * thinner * rest.lower


def unsmiled_cheeks(rest: LipRest, mouth: NDArray[np.float32]) -> NDArray[np.float32]:
    """What the smile of the picture that rounded lips take back did to the cheeks, as in cheek_moves."""
    taken = rest.smile * float(max(mouth[Mouth.PUCKER], mouth[Mouth.FUNNEL]))
    return np.float32(taken) * np.concatenate([_smiling_cheek(side) for side in range(2)])


def cheek_moves(rest: LipRest, gesture: NDArray[np.float32]) -> NDArray[np.float32]:
    """What the cheeks do of their own, float32 (10, 3) face heights for the points of CHEEKS in turn."""
    moves = []
    for side in range(2):
        smile, squint = smile_against(rest, gesture, side), float(gesture[CHEEK_SQUINTS[side]])
        raised = np.array([0, -SQUINT_UP, -SQUINT_FORWARD], dtype=np.float32)
        moves.append(smile * _smiling_cheek(side) + squint * raised)
    return np.concatenate(moves)


def _smiling_cheek(side: int) -> NDArray[np.float32]:
    """What a full smile does to the points of one cheek, float32 (5, 3) face heights."""
    move = ((-1, 1)[side] * CHEEK_OUT, -CHEEK_UP, -CHEEK_FORWARD)
    return np.tile(np.array(move, dtype=np.float32), (len(CHEEKS[side]), 1))


def eye_height(axes: FaceAxes) -> float:
    """The mean height of the eyes' openings, face heights, within what open eyes have."""
    points = axes.points
    left = points[145, 1] - points[159, 1]
    right = points[374, 1] - points[386, 1]
    return float(np.clip((left + right) / 2, 0.02, 0.08))


def smile_room(rest: LipRest) -> float:
    """How much of a smile is left to a mouth that may already smile in the picture, 0 to 1."""
    return 1 - (1 - SMILE_ROOM) * rest.smile


def smile_against(rest: LipRest, gesture: NDArray[np.float32], side: int) -> float:
    """How much more one side smiles than in the picture; below 0 where a frown takes that smile back."""
    taken = UNSMILED_SHARE * rest.smile * min(1.0, float(gesture[FROWNS[side]]) / UNSMILING_FROWN)
    return smile_room(rest) * float(gesture[SMILES[side]]) - taken
