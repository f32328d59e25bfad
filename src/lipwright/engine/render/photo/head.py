"""How turning, nodding and breathing move the picture: a head with depth on a body that stays.

Every place of a person is lifted to its depth, moved with the face and turned with the skull, and seen again
by a camera (weak perspective).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.gesture.curves import Gesture
from lipwright.engine.render.photo.skinning import Skinning
from lipwright.engine.render.pixels import mapped
from lipwright.engine.render.warp.face_axes import FaceAxes

# The head turns about the top of the neck: below and behind the mouth, face heights.
PIVOT = (0.0, 0.10, 0.50)
# How far the camera is from the mouth, face heights: nearer makes noses grow, farther is a flat cut-out.
CAMERA_DISTANCE = 7.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SkullMotion:
    """Where a gesture takes the skull: points relative to the mouth turn about a pivot and are shifted.

    rotation: float32 (3, 3), picture axes. pivot_px, shift_px: float32 (3,).
    """

    rotation: NDArray[np.float32]
    pivot_px: NDArray[np.float32]
    shift_px: NDArray[np.float32]

    def __post_init__(self) -> None:
        check_array(self, "rotation", np.float32, (3, 3))
        check_array(self, "pivot_px", np.float32, (3,))
        check_array(self, "shift_px", np.float32, (3,))

    def moved(self, points_px: NDArray[np.float32]) -> NDArray[np.float32]:
        """Points (..., 3) where the skull takes them."""
        return np.asarray(points_px + self.moves_px(points_px), dtype=np.float32)

    def moves_px(self, points_px: NDArray[np.float32]) -> NDArray[np.float32]:
        """How far points (..., 3) are moved, float32 (..., 3)."""
        change = self.rotation - np.eye(3, dtype=np.float32)
        offset = self.shift_px - change @ self.pivot_px
        return mapped(points_px, np.concatenate([change, offset[:, None]], axis=1))


class Camera:
    """The way from places of a picture with depth to points in space, and back; relative to the mouth."""

    def __init__(self, axes: FaceAxes) -> None:
        self._centre_px = axes.origin_px[:2].astype(np.float32)
        self._distance_px = np.float32(CAMERA_DISTANCE * axes.face_height_px)

    def lifted(self, places_px: NDArray[np.float32], depth_px: NDArray[np.float32]) -> NDArray[np.float32]:
        """Points at a depth that are seen at places (..., 2), float32 (..., 3) pixels."""
        wider = 1 + depth_px / self._distance_px
        flat = (places_px - self._centre_px) * wider[..., None]
        return np.concatenate([flat, depth_px[..., None]], axis=-1).astype(np.float32)

    def scale(self, point_px: NDArray[np.float32]) -> float:
        """How large things at a point (3,) are seen: 1 beside the mouth of the picture."""
        return float(self._distance_px / (self._distance_px + point_px[2]))

    def seen(self, points_px: NDArray[np.float32]) -> NDArray[np.float32]:
        """Where points (..., 3) are seen, float32 (..., 2) pixels of the picture."""
        nearer = self._distance_px / (self._distance_px + points_px[..., 2])
        places = np.empty((*points_px.shape[:-1], 2), dtype=np.float32)
        for axis, centre in enumerate(self._centre_px):
            np.multiply(points_px[..., axis], nearer, out=places[..., axis])
            places[..., axis] += centre
        return places


class HeadField:
    """Where the nodes of a grid go with the face and the head."""

    def __init__(
        self,
        axes: FaceAxes,
        nodes_px: NDArray[np.float32],
        depth_px: NDArray[np.float32],
        skinning: Skinning,
    ) -> None:
        """nodes_px: float32 (row, column, 2). depth_px: float32 (row, column), behind the mouth."""
        self._camera = Camera(axes)
        self._lifted = self._camera.lifted(nodes_px, depth_px)
        # For each of the three coordinates, as broadcasting a single one takes five times as long.
        self._share = np.repeat(skinning.head[..., None], 3, axis=-1)
        self._breath_px = skinning.breath * np.float32(axes.face_height_px)

    def places(
        self, motion: SkullMotion, breath: float, moves_px: NDArray[np.float32] | None = None
    ) -> NDArray[np.float32]:
        """Where the nodes are seen, float32 (row, column, 2) pixels.

        moves_px: float32 (row, column, 3), what the face itself does. breath: as in GestureCurves.
        """
        points = self._lifted if moves_px is None else self._lifted + moves_px
        moved = motion.moves_px(points)
        moved *= self._share
        moved += points
        if breath:
            moved[..., 1] -= self._breath_px * np.float32(breath)
        return self._camera.seen(moved)


def skull_motion(axes: FaceAxes, gesture: NDArray[np.float32]) -> SkullMotion:
    """Where a row of GestureCurves takes the skull."""
    height = axes.face_height_px
    yaw, pitch, roll = np.deg2rad(gesture[[Gesture.YAW, Gesture.PITCH, Gesture.ROLL]]).tolist()
    turn = _rotation(yaw, pitch, roll)
    nearness = float(gesture[Gesture.NEARNESS])
    nearer = (CAMERA_DISTANCE + PIVOT[2]) * nearness / (1 + nearness)
    shift = np.array([gesture[Gesture.SHIFT_X], gesture[Gesture.SHIFT_Y], -nearer], dtype=np.float32)
    return SkullMotion(
        rotation=(axes.rotation @ turn @ axes.rotation.T).astype(np.float32),
        pivot_px=(axes.rotation @ np.array(PIVOT, dtype=np.float32) * height).astype(np.float32),
        shift_px=(shift * height).astype(np.float32),
    )


def _rotation(yaw: float, pitch: float, roll: float) -> NDArray[np.float32]:
    """Turn to the viewer's right, nod down, lean clockwise; x right, y down, z away; radians."""
    (cy, cp, cr), (sy, sp, sr) = np.cos([yaw, pitch, roll]), np.sin([yaw, pitch, roll])
    about_y = np.array([[cy, 0, -sy], [0, 1, 0], [sy, 0, cy]])
    about_x = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    about_z = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    return np.asarray(about_z @ about_y @ about_x, dtype=np.float32)
