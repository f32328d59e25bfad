"""How the light on a face changes as it turns, read from the photo: it looks lit then, not printed."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.face import mesh
from lipwright.engine.render.photo.head import SkullMotion
from lipwright.engine.render.photo.skinning import distance_to_mesh
from lipwright.engine.render.pixels import blurred, luminance
from lipwright.engine.render.warp.grid import Grid

# The direction's part in the fit is held back by this much; a face without clear light keeps none.
RIDGE = 0.02
# Skin differs from its median by less than this share and this much (0 to 1); shadows, highlights and beards
# do not count.
SKIN_RANGE = (0.45, 0.02)
# Of the change that the fit foretells this power is shown, within these bounds: skin scatters light, and the
# fit is a guess.
POWER, LEAST_GAIN, MOST_GAIN = 0.6, 0.75, 1.3
# At least this share of all light has no direction.
LEAST_AMBIENT = 0.35

_NOT_SKIN = (mesh.EYE_LEFT, mesh.EYE_RIGHT, mesh.LIPS_OUTER, mesh.BROW_LEFT, mesh.BROW_RIGHT)


class FaceShading:
    """The light on one person, at the nodes of a grid: brightness is ambient + normal . direction."""

    def __init__(
        self,
        rgb: NDArray[np.uint8],
        landmarks_px: NDArray[np.float32],
        grid: Grid,
        normals: NDArray[np.float32],
        share: NDArray[np.float32],
    ) -> None:
        """rgb: uint8 (height, width, 3) of the grid's box. normals: float32 (row, column, 3).

        share: float32 (row, column), how much each node follows the head.
        """
        rows, columns = grid.shape
        small = cv2.resize(rgb, (columns, rows), interpolation=cv2.INTER_AREA)
        brightness = luminance(small) / 255
        skin = distance_to_mesh(landmarks_px, grid) == 0
        other = np.zeros(grid.shape, dtype=np.uint8)
        for ring in _NOT_SKIN:
            outline = grid.place_of(landmarks_px[list(ring), :2])
            cv2.fillPoly(other, [np.round(outline).astype(np.int32)], 1)
        skin &= np.asarray(cv2.dilate(other, np.ones((5, 5), np.uint8))) == 0
        middle = float(np.median(brightness[skin])) if skin.any() else 0.0
        skin &= np.abs(brightness - middle) < SKIN_RANGE[0] * middle + SKIN_RANGE[1]
        self._normals, self._share = normals, share
        self._direction = np.zeros(3, dtype=np.float32)
        self._ambient = 1.0
        if skin.any():
            known = np.concatenate([np.ones((int(skin.sum()), 1)), normals[skin]], axis=1)
            held = np.diag([0.0, 1, 1, 1]) * RIDGE * len(known)
            found = np.linalg.solve(known.T @ known + held, known.T @ brightness[skin])
            self._direction = found[1:].astype(np.float32)
            strength = float(np.abs(found[1:]).sum())
            self._ambient = max(float(found[0]), LEAST_AMBIENT * (float(found[0]) + strength))
        self._least = 0.05 * self._ambient + 0.02
        self._before = self._light(self._direction)

    def gain(self, motion: SkullMotion) -> NDArray[np.float32]:
        """By what turning changes the light of each node, float32 (row, column); it goes with the skin."""
        after = self._light(motion.rotation.T @ self._direction)
        change = np.clip(after / self._before, LEAST_GAIN, MOST_GAIN) ** np.float32(POWER)
        return blurred((change - 1) * self._share + 1, 1.0)

    def _light(self, direction: NDArray[np.float32]) -> NDArray[np.float32]:
        light = self._normals @ direction + np.float32(self._ambient)
        return np.asarray(np.maximum(light, np.float32(self._least)), dtype=np.float32)
