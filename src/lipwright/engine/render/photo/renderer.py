"""A photo that speaks: one picture and its faces, drawn for each row of curves.

Works on a box around each face; the rest of the picture is never touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.curves import Mouth
from lipwright.engine.boxes import Box
from lipwright.engine.face import mesh
from lipwright.engine.face.values import Face
from lipwright.engine.gesture.limits import HeadLimits
from lipwright.engine.render.mouth.composite import InsideView, LipLayer, composite_mouth
from lipwright.engine.render.mouth.interior import MouthInterior
from lipwright.engine.render.mouth.lips import lip_cut, refine_lip_line
from lipwright.engine.render.mouth.opening import Opening, shadow_room_px
from lipwright.engine.render.mouth.palette import read_palette
from lipwright.engine.render.patch import Patch
from lipwright.engine.render.photo.eyes import Eyes
from lipwright.engine.render.photo.falloff import falloff_between_faces
from lipwright.engine.render.photo.head import STAYS, HeadField
from lipwright.engine.render.pixels import look_up
from lipwright.engine.render.warp.displacement import (
    INVERSION_STEPS,
    MOUTH_INVERSION_STEPS,
    DisplacementFields,
    invert,
)
from lipwright.engine.render.warp.face_axes import face_axes
from lipwright.engine.render.warp.grid import CELLS_PER_FACE_HEIGHT, Grid
from lipwright.engine.render.warp.rig import FaceRig

# Textures are enlarged before they are warped, so that a shift by half a pixel does not soften them: measured
# on a portrait, sharpness against the photo rises from 0.81 to 0.92 and the frame takes no longer. Larger
# boxes would take more than 36 MB.
ENLARGE_BELOW_PX = 3_000_000
# What a still head needs around the mesh, face heights: room for skin that follows chin and brows.
STILL_MARGIN = 0.36


class PhotoRenderer:
    """Draws the chosen faces of a picture, all with the same mouth and each in its own place."""

    def __init__(
        self, rgb: NDArray[np.uint8], faces: Sequence[Face], *, seed: int = 0, head_moves: bool = True
    ) -> None:
        """rgb: uint8 (height, width, 3) with even sides, not changed."""
        self._renderers = [
            FaceRenderer(
                rgb,
                face,
                other_faces=[other for other in faces if other is not face],
                seed=seed,
                head_moves=head_moves,
            )
            for face in faces
        ]

    @property
    def head_limits(self) -> HeadLimits:
        """How far the heads may turn: the least of the faces."""
        return HeadLimits(yaw_deg=6, pitch_deg=5, roll_deg=4)

    def draw(
        self, mouth: NDArray[np.float32], gesture: NDArray[np.float32], share: float = 1.0
    ) -> Iterator[Patch]:
        """What changes in the picture for a row of ArticulationCurves and a row of GestureCurves.

        share: how much the speaking mouth takes over from that of the picture, 0 to 1.
        """
        mouth = (
            mouth * np.float32(share)
            + np.float32(1 - share) * np.eye(len(mouth), dtype=np.float32)[Mouth.WIDTH]
        )
        for renderer in self._renderers:
            yield Patch(box=renderer.box, rgb=renderer.draw(mouth, gesture), weight=renderer.weight)


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
    ) -> None:
        """rgb: uint8 (height, width, 3) with even sides. other_faces: those that move in the same picture.

        head_moves: whether head motion will be asked for.
        """
        height, width = rgb.shape[:2]
        axes = face_axes(face)
        landmarks = refine_lip_line(axes, face.landmarks_px, rgb)
        face = Face(
            box_xyxy=face.box_xyxy, landmarks_px=landmarks, confidence=face.confidence, pose=face.pose
        )
        axes = face_axes(face)
        self._axes = axes
        self._rig = FaceRig(axes)
        unit = axes.face_height_px
        self.box = _moving_box(landmarks, unit, (width, height), head_moves)
        self._grid = Grid.over(self.box, unit / CELLS_PER_FACE_HEIGHT)
        self._nodes = self._grid.nodes_px()
        self._fields = DisplacementFields(axes, landmarks, self._grid, is_kept=True)
        falloff = falloff_between_faces(self._nodes, face, other_faces, unit) if other_faces else None
        self._falloff = None if falloff is None else falloff[..., None]
        self._head = None
        if head_moves:
            depth = self._fields.spread(landmarks[:, 2])
            self._head = HeadField(axes, landmarks, self._grid, rgb, depth, falloff)
        self.weight = None if falloff is None else self._grid.to_pixels((falloff > 0).astype(np.float32))

        self._source = rgb[self.box.slices]
        self._enlarged = 2 if self._source.shape[0] * self._source.shape[1] <= ENLARGE_BELOW_PX else 1
        self._texture = _enlarge(self._source, self._enlarged)
        shifted = landmarks.copy()
        shifted[:, :2] -= self.box.corner
        self._eyes = Eyes(_enlarged_points(shifted, self._enlarged), self._texture)

        palette = read_palette(axes, landmarks, rgb)
        self._corners_px = landmarks[[mesh.INNER_CORNER_LEFT, mesh.INNER_CORNER_RIGHT], :2]
        self._mouth_grid = self._grid.part(_mouth_box(landmarks, unit, self.box))
        self._cut = lip_cut(axes, landmarks, self._mouth_grid[0].box)
        self._interior = MouthInterior(axes, landmarks, palette, seed, shown=(rgb, self._cut))

    def draw(self, mouth: NDArray[np.float32], gesture: NDArray[np.float32]) -> NDArray[np.uint8]:
        """The face's box for rows of ArticulationCurves and GestureCurves, uint8 (height, width, 3)."""
        self._eyes.draw(self._texture, gesture)
        moves = self._axes.displacement_px(self._rig.moves(mouth, gesture))
        upper, lower = self._fields.displacement(moves)
        if self._falloff is not None:
            upper, lower = upper * self._falloff, lower * self._falloff
        turned = None
        if self._head is not None:
            turned = self._head.displacement(gesture)
            upper, lower = upper + turned, lower + turned
        whole = np.where(self._fields.is_above[..., None], upper, lower)
        sources = invert(whole, self._grid, self._nodes, INVERSION_STEPS)
        picture = look_up(self._texture, self._places(self._grid, sources))
        head = self._head_affine(turned)
        corners = self._corners_px + moves[[mesh.INNER_CORNER_LEFT, mesh.INNER_CORNER_RIGHT]]
        corners = (corners @ head[:, :2].T + head[:, 2]).astype(np.float32)
        drawn = self._draw_mouth(upper, lower, mouth, head, corners)
        picture[drawn.box.seen_from(self.box).slices] = drawn.rgb
        return picture

    def _places(self, grid: Grid, sources: NDArray[np.float32]) -> NDArray[np.float32]:
        """Where in the texture each pixel of a grid's box comes from, float32 (height, width, 2)."""
        corner = np.array(self.box.corner, dtype=np.float32) - 0.5
        return grid.to_pixels((sources - corner) * np.float32(self._enlarged) - np.float32(0.5))

    def _lip_layer(
        self, field: NDArray[np.float32], cut: NDArray[np.float32], cut_corner: NDArray[np.float32]
    ) -> LipLayer:
        """A lip layer that a field displaces, over the box of the mouth."""
        grid, here = self._mouth_grid
        sources = invert(field[here], grid, self._nodes[here], MOUTH_INVERSION_STEPS)
        places = self._places(grid, sources)
        return LipLayer(
            cover=look_up(cut, grid.to_pixels(sources - cut_corner)),
            colours=lambda rows: look_up(self._texture, places[rows]),
        )

    def _draw_mouth(
        self,
        upper_field: NDArray[np.float32],
        lower_field: NDArray[np.float32],
        mouth: NDArray[np.float32],
        head: NDArray[np.float32],
        corners_px: NDArray[np.float32],
    ) -> Patch:
        """The lips and what lies between them. head: float32 (2, 3), how the head moves the mouth."""

        def look_inside(opening: Opening) -> InsideView:
            seen = self._interior.view(opening.box, head, mouth, self._rig.jaw_drop(mouth))
            return InsideView(rgb=seen, light=opening.light())

        cut, part = self._cut, self._mouth_grid[0].box
        cut_corner = np.array(cut.box.corner, dtype=np.float32)
        unit = self._axes.face_height_px
        return composite_mouth(
            part,
            self._lip_layer(upper_field, cut.upper, cut_corner),
            self._lip_layer(lower_field, cut.lower, cut_corner),
            look_inside,
            corners_px=corners_px - np.array(part.corner),
            face_height_px=unit,
            # Blurring the covers for the shadow needs some of the lips around the opening.
            room_px=shadow_room_px(unit),
        )

    def _head_affine(self, turned: NDArray[np.float32] | None) -> NDArray[np.float32]:
        """How the head's motion moves the surroundings of the mouth, float32 (2, 3)."""
        if turned is None:
            return np.array([[1, 0, 0], [0, 1, 0]], dtype=np.float32)
        axes = self._axes
        places = axes.origin_px[:2] + np.stack([np.zeros(2), 0.1 * axes.x_axis_px, 0.1 * axes.y_axis_px])
        where = self._grid.place_of(places.astype(np.float32))
        moved = look_up(turned, where[None])[0]
        affine = cv2.getAffineTransform(places.astype(np.float32), (places + moved).astype(np.float32))
        return np.asarray(affine, dtype=np.float32)


