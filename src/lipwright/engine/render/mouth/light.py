"""The light of a picture, as far as its face shows it: for what is drawn into the mouth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.face import mesh
from lipwright.engine.render.pixels import blurred, look_up, luminance
from lipwright.engine.render.warp.face_axes import FaceAxes

# Keeps a face that is lit evenly from getting a direction out of its brows and shadows.
RIDGE = 0.02
# Mouths are lit from above and the front at least a little: added to the direction that skin shows, face
# axes.
FROM_ABOVE_FRONT = (0.0, -0.18, -0.20)
# How much of the light may come from one side, of what a surface that faces the viewer gets.
MOST_SIDE_LIGHT = 0.6
# Light that comes from everywhere is at least this share.
LEAST_AMBIENT = 0.3
# What skin sends back differs for other reasons than light; beyond this luminance (0 to 1) from the fit a
# point is a beard, a shadow or a highlight.
OUTLIER = 0.12

_HOLES = {
    *mesh.LIPS_OUTER,
    *mesh.LIPS_INNER,
    *mesh.EYE_LEFT,
    *mesh.EYE_RIGHT,
    *mesh.BROW_LEFT,
    *mesh.BROW_RIGHT,
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FaceLight:
    """Ambient light and one direction; together 1 on a surface that faces the viewer.

    direction: float32 (3,), towards the light, picture axes. ambient, directed: their strengths.
    """

    direction: NDArray[np.float32]
    ambient: float
    directed: float

    def __post_init__(self) -> None:
        check_array(self, "direction", np.float32, (3,))


def read_light(axes: FaceAxes, landmarks_px: NDArray[np.float32], rgb: NDArray[np.uint8]) -> FaceLight:
    """The light on a face: least squares of the skin's luminance on (1, normal)."""
    skin = np.array([point for point in range(mesh.SKIN_POINTS) if point not in _HOLES])
    normals = _normals(axes)[skin]
    left, top = np.maximum(landmarks_px[:, :2].min(axis=0).astype(int) - 2, 0)
    right, bottom = landmarks_px[:, :2].max(axis=0).astype(int) + 3
    grey = blurred(luminance(rgb[top:bottom, left:right]) / 255, max(0.6, 0.01 * axes.face_height_px))
    seen = look_up(grey, (landmarks_px[skin, :2] - (left, top)).astype(np.float32)[None])[0]
    # Skin that turns away shows hair and background as often as itself.
    weight = np.clip((-normals[:, 2] - 0.25) / 0.3, 0, 1)
    known = np.concatenate([np.ones((len(skin), 1)), normals], axis=1)
    fit = np.zeros(4)
    for _ in range(3):
        weighed = known * weight[:, None]
        ridge = np.diag([1e-6, RIDGE, RIDGE, RIDGE]) * weight.sum()
        fit = np.linalg.solve(known.T @ weighed + ridge, weighed.T @ seen)
        weight = weight * (np.abs(seen - known @ fit) < OUTLIER)
        if weight.sum() < 20:
            break
    return _as_light(axes, fit)


def _as_light(axes: FaceAxes, fit: NDArray[np.float64]) -> FaceLight:
    side = fit[1:]
    strength = float(np.linalg.norm(side))
    ambient = max(float(fit[0]), LEAST_AMBIENT * (float(fit[0]) + strength))
    front = max(ambient - float(side[2]), 0.05)
    towards = side / max(strength, 1e-6) * min(strength / front, MOST_SIDE_LIGHT)
    towards = towards + axes.rotation @ np.array(FROM_ABOVE_FRONT)
    directed = float(np.linalg.norm(towards))
    direction = towards / directed
    return FaceLight(
        direction=direction.astype(np.float32),
        ambient=max(1 - directed * max(float(-direction[2]), 0.0), LEAST_AMBIENT),
        directed=directed,
    )


def _normals(axes: FaceAxes) -> NDArray[np.float64]:
    """Where the skin faces, float64 (478, 3), picture axes; the viewer's side is -z."""
    corners = axes.points[mesh.triangles()].astype(np.float64)
    faces = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = np.zeros((len(axes.points), 3))
    for corner in range(3):
        np.add.at(normals, mesh.triangles()[:, corner], faces)
    normals *= -np.sign(normals[mesh.NOSE_TIP, 2])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    return normals @ axes.rotation.T.astype(np.float64)
