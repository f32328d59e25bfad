"""What a mouth and a pair of eyes do, from the mesh of a face, whatever way the head is turned.

Lengths are in face heights (FOREHEAD_TOP to CHIN_BOTTOM), measured after the mesh is turned to the front.
The gap between the lips is one of them; an aperture, by contrast, is a share of how far a speaker opens.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array, check_shape
from lipwright.engine.face.mesh import (
    CHIN_BOTTOM,
    EYE_LEFT_LOWER,
    EYE_LEFT_UPPER,
    EYE_RIGHT_LOWER,
    EYE_RIGHT_UPPER,
    FOREHEAD_TOP,
    LIP_INNER_BOTTOM,
    LIP_INNER_TOP,
    LIP_OUTER_BOTTOM,
    LIP_OUTER_TOP,
    LIPS_INNER_LOWER,
    LIPS_INNER_UPPER,
    MOUTH_CORNER_LEFT,
    MOUTH_CORNER_RIGHT,
    NOSE_BASE,
)
from lipwright.engine.face.pose import estimate_pose, to_head

# Below this gap, in face heights, lips are seen as closed: half the thickness of a line of shadow between
# them; tracked real people rest at 0.002 to 0.006.
CLOSED_GAP = 0.008


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MouthShapes:
    """A mouth over time, float32 (frame,) each, in face heights.

    gap: between the lips, in their middle. width: from corner to corner. rounding: thickness of both
    lips over the mouth's width (a pure ratio; grows when the corners come in and the lips go forward).
    jaw: from the base of the nose to the chin.
    """

    gap: NDArray[np.float32]
    width: NDArray[np.float32]
    rounding: NDArray[np.float32]
    jaw: NDArray[np.float32]

    def __post_init__(self) -> None:
        for name in ("gap", "width", "rounding", "jaw"):
            check_array(self, name, np.float32, (len(self.gap),))


def mouth_shapes(landmarks_px: NDArray[np.floating]) -> MouthShapes:
    """The mouth in every frame of a clip, from meshes (frame, 478, 3)."""
    check_shape("landmarks_px", landmarks_px, ("frame", 478, 3))
    rows = np.array([_measure_mouth(points) for points in landmarks_px], np.float32).reshape(-1, 4)
    gap, width, rounding, jaw = rows.T
    return MouthShapes(gap=gap, width=width, rounding=rounding, jaw=jaw)


def mouth_gap(landmarks_px: NDArray[np.floating]) -> float:
    """The gap between the lips of one mesh (478, 3), in face heights: 0 shut, 0.08 open, 0.2 a shout."""
    return _measure_mouth(landmarks_px)[0]


def eye_openings(landmarks_px: NDArray[np.floating]) -> tuple[float, float]:
    """The gap between the lids of the viewer's left and right eye of one mesh (478, 3), in face heights.

    About 0.05 when open, below 0.02 in a blink.
    """
    front = _to_front(landmarks_px)
    height = _distance(front, FOREHEAD_TOP, CHIN_BOTTOM)
    left = _middle_gap(front, EYE_LEFT_UPPER, EYE_LEFT_LOWER)
    right = _middle_gap(front, EYE_RIGHT_UPPER, EYE_RIGHT_LOWER)
    return left / height, right / height


def _to_front(landmarks_px: NDArray[np.floating]) -> NDArray[np.float32]:
    check_shape("landmarks_px", landmarks_px, (478, 3))
    return to_head(landmarks_px, estimate_pose(landmarks_px))


def _measure_mouth(landmarks_px: NDArray[np.floating]) -> tuple[float, float, float, float]:
    front = _to_front(landmarks_px)
    height = _distance(front, FOREHEAD_TOP, CHIN_BOTTOM)
    width = _distance(front, MOUTH_CORNER_LEFT, MOUTH_CORNER_RIGHT)
    thickness = _distance(front, LIP_OUTER_TOP, LIP_INNER_TOP) + _distance(
        front, LIP_INNER_BOTTOM, LIP_OUTER_BOTTOM
    )
    gap = _middle_gap(front, LIPS_INNER_UPPER, LIPS_INNER_LOWER)
    jaw = _distance(front, NOSE_BASE[2], CHIN_BOTTOM)
    return gap / height, width / height, thickness / width, jaw / height


def _middle_gap(front: NDArray[np.float32], upper: tuple[int, ...], lower: tuple[int, ...]) -> float:
    """Mean gap of the three middle pairs of two rows: one pair alone is as noisy as a closure is deep."""
    middle = len(upper) // 2
    pairs = slice(middle - 1, middle + 2)
    gap = front[list(lower[pairs]), 1] - front[list(upper[pairs]), 1]
    return max(0.0, float(gap.mean()))


def _distance(front: NDArray[np.float32], a: int, b: int) -> float:
    return float(np.linalg.norm(front[a] - front[b]))
