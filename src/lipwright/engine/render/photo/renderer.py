"""A photo that speaks: one picture and its faces, drawn for each row of curves.

Works on a box around each person; the rest of the picture is never touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.face import mesh
from lipwright.engine.face.values import Face
from lipwright.engine.gesture.curves import Gesture
from lipwright.engine.gesture.limits import HeadLimits
from lipwright.engine.render.mouth.composite import LipLayer, composite_mouth, places_between
from lipwright.engine.render.mouth.interior import MouthInterior
from lipwright.engine.render.mouth.lips import refine_lip_line
from lipwright.engine.render.mouth.opening import Opening
from lipwright.engine.render.mouth.palette import read_palette
from lipwright.engine.render.mouth.placement import SkullPlacement
from lipwright.engine.render.patch import Patch
from lipwright.engine.render.photo.depth import MESH_DEPTH, head_depth
from lipwright.engine.render.photo.eyes import Eyes
from lipwright.engine.render.photo.falloff import falloff_between_faces
from lipwright.engine.render.photo.head import Camera, HeadField, SkullMotion, skull_motion
from lipwright.engine.render.photo.layers import PersonLayers, split_layers
from lipwright.engine.render.photo.limits import LimitFigures, find_limits
from lipwright.engine.render.photo.mouth_sheets import LipSources, MouthSheets
from lipwright.engine.render.photo.skinning import (
    STAYS,
    Skinning,
    distance_to_mesh,
    fading_skinning,
    layered_skinning,
)
from lipwright.engine.render.photo.texture import PersonTexture
from lipwright.engine.render.pixels import look_up
from lipwright.engine.render.warp.displacement import DisplacementFields, invert
from lipwright.engine.render.warp.face_axes import FaceAxes, face_axes
from lipwright.engine.render.warp.grid import HEAD_CELLS_PER_FACE_HEIGHT, Grid
from lipwright.engine.render.warp.rig import FaceRig

HEAD_MOTION = (
    *(Gesture.YAW, Gesture.PITCH, Gesture.ROLL),
    *(Gesture.SHIFT_X, Gesture.SHIFT_Y, Gesture.NEARNESS, Gesture.BREATH),
)
# Room around what is open in which the inside may shine through, pixels: the soft edge of the lips.
OPEN_ROOM_PX = 1
# What a still head needs around the mesh, face heights: room for skin that follows chin and brows.
STILL_MARGIN = 0.36
# Where a person is looked for around the mesh, face heights: beside, above, below. Hair and shoulders that
# reach farther stay.
PERSON_MARGIN = (1.5, 1.3, 1.3)
# Room around what follows the head, for where it goes at the limits, face heights.
MOTION_ROOM = 0.25
# Fixed-point steps of the head's field: 6 leave some pixels at the far cheek of a head at its limit.
HEAD_INVERSION_STEPS = 10
# Without layers, the distance from the mesh at which the depth of the outline is reached, face heights.
OUTLINE = 0.5
# Nodes that are this much person count for the limits.
_IS_PERSON = 0.5
# What is person or follows by less than this counts as still.
_STILL = 0.01


class PhotoRenderer:
    """Draws the chosen faces of a picture, all with the same mouth and each in its own place."""

    def __init__(
        self,
        rgb: NDArray[np.uint8],
        faces: Sequence[Face],
        *,
        seed: int = 0,
        head_moves: bool = True,
        open_eyes: bool = True,
    ) -> None:
        """rgb: uint8 (height, width, 3) with even sides, not changed.

        open_eyes: eyes that are shut or half shut in the picture open with Gesture.EYES_OPEN.
        """
        self._renderers = [
            FaceRenderer(
                rgb,
                face,
                other_faces=[other for other in faces if other is not face],
                seed=seed,
                head_moves=head_moves,
                open_eyes=open_eyes,
            )
            for face in faces
        ]
        eyes = [renderer.eyes for renderer in self._renderers]
        # Whether there are eyes that can open, and what a person should know of that, sentences.
        self.opens_eyes = any(each.opens for each in eyes)
        self.eye_notes = tuple(dict.fromkeys(note for each in eyes for note in each.notes))

    @property
    def head_limits(self) -> HeadLimits:
        """The largest rotation that every face bears."""
        each = [renderer.limit_figures.limits for renderer in self._renderers]
        return HeadLimits(
            yaw_deg=min(one.yaw_deg for one in each),
            pitch_deg=min(one.pitch_deg for one in each),
            roll_deg=min(one.roll_deg for one in each),
        )

    @property
    def limit_figures(self) -> tuple[LimitFigures, ...]:
        """Of every face, how far its head may turn and why."""
        return tuple(renderer.limit_figures for renderer in self._renderers)

    def draw(
        self, mouth: NDArray[np.float32], gesture: NDArray[np.float32], share: float = 1.0
    ) -> Iterator[Patch]:
        """What changes in the picture for a row of ArticulationCurves and a row of GestureCurves.

        share: how much the speaking mouth takes over from the picture's own, 0 to 1. Where nothing moves the
        patches are the picture's own pixels.
        """
        for renderer in self._renderers:
            yield Patch(box=renderer.box, rgb=renderer.draw(mouth, gesture, share), weight=renderer.weight)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Scene:
    """What one face is drawn from: its person over what lies behind, and how that moves.

    texture: uint8 (height, width, 4), premultiplied RGBA over texture_box, which holds the grid's box.
    plate: uint8 (height, width, 3), what lies behind; None where the texture hides all of it.
    alpha: float32 (row, column), how much of each node is the person.
    """

    grid: Grid
    texture: NDArray[np.uint8]
    texture_box: Box
    plate: NDArray[np.uint8] | None
    alpha: NDArray[np.float32]
    skinning: Skinning
    unsure: float


class FaceRenderer:
    """Draws one face of a picture with a moved mouth, eyes and head."""

    def __init__(
        self,
        rgb: NDArray[np.uint8],
        face: Face,
        *,
        other_faces: Sequence[Face] = (),
        seed: int = 0,
        head_moves: bool = True,
        open_eyes: bool = True,
    ) -> None:
        """rgb: uint8 (height, width, 3) with even sides. other_faces: those that move in the same picture.

        head_moves: whether head motion will be asked for.
        """
        axes = face_axes(face)
        landmarks = refine_lip_line(axes, face.landmarks_px, rgb)
        face = Face(
            box_xyxy=face.box_xyxy, landmarks_px=landmarks, confidence=face.confidence, pose=face.pose
        )
        axes = face_axes(face)
        self._axes = axes
        self._rig = FaceRig(axes)
        unit = axes.face_height_px
        picture = Box.of_size((rgb.shape[1], rgb.shape[0]))
        scene = _scene(rgb, face, axes, other_faces, head_moves=head_moves)
        self._grid = grid = scene.grid
        self.box = grid.box
        self._photo = rgb[self.box.slices]
        self._nodes = grid.nodes_px()
        self._fields = DisplacementFields(axes, landmarks, grid, is_kept=True)
        falloff = falloff_between_faces(self._nodes, face, other_faces, unit) if other_faces else None
        self._falloff = None if falloff is None else falloff[..., None]
        self.weight = None if falloff is None else grid.to_pixels((falloff > 0).astype(np.float32))
        skinning = scene.skinning
        if falloff is not None:
            skinning = Skinning(head=skinning.head * falloff, breath=skinning.breath * falloff)
        mesh_depth = self._fields.spread(landmarks[:, 2] - axes.origin_px[2])
        depth = head_depth(axes, landmarks, grid, mesh_depth, scene.alpha)
        self._head = HeadField(axes, self._nodes, depth.depth_px, skinning)
        self._camera = Camera(axes)
        self._counts = counts = (scene.alpha > _IS_PERSON) & (skinning.head > 0.02)
        self.limit_figures = find_limits(
            axes,
            grid,
            self._head,
            counts,
            photo_yaw_deg=face.pose.yaw_deg,
            unsure=scene.unsure,
            has_layers=scene.plate is not None,
            steps=HEAD_INVERSION_STEPS,
        )
        self._head_moves = head_moves
        self._plate = scene.plate
        self._texture = PersonTexture(scene.texture, scene.texture_box, landmarks[:, :2].mean(axis=0), unit)
        self.eyes = Eyes(self._texture.points(landmarks), self._texture.rgb, may_open=open_eyes)
        self._sheets = MouthSheets(axes, landmarks, grid, depth.depth_px, skinning, falloff, picture)
        palette = read_palette(axes, landmarks, rgb)
        corners = landmarks[[mesh.INNER_CORNER_LEFT, mesh.INNER_CORNER_RIGHT]]
        corner_depth = MESH_DEPTH * (corners[:, 2] - axes.origin_px[2])
        self._corners = self._camera.lifted(corners[:, :2], corner_depth.astype(np.float32))
        self._interior = MouthInterior(axes, landmarks, palette, seed, shown=(rgb, self._sheets.cut))

    def draw(
        self, mouth: NDArray[np.float32], gesture: NDArray[np.float32], share: float = 1.0
    ) -> NDArray[np.uint8]:
        """The face's box for rows of ArticulationCurves and GestureCurves, uint8 (height, width, 3)."""
        if not self._head_moves:
            gesture = gesture.copy()
            gesture[list(HEAD_MOTION)] = 0
        if share == 0 and not gesture.any():
            return self._photo.copy()
        self.eyes.draw(self._texture.rgb, gesture)
        motion = skull_motion(self._axes, gesture)
        breath = float(gesture[Gesture.BREATH])
        moves = self._axes.displacement_in_space_px(self._rig.moves(mouth, gesture, share))
        upper, lower = self._fields.displacement(moves)
        whole = np.where(self._fields.is_above[..., None], upper, lower)
        if self._falloff is not None:
            whole = whole * self._falloff
        displacement = self._head.places(motion, breath, whole) - self._nodes
        sources = invert(displacement, self._grid, self._nodes, HEAD_INVERSION_STEPS)
        picture = self._shown(self._texture.places(self._grid, sources), self.box)
        placement = self._placement(motion)
        lips = self._sheets.sources(
            moves, motion, breath, sources, placement.origin_px - self._interior.at_rest.origin_px
        )
        corners = self._corners + moves[[mesh.INNER_CORNER_LEFT, mesh.INNER_CORNER_RIGHT]]
        drawn = self._draw_mouth(lips, mouth, share, placement, self._camera.seen(motion.moved(corners)))
        picture[drawn.box.seen_from(self.box).slices] = drawn.rgb
        return picture

    def _placement(self, motion: SkullMotion) -> SkullPlacement:
        """Where the skull holds the mouth."""
        axes = self._axes
        at = motion.moved(axes.displacement_in_space_px(self._interior.contact[None]))[0]
        return SkullPlacement(
            rotation=motion.rotation @ axes.rotation,
            origin_px=self._camera.seen(at),
            unit_px=axes.face_height_px * self._camera.scale(at),
        )

    def _shown(self, places: NDArray[np.float32], box: Box) -> NDArray[np.uint8]:
        """The person looked up at places in the texture, over what lies behind a box of the output."""
        layer = self._texture.look_up(places)
        colours = np.asarray(cv2.cvtColor(layer, cv2.COLOR_RGBA2RGB), dtype=np.uint8)
        if self._plate is None:
            return colours
        behind = cv2.cvtColor(255 - layer[..., 3], cv2.COLOR_GRAY2RGB)
        plate = self._plate[box.seen_from(self.box).slices]
        return np.asarray(cv2.add(colours, cv2.multiply(plate, behind, scale=1 / 255)), dtype=np.uint8)

    def _draw_mouth(
        self,
        lips: LipSources,
        mouth: NDArray[np.float32],
        share: float,
        placement: SkullPlacement,
        corners_px: NDArray[np.float32],
    ) -> Patch:
        """The lips and what lies between them."""
        whole, part = lips.grid.box, lips.grid.box.clipped(self.box)
        here = part.seen_from(whole).slices
        cut = self._sheets.cut
        upper, lower = (self._texture.places(lips.grid, each)[here] for each in (lips.upper, lips.lower))

        def layer(
            sources: NDArray[np.float32], places: NDArray[np.float32], cover: NDArray[np.float32]
        ) -> LipLayer:
            in_cut = sources - np.array(cut.box.corner, dtype=np.float32)
            return LipLayer(
                cover=look_up(cover, lips.grid.to_pixels(in_cut)[here]),
                colours=lambda rows: self._shown(places[rows], _rows(part, rows)),
            )

        def look_inside(opening: Opening) -> NDArray[np.float32]:
            return self._interior.view(opening, placement, mouth, self._rig.jaw_drop(mouth))

        def shown_inside(opening: Opening) -> NDArray[np.uint8]:
            return self._shown(places_between(opening, upper, lower), opening.box)

        return composite_mouth(
            part,
            layer(lips.upper, upper, cut.upper),
            layer(lips.lower, lower, cut.lower),
            look_inside,
            corners_px=corners_px - np.array(part.corner),
            face_height_px=self._axes.face_height_px,
            room_px=OPEN_ROOM_PX,
            shown_inside=shown_inside,
            share=share,
        )