def _enlarge(source: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    if factor == 1:
        return source.copy()
    enlarged = cv2.resize(source, None, fx=factor, fy=factor, interpolation=cv2.INTER_LANCZOS4)
    return np.asarray(enlarged, dtype=np.uint8)


def _enlarged_points(points_px: NDArray[np.float32], factor: int) -> NDArray[np.float32]:
    """Landmarks in the pixels of an enlarged picture; pixel centres keep their places."""
    enlarged = points_px.copy()
    enlarged[:, :2] = (points_px[:, :2] + 0.5) * factor - 0.5
    enlarged[:, 2] *= factor
    return enlarged


def _moving_box(
    landmarks_px: NDArray[np.float32], unit_px: float, picture_wh: tuple[int, int], head_moves: bool
) -> Box:
    """The even box that everything which moves lies in."""
    margins = [
        m * unit_px for m in ((STAYS[1], STAYS[0], STAYS[1], STAYS[2]) if head_moves else (STILL_MARGIN,) * 4)
    ]
    low, high = landmarks_px[:, :2].min(axis=0), landmarks_px[:, :2].max(axis=0)
    box = Box(
        int(low[0] - margins[0]),
        int(low[1] - margins[1]),
        int(high[0] + margins[2]) + 1,
        int(high[1] + margins[3]) + 1,
    )
    return box.evened().clipped(Box.of_size(picture_wh))


def _mouth_box(landmarks_px: NDArray[np.float32], unit_px: float, within: Box) -> Box:
    """The box in which the two lip layers differ, with room for the motion of the head."""
    lips = landmarks_px[list(mesh.LIPS_OUTER), :2]
    low, high = lips.min(axis=0), lips.max(axis=0)
    side, above, below = 0.12 * unit_px, 0.14 * unit_px, 0.24 * unit_px
    box = Box(int(low[0] - side), int(low[1] - above), int(high[0] + side), int(high[1] + below))
    return box.clipped(within)
