"""The mouth of one person of a clip, re-made in frame after frame.

Each frame's own lips, cheeks and chin are carried from where they are to where the new speech wants them; the
inside of the mouth is transferred from other frames of the same person or drawn. Works on a box around the
mouth; every pixel outside the mask that comes with it is the frame's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.boxes import Box
from lipwright.engine.face import mesh
from lipwright.engine.face.pose import estimate_pose
from lipwright.engine.face.values import HeadPose
from lipwright.engine.render.clip.drawer import MouthRequest
from lipwright.engine.render.clip.exemplars import Exemplar, seen_teeth, skin_tone
from lipwright.engine.render.clip.geometry import MouthGeometry, share_shown, shows_mouth
from lipwright.engine.render.clip.transfer import (
    LEAST_WEIGHT,
    MouthAxes,
    own_share,
    transferred_view,
    weighed_sources,
)
from lipwright.engine.render.mouth.composite import LipLayer, composite_mouth
from lipwright.engine.render.mouth.interior import MouthInterior
from lipwright.engine.render.mouth.lips import LipCut, lip_cut
from lipwright.engine.render.mouth.opening import Opening
from lipwright.engine.render.mouth.palette import Palette, read_palette, with_seen_teeth
from lipwright.engine.render.patch import Patch
from lipwright.engine.render.pixels import doubled, look_up, look_up_doubled, look_up_sharply
from lipwright.engine.render.quarter_turn import QuarterTurn
from lipwright.engine.render.warp.displacement import (
    INVERSION_STEPS,
    DisplacementFields,
    invert,
    invert_around_mouth,
)
from lipwright.engine.render.warp.face_axes import mesh_axes
from lipwright.engine.render.warp.grid import CELLS_PER_FACE_HEIGHT, Grid

# How much farther down than the landmarks say an open mouth reaches, as a share of its opening, and of the
# lower lip at the most. Less leaves a line of teeth between lips that close; more eats the lip.
CLEARANCE, MOST_CLEARANCE = 0.12, 0.25
# Room around the lips within which they are cut apart, face heights.
LIPS_ROOM = 0.06
# Room around what is open in which an inside may shine through, pixels: the soft edge of the lips.
OPEN_ROOM_PX = 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MouthColours:
    """The colours of one person's mouth.

    palette: for an inside that is drawn. tone: float32 (3,), the skin around the mouth in the light that the
    palette was read in.
    """

    palette: Palette
    tone: NDArray[np.float32]

    def __post_init__(self) -> None:
        check_array(self, "tone", np.float32, (3,))


def read_mouth_colours(
    rgb: NDArray[np.uint8], landmarks_px: NDArray[np.float32], open_mouths: Sequence[Exemplar]
) -> MouthColours:
    """The colours of a mouth from a whole frame, uint8 (height, width, 3), and from mouths that are open.

    Light is read as it falls on the upright head, as UprightMouth shows it.
    """
    turn = QuarterTurn.upright(estimate_pose(landmarks_px).roll_deg, (rgb.shape[1], rgb.shape[0]))
    rgb, landmarks_px = turn.picture(rgb), turn.points(landmarks_px)
    palette = read_palette(mesh_axes(landmarks_px, estimate_pose(landmarks_px)), landmarks_px, rgb)
    tooth_per_skin = seen_teeth(open_mouths)
    if tooth_per_skin is not None:
        palette = with_seen_teeth(palette, tooth_per_skin)
    return MouthColours(palette=palette, tone=skin_tone(rgb, landmarks_px[:, :2]))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Motion:
    """Where a frame's landmarks are and are wanted, float32 (478, 3), pixels of the frame.

    pose: of the head. unit_px: the face height. mouth: the row of ArticulationCurves that wants it. own: the
    frame's own mouth.
    """

    landmarks_px: NDArray[np.float32]
    wanted_px: NDArray[np.float32]
    pose: HeadPose
    unit_px: float
    mouth: NDArray[np.float32]
    own: Exemplar


class ClipMouth:
    """Re-makes the mouth of one person. Fits MouthDrawer."""

    needs_exemplars = True

    def __init__(self, geometry: MouthGeometry, colours: MouthColours, seed: int) -> None:
        """seed: of the teeth and the grain of an inside that is drawn."""
        self.geometry = geometry
        self._interior = MouthInterior(geometry.axes, geometry.neutral_px, colours.palette, seed)
        self._interior_tone = colours.tone

    def box_for(self, landmarks_px: NDArray[np.float32], size_wh: tuple[int, int]) -> Box | None:
        """See MouthDrawer."""
        box = self.geometry.box_for(landmarks_px, size_wh)
        return box if shows_mouth(box, landmarks_px, size_wh) else None

    def draw(
        self, rgb: NDArray[np.uint8], box: Box, landmarks_px: NDArray[np.float32], request: MouthRequest
    ) -> Patch:
        """See MouthDrawer. The inside is drawn where the exemplars do not show enough of one."""
        pose = estimate_pose(landmarks_px)
        axes = mesh_axes(landmarks_px, pose)
        unit = axes.face_height_px
        wanted = self.geometry.wanted(landmarks_px, pose, request.mouth, request.share)
        shown = share_shown(box, landmarks_px, wanted, unit)
        wanted = landmarks_px + (wanted - landmarks_px) * np.float32(shown)
        grid = Grid.over(box, unit / CELLS_PER_FACE_HEIGHT)
        nodes = grid.nodes_px()
        edges = _cleared_of_teeth(landmarks_px, request.share * shown)
        fields = DisplacementFields(axes, edges, grid)
        upper, lower = fields.displacement((wanted - edges)[:, :2])
        corner = _corner_px(box)
        whole = np.where(fields.is_above[..., None], upper, lower)
        picture = look_up_doubled(
            doubled(rgb), grid.to_pixels(invert(whole, grid, nodes, INVERSION_STEPS) - corner)
        )
        part, here = grid.part(_lips_box(landmarks_px, wanted, unit, box))
        from_upper, from_lower = (
            part.to_pixels(invert_around_mouth(field, grid, nodes, part, here)) for field in (upper, lower)
        )
        motion = _Motion(
            landmarks_px=landmarks_px,
            wanted_px=wanted,
            pose=pose,
            unit_px=unit,
            mouth=request.mouth,
            own=Exemplar.of(rgb, landmarks_px, corner, unit),
        )
        cut = lip_cut(axes, edges, part.box)
        mouth = composite_mouth(
            part.box,
            _lip_layer(rgb, corner, from_upper, cut, cut.upper),
            _lip_layer(rgb, corner, from_lower, cut, cut.lower),
            lambda opening: self._inside(opening, motion, request),
            corners_px=wanted[[mesh.INNER_CORNER_LEFT, mesh.INNER_CORNER_RIGHT], :2] - _corner_px(part.box),
            face_height_px=unit,
            room_px=OPEN_ROOM_PX,
        )
        picture[mouth.box.seen_from(box).slices] = mouth.rgb
        return Patch(box=box, rgb=picture, weight=self.geometry.mask_on(fields))

    def _inside(self, opening: Opening, motion: _Motion, request: MouthRequest) -> NDArray[np.float32]:
        """What is seen between the lips: transferred, and drawn where that is not enough."""
        corner_px = _corner_px(opening.part)
        upper, lower = (
            motion.wanted_px[list(row), :2] for row in (mesh.LIPS_INNER_UPPER, mesh.LIPS_INNER_LOWER)
        )
        gap = float(np.linalg.norm(lower[5] - upper[5])) / motion.unit_px
        enough = own_share(motion.own.gap, gap) if request.own_share is None else request.own_share
        sources = weighed_sources(motion.own, request.exemplars, gap, enough)
        inside = transferred_view(
            opening.window, MouthAxes(upper - corner_px, lower - corner_px), motion.own, sources
        )
        missing = 1 - sum(weight for _, weight in sources)
        if missing > LEAST_WEIGHT:
            light = motion.own.tone / self._interior_tone * np.float32(missing)
            inside += self._drawn_view(opening, motion) * light
        return inside

    def _drawn_view(self, opening: Opening, motion: _Motion) -> NDArray[np.float32]:
        """The drawn inside over the window of an opening, float32 (height, width, 3)."""
        jaw_drop = self.geometry.rig.jaw_drop(motion.mouth)
        placement = self.geometry.placement(motion.landmarks_px, motion.pose, self._interior.at_rest)
        return self._interior.view(opening, placement, motion.mouth, jaw_drop)


def _lip_layer(
    rgb: NDArray[np.uint8],
    corner_px: NDArray[np.float32],
    sources: NDArray[np.float32],
    cut: LipCut,
    cover: NDArray[np.float32],
) -> LipLayer:
    """A lip layer of the box `rgb`, which lies at corner_px of the frame.

    sources: float32 (height, width, 2), where in the frame each pixel comes from. cover: of the cut.
    """
    places = sources - corner_px
    return LipLayer(
        cover=look_up(cover, sources - _corner_px(cut.box)),
        colours=lambda rows: look_up_sharply(rgb, places[rows]),
    )


def _corner_px(box: Box) -> NDArray[np.float32]:
    return np.array(box.corner, dtype=np.float32)


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