def _scene(
    rgb: NDArray[np.uint8], face: Face, axes: FaceAxes, other_faces: Sequence[Face], *, head_moves: bool
) -> _Scene:
    picture = Box.of_size((rgb.shape[1], rgb.shape[0]))
    landmarks, unit = face.landmarks_px, axes.face_height_px
    if head_moves:
        box = _around(landmarks, unit, PERSON_MARGIN, picture)
        layers = split_layers(rgb, face, other_faces, box)
        if layers is not None:
            return _layered_scene(layers, axes, landmarks, picture)
    margin = (STAYS[1], STAYS[0], STAYS[2]) if head_moves else (STILL_MARGIN,) * 3
    box = _around(landmarks, unit, margin, picture)
    grid = Grid.over(box, unit / HEAD_CELLS_PER_FACE_HEIGHT)
    still = np.zeros(grid.shape, dtype=np.float32)
    distance = distance_to_mesh(landmarks, grid) / (OUTLINE * unit)
    return _Scene(
        grid=grid,
        texture=np.asarray(cv2.cvtColor(rgb[box.slices], cv2.COLOR_RGB2RGBA), dtype=np.uint8),
        texture_box=box,
        plate=None,
        alpha=np.clip(1 - distance, 0, 1).astype(np.float32),
        skinning=(
            fading_skinning(axes, landmarks, grid) if head_moves else Skinning(head=still, breath=still)
        ),
        unsure=0.0,
    )


