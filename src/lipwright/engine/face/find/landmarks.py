"""The mesh of a face: 478 points found in a region of a picture, and the faces of a whole picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.face.find.detect import Detection, detect_faces, detect_in, overlap
from lipwright.engine.face.find.models import FaceModel, network
from lipwright.engine.face.find.region import Region
from lipwright.engine.face.mesh import (
    EYE_LEFT_OUTER_CORNER,
    EYE_RIGHT_OUTER_CORNER,
    IRIS_LEFT_CENTRE,
    IRIS_RIGHT_CENTRE,
    LIP_INNER_BOTTOM,
    LIP_INNER_TOP,
    NOSE_TIP,
    SKIN_POINTS,
    mirror_points,
)
from lipwright.engine.face.pose import face_of as face_of
from lipwright.engine.face.values import MESH_POINTS, Face

MESH_INPUT_PX = 192
# The mesh looks at the box of the face enlarged by this, as it was trained to: tighter loses the chin of an
# open mouth, wider costs precision.
REGION_SCALE = 1.5
# The network's own zero against the middle of its first pixel, measured: on twelve pictures and their mirror
# images the points lie 0.7 px apart, so each is off by half of that, to the right (and as likely downwards).
MESH_SHIFT_PX = 0.35
# How `polish` varies its square: right, down and larger in shares of its side, turned in radians. About as
# far as two looks at the same face differ; every second look is mirrored.
POLISH_LOOKS = (
    *((0.0, 0.0, 0.0, 0.0), (0.0, 0.0, 0.0, 0.0)),
    *((0.012, -0.008, 0.025, 0.03), (-0.012, -0.008, 0.025, -0.03)),
    *((-0.01, 0.012, -0.02, 0.03), (0.01, 0.012, -0.02, -0.03)),
    *((0.008, 0.004, -0.03, -0.05), (-0.008, 0.004, -0.03, 0.05)),
    *((-0.006, -0.014, 0.015, -0.02), (0.006, -0.014, 0.015, 0.02)),
)
# Four of them, for a glance: each turned and enlarged in another way.
GLANCE_LOOKS = (POLISH_LOOKS[2], POLISH_LOOKS[5], POLISH_LOOKS[6], POLISH_LOOKS[9])
# How often the mesh looks again at the square that its own points ask for. The detector's square is off by
# 1 to 7 px (of a face 200 px wide); after two looks the points move by less than 0.3 px.
REFINEMENTS = 2
# The flag's logit at which a region is as likely a face as not. Real faces give 15 to 34, cats, charts and
# a phantom -5 to 5, a man in profile 10.
FLAG_MIDDLE, FLAG_SOFTNESS = 7.0, 1.5
# How far, in face widths, the detector and the mesh may disagree on where eyes, nose and mouth are.
# Human, painted and drawn faces stay below 0.056, a profile reaches 0.09; on a dog, a cat or a cup it is
# 0.08 to 0.5.
DISAGREEMENT_MIDDLE, DISAGREEMENT_SOFTNESS = 0.075, 0.006
# The level square that the detector looks at again, over the mesh's own: it wants air around a head.
LEVEL_SCALE = 1.4
# Where nothing is found upright, the picture may lie on its side or head.
TURNS_DEG = (0.0, 90.0, -90.0, 180.0)
# Something found only then must look much more like a face: a cup of coffee on its side reaches 0.61.
TURNED_CONFIDENCE = 0.7
# Two meshes whose boxes overlap by more than this are one face.
SAME_MESH_OVERLAP = 0.4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mesh:
    """What the network says about one region.

    points_px: float32 (478, 3), as Face.landmarks_px. confidence: 0 to 1, that a face fills the region.
    """

    points_px: NDArray[np.float32]
    confidence: float

    def __post_init__(self) -> None:
        check_array(self, "points_px", np.float32, (MESH_POINTS, 3))


def locate_points(rgb: NDArray[np.uint8], region: Region, *, mirrored: bool = False) -> Mesh:
    """Look once at a region of a picture, about 5 ms. mirrored: as read_mesh."""
    return read_mesh(region.cut(rgb, MESH_INPUT_PX), region, mirrored=mirrored)


def read_mesh(cut: NDArray[np.uint8], region: Region, *, mirrored: bool = False) -> Mesh:
    """The mesh in the pixels of a region, uint8 (192, 192, 3), in the coordinates of the region's picture.

    mirrored: show the network the mirror image; its answer is turned back.
    """
    image = np.ascontiguousarray(cut[:, ::-1]) if mirrored else cut
    points, flag = network(FaceModel.MESH).run(image.astype(np.float32) / np.float32(255))
    points[:, :2] -= MESH_SHIFT_PX
    if mirrored:
        points = points[mirror_points()]
        points[:, 0] = MESH_INPUT_PX - 1 - points[:, 0]
    found = region.to_picture(points, MESH_INPUT_PX).astype(np.float32)
    return Mesh(points_px=found, confidence=_soft_step((float(flag[0]) - FLAG_MIDDLE) / FLAG_SOFTNESS))


def polish(rgb: NDArray[np.uint8], mesh: Mesh, *, looks: Sequence[tuple[float, ...]] = POLISH_LOOKS) -> Mesh:
    """Look at slightly different squares and their mirror images and average, about 6 ms each.

    One look scatters by 0.5 to 1 px of a face 200 px wide, and its mirror image differs by 1 to 2 px.
    """
    region = region_of(mesh.points_px)
    seen = []
    for i, (right, down, larger, turned_rad) in enumerate(looks):
        square = Region(
            centre_px=region.centre_px + np.array([right, down]) * region.side_px,
            side_px=region.side_px * (1 + larger),
            angle_rad=region.angle_rad + turned_rad,
        )
        seen.append(locate_points(rgb, square, mirrored=i % 2 == 1))
    points = np.stack([look.points_px for look in seen]).mean(axis=0)
    return Mesh(
        points_px=np.asarray(points, np.float32),
        confidence=float(np.mean([look.confidence for look in seen])),
    )


def region_of(points_px: NDArray[np.floating]) -> Region:
    """The square that the mesh should look at to find these points again."""
    left, right = points_px[EYE_LEFT_OUTER_CORNER], points_px[EYE_RIGHT_OUTER_CORNER]
    return Region.around(points_px[:SKIN_POINTS], left, right, scale=REGION_SCALE)


def refine(rgb: NDArray[np.uint8], mesh: Mesh, *, times: int = REFINEMENTS) -> Mesh:
    """Look again, each time at the square that the last points ask for."""
    for _ in range(times):
        mesh = locate_points(rgb, region_of(mesh.points_px))
    return mesh


def find_faces(rgb: NDArray[np.uint8], *, min_confidence: float = 0.5) -> tuple[Face, ...]:
    """Every face of a picture, uint8 (height, width, 3), largest first; empty when there is none.

    Small faces in large pictures are searched for in tiles, down to 48 pixels. A face that lies on its side
    or upside down is found when none is upright.
    """
    found: list[Face] = []
    for turned_deg in TURNS_DEG:
        least = min_confidence if turned_deg == 0 else max(min_confidence, TURNED_CONFIDENCE)
        for detection in detect_faces(rgb, turned_deg=turned_deg, thorough=turned_deg == 0):
            face = _examine(rgb, detection)
            if face.confidence >= least and not any(_is_same(face, other) for other in found):
                found.append(face)
        if found:
            break
    return tuple(sorted(found, key=lambda face: -_area(face)))


def _examine(rgb: NDArray[np.uint8], detection: Detection) -> Face:
    """The face at a detection, its confidence low where detector and mesh disagree."""
    mesh = polish(rgb, refine(rgb, locate_points(rgb, detection.region(scale=REGION_SCALE))))
    face = face_of(mesh.points_px, mesh.confidence)
    region = region_of(mesh.points_px)
    level = detect_in(rgb, replace(region, side_px=region.side_px * LEVEL_SCALE))
    sure = max(detection.score, level.score if level else 0.0)
    return replace(face, confidence=min(face.confidence, sure, agreement(face.landmarks_px, level)))


def agreement(landmarks_px: NDArray[np.floating], level: Detection | None) -> float:
    """How far a mesh and the detector's look at its region mean the same face, 0 to 1."""
    if level is None:
        return 0.0
    points = landmarks_px[:, :2]
    eyes_and_nose = points[[IRIS_LEFT_CENTRE, IRIS_RIGHT_CENTRE, NOSE_TIP]]
    mouth = points[[LIP_INNER_TOP, LIP_INNER_BOTTOM]].mean(axis=0)
    upper = np.linalg.norm(level.keypoints_px[:3] - eyes_and_nose, axis=1).mean()
    lower = np.linalg.norm(level.keypoints_px[3] - mouth)
    width_px = max(float(np.ptp(points[:SKIN_POINTS, 0])), 1.0)
    apart = float(upper + lower) / 2 / width_px
    return _soft_step((DISAGREEMENT_MIDDLE - apart) / DISAGREEMENT_SOFTNESS)


def _soft_step(value: float) -> float:
    return float(1 / (1 + np.exp(-np.clip(value, -50, 50))))


def _area(face: Face) -> float:
    return float(np.prod(face.box_xyxy[2:] - face.box_xyxy[:2]))


def _is_same(face: Face, other: Face) -> bool:
    """Whether two meshes lie on one face: their boxes overlap, or the nose of one lies in the other's box."""
    if overlap(face.box_xyxy, other.box_xyxy) > SAME_MESH_OVERLAP:
        return True
    small, large = sorted(
        (face, other), key=lambda each: float(np.prod(each.box_xyxy[2:] - each.box_xyxy[:2]))
    )
    nose = small.landmarks_px[NOSE_TIP, :2]
    return bool((nose > large.box_xyxy[:2]).all() and (nose < large.box_xyxy[2:]).all())
