"""A clip that speaks anew: the mouth of one face re-made in frame after frame.

Each frame's own lips, cheeks and chin are carried from where they are to where the new speech wants them; the
inside of the mouth is borrowed from frames of the same person or drawn. Works on a box around the mouth;
every pixel outside the mask that comes with it is the frame's own. Knows nothing of files, sound or time.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.face import mesh
from lipwright.engine.face.pose import estimate_pose, from_head, to_head
from lipwright.engine.face.values import MESH_POINTS
from lipwright.engine.gesture.curves import Gesture
from lipwright.engine.render.exemplars import LEAST_GAP, Exemplar, MouthAxes, borrow_inside
from lipwright.engine.render.field import MOUTH_INVERSION_STEPS, SheetFields, invert
from lipwright.engine.render.frame import face_frame, frame_of
from lipwright.engine.render.grid import CELLS_PER_FACE_HEIGHT, Grid
from lipwright.engine.render.interior import SHADOW_REACH, MouthInterior, lip_shadow
from lipwright.engine.render.lips import lip_cut
from lipwright.engine.render.palette import read_palette
from lipwright.engine.render.photo import CORNER_SOFTNESS, Patch, between, hole_window
from lipwright.engine.render.pixels import look_up
from lipwright.engine.render.rig import FaceRig
from lipwright.engine.render.speaker import Speaker, inner_gap

# Points that tell where the lower face is: so far down the face, and moved by speech by less than this share
# of the lips' motion.
STEADY_FROM = -0.36
STEADY_BELOW = 0.35
# The lips' place is told by the base of the nose, which no speech moves and which is near.
_ANCHOR = (2, 94, 98, 327)
# How far the jaw drops when the mouth opens, as a share of the inner-lip gap: the usual figure of speech.
JAW_PER_GAP = 0.42
# The part of the face that is re-made reaches from so far above the tip of the nose to so far below the chin,
# face heights.
NOSE_ROOM = 0.10
MARGIN = 0.26
# Where skin moves by less than this share of the lips' motion the frame's own pixels stay; from twice the
# share on all are new. Less moves pores visibly against their surroundings; more cuts the cheeks.
MASK_FROM = 0.03
# A frame's own inside of the mouth is used where it is open this far against what is wanted: from the first
# share on a little, from the second on wholly.
OWN_FROM, OWN_FULLY = 0.8, 1.0


class ClipMouth:
    """Re-makes the mouth of one person."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        face = speaker.face()
        self._frame = face_frame(face)
        self._rig = FaceRig(self._frame)
        self._rig.full_gap = speaker.full_gap
        unit = self._frame.face_height_px
        low, high = speaker.neutral[:, :2].min(axis=0), speaker.neutral[:, :2].max(axis=0)
        nose_y = speaker.neutral[mesh.NOSE_TIP, 1]
        box = (int(low[0]), int(nose_y - NOSE_ROOM * unit), int(high[0]), int(high[1] + MARGIN * unit))
        self._corners = np.array(
            [[x, y] for x in (box[0], box[2]) for y in (box[1], box[3])], dtype=np.float32
        )
        moved = np.abs(self._rig.carry(np.ones((MESH_POINTS, 3), dtype=np.float32), 1.0)[:, 1])
        self._moved = moved.astype(np.float32)
        lower = self._frame.points[:, 1] > STEADY_FROM
        lower[mesh.SKIN_POINTS :] = False
        self._steady = np.flatnonzero(lower & (moved < STEADY_BELOW))
        known = speaker.neutral[self._steady, :2]
        self._fit = np.linalg.pinv(np.concatenate([known, np.ones((len(known), 1))], axis=1))
        self._drawn: MouthInterior | None = None

    @property
    def full_gap(self) -> float:
        """How far the mouth opens at aperture 1, face heights."""
        return self._rig.full_gap

    def box_for(
        self, landmarks_px: NDArray[np.float32], size_wh: tuple[int, int]
    ) -> tuple[int, int, int, int]:
        """The even box of a frame in which its mouth will be re-made; empty when it lies outside."""
        affine = self._affine(landmarks_px)
        seen = self._corners @ affine[:, :2].T + affine[:, 2]
        low, high = np.floor(seen.min(axis=0) / 2) * 2, np.ceil(seen.max(axis=0) / 2) * 2
        return (
            int(np.clip(low[0], 0, size_wh[0])),
            int(np.clip(low[1], 0, size_wh[1])),
            int(np.clip(high[0], 0, size_wh[0])),
            int(np.clip(high[1], 0, size_wh[1])),
        )

    def draw(
        self,
        rgb: NDArray[np.uint8],
        box_xyxy: tuple[int, int, int, int],
        landmarks_px: NDArray[np.float32],
        mouth: NDArray[np.float32],
        *,
        share: float = 1.0,
        exemplars: Sequence[tuple[Exemplar, float]] = (),
    ) -> Patch:
        """The box of a frame with its mouth re-made for a row of ArticulationCurves.

        rgb: the frame's box, uint8 (height, width, 3). share: 0 leaves the frame as it is, 1 speaks fully.
        exemplars: open mouths to borrow the inside from, with weights; without any it is drawn.
        """
        wanted = self._wanted(landmarks_px, mouth, share)
        frame = frame_of(landmarks_px, estimate_pose(landmarks_px))
        unit = frame.face_height_px
        grid = Grid.over(box_xyxy, unit / CELLS_PER_FACE_HEIGHT)
        nodes = grid.nodes_px()
        sheets = SheetFields(frame, landmarks_px, grid)
        upper_move, lower_move = sheets.displacement((wanted - landmarks_px)[:, :2])
        corner = np.array(box_xyxy[:2], dtype=np.float32)
        from_upper, from_lower = (
            grid.to_pixels(invert(sheet, grid, nodes, MOUTH_INVERSION_STEPS) - corner)
            for sheet in (upper_move, lower_move)
        )
        cut = lip_cut(frame, landmarks_px, box_xyxy)
        upper_cover, lower_cover = look_up(cut.upper, from_upper), look_up(cut.lower, from_lower)
        upper_pixels, lower_pixels = look_up(rgb, from_upper), look_up(rgb, from_lower)
        mask = np.clip(grid.to_pixels(sheets.spread(self._moved)) / MASK_FROM - 1, 0, 1)
        picture = np.asarray(
            cv2.blendLinear(upper_pixels, lower_pixels, upper_cover, 1 - upper_cover), np.uint8
        )
        axes = MouthAxes(
            *(wanted[list(row), :2] - corner for row in (mesh.LIPS_INNER_UPPER, mesh.LIPS_INNER_LOWER))
        )
        hole = np.clip(1 - upper_cover - lower_cover, 0, 1)
        hole *= between(
            wanted[[mesh.INNER_CORNER_LEFT, mesh.INNER_CORNER_RIGHT], :2] - corner,
            hole.shape,
            CORNER_SOFTNESS * unit,
        )
        window = hole_window(hole, int(4 * SHADOW_REACH * unit) + 2)
        if window is not None:
            left, top, right, bottom = window
            here = (slice(top, bottom), slice(left, right))
            own = Exemplar.of(rgb, landmarks_px, corner, unit)
            opening = (
                float(np.linalg.norm(wanted[mesh.LIP_INNER_BOTTOM, :2] - wanted[mesh.LIP_INNER_TOP, :2]))
                / unit
            )
            inside, missing = self._inside(window, axes, own, exemplars, opening)
            if missing > 0.01 and self._drawn is not None:
                to_box = self._affine(landmarks_px)
                to_box[:, 2] -= corner
                drawn = self._drawn.view(window, to_box, mouth, self._rig.jaw_drop(mouth))
                inside += drawn * lip_shadow(upper_cover[here], lower_cover[here], unit)[..., None] * missing
            open_share = hole[here][..., None]
            mixed = picture[here] * (1 - open_share) + inside * open_share
            picture[here] = np.clip(mixed + 0.5, 0, 255).astype(np.uint8)
        return Patch(box_xyxy=box_xyxy, rgb=picture, weight=mask)

    def learn_colours(self, rgb: NDArray[np.uint8], landmarks_px: NDArray[np.float32], seed: int) -> None:
        """Take the colours for a drawn inside of the mouth from a whole frame, uint8 (height, width, 3)."""
        palette = read_palette(frame_of(landmarks_px, estimate_pose(landmarks_px)), landmarks_px, rgb)
        self._drawn = MouthInterior(self._frame, self._speaker.neutral, palette, seed)

    def _affine(self, landmarks_px: NDArray[np.float32]) -> NDArray[np.float32]:
        """From the speaker's own picture to a frame with these landmarks, float32 (2, 3).

        The best fit over the points of the lower face that speech moves least.
        """
        return np.asarray((self._fit @ landmarks_px[self._steady, :2]).T, dtype=np.float32)

    def _wanted(
        self, landmarks_px: NDArray[np.float32], mouth: NDArray[np.float32], share: float
    ) -> NDArray[np.float32]:
        """The frame's landmarks with the mouth that is wanted, float32 (478, 3); x and y count."""
        speaker = self._speaker
        speaker, height = self._speaker, self._frame.face_height_px
        pose = estimate_pose(landmarks_px)
        now = to_head(landmarks_px, pose)
        moves = self._rig.moves(mouth, np.zeros(len(Gesture), dtype=np.float32)) * height
        spoken = (speaker.neutral + moves - speaker.origin_px) / speaker.pixels_per_unit
        anchor = list(_ANCHOR)
        rest = (speaker.neutral[anchor] - speaker.origin_px) / speaker.pixels_per_unit
        spoken += (now[anchor] - rest).mean(axis=0)
        unit = height / speaker.pixels_per_unit  # face heights in head units
        own_jaw = JAW_PER_GAP * max(0.0, inner_gap(now))
        change = self._rig.carry((spoken - now) / unit, self._rig.jaw_drop(mouth) - own_jaw)
        return from_head(now + change * np.float32(share * unit), pose)

    def _inside(
        self,
        window_xyxy: tuple[int, int, int, int],
        axes: MouthAxes,
        own: Exemplar,
        borrowed: Sequence[tuple[Exemplar, float]],
        opening: float,
    ) -> tuple[NDArray[np.float32], float]:
        """The inside of the mouth over a window of the box, and how much of it still wants the lips' shadow.

        Its own inside where the frame shows enough of it, else borrowed, else drawn.
        """
        left, top, right, bottom = window_xyxy
        x, y = np.meshgrid(np.arange(left, right, dtype=np.float32), np.arange(top, bottom, dtype=np.float32))
        along, across = axes.of_pixels(np.stack([x, y], axis=-1))
        along = np.clip(along, 0, 1)
        enough = np.clip((own.gap / max(opening, 1e-3) - OWN_FROM) / (OWN_FULLY - OWN_FROM), 0, 1)
        enough = float(enough * enough * (3 - 2 * enough)) if own.gap >= LEAST_GAP else 0.0
        lenders = [(own, enough)] + [(each, weight * (1 - enough)) for each, weight in borrowed]
        total = sum(weight for _, weight in lenders)
        seen = np.zeros((bottom - top, right - left, 3), dtype=np.float32)
        for lender, weight in lenders:
            if weight > 0.01:
                seen += borrow_inside(lender, axes, along, across) * (own.tone / lender.tone * weight)
        return seen, 1.0 - total
