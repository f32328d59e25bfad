"""The face's own coordinates: where things are in the head, whatever the picture's size and tilt.

Unit is the face height (forehead top to chin bottom); x to the viewer's right, y down, z away, origin between
the corners of the mouth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.face import mesh
from lipwright.engine.face.measures import face_height_px
from lipwright.engine.face.values import MESH_POINTS, Face, HeadPose


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FaceAxes:
    """A face in its own coordinates, and the way back to the picture.

    points: float32 (478, 3), face heights.
    rotation: float32 (3, 3), from face axes to picture axes.
    origin_px: float32 (3,), the middle between the mouth corners in the picture.
    face_height_px: length of the unit.
    half_mouth: half the width of the mouth, face heights.
    """

    points: NDArray[np.float32]
    rotation: NDArray[np.float32]
    origin_px: NDArray[np.float32]
    face_height_px: float
    half_mouth: float

    def __post_init__(self) -> None:
        check_array(self, "points", np.float32, (MESH_POINTS, 3))
        check_array(self, "rotation", np.float32, (3, 3))
        check_array(self, "origin_px", np.float32, (3,))

    @property
    def x_axis_px(self) -> NDArray[np.float32]:
        """One face height to the viewer's right in the face, as a vector in the picture, float32 (2,)."""
        return self.rotation[:2, 0] * self.face_height_px

    @property
    def y_axis_px(self) -> NDArray[np.float32]:
        """One face height down the face, as a vector in the picture, float32 (2,)."""
        return self.rotation[:2, 1] * self.face_height_px

    def displacement_px(self, moves: NDArray[np.float32]) -> NDArray[np.float32]:
        """Moves (n, 3) in face heights as they appear in the picture, float32 (n, 2) pixels."""
        seen: NDArray[np.float32] = (moves @ self.rotation[:2].T) * np.float32(self.face_height_px)
        return seen

    def displacement_in_space_px(self, moves: NDArray[np.float32]) -> NDArray[np.float32]:
        """Moves (n, 3) in face heights along the picture's axes, z away, float32 (n, 3) pixels."""
        turned: NDArray[np.float32] = (moves @ self.rotation.T) * np.float32(self.face_height_px)
        return turned

    def to_plane(self, points_px: NDArray[np.float32]) -> NDArray[np.float32]:
        """Picture points (..., 2) as (..., 2) coordinates in the plane of the face's x and y axes."""
        axes = np.stack([self.x_axis_px, self.y_axis_px], axis=1)
        relative: NDArray[np.float32] = (points_px - self.origin_px[:2]) @ np.linalg.inv(axes).T.astype(
            np.float32
        )
        return relative


def face_axes(face: Face) -> FaceAxes:
    """The axes of a face."""
    return mesh_axes(face.landmarks_px, face.pose)


def mesh_axes(landmarks: NDArray[np.float32], pose: HeadPose) -> FaceAxes:
    """The axes of a face of which only mesh (478, 3), pixels, and pose are known."""
    rotation = pose.rotation.astype(np.float32)
    origin = (landmarks[mesh.MOUTH_CORNER_LEFT] + landmarks[mesh.MOUTH_CORNER_RIGHT]) / 2
    height = face_height_px(landmarks)
    points = ((landmarks - origin) @ rotation / height).astype(np.float32)
    half_mouth = float(points[mesh.MOUTH_CORNER_RIGHT, 0] - points[mesh.MOUTH_CORNER_LEFT, 0]) / 2
    return FaceAxes(
        points=points,
        rotation=rotation,
        origin_px=origin.astype(np.float32),
        face_height_px=height,
        half_mouth=max(half_mouth, 0.02),
    )
