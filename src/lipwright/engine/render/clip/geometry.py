"""Where one person's mouth lies in the frames of a clip, and where new speech wants it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.face import mesh
from lipwright.engine.face.measures import inner_gap
from lipwright.engine.face.pose import estimate_pose, from_head, to_head
from lipwright.engine.face.values import MESH_POINTS, HeadPose
from lipwright.engine.gesture.curves import Gesture
from lipwright.engine.render.clip.neutral_face import NeutralFace
from lipwright.engine.render.mouth.placement import SkullPlacement
from lipwright.engine.render.warp.displacement import DisplacementFields
from lipwright.engine.render.warp.face_axes import face_axes, mesh_axes
from lipwright.engine.render.warp.grid import CELLS_PER_FACE_HEIGHT, Grid
from lipwright.engine.render.warp.rig import FaceRig

# A box with fewer pixels a side than this shows no mouth worth drawing.
LEAST_BOX_PX = 8
# Lips of which the frame shows less than this a side lie beyond its edge: only the skin near them would move.
LEAST_LIPS_PX = 2
# Lips nearer than this to the edge of the frame bring what lies beyond it along, face heights, and of that no
# more than this comes in: the edge's last pixels drawn out. More is seen as streaks; less holds whole lips.
EDGE_REACH, MOST_UNKNOWN = 0.03, 0.015
# Points that say where the lower face is: down the face from here on, and moved by speech by less than this
# share of the lips' motion.
STEADY_FROM = -0.36
STEADY_BELOW = 0.35
# The lips' place follows from the base of the nose, which no speech moves and which is near.
_ANCHOR = (2, 94, 98, 327)
# How far the jaw drops when the mouth opens, as a share of the inner-lip gap: the usual figure of speech.
JAW_PER_GAP = 0.42
# The part of the face that is re-made reaches from this far above the tip of the nose to this far below the
# chin, face heights.
NOSE_ROOM = 0.10
MARGIN = 0.26
# Where skin moves by less than this share of the lips' motion the frame's own pixels stay; from twice the
# share on all are new. Less moves pores visibly against their surroundings; more cuts the cheeks.
MASK_FROM = 0.03


def shows_mouth(box: Box, landmarks_px: NDArray[np.float32], size_wh: tuple[int, int]) -> bool:
    """Whether a frame shows enough of a mouth to be drawn: of a box of MouthGeometry.box_for, of the lips."""
    lips = lips_box(landmarks_px).clipped(Box.of_size(size_wh))
    return min(box.size_wh) >= LEAST_BOX_PX and min(lips.size_wh) >= LEAST_LIPS_PX


def lips_box(landmarks_px: NDArray[np.float32]) -> Box:
    """The box that holds the lips of a mesh, also where it lies beyond the frame."""
    lips = landmarks_px[list(mesh.LIPS_OUTER), :2]
    return Box.holding(*lips.min(axis=0), *lips.max(axis=0))


def share_shown(
    box: Box, landmarks_px: NDArray[np.float32], wanted_px: NDArray[np.float32], unit_px: float
) -> float:
    """How far lips at the edge of a box may go where they are wanted, 0 to 1: nobody knows what lies beyond.

    landmarks_px, wanted_px: float32 (478, 3). unit_px: the face height.
    """
    low, high = np.array(box.corner), np.array([box.right - 1, box.bottom - 1])
    lips = [*mesh.LIPS_OUTER, *mesh.LIPS_INNER_UPPER, *mesh.LIPS_INNER_LOWER]
    before, after = (
        np.minimum(points[lips, :2] - low, high - points[lips, :2]) for points in (landmarks_px, wanted_px)
    )
    near = np.clip(1 - before / (EDGE_REACH * unit_px), 0, 1)
    unknown = float((near * (after - np.maximum(before, 0))).max())
    return min(1.0, MOST_UNKNOWN * unit_px / max(unknown, 1e-6))


class MouthGeometry:
    """The geometry of one person's mouth: its place in a frame, its wanted shape, its mask.

    axes, rig: of the face at rest. neutral_px: float32 (478, 3), that face in a picture of its own.
    """

    def __init__(self, speaker: NeutralFace) -> None:
        self._speaker = speaker
        self.neutral_px = speaker.neutral
        self.axes = face_axes(speaker.face())
        self.rig = FaceRig(self.axes, full_gap=speaker.full_gap)
        unit = self.axes.face_height_px
        low, high = speaker.neutral[:, :2].min(axis=0), speaker.neutral[:, :2].max(axis=0)
        nose_y = speaker.neutral[mesh.NOSE_TIP, 1]
        box = Box(int(low[0]), int(nose_y - NOSE_ROOM * unit), int(high[0]), int(high[1] + MARGIN * unit))
        self._corners = np.array(
            [[x, y] for x in (box.left, box.right) for y in (box.top, box.bottom)], dtype=np.float32
        )
        moved = np.abs(self.rig.carry(np.ones((MESH_POINTS, 3), dtype=np.float32), 1.0)[:, 1])
        self._moved = moved.astype(np.float32)
        lower = self.axes.points[:, 1] > STEADY_FROM
        lower[mesh.SKIN_POINTS :] = False
        self._steady = np.flatnonzero(lower & (moved < STEADY_BELOW))
        known = speaker.neutral[self._steady, :2]
        self._fit = np.linalg.pinv(np.concatenate([known, np.ones((len(known), 1))], axis=1))

    @property
    def full_gap(self) -> float:
        """How far the mouth opens at aperture 1, face heights."""
        return self.rig.full_gap

    def to_frame(self, landmarks_px: NDArray[np.float32]) -> NDArray[np.float32]:
        """From the picture of the face at rest to a frame with these landmarks, float32 (2, 3).

        The best fit over the points of the lower face that speech moves least.
        """
        return np.asarray((self._fit @ landmarks_px[self._steady, :2]).T, dtype=np.float32)

    def placement(
        self, landmarks_px: NDArray[np.float32], pose: HeadPose, at_rest: SkullPlacement
    ) -> SkullPlacement:
        """The skull of a frame with these landmarks and pose. at_rest: in the picture of the face at rest."""
        affine = self.to_frame(landmarks_px)
        grown = pose.eye_distance_px / self._speaker.pixels_per_unit
        return SkullPlacement(
            rotation=pose.rotation,
            origin_px=affine[:, :2] @ at_rest.origin_px + affine[:, 2],
            unit_px=at_rest.unit_px * grown,
        )

    def box_for(self, landmarks_px: NDArray[np.float32], size_wh: tuple[int, int]) -> Box:
        """The even box of a frame in which its mouth will be re-made; empty when it lies outside."""
        affine = self.to_frame(landmarks_px)
        seen = self._corners @ affine[:, :2].T + affine[:, 2]
        box = Box.holding(*seen.min(axis=0), *seen.max(axis=0))
        return box.evened().clipped(Box.of_size(size_wh))

    def wanted(
        self, landmarks_px: NDArray[np.float32], pose: HeadPose, mouth: NDArray[np.float32], share: float
    ) -> NDArray[np.float32]:
        """A frame's landmarks with the mouth that is wanted, float32 (478, 3); x and y count.

        mouth: a row of ArticulationCurves. share: how far the landmarks go there, 0 to 1.
        """
        speaker, height = self._speaker, self.axes.face_height_px
        now = to_head(landmarks_px, pose)
        moves = self.rig.moves(mouth, np.zeros(len(Gesture), dtype=np.float32)) * height
        spoken = (speaker.neutral + moves - speaker.origin_px) / speaker.pixels_per_unit
        anchor = list(_ANCHOR)
        rest = (speaker.neutral[anchor] - speaker.origin_px) / speaker.pixels_per_unit
        spoken += (now[anchor] - rest).mean(axis=0)
        unit = height / speaker.pixels_per_unit  # face heights in head units
        own_jaw = JAW_PER_GAP * max(0.0, inner_gap(now))
        change = self.rig.carry((spoken - now) / unit, self.rig.jaw_drop(mouth) - own_jaw)
        return from_head(now + change * np.float32(share * unit), pose)

    def mask(self, box: Box, landmarks_px: NDArray[np.float32]) -> NDArray[np.float32]:
        """How much of each pixel of a box a new mouth may change, float32 (height, width), 0 to 1."""
        axes = mesh_axes(landmarks_px, estimate_pose(landmarks_px))
        grid = Grid.over(box, axes.face_height_px / CELLS_PER_FACE_HEIGHT)
        return self.mask_on(DisplacementFields(axes, landmarks_px, grid))

    def mask_on(self, fields: DisplacementFields) -> NDArray[np.float32]:
        """The same for a frame whose fields were prepared, over the box of their grid."""
        return fields.grid.to_pixels(np.clip(fields.spread(self._moved) / MASK_FROM - 1, 0, 1))
