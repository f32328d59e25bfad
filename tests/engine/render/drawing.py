"""Rows of curves by name, pictures drawn from them, and what a face tracker sees in such a picture."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.curves import Mouth
from lipwright.engine.face.find.landmarks import find_faces
from lipwright.engine.face.mesh import (
    EYE_LEFT_LOWER,
    EYE_LEFT_UPPER,
    IRIS_LEFT_CENTRE,
    LIPS_INNER_LOWER,
    LIPS_INNER_UPPER,
)
from lipwright.engine.face.values import Face
from lipwright.engine.gesture.curves import Gesture
from lipwright.engine.quality.mouth import eye_openings, mouth_shapes
from lipwright.engine.render.photo.renderer import PhotoRenderer


def mouth_row(
    aperture: float = 0.0, width: float = 1.0, jaw: float | None = None, **channels: float
) -> NDArray[np.float32]:
    """One row of ArticulationCurves; everything that is not named rests, the jaw follows the lips."""
    row = np.zeros(len(Mouth), np.float32)
    row[Mouth.APERTURE], row[Mouth.WIDTH] = aperture, width
    row[Mouth.JAW] = 0.7 * aperture if jaw is None else jaw
    for name, value in channels.items():
        row[Mouth[name.upper()]] = value
    return row


def gesture_row(**channels: float) -> NDArray[np.float32]:
    """One row of GestureCurves; everything that is not named is as in the picture.

    A name without a side sets both sides.
    """
    row = np.zeros(len(Gesture), np.float32)
    for name, value in channels.items():
        channel = name.upper()
        sides = [channel] if channel in Gesture.__members__ else [f"{channel}_LEFT", f"{channel}_RIGHT"]
        for side in sides:
            row[Gesture[side]] = value
    return row


def drawn(
    rgb: NDArray[np.uint8],
    renderer: PhotoRenderer,
    mouth: NDArray[np.float32] | None = None,
    gesture: NDArray[np.float32] | None = None,
    share: float = 1.0,
) -> NDArray[np.uint8]:
    """The whole picture, drawn for these rows; at rest without them."""
    picture = rgb.copy()
    rows = (mouth_row() if mouth is None else mouth, gesture_row() if gesture is None else gesture)
    for patch in renderer.draw(*rows, share):
        target = picture[patch.box.slices]
        target[:] = (
            patch.rgb if patch.weight is None else np.where(patch.weight[..., None], patch.rgb, target)
        )
    return picture


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """What landmarks say of the largest face of a picture; lengths in face heights, angles in degrees.

    eyes: opening of the viewer's left and right eye. gaze: where the viewer's left iris is between the
    corners of its eye, 0 to 1.
    """

    face: Face
    aperture: float
    width: float
    eyes: tuple[float, float]
    gaze: float

    @property
    def angles_deg(self) -> NDArray[np.float64]:
        """Yaw, pitch and roll."""
        pose = self.face.pose
        return np.array([pose.yaw_deg, pose.pitch_deg, pose.roll_deg])


def seen(rgb: NDArray[np.uint8], number: int = 0) -> Seen:
    """Look at a face of a picture, the largest first."""
    face = find_faces(rgb)[number]
    shapes = mouth_shapes(face.landmarks_px[None])
    points = face.landmarks_px[:, :2]
    start, end = points[EYE_LEFT_UPPER[0]], points[EYE_LEFT_UPPER[-1]]
    along = (points[IRIS_LEFT_CENTRE] - start) @ (end - start) / ((end - start) @ (end - start))
    return Seen(
        face=face,
        aperture=float(shapes.gap[0]),
        width=float(shapes.width[0]),
        eyes=eye_openings(face.landmarks_px),
        gaze=float(along),
    )


def inside_lips(rgb: NDArray[np.uint8], face: Face) -> NDArray[np.uint8]:
    """Pixels between the inner edges of the lips, uint8 (n, 3)."""
    return within(rgb, face, (*LIPS_INNER_UPPER, *LIPS_INNER_LOWER[::-1]))


def within(rgb: NDArray[np.uint8], face: Face, outline: tuple[int, ...]) -> NDArray[np.uint8]:
    """Pixels inside a ring of mesh points, uint8 (n, 3)."""
    mask = np.zeros(rgb.shape[:2], np.uint8)
    ring = face.landmarks_px[list(outline), :2]
    cv2.fillPoly(mask, [np.round(ring * 16).astype(np.int32)], 1, shift=4)
    return rgb[mask > 0]


def near_eye(rgb: NDArray[np.uint8], face: Face) -> NDArray[np.uint8]:
    """The box of the viewer's left eye."""
    points = face.landmarks_px[[*EYE_LEFT_UPPER, *EYE_LEFT_LOWER], :2]
    (left, top), (right, bottom) = points.min(axis=0).astype(int), points.max(axis=0).astype(int) + 1
    return rgb[top:bottom, left:right]
