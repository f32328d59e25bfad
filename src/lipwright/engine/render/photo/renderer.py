"""A photo that speaks: one picture and its faces, drawn for each row of curves.

Works on a box around each person; the rest of the picture is never touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.curves import Mouth
from lipwright.engine.boxes import Box
from lipwright.engine.face import mesh
from lipwright.engine.face.pose import face_of
from lipwright.engine.face.values import Face
from lipwright.engine.gesture.curves import Gesture
from lipwright.engine.gesture.limits import HeadLimits
from lipwright.engine.render.mouth.composite import LipLayer, composite_mouth, places_between
from lipwright.engine.render.mouth.interior import MouthInterior
from lipwright.engine.render.mouth.lips import LipCut, refine_lip_line
from lipwright.engine.render.mouth.opening import Opening
from lipwright.engine.render.mouth.palette import read_palette
from lipwright.engine.render.mouth.placement import SkullPlacement
from lipwright.engine.render.patch import Patch
from lipwright.engine.render.photo.creases import FaceCreases
from lipwright.engine.render.photo.depth import MESH_DEPTH, head_depth
from lipwright.engine.render.photo.eyes import Eyes, eye_width_px
from lipwright.engine.render.photo.falloff import falloff_between_faces
from lipwright.engine.render.photo.head import Camera, HeadField, SkullMotion, skull_motion
from lipwright.engine.render.photo.limits import LimitFigures, find_limits, largest_limits, steepest_depth
from lipwright.engine.render.photo.mouth_sheets import MouthSheets, mouth_cut
from lipwright.engine.render.photo.painter import Painter
from lipwright.engine.render.photo.scene import Scene, find_scene
from lipwright.engine.render.photo.shading import FaceShading
from lipwright.engine.render.photo.skinning import Skinning
from lipwright.engine.render.photo.texture import PersonTexture
from lipwright.engine.render.photo.turn_gain import FaceLook, SmallHead, TurnGain, find_turn_gain
from lipwright.engine.render.pixels import gain_steps, look_up
from lipwright.engine.render.quarter_turn import QuarterTurn
from lipwright.engine.render.warp.displacement import DisplacementFields, invert
from lipwright.engine.render.warp.face_axes import FaceAxes, face_axes
from lipwright.engine.render.warp.rig import FaceRig

TURNS = (Gesture.YAW, Gesture.PITCH, Gesture.ROLL)
HEAD_MOTION = (
    *TURNS,
    *(Gesture.SHIFT_X, Gesture.SHIFT_Y, Gesture.NEARNESS, Gesture.BREATH),
)
# A mouth that does nothing.
REST_MOUTH = np.zeros(len(Mouth), dtype=np.float32)
REST_MOUTH[Mouth.WIDTH] = 1
# Room around what is open in which the inside may shine through, pixels: the soft edge of the lips.
OPEN_ROOM_PX = 1
# Fixed-point steps of the head's field: 6 leave some pixels at the far cheek of a head at its limit.
HEAD_INVERSION_STEPS = 10
# Nodes that are this much person and follow the head this much count for the limits.
_IS_PERSON, _FOLLOWS = 0.5, 0.02


class PhotoRenderer:
    """Draws the chosen faces of a picture, all with the same mouth and each in its own place.

    Holds a thread a face, which ends with close or at the end of a `with`.
    """

    def __init__(
        self,
        rgb: NDArray[np.uint8],
        faces: Sequence[Face],
        *,
        seed: int = 0,
        head_moves: bool = True,
        open_eyes: bool = True,
        bystanders: Sequence[Face] = (),
        look: FaceLook | None = None,
    ) -> None:
        """rgb: uint8 (height, width, 3) with even sides, not changed. look: as for FaceRenderer.

        bystanders: other people of the picture, who stay as they are. open_eyes: eyes that are shut or half
        shut in the picture open with Gesture.EYES_OPEN.
        """
        size_wh = (rgb.shape[1], rgb.shape[0])
        # A face that lies or stands on its head is drawn upright and turned back.
        self._turns = [QuarterTurn.upright(face.pose.roll_deg, size_wh) for face in faces]
        self._renderers = [
            FaceRenderer(
                turn.picture(rgb),
                _turned(face, turn),
                other_faces=[_turned(other, turn) for other in (*faces, *bystanders) if other is not face],
                seed=seed,
                head_moves=head_moves,
                open_eyes=open_eyes,
                look=look,
            )
            for face, turn in zip(faces, self._turns, strict=True)
        ]
        eyes = [renderer.eyes for renderer in self._renderers]
        # Whether there are eyes that can open, and what a person should know of that, sentences.
        self.opens_eyes = any(each.opens for each in eyes)
        self.eye_notes = tuple(dict.fromkeys(note for each in eyes for note in each.notes))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the threads that paint; nothing can be drawn any more."""
        for renderer in self._renderers:
            renderer.close()

    @property
    def head_limits(self) -> HeadLimits:
        """The largest rotation that may be asked of every face."""
        each = [renderer.turn_gain.seen(renderer.limit_figures.limits) for renderer in self._renderers]
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
        for renderer, turn in zip(self._renderers, self._turns, strict=True):
            rgb = renderer.draw(mouth, gesture, share)
            yield turn.back.patch(Patch(box=renderer.box, rgb=rgb, weight=renderer.weight))


