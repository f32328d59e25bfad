"""A clip that speaks anew: the mouth of one face re-made in frame after frame.

Each frame's own lips, cheeks and chin are carried from where they are to where the new speech wants them; the
inside of the mouth is borrowed from frames of the same person or drawn. Works on a box around the mouth;
every pixel outside the mask that comes with it is the frame's own. Knows nothing of files, sound or time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import smoothstep
from lipwright.engine.boxes import Box
from lipwright.engine.face import mesh
from lipwright.engine.face.measures import inner_gap
from lipwright.engine.face.pose import estimate_pose, from_head, to_head
from lipwright.engine.face.values import MESH_POINTS, HeadPose
from lipwright.engine.gesture.curves import Gesture
from lipwright.engine.render.clip.exemplars import (
    LEAST_GAP,
    Exemplar,
    MouthAxes,
    seen_teeth,
    skin_tone,
    transfer_inside,
)
from lipwright.engine.render.clip.neutral_face import NeutralFace
from lipwright.engine.render.mouth.composite import InsideView, LipLayer, composite_mouth
from lipwright.engine.render.mouth.interior import MouthInterior
from lipwright.engine.render.mouth.lips import lip_cut
from lipwright.engine.render.mouth.opening import Opening, shadow_room_px
from lipwright.engine.render.mouth.palette import read_palette, with_seen_teeth
from lipwright.engine.render.patch import Patch
from lipwright.engine.render.pixels import doubled, look_up, look_up_doubled, look_up_sharply
from lipwright.engine.render.warp.displacement import (
    INVERSION_STEPS,
    MOUTH_INVERSION_STEPS,
    DisplacementFields,
    invert,
)
from lipwright.engine.render.warp.face_axes import face_axes, mesh_axes
from lipwright.engine.render.warp.grid import CELLS_PER_FACE_HEIGHT, Grid
from lipwright.engine.render.warp.rig import FaceRig

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
# share on a little, from the second on wholly. Higher, drawn and own teeth take turns and flicker.
OWN_FROM, OWN_FULLY = 0.6, 0.92
# A borrowed inside is stretched at most this much: up to the first it is used wholly, from the second on one
# is drawn. Farther, teeth grow long and the flesh behind them becomes a wall.
STRETCHED_WHOLLY, STRETCHED_NOT = 1.5, 2.1
# How much farther down than the landmarks say an open mouth reaches, as a share of its opening, and of the
# lower lip at the most. Less leaves a line of teeth between lips that close; more eats the lip.
CLEARANCE, MOST_CLEARANCE = 0.12, 0.25
# Shares of an inside below this are not seen.
LEAST_WEIGHT = 0.01
# Room around the lips within which they are cut apart, face heights.
LIPS_ROOM = 0.06


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Motion:
    """Where a frame's landmarks are and are wanted, float32 (478, 3), pixels of the frame.

    unit_px: the face height. mouth: the row of ArticulationCurves that wants it.
    """

    landmarks_px: NDArray[np.float32]
    wanted_px: NDArray[np.float32]
    unit_px: float
    mouth: NDArray[np.float32]


class ClipMouth:
    """Re-makes the mouth of one person."""

    def __init__(self, speaker: NeutralFace) -> None:
        self._speaker = speaker
        face = speaker.face()
        self._axes = face_axes(face)
        self._rig = FaceRig(self._axes)
        self._rig.full_gap = speaker.full_gap
        unit = self._axes.face_height_px
        low, high = speaker.neutral[:, :2].min(axis=0), speaker.neutral[:, :2].max(axis=0)
        nose_y = speaker.neutral[mesh.NOSE_TIP, 1]
        box = Box(int(low[0]), int(nose_y - NOSE_ROOM * unit), int(high[0]), int(high[1] + MARGIN * unit))
        self._corners = np.array(
            [[x, y] for x in (box.left, box.right) for y in (box.top, box.bottom)], dtype=np.float32
        )
        moved = np.abs(self._rig.carry(np.ones((MESH_POINTS, 3), dtype=np.float32), 1.0)[:, 1])
        self._moved = moved.astype(np.float32)
        lower = self._axes.points[:, 1] > STEADY_FROM
        lower[mesh.SKIN_POINTS :] = False
        self._steady = np.flatnonzero(lower & (moved < STEADY_BELOW))
        known = speaker.neutral[self._steady, :2]
        self._fit = np.linalg.pinv(np.concatenate([known, np.ones((len(known), 1))], axis=1))
        self._drawn: MouthInterior | None = None
        self._drawn_tone = np.ones(3, dtype=np.float32)

    @property
    def full_gap(self) -> float:
        """How far the mouth opens at aperture 1, face heights."""
        return self._rig.full_gap

    def box_for(self, landmarks_px: NDArray[np.float32], size_wh: tuple[int, int]) -> Box:
        """The even box of a frame in which its mouth will be re-made; empty when it lies outside."""
        affine = self._affine(landmarks_px)
        seen = self._corners @ affine[:, :2].T + affine[:, 2]
        box = Box.holding(*seen.min(axis=0), *seen.max(axis=0))
        return box.evened().clipped(Box.of_size(size_wh))

    def draw(
        self,
        rgb: NDArray[np.uint8],
        box: Box,
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
        pose = estimate_pose(landmarks_px)
        wanted = self._wanted(landmarks_px, pose, mouth, share)
        axes = mesh_axes(landmarks_px, pose)
        grid = Grid.over(box, axes.face_height_px / CELLS_PER_FACE_HEIGHT)
        nodes = grid.nodes_px()
        edges = _cleared_of_teeth(landmarks_px, share)
        fields = DisplacementFields(axes, edges, grid)
        upper, lower = fields.displacement((wanted - edges)[:, :2])
        corner = np.array(box.corner, dtype=np.float32)
        whole = np.where(fields.is_above[..., None], upper, lower)
        picture = look_up_doubled(
            doubled(rgb), grid.to_pixels(invert(whole, grid, nodes, INVERSION_STEPS) - corner)
        )
        part, here = grid.part(_lips_box(landmarks_px, wanted, axes.face_height_px, box))
        from_upper, from_lower = (
            part.to_pixels(invert(field[here], part, nodes[here], MOUTH_INVERSION_STEPS))
            for field in (upper, lower)
        )
        cut = lip_cut(axes, edges, part.box)
        part_corner = np.array(part.box.corner, dtype=np.float32)
        own = Exemplar.of(rgb, landmarks_px, corner, axes.face_height_px)
        motion = _Motion(
            landmarks_px=landmarks_px, wanted_px=wanted, unit_px=axes.face_height_px, mouth=mouth
        )
        drawn = composite_mouth(
            part.box,
            _lip_layer(rgb, from_upper - corner, look_up(cut.upper, from_upper - part_corner)),
            _lip_layer(rgb, from_lower - corner, look_up(cut.lower, from_lower - part_corner)),
            lambda opening: self._inside(opening, motion, own, exemplars),
            corners_px=wanted[[mesh.INNER_CORNER_LEFT, mesh.INNER_CORNER_RIGHT], :2] - part_corner,
            face_height_px=axes.face_height_px,
            room_px=1,
        )
        picture[drawn.box.seen_from(box).slices] = drawn.rgb
        return Patch(box=box, rgb=picture, weight=self._mask(fields, grid))

    def mask(self, box: Box, landmarks_px: NDArray[np.float32]) -> NDArray[np.float32]:
        """How much of each pixel of a box a new mouth may change, float32 (height, width)."""
        axes = mesh_axes(landmarks_px, estimate_pose(landmarks_px))
        grid = Grid.over(box, axes.face_height_px / CELLS_PER_FACE_HEIGHT)
        return self._mask(DisplacementFields(axes, landmarks_px, grid), grid)

    def _mask(self, fields: DisplacementFields, grid: Grid) -> NDArray[np.float32]:
        return grid.to_pixels(np.clip(fields.spread(self._moved) / MASK_FROM - 1, 0, 1))

    def learn_colours(
        self,
        rgb: NDArray[np.uint8],
        landmarks_px: NDArray[np.float32],
        open_mouths: Sequence[Exemplar],
        seed: int,
    ) -> None:
        """Take the colours for a drawn inside of the mouth from a whole frame and from mouths that are open.

        rgb: uint8 (height, width, 3).
        """
        palette = read_palette(mesh_axes(landmarks_px, estimate_pose(landmarks_px)), landmarks_px, rgb)
        tooth_per_skin = seen_teeth(open_mouths)
        if tooth_per_skin is not None:
            palette = with_seen_teeth(palette, tooth_per_skin)
        self._drawn = MouthInterior(self._axes, self._speaker.neutral, palette, seed)
        self._drawn_tone = skin_tone(rgb, landmarks_px[:, :2])

    def _affine(self, landmarks_px: NDArray[np.float32]) -> NDArray[np.float32]:
        """From the speaker's own picture to a frame with these landmarks, float32 (2, 3).

        The best fit over the points of the lower face that speech moves least.
        """
        return np.asarray((self._fit @ landmarks_px[self._steady, :2]).T, dtype=np.float32)

    def _wanted(
        self, landmarks_px: NDArray[np.float32], pose: HeadPose, mouth: NDArray[np.float32], share: float
    ) -> NDArray[np.float32]:
        """The frame's landmarks with the mouth that is wanted, float32 (478, 3); x and y count."""
        speaker, height = self._speaker, self._axes.face_height_px
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
        opening: Opening,
        motion: _Motion,
        own: Exemplar,
        exemplars: Sequence[tuple[Exemplar, float]],
    ) -> InsideView:
        """What is seen between the lips: other mouths' insides and a drawn one. own: the frame's own mouth."""
        corner_px, unit = np.array(opening.part.corner, dtype=np.float32), motion.unit_px
        rows = [motion.wanted_px[list(row), :2] for row in (mesh.LIPS_INNER_UPPER, mesh.LIPS_INNER_LOWER)]
        mouth_axes = MouthAxes(rows[0] - corner_px, rows[1] - corner_px)
        sources = _sources(own, exemplars, float(np.linalg.norm(rows[1][5] - rows[0][5])) / unit)
        inside = _transferred_view(opening.window, mouth_axes, own, sources)
        missing = 1 - sum(weight for _, weight in sources)
        if missing > LEAST_WEIGHT and self._drawn is not None:
            light = own.tone / self._drawn_tone * np.float32(missing)
            inside += self._drawn_view(opening, motion) * light
        return InsideView(rgb=inside, light=None)

    def _drawn_view(self, opening: Opening, motion: _Motion) -> NDArray[np.float32]:
        """The drawn inside over the window of an opening, in the shadow of the lips.

        float32 (height, width, 3).
        """
        assert self._drawn is not None
        to_part = self._affine(motion.landmarks_px)
        to_part[:, 2] -= np.array(opening.part.corner, dtype=np.float32)
        drawn = self._drawn.view(opening.window, to_part, motion.mouth, self._rig.jaw_drop(motion.mouth))
        # Blurring the covers for the shadow needs some of the lips around the opening.
        light = opening.light(shadow_room_px(motion.unit_px))
        return np.asarray(drawn * light[..., None], dtype=np.float32)


