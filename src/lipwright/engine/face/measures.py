"""Measures of a face mesh: its height, and the gap between the lips."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.face import mesh


def face_height_px(landmarks: NDArray[np.float32]) -> float:
    """From the top of the forehead to the chin of a mesh (478, 3), in the unit of the mesh."""
    return float(np.linalg.norm(landmarks[mesh.FOREHEAD_TOP] - landmarks[mesh.CHIN_BOTTOM]))


def inner_gap(landmarks: NDArray[np.float32]) -> float:
    """The inner-lip gap of a mesh (478, 3) of any scale, face heights; below 0 where the rows cross."""
    height = face_height_px(landmarks)
    down = landmarks[mesh.CHIN_BOTTOM] - landmarks[mesh.FOREHEAD_TOP]
    gap = (landmarks[mesh.LIP_INNER_BOTTOM] - landmarks[mesh.LIP_INNER_TOP]) @ down / height
    return float(gap / height)