def _layered_scene(
    layers: PersonLayers, axes: FaceAxes, landmarks_px: NDArray[np.float32], picture: Box
) -> _Scene:
    """The part of the layers in which something can move."""
    unit = axes.face_height_px
    grid = Grid.over(layers.box, unit / HEAD_CELLS_PER_FACE_HEIGHT)
    skinning = layered_skinning(axes, landmarks_px, grid, picture)
    alpha = _at_nodes(layers.alpha, grid)
    moves = (alpha > _STILL) & (np.maximum(skinning.head, skinning.breath) > _STILL)
    rows, columns = np.flatnonzero(moves.any(axis=1)), np.flatnonzero(moves.any(axis=0))
    cells = Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    cell = grid.cell_px
    edges = (cells.left * cell, cells.top * cell, cells.right * cell, cells.bottom * cell)
    box = Box(*edges).moved(*layers.box.corner).grown(int(MOTION_ROOM * unit)).evened().clipped(layers.box)
    here = box.seen_from(layers.box).slices
    with_margin = _with_margin(box, layers)
    grid = Grid.over(box, unit / HEAD_CELLS_PER_FACE_HEIGHT)
    return _Scene(
        grid=grid,
        texture=layers.texture[with_margin.seen_from(layers.texture_box).slices],
        texture_box=with_margin,
        plate=np.ascontiguousarray(layers.plate[here]),
        alpha=_at_nodes(layers.alpha[here], grid),
        skinning=layered_skinning(axes, landmarks_px, grid, picture),
        unsure=layers.unsure,
    )


