"""The falloff between faces of one picture: how each gives way to the others, so that none is drawn over."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import smoothstep
from lipwright.engine.face.values import Face

# Over which distance a face gives way to another one in the same picture, face heights.
FACE_FALLOFF = 0.3


def falloff_between_faces(
    nodes: NDArray[np.float32], face: Face, other_faces: Sequence[Face], unit_px: float
) -> NDArray[np.float32]:
    """How much each node may move when other faces share the picture, float32 (row, column), 0 to 1.

    Nothing moves beyond the middle between two faces.
    """
    own = distance_to_face(nodes, face)
    share = np.ones(nodes.shape[:2], dtype=np.float32)
    for other in other_faces:
        lead = (distance_to_face(nodes, other) - own) / (FACE_FALLOFF * unit_px)
        share *= np.clip(lead, 0, 1).astype(np.float32)
    return np.asarray(smoothstep(share), dtype=np.float32)


def distance_to_face(nodes: NDArray[np.float32], face: Face) -> NDArray[np.float32]:
    """Distance of nodes from the ellipse in a face's box, pixels, 0 inside."""
    left, top, right, bottom = face.box_xyxy
    centre, radius = (
        np.array([(left + right) / 2, (top + bottom) / 2]),
        np.array([right - left, bottom - top]) / 2,
    )
    away = np.linalg.norm((nodes - centre) / radius, axis=-1)
    return np.asarray(np.maximum(away - 1, 0) * radius.min(), dtype=np.float32)