def _lip_layer(rgb: NDArray[np.uint8], places: NDArray[np.float32], cover: NDArray[np.float32]) -> LipLayer:
    """A lip layer whose pixels come from these places (height, width, 2) of the box `rgb`."""
    return LipLayer(cover=cover, colours=lambda rows: look_up_sharply(rgb, places[rows]))


def _cleared_of_teeth(landmarks_px: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    """Landmarks whose inner row of the lower lip lies surely on the lip, float32 (478, 3).

    Teeth left on the lip would stay there when it closes.
    """
    cleared = landmarks_px.copy()
    upper, lower, below = (
        list(row) for row in (mesh.LIPS_INNER_UPPER, mesh.LIPS_INNER_LOWER, mesh.LIPS_OUTER_LOWER)
    )
    gap_px = np.linalg.norm((landmarks_px[lower] - landmarks_px[upper])[:, :2], axis=1)
    lip = landmarks_px[below] - landmarks_px[lower]
    thickness_px = np.maximum(np.linalg.norm(lip[:, :2], axis=1), 1e-3)
    portion = np.minimum(CLEARANCE * gap_px / thickness_px, MOST_CLEARANCE) * share
    cleared[lower] += lip * portion[:, None].astype(np.float32)
    return cleared


def _sources(
    own: Exemplar, exemplars: Sequence[tuple[Exemplar, float]], opening: float
) -> list[tuple[Exemplar, float]]:
    """Whose inside fills an opening, face heights, and how much: the frame's own where it shows enough."""
    enough = 0.0
    if own.gap >= LEAST_GAP:
        enough = float(
            smoothstep(np.asarray((own.gap / max(opening, 1e-3) - OWN_FROM) / (OWN_FULLY - OWN_FROM)))
        )
    weighed = [(own, enough)]
    for each, weight in exemplars:
        stretch = opening / max(each.gap, 1e-3)
        whole = np.clip((STRETCHED_NOT - stretch) / (STRETCHED_NOT - STRETCHED_WHOLLY), 0, 1)
        weighed.append((each, weight * (1 - enough) * float(whole)))
    return [(each, weight) for each, weight in weighed if weight > LEAST_WEIGHT]


def _transferred_view(
    window: Box,
    axes: MouthAxes,
    own: Exemplar,
    sources: Sequence[tuple[Exemplar, float]],
) -> NDArray[np.float32]:
    """The sources' insides mixed over a window, in the light of the frame, float32 (height, width, 3)."""
    x, y = np.meshgrid(
        np.arange(window.left, window.right, dtype=np.float32),
        np.arange(window.top, window.bottom, dtype=np.float32),
    )
    along, across = axes.of_pixels(np.stack([x, y], axis=-1))
    along = np.clip(along, 0, 1)
    seen = np.zeros((window.height, window.width, 3), dtype=np.float32)
    for source, weight in sources:
        seen += transfer_inside(source, axes, along, across) * (own.tone / source.tone * weight)
    return seen


def _lips_box(
    landmarks_px: NDArray[np.float32],
    wanted_px: NDArray[np.float32],
    unit_px: float,
    within: Box,
) -> Box:
    """The part of a box in which the lip layers differ to the eye."""
    lips = np.concatenate([each[list(mesh.LIPS_OUTER), :2] for each in (landmarks_px, wanted_px)])
    low, high = lips.min(axis=0) - LIPS_ROOM * unit_px, lips.max(axis=0) + LIPS_ROOM * unit_px
    return Box(int(low[0]), int(low[1]), int(high[0]), int(high[1])).clipped(within, least_px=1)