def _with_margin(box: Box, layers: PersonLayers) -> Box:
    """A part of the layers' box with the texture's margins where they begin at its edges."""
    whole, texture = layers.box, layers.texture_box
    return Box(
        texture.left if box.left == whole.left else box.left,
        texture.top if box.top == whole.top else box.top,
        texture.right if box.right == whole.right else box.right,
        texture.bottom if box.bottom == whole.bottom else box.bottom,
    )


def _at_nodes(pixels: NDArray[np.float32], grid: Grid) -> NDArray[np.float32]:
    """The mean over the cells of a grid, float32 (row, column)."""
    rows, columns = grid.shape
    cell = grid.cell_px
    below, right = rows * cell - pixels.shape[0], columns * cell - pixels.shape[1]
    whole = cv2.copyMakeBorder(pixels, 0, below, 0, right, cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA), dtype=np.float32)


def _around(
    landmarks_px: NDArray[np.float32],
    unit_px: float,
    margin: tuple[float, float, float],
    picture: Box,
) -> Box:
    """The even box around a face mesh with margins beside, above and below, face heights."""
    beside, above, below = (each * unit_px for each in margin)
    low, high = landmarks_px[:, :2].min(axis=0), landmarks_px[:, :2].max(axis=0)
    box = Box(int(low[0] - beside), int(low[1] - above), int(high[0] + beside) + 1, int(high[1] + below) + 1)
    return box.evened().clipped(picture)


def _rows(box: Box, rows: slice) -> Box:
    """Some rows of a box."""
    start, stop, _ = rows.indices(box.height)
    return Box(box.left, box.top + start, box.right, box.top + stop)
