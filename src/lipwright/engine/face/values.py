"""A face in a picture. Knows nothing of how it was found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.shapes import check_shape

# Points of the face mesh: 468 of the skin and 10 of the two irises, in MediaPipe's numbering.
MESH_POINTS = 478


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeadPose:
    """How a head is turned in the picture.

    yaw_deg: positive when the face looks to the viewer's right. pitch_deg: positive when it looks down.
    roll_deg: positive when it leans clockwise for the viewer.
    rotation: float32 (3, 3), from the head's own axes (x viewer's right, y down, z away) to the picture's.
    centre_px: float32 (2,), between the eyes.
    eye_distance_px: between the outer corners of the eyes as seen from the front, pixels.
    """

    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    rotation: NDArray[np.float32]
    centre_px: NDArray[np.float32]
    eye_distance_px: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Face:
    """One face.

    box_xyxy: float32 (4,), left, top, right, bottom of the mesh, pixels.
    landmarks_px: float32 (478, 3), x, y in source pixels from the top left, z in the same unit
        (smaller is nearer).
    confidence: 0 to 1, that this is a face.
    """

    box_xyxy: NDArray[np.float32]
    landmarks_px: NDArray[np.float32]
    confidence: float
    pose: HeadPose

    def __post_init__(self) -> None:
        check_shape("box_xyxy", self.box_xyxy, (4,))
        check_shape("landmarks_px", self.landmarks_px, (MESH_POINTS, 3))
