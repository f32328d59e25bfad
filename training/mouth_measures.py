"""What a tracked mouth does, in more ways than the package draws: lengths that a net can learn to hear."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_shape
from lipwright.engine.articulation.drivers.learned_mouth import MouthMeasure
from lipwright.engine.face import mesh
from lipwright.engine.face.pose import estimate_pose, to_head


def measure(landmarks_px: NDArray[np.floating]) -> NDArray[np.float32]:
    """Every measure of a clip's meshes (frame, 478, 3), float32 (frame, len(MouthMeasure)).

    In face heights, measured after every mesh is turned to the front. Rounding is a ratio.
    """
    check_shape("landmarks_px", landmarks_px, ("frame", 478, 3))
    rows = np.array([_measure_frame(points) for points in landmarks_px], np.float32)
    return rows.reshape(-1, len(MouthMeasure))


def _measure_frame(landmarks_px: NDArray[np.floating]) -> list[float]:
    front = to_head(landmarks_px, estimate_pose(landmarks_px)).astype(np.float64)
    height = np.linalg.norm(front[mesh.FOREHEAD_TOP] - front[mesh.CHIN_BOTTOM])
    front = front / height

    def distance(one: int, other: int) -> float:
        return float(np.linalg.norm(front[one] - front[other]))

    nose = front[mesh.NOSE_BASE[2]]
    middle = len(mesh.LIPS_INNER_UPPER) // 2
    pairs = slice(middle - 1, middle + 2)
    upper, lower = [*mesh.LIPS_INNER_UPPER][pairs], [*mesh.LIPS_INNER_LOWER][pairs]
    gap = max(0.0, float((front[lower, 1] - front[upper, 1]).mean()))
    width = distance(mesh.MOUTH_CORNER_LEFT, mesh.MOUTH_CORNER_RIGHT)
    upper_lip = distance(mesh.LIP_OUTER_TOP, mesh.LIP_INNER_TOP)
    lower_lip = distance(mesh.LIP_INNER_BOTTOM, mesh.LIP_OUTER_BOTTOM)
    lips = [mesh.LIP_OUTER_TOP, mesh.LIP_INNER_TOP, mesh.LIP_INNER_BOTTOM, mesh.LIP_OUTER_BOTTOM]
    values = {
        MouthMeasure.OPENING: gap,
        MouthMeasure.WIDTH: width,
        MouthMeasure.ROUNDING: (upper_lip + lower_lip) / width,
        MouthMeasure.HEIGHT: gap + upper_lip + lower_lip,
        MouthMeasure.PROTRUSION: float(nose[2] - front[lips, 2].mean()),
        MouthMeasure.UPPER_LIP: float(nose[1] - front[upper, 1].mean()),
        MouthMeasure.LOWER_LIP: float(front[lower, 1].mean() - nose[1]),
        MouthMeasure.CORNER_LEFT: float(nose[1] - front[mesh.MOUTH_CORNER_LEFT, 1]),
        MouthMeasure.CORNER_RIGHT: float(nose[1] - front[mesh.MOUTH_CORNER_RIGHT, 1]),
        MouthMeasure.CHIN: distance(mesh.NOSE_BASE[2], mesh.CHIN_BOTTOM),
        MouthMeasure.UPPER_RED: upper_lip,
        MouthMeasure.LOWER_RED: lower_lip,
    }
    return [values[one] for one in MouthMeasure]
