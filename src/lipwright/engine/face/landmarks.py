"""The mesh of a face: 478 points found in a region of a picture, and the faces of a whole picture.

Knows nothing of time; following a face through a video is track.py's work.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.face.detect import Detection, detect_faces, overlap
from lipwright.engine.face.mesh import EYE_LEFT_OUTER_CORNER, EYE_RIGHT_OUTER_CORNER, SKIN_POINTS
from lipwright.engine.face.models import FaceModel, network
from lipwright.engine.face.pose import estimate_pose
from lipwright.engine.face.region import Region
from lipwright.engine.face.values import Face

MESH_INPUT_PX = 192
# The mesh looks at the box of the face enlarged by this, as it was trained to: tighter loses the chin of an
# open mouth, wider costs precision.
REGION_SCALE = 1.5
# How often the mesh looks again at the square that its own points ask for. The detector's square is off by
# 1 to 7 px (of a face 200 px wide); after two looks the points move by less than 0.3 px.
REFINEMENTS = 2
# Two meshes whose boxes overlap by more than this are one face.
SAME_MESH_OVERLAP = 0.4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mesh:
    """What the network says about one region.

    points_px: float32 (478, 3), as Face.landmarks_px. flag: 0 to 1, that a face fills the region.
    """

    points_px: NDArray[np.float32]
    flag: float


def locate_points(rgb: NDArray[np.uint8], region: Region, *, antialias: bool = True) -> Mesh:
    """Look once at a region of a picture, about 5 ms."""
    image = region.cut(rgb, MESH_INPUT_PX, antialias=antialias).astype(np.float32) / np.float32(255)
    points, flag = network(FaceModel.MESH).run(image)
    found = region.to_picture(points, MESH_INPUT_PX).astype(np.float32)
    return Mesh(points_px=found, flag=float(1 / (1 + np.exp(-np.clip(flag[0], -50, 50)))))


def region_of(points_px: NDArray[np.floating]) -> Region:
    """The square that the mesh should look at to find these points again."""
    left, right = points_px[EYE_LEFT_OUTER_CORNER], points_px[EYE_RIGHT_OUTER_CORNER]
    return Region.around(points_px[:SKIN_POINTS], left, right, scale=REGION_SCALE)


def refine(rgb: NDArray[np.uint8], mesh: Mesh, *, times: int = REFINEMENTS) -> Mesh:
    """Look again, each time at the square that the last points ask for."""
    for _ in range(times):
        mesh = locate_points(rgb, region_of(mesh.points_px))
    return mesh


def face_of(points_px: NDArray[np.float32], confidence: float) -> Face:
    """A Face from its points."""
    low, high = points_px[:SKIN_POINTS, :2].min(axis=0), points_px[:SKIN_POINTS, :2].max(axis=0)
    return Face(
        box_xyxy=np.concatenate([low, high]).astype(np.float32),
        landmarks_px=points_px,
        confidence=confidence,
        pose=estimate_pose(points_px),
    )


def find_faces(rgb: NDArray[np.uint8], *, min_confidence: float = 0.5) -> tuple[Face, ...]:
    """Every face of a picture, uint8 (height, width, 3), largest first; empty when there is none.

    Small faces in large pictures are searched for in tiles, down to 48 pixels.
    """
    found: list[Face] = []
    for detection in detect_faces(rgb):
        face = _examine(rgb, detection)
        if face.confidence >= min_confidence and not any(_is_same(face, other) for other in found):
            found.append(face)
    return tuple(sorted(found, key=lambda face: -float(np.prod(face.box_xyxy[2:] - face.box_xyxy[:2]))))


def _examine(rgb: NDArray[np.uint8], detection: Detection) -> Face:
    first = locate_points(rgb, detection.region(scale=REGION_SCALE))
    mesh = refine(rgb, first)
    return face_of(mesh.points_px, min(detection.score, mesh.flag))


def _is_same(face: Face, other: Face) -> bool:
    """Whether two meshes lie on one face: their boxes overlap, or the nose of one lies in the other's box."""
    if overlap(face.box_xyxy, other.box_xyxy) > SAME_MESH_OVERLAP:
        return True
    small, large = sorted(
        (face, other), key=lambda each: float(np.prod(each.box_xyxy[2:] - each.box_xyxy[:2]))
    )
    nose = small.landmarks_px[1, :2]
    return bool((nose > large.box_xyxy[:2]).all() and (nose < large.box_xyxy[2:]).all())