def _turned(face: Face, turn: QuarterTurn) -> Face:
    """A face of a picture in the turned picture."""
    return face_of(turn.points(face.landmarks_px), face.confidence) if turn.quarters else face


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Frame:
    """What one frame asks of a face.

    mouth, gesture: rows of ArticulationCurves and GestureCurves. share: as for PhotoRenderer.draw.
    moves_px: float32 (478, 3), of the mesh by the face itself. motion: of the skull.
    """

    mouth: NDArray[np.float32]
    gesture: NDArray[np.float32]
    share: float
    moves_px: NDArray[np.float32]
    motion: SkullMotion

    @property
    def breath(self) -> float:
        return float(self.gesture[Gesture.BREATH])


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
        look: FaceLook | None = None,
    ) -> None:
        """rgb: uint8 (height, width, 3) with even sides. other_faces: the other people of the picture.

        head_moves: whether head motion will be asked for. look: reads how a head is turned; without it turns
        are drawn as asked, and seen as this picture shows them.
        """
        axes = face_axes(face)
        landmarks = refine_lip_line(axes, face.landmarks_px, rgb)
        face = Face(
            box_xyxy=face.box_xyxy, landmarks_px=landmarks, confidence=face.confidence, pose=face.pose
        )
        axes = face_axes(face)
        self._axes = axes
        # Large arrays are worked on without holding the interpreter, so that two halves are ready sooner.
        self._beside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="painter")
        with ExitStack() as if_it_fails:
            if_it_fails.callback(self.close)
            cut = mouth_cut(axes, landmarks, Box.of_size((rgb.shape[1], rgb.shape[0])))
            interior = self._beside.submit(_interior, axes, landmarks, rgb, cut, seed)
            rig = self._beside.submit(FaceRig, axes)
            scene = find_scene(rgb, face, axes, other_faces, head_moves=head_moves)
            eyes = self._beside.submit(self._prepare_eyes, scene, landmarks, open_eyes)
            self._head_moves = head_moves
            self._prepare_motion(rgb, face, scene, other_faces, cut, look)
            self._interior, self._rig, self.eyes = interior.result(), rig.result(), eyes.result()
            self._painter = Painter(self._texture, scene.plate, self._grid)
            if_it_fails.pop_all()
        corners = landmarks[[mesh.INNER_CORNER_LEFT, mesh.INNER_CORNER_RIGHT]]
        corner_depth = MESH_DEPTH * (corners[:, 2] - axes.origin_px[2])
        self._corners = self._camera.lifted(corners[:, :2], corner_depth.astype(np.float32))

    def _prepare_eyes(self, scene: Scene, landmarks: NDArray[np.float32], may_open: bool) -> Eyes:
        """The texture of the person and the eyes in it."""
        middle_px = landmarks[:, :2].mean(axis=0)
        self._texture = PersonTexture(scene.texture, scene.texture_box, middle_px, self._axes.face_height_px)
        self._canvas = self._texture.canvas(eye_width_px(landmarks))
        return Eyes(
            self._canvas.points(landmarks),
            self._canvas.rgb,
            may_open=may_open,
            is_fine=self._canvas.is_fine,
        )

    def _prepare_motion(
        self,
        rgb: NDArray[np.uint8],
        face: Face,
        scene: Scene,
        other_faces: Sequence[Face],
        cut: LipCut,
        look: FaceLook | None,
    ) -> None:
        """What moves the head, its light and its lips."""
        axes, landmarks = self._axes, face.landmarks_px
        self._grid = grid = scene.grid
        self.box = grid.box
        self._photo = rgb[self.box.slices]
        self._nodes = grid.nodes_px()
        self._fields = DisplacementFields(axes, landmarks, grid, is_kept=True)
        self._is_above = self._fields.is_above.astype(np.uint8)
        falloff = None
        if other_faces:
            falloff = falloff_between_faces(self._nodes, face, other_faces, axes.face_height_px)
        self._falloff = None if falloff is None else falloff[..., None]
        self.weight = None if falloff is None else grid.to_pixels((falloff > 0).astype(np.float32))
        skinning = scene.skinning
        if falloff is not None:
            skinning = Skinning(head=skinning.head * falloff, breath=skinning.breath * falloff)
        mesh_depth = self._fields.spread(landmarks[:, 2] - axes.origin_px[2])
        has_layers = scene.plate is not None
        largest = largest_limits(face.pose.yaw_deg, scene.unsure, has_layers=has_layers)
        depth = head_depth(axes, landmarks, grid, mesh_depth, scene.alpha, steepest_depth(largest))
        self._head = HeadField(axes, self._nodes, depth.depth_px, skinning)
        self._camera = Camera(axes)
        counts = (scene.alpha > _IS_PERSON) & (skinning.head > _FOLLOWS)
        self.limit_figures = find_limits(
            axes,
            grid,
            self._head,
            counts,
            photo_yaw_deg=face.pose.yaw_deg,
            unsure=scene.unsure,
            has_layers=has_layers,
            steps=HEAD_INVERSION_STEPS,
        )
        self.turn_gain = TurnGain()
        if look is not None and self._head_moves:
            small = SmallHead(
                scene.texture, scene.texture_box, scene.plate, grid, landmarks, axes.face_height_px
            )
            draw = partial(self._turned, small)
            self.turn_gain = find_turn_gain(face.pose.rotation, draw, look, self.limit_figures.limits)
        self._shading = FaceShading(self._photo, landmarks, grid, depth.normals, skinning.head)
        self._creases = FaceCreases(axes, landmarks, self._nodes)
        self._sheets = MouthSheets(axes, landmarks, grid, depth.depth_px, skinning, falloff, cut)

    def close(self) -> None:
        """End the thread that paints; nothing can be drawn any more."""
        self._beside.shutdown(wait=True, cancel_futures=True)

    def draw(
        self, mouth: NDArray[np.float32], gesture: NDArray[np.float32], share: float = 1.0
    ) -> NDArray[np.uint8]:
        """The face's box for rows of ArticulationCurves and GestureCurves, uint8 (height, width, 3)."""
        if not self._head_moves:
            gesture = gesture.copy()
            gesture[list(HEAD_MOTION)] = 0
        if share == 0 and not gesture.any():
            return self._photo.copy()
        gesture = self.turn_gain.applied(gesture)
        # OpenCV and NumPy work without holding the interpreter: eyes and picture are painted meanwhile.
        eyes = self._beside.submit(self._draw_eyes, gesture)
        frame = _Frame(
            mouth=mouth,
            gesture=gesture,
            share=share,
            moves_px=self._axes.displacement_in_space_px(self._rig.moves(mouth, gesture, share)),
            motion=skull_motion(self._axes, gesture),
        )
        sources = self._sources(frame)
        gain = self._gain(frame, sources)
        painted = self._beside.submit(self._painter.paint, sources, gain)
        drawn = self._draw_mouth(frame, sources, gain, eyes)
        picture = painted.result()
        picture[drawn.box.seen_from(self.box).slices] = drawn.rgb
        return picture

    def _draw_eyes(self, gesture: NDArray[np.float32]) -> None:
        self._canvas.finish(self.eyes.draw(self._canvas.rgb, gesture))

    def _turned(
        self, small: SmallHead, yaw_deg: float, pitch_deg: float
    ) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        """The head turned, drawn small; as SmallHead.drawn."""
        gesture = np.zeros(len(Gesture), dtype=np.float32)
        gesture[[Gesture.YAW, Gesture.PITCH]] = yaw_deg, pitch_deg
        return small.drawn(self._head.places(skull_motion(self._axes, gesture), 0.0), HEAD_INVERSION_STEPS)

    def _sources(self, frame: _Frame) -> NDArray[np.float32]:
        """Where the output's nodes come from, without a cut between the lips, float32 (row, column, 2)."""
        upper, lower = self._fields.displacement(frame.moves_px)
        whole = np.asarray(cv2.copyTo(upper, self._is_above, lower), dtype=np.float32)
        if self._falloff is not None:
            whole = whole * self._falloff
        displacement = self._head.places(frame.motion, frame.breath, whole) - self._nodes
        return invert(displacement, self._grid, self._nodes, HEAD_INVERSION_STEPS)

    def _gain(self, frame: _Frame, sources: NDArray[np.float32]) -> NDArray[np.float32] | None:
        """By what light and folds multiply the picture at the output's nodes, float32 (row, column)."""
        gain = None
        if frame.gesture[list(TURNS)].any():
            gain = self._shading.gain(frame.motion)
        mouth = REST_MOUTH + (frame.mouth - REST_MOUTH) * np.float32(frame.share)
        folds = self._creases.gain(mouth, frame.gesture)
        if folds is not None:
            gain = folds if gain is None else gain * folds
        return None if gain is None else look_up(gain, self._grid.place_of(sources))

    def _placement(self, motion: SkullMotion) -> SkullPlacement:
        """Where the skull holds the mouth."""
        axes = self._axes
        at = motion.moved(axes.displacement_in_space_px(self._interior.contact[None]))[0]
        return SkullPlacement(
            rotation=motion.rotation @ axes.rotation,
            origin_px=self._camera.seen(at),
            unit_px=axes.face_height_px * self._camera.scale(at),
        )

    def _draw_mouth(
        self,
        frame: _Frame,
        sources: NDArray[np.float32],
        gain: NDArray[np.float32] | None,
        eyes: Future[None],
    ) -> Patch:
        """The lips and what lies between them. sources, gain: at the nodes of the head's grid.

        eyes: done when the texture is as the frame wants it.
        """
        placement = self._placement(frame.motion)
        carried = placement.origin_px - self._interior.at_rest.origin_px
        lips = self._sheets.sources(frame.moves_px, frame.motion, frame.breath, sources, carried)
        corners = self._corners + frame.moves_px[[mesh.INNER_CORNER_LEFT, mesh.INNER_CORNER_RIGHT]]
        corners_px = self._camera.seen(frame.motion.moved(corners))
        part = lips.grid.box.clipped(self.box)
        here = part.seen_from(lips.grid.box).slices
        cut = self._sheets.cut
        upper, lower = (self._texture.places(lips.grid, each)[here] for each in (lips.upper, lips.lower))
        is_covered = self._painter.covers(lips.upper) and self._painter.covers(lips.lower)
        steps = None
        if gain is not None:
            at_lips = look_up(gain, self._grid.place_of(lips.grid.nodes_px()))
            steps = lips.grid.to_pixels(gain_steps(at_lips))[here]

        def painted(places: NDArray[np.float32], where: Box) -> NDArray[np.uint8]:
            own = None if steps is None else steps[where.seen_from(part).slices]
            return self._painter.paint_part(places, where, own, is_covered=is_covered)

        def layer(
            at_nodes: NDArray[np.float32], places: NDArray[np.float32], cover: NDArray[np.float32]
        ) -> LipLayer:
            in_cut = at_nodes - np.array(cut.box.corner, dtype=np.float32)
            return LipLayer(
                cover=look_up(cover, lips.grid.to_pixels(in_cut)[here]),
                colours=lambda rows: painted(places[rows], _rows(part, rows)),
            )

        def look_inside(opening: Opening) -> NDArray[np.float32]:
            drop = self._rig.jaw_drop(frame.mouth)
            return self._interior.view(opening, placement, frame.mouth, drop)

        def shown_inside(opening: Opening) -> NDArray[np.uint8]:
            return painted(places_between(opening, upper, lower), opening.box)

        eyes.result()
        return composite_mouth(
            part,
            layer(lips.upper, upper, cut.upper),
            layer(lips.lower, lower, cut.lower),
            look_inside,
            corners_px=corners_px - np.array(part.corner),
            face_height_px=self._axes.face_height_px,
            room_px=OPEN_ROOM_PX,
            shown_inside=shown_inside,
            share=frame.share,
            seam=self._rig.seam(frame.mouth, frame.share),
        )


def _interior(
    axes: FaceAxes, landmarks: NDArray[np.float32], rgb: NDArray[np.uint8], cut: LipCut, seed: int
) -> MouthInterior:
    """The inside of the mouth in the colours of the picture, with the teeth that it shows."""
    palette = read_palette(axes, landmarks, rgb)
    return MouthInterior(axes, landmarks, palette, seed, shown=(rgb, cut))


def _rows(box: Box, rows: slice) -> Box:
    """Some rows of a box."""
    start, stop, _ = rows.indices(box.height)
    return Box(box.left, box.top + start, box.right, box.top + stop)
