"""How a head is turned, from its mesh, and the neutral face that it is compared with.

Head axes: x to the viewer's right, y down, z away from the viewer. Unit of the neutral face: the distance
between the outer corners of the eyes.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.face.mesh import RIGID_POINTS, SKIN_POINTS
from lipwright.engine.face.values import Face, HeadPose


@cache
def canonical_face() -> NDArray[np.float32]:
    """A neutral face with closed lips, float32 (478, 3), head axes, origin between the eyes.

    Do not write into it.
    """
    with (files(__package__) / "data" / "mesh.npz").open("rb") as file, np.load(file) as data:
        points: NDArray[np.float32] = data["canonical"]
    points.flags.writeable = False
    return points


def rotation_of(yaw_deg: float, pitch_deg: float, roll_deg: float) -> NDArray[np.float32]:
    """The rotation, float32 (3, 3), of these angles: nod, then turn, then lean in the picture's plane."""
    yaw, pitch, roll = np.deg2rad([yaw_deg, pitch_deg, roll_deg])
    nod = np.array([[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]])
    turn = np.array([[np.cos(yaw), 0, -np.sin(yaw)], [0, 1, 0], [np.sin(yaw), 0, np.cos(yaw)]])
    lean = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    rotation: NDArray[np.float32] = (lean @ turn @ nod).astype(np.float32)
    return rotation


def angles_of(rotation: NDArray[np.floating]) -> tuple[float, float, float]:
    """Yaw, pitch and roll in degrees, the inverse of rotation_of."""
    yaw = np.arctan2(rotation[2, 0], np.hypot(rotation[0, 0], rotation[1, 0]))
    pitch = np.arctan2(rotation[2, 1], rotation[2, 2])
    roll = np.arctan2(rotation[1, 0], rotation[0, 0])
    return float(np.rad2deg(yaw)), float(np.rad2deg(pitch)), float(np.rad2deg(roll))


def fit_similarity(
    source: NDArray[np.floating], target: NDArray[np.floating]
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """Scale, rotation and shift that take source (point, 3) nearest to target.

    target = scale * source @ rotation.T + shift.
    Least squares (Umeyama 1991), without reflection.
    """
    from_mean, to_mean = source.mean(axis=0), target.mean(axis=0)
    a, b = (source - from_mean).astype(np.float64), (target - to_mean).astype(np.float64)
    u, singular, v = np.linalg.svd(b.T @ a)
    signs = np.array([1.0, 1.0, np.sign(np.linalg.det(u @ v))])
    rotation = (u * signs) @ v
    scale = float((singular * signs).sum() / (a**2).sum())
    return scale, rotation, to_mean - scale * rotation @ from_mean


def estimate_pose(landmarks_px: NDArray[np.floating]) -> HeadPose:
    """The pose that lays the neutral face's rigid points over those of a mesh (478, 3)."""
    rigid = list(RIGID_POINTS)
    scale, rotation, shift = fit_similarity(canonical_face()[rigid], landmarks_px[rigid])
    yaw, pitch, roll = angles_of(rotation)
    return HeadPose(
        yaw_deg=yaw,
        pitch_deg=pitch,
        roll_deg=roll,
        rotation=rotation.astype(np.float32),
        centre_px=shift[:2].astype(np.float32),
        eye_distance_px=scale,
    )


def face_of(points_px: NDArray[np.float32], confidence: float) -> Face:
    """A Face from its points, float32 (478, 3), pixels: with its box and pose."""
    low, high = points_px[:SKIN_POINTS, :2].min(axis=0), points_px[:SKIN_POINTS, :2].max(axis=0)
    return Face(
        box_xyxy=np.concatenate([low, high]).astype(np.float32),
        landmarks_px=points_px,
        confidence=confidence,
        pose=estimate_pose(points_px),
    )


def to_head(landmarks_px: NDArray[np.floating], pose: HeadPose) -> NDArray[np.float32]:
    """A mesh (478, 3) turned to the front, float32: head axes, in eye distances, origin between the eyes.

    What remains after it is who the person is and what the face does, not where the head is.
    """
    depth = landmarks_px[list(RIGID_POINTS), 2].mean() - pose.eye_distance_px * (
        pose.rotation[2] @ canonical_face()[list(RIGID_POINTS)].mean(axis=0)
    )
    origin = np.array([*pose.centre_px, depth], np.float32)
    return ((landmarks_px - origin) @ pose.rotation / pose.eye_distance_px).astype(np.float32)


def from_head(points: NDArray[np.floating], pose: HeadPose) -> NDArray[np.float32]:
    """Points (point, 3) of the head laid into the picture, float32, pixels; z is 0 between the eyes."""
    placed = points @ pose.rotation.T * pose.eye_distance_px
    placed[:, :2] += pose.centre_px
    return placed.astype(np.float32)
