"""How much each place of a picture follows the head and the breath: heads turn, shoulders stay."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array, smoothstep
from lipwright.engine.boxes import Box
from lipwright.engine.face import mesh
from lipwright.engine.render.photo.depth import BESIDE_NECK, BESIDE_NECK_FADE, jaw_line_y
from lipwright.engine.render.pixels import blurred
from lipwright.engine.render.warp.face_axes import FaceAxes
from lipwright.engine.render.warp.grid import Grid

# Over which distance below the jaw the head's motion dies away in the neck, and beside the neck in long hair.
# Shorter wrings the neck, longer takes the collar along. Face heights.
NECK_FADE, HAIR_FADE = 0.55, 0.95
# It begins to at the jaw line, and beside the face at this height below the mouth; far out, from the first
# distance from the middle to the second, at a lesser height: hair there hangs on shoulders, or it is a hand.
# Face heights.
BESIDE_FROM, FAR_OUT_FROM, FAR_OUT = 0.12, -0.30, (0.45, 0.80)
# Shoulders rise with breath from here downwards, face heights below the mouth.
SHOULDERS = 0.75
# Without layers, distances from the edge of the face mesh up to which the picture moves with the head (hair,
# ears) and from which on it stays, by direction: above, beside, below, face heights. Too near tears hair off;
# too far bends the background.
MOVES_WITH_HEAD = (0.34, 0.16, 0.02)
STAYS = (0.80, 0.56, 0.85)
# Near an edge of the drawn box that is not the picture's nothing moves, so that no seam shows there. Face
# heights: much less tears, much more holds hair back.
EDGE_FADE = 0.16


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Skinning:
    """How much the nodes of a grid follow.

    head, breath: float32 (row, column), 0 to 1.
    """

    head: NDArray[np.float32]
    breath: NDArray[np.float32]

    def __post_init__(self) -> None:
        check_array(self, "head", np.float32, ("row", "column"))
        check_array(self, "breath", np.float32, self.head.shape)


def layered_skinning(axes: FaceAxes, landmarks_px: NDArray[np.float32], grid: Grid, picture: Box) -> Skinning:
    """For a person that was cut out: all of the head follows, however far its hair reaches."""
    plane = axes.to_plane(grid.nodes_px())
    beside = smoothstep((np.abs(plane[..., 0]) - BESIDE_NECK) / BESIDE_NECK_FADE)
    start = np.maximum(jaw_line_y(axes, landmarks_px, plane[..., 0]), BESIDE_FROM)
    far_out = smoothstep((np.abs(plane[..., 0]) - FAR_OUT[0]) / (FAR_OUT[1] - FAR_OUT[0]))
    start = start + (FAR_OUT_FROM - start) * far_out
    length = NECK_FADE * (1 - beside) + HAIR_FADE * beside
    head = blurred(1 - smoothstep((plane[..., 1] - start) / length), 1.5)
    allowed = _inside(grid, picture, EDGE_FADE * axes.face_height_px)
    return Skinning(head=head * allowed, breath=_shoulders(plane) * allowed)


def fading_skinning(axes: FaceAxes, landmarks_px: NDArray[np.float32], grid: Grid) -> Skinning:
    """For a picture that was not cut into layers: what lies around the face follows less and less."""
    plane = axes.to_plane(grid.nodes_px())
    distance = distance_to_mesh(landmarks_px, grid) / axes.face_height_px
    up = np.clip(-(plane[..., 1] + 0.35) / 0.5, 0, 1)
    down = np.clip(plane[..., 1] / 0.35, 0, 1)
    side = 1 - up - down
    near = up * MOVES_WITH_HEAD[0] + side * MOVES_WITH_HEAD[1] + down * MOVES_WITH_HEAD[2]
    far = up * STAYS[0] + side * STAYS[1] + down * STAYS[2]
    # What lies beyond the picture is not known, so that nothing may move at its border either.
    allowed = _inside(grid, None, EDGE_FADE * axes.face_height_px)
    head = smoothstep(1 - (distance - near) / (far - near)) * allowed
    return Skinning(head=head.astype(np.float32), breath=_shoulders(plane) * allowed)


def distance_to_mesh(landmarks_px: NDArray[np.float32], grid: Grid) -> NDArray[np.float32]:
    """Distance of the nodes from the face mesh, pixels, 0 inside, float32 (row, column)."""
    outside = np.ones(grid.shape, dtype=np.uint8)
    outline = grid.place_of(landmarks_px[list(mesh.FACE_OVAL), :2])
    cv2.fillPoly(outside, [np.round(outline * 16).astype(np.int32)], 0, shift=4)
    distance = cv2.distanceTransform(outside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(distance * grid.cell_px, dtype=np.float32)


def _shoulders(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    low = np.clip((plane[..., 1] - SHOULDERS) / 0.4, 0, 1)
    return np.asarray(low * np.clip(1.6 - np.abs(plane[..., 0]) / 1.2, 0, 1), dtype=np.float32)


def _inside(grid: Grid, picture: Box | None, fade_px: float) -> NDArray[np.float32]:
    """0 at the edges of the grid's box that are not the picture's too, 1 from fade_px on."""
    box, nodes = grid.box, grid.nodes_px()
    x, y = nodes[..., 0], nodes[..., 1]
    room = np.full(grid.shape, np.inf, dtype=np.float32)
    for side, inwards in (
        ("left", x - box.left),
        ("right", box.right - 1 - x),
        ("top", y - box.top),
        ("bottom", box.bottom - 1 - y),
    ):
        if picture is None or getattr(box, side) != getattr(picture, side):
            room = np.minimum(room, inwards)
    return np.asarray(smoothstep(room / max(fade_px, 1.0)), dtype=np.float32)
