"""By how much turns are enlarged so that they are seen as far as asked: a picture of a head is not a head.

A viewer sees a turn by what moves against what. Depths that are guessed, cheeks that were never photographed
and a painter's own perspective make that less in one picture and more in another, so a look at a few turned
heads tells how much it is in this one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.face.pose import angles_of
from lipwright.engine.gesture.curves import Gesture
from lipwright.engine.gesture.limits import HeadLimits
from lipwright.engine.render.photo.limits import LARGEST
from lipwright.engine.render.pixels import look_up
from lipwright.engine.render.warp.displacement import invert
from lipwright.engine.render.warp.grid import Grid

# How far a head is turned to be looked at, degrees, or as far as it may. Less drowns in the scatter of a
# look, some tenths of a degree; more is seldom asked for.
LOOK_YAW_DEG, LOOK_PITCH_DEG = 9.0, 6.5
# A turn is enlarged by no more than the first and lessened by no more than the second. A tracker that reads
# less than 0.63 of a turn, the least that it reads of heads of known motion, does not see it at all.
MOST_GAIN, LEAST_GAIN = 1.6, 0.75
# To either side a turn has its own gain; around the middle, over so many degrees, one goes over into the
# other. Shorter is a jerk as the head passes.
MIDDLE_DEG = 3.0
# The face of the small pictures that are looked at, pixels high: as large as the tracker's network sees it.
LOOKED_AT_PX = 150
# What is drawn of them around the mesh, face heights: the square that a tracker looks at.
MARGIN = 0.6

# Looks at a face: a picture, uint8 (height, width, 3), and about where its mesh is, float32 (478, 3), pixels.
# Says how the head is turned, float32 (3, 3) as HeadPose.rotation; None where it sees no face.
FaceLook = Callable[[NDArray[np.uint8], NDArray[np.float32]], NDArray[np.float32] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnGain:
    """By what yaw and pitch are multiplied: (where they are negative, where they are positive)."""

    yaw: tuple[float, float] = (1.0, 1.0)
    pitch: tuple[float, float] = (1.0, 1.0)

    def applied(self, gesture: NDArray[np.float32]) -> NDArray[np.float32]:
        """A row of GestureCurves with the turns that are to be drawn so that these are seen."""
        drawn = gesture.copy()
        for channel, sides in ((Gesture.YAW, self.yaw), (Gesture.PITCH, self.pitch)):
            asked = float(gesture[channel])
            side = asked / np.hypot(asked, MIDDLE_DEG)
            drawn[channel] = asked * (sum(sides) + side * (sides[1] - sides[0])) / 2
        return drawn

    def seen(self, limits: HeadLimits) -> HeadLimits:
        """How far a head may be asked to turn that may be drawn turned so far."""
        return HeadLimits(
            yaw_deg=min(limits.yaw_deg / max(self.yaw), LARGEST.yaw_deg),
            pitch_deg=min(limits.pitch_deg / max(self.pitch), LARGEST.pitch_deg),
            roll_deg=limits.roll_deg,
        )


class SmallHead:
    """The head of a picture, drawn small and turned, its mouth and eyes at rest."""

    def __init__(
        self,
        texture: NDArray[np.uint8],
        texture_box: Box,
        plate: NDArray[np.uint8] | None,
        grid: Grid,
        landmarks_px: NDArray[np.float32],
        face_height_px: float,
    ) -> None:
        """texture, texture_box, plate, grid: as in Scene. landmarks_px: float32 (478, 3)."""
        self._grid, self._landmarks_px = grid, landmarks_px
        low, high = landmarks_px[:, :2].min(axis=0), landmarks_px[:, :2].max(axis=0)
        around = Box.holding(*low, *high).grown(round(MARGIN * face_height_px))
        self._box = around.clipped(grid.box)
        self._from = around.grown(round(MARGIN / 2 * face_height_px)).clipped(texture_box)
        self._step = max(1.0, face_height_px / LOOKED_AT_PX)
        self._texture = _shrunk(texture[self._from.seen_from(texture_box).slices], self._step)
        width, height = (max(1, round(side / self._step)) for side in self._box.size_wh)
        # Where in the picture the small pixels lie.
        x, y = (
            start + (np.arange(count, dtype=np.float32) + 0.5) * (side / count) - 0.5
            for start, count, side in zip(self._box.corner, (width, height), self._box.size_wh, strict=True)
        )
        self._pixels = np.stack(np.broadcast_arrays(x[None, :], y[:, None]), axis=-1).astype(np.float32)
        self._plate = None
        if plate is not None:
            part = plate[self._box.seen_from(grid.box).slices]
            self._plate = cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA)

    def drawn(
        self, places_px: NDArray[np.float32], steps: int
    ) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        """The picture, uint8 (height, width, 3), and about where its landmarks are, float32 (478, 3).

        places_px: float32 (row, column, 2), where the grid's nodes go. steps: of the inversion.
        """
        nodes = self._grid.nodes_px()
        moves = places_px - nodes
        sources = invert(moves, self._grid, nodes, steps)
        seen = look_up(sources, self._grid.place_of(self._pixels))
        layer = look_up(self._texture, _small_places(seen, self._from, self._texture.shape))
        rgb = np.asarray(cv2.cvtColor(layer, cv2.COLOR_RGBA2RGB), dtype=np.uint8)
        if self._plate is not None:
            gap = cv2.cvtColor(cv2.bitwise_not(cv2.extractChannel(layer, 3)), cv2.COLOR_GRAY2RGB)
            cv2.add(rgb, cv2.multiply(self._plate, gap, scale=1 / 255), dst=rgb)
        points = self._landmarks_px.copy()
        points[:, :2] += look_up(moves, self._grid.place_of(points[None, :, :2]))[0]
        points[:, :2] = _small_places(points[:, :2], self._box, rgb.shape)
        points[:, 2] /= self._step
        return rgb, points


def find_turn_gain(
    rest: NDArray[np.float32],
    draw: Callable[[float, float], tuple[NDArray[np.uint8], NDArray[np.float32]]],
    look: FaceLook,
    limits: HeadLimits,
) -> TurnGain:
    """By what turns of a head are to be multiplied so that a look reads what was asked.

    rest: float32 (3, 3), how the head is turned in the picture. draw: the head turned by a yaw and a pitch in
    degrees, as SmallHead.drawn. To a side to which no face is seen there is no gain.
    """

    def gain(axis: int, usual_deg: float, limit_deg: float) -> float:
        asked_deg = np.sign(usual_deg) * min(abs(usual_deg), limit_deg)
        turned = look(*draw(*(float(asked_deg) if each == axis else 0.0 for each in (0, 1))))
        if turned is None:
            return 1.0
        share = angles_of(rest.T @ turned)[axis] / asked_deg
        return float(np.clip(1 / max(share, 1e-3), LEAST_GAIN, MOST_GAIN))

    yaw = tuple(gain(0, sign * LOOK_YAW_DEG, limits.yaw_deg) for sign in (-1, 1))
    pitch = tuple(gain(1, sign * LOOK_PITCH_DEG, limits.pitch_deg) for sign in (-1, 1))
    return TurnGain(yaw=(yaw[0], yaw[1]), pitch=(pitch[0], pitch[1]))


def _shrunk(image: NDArray[np.uint8], step: float) -> NDArray[np.uint8]:
    size_wh = tuple(max(1, round(side / step)) for side in image.shape[1::-1])
    return np.asarray(cv2.resize(image, size_wh, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _small_places(places_px: NDArray[np.float32], box: Box, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Places of the picture in the pixels of a box of it that was shrunk to a shape (height, width, ...)."""
    scale = np.array([shape[1] / box.width, shape[0] / box.height], dtype=np.float32)
    return np.asarray((places_px - np.array(box.corner) + 0.5) * scale - 0.5, dtype=np.float32)
