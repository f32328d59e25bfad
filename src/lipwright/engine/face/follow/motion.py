"""What one person of a clip does with head and face, read off the steadied mesh, frame after frame.

What the tracker invents is taken off: an open mouth, lifted brows and sunk corners of the mouth read as a
raised head, an open mouth as sinking corners and brows, a turned head as eyes that turn back. The slopes were
measured on rendered faces of known motion; that of the open mouth on sentences of real people.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.face import mesh
from lipwright.engine.face.follow.stabilise import steady_landmarks
from lipwright.engine.face.pose import (
    angles_of,
    canonical_face,
    estimate_pose,
    from_head,
    rotation_of,
    to_head,
)
from lipwright.engine.face.values import MESH_POINTS, ClipFaces, FaceTrack

# How many degrees the head reads as raised for each face height of a gap between the lips, of brows above
# where they mostly are, and of corners of the mouth below. Without the first, each word nods; with twice as
# much each word nods the other way.
RAISED_PER_GAP_DEG, RAISED_PER_BROWS_DEG, RAISED_PER_SUNK_CORNERS_DEG = 15.0, 65.0, 45.0
# By how much a gap of one face height sinks the corners of the mouth and the brows, face heights.
CORNERS_PER_GAP, BROWS_PER_GAP = 0.14, 0.033
# Half the width of an eyeball, distances of the outer corners of the eyes: 12 of 90 mm.
EYEBALL_RADIUS = 0.133
# Of a turn of the eyes, what the mesh of the iris shows; and how far it shows eyes to turn back that a
# turning head takes along, by degree.
GAZE_READ_SHARE, GAZE_PER_YAW = 0.445, 0.40
# The top of the neck, about which a head turns: face heights below and behind the middle of the mouth.
NECK = (0.0, 0.10, 0.50)
# Landmarks are taken from the disk in pieces of this many frames: 3 MB.
_PIECE_FRAMES = 500

_LIDS = ((mesh.EYE_LEFT_UPPER, mesh.EYE_LEFT_LOWER), (mesh.EYE_RIGHT_UPPER, mesh.EYE_RIGHT_LOWER))
_EYE_CORNERS = (
    (mesh.EYE_LEFT_OUTER_CORNER, mesh.EYE_LEFT_INNER_CORNER),
    (mesh.EYE_RIGHT_INNER_CORNER, mesh.EYE_RIGHT_OUTER_CORNER),
)
_IRISES = (mesh.IRIS_LEFT_CENTRE, mesh.IRIS_RIGHT_CENTRE)
_MOUTH_CORNERS = (mesh.MOUTH_CORNER_LEFT, mesh.MOUTH_CORNER_RIGHT)
# The points of each brow, both edges, from the outer end to the inner one.
_BROWS = (
    (mesh.BROW_LEFT_UPPER, mesh.BROW_LEFT_LOWER),
    (mesh.BROW_RIGHT_UPPER[::-1], mesh.BROW_RIGHT_LOWER[::-1]),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FaceMotion:
    """One person of a clip over time; rows without the face hold nothing of use.

    Lengths are in face heights, measured after the head is turned to the front. Sides are the viewer's, left
    first.

    is_seen: bool (frame,). shot_starts: as in ClipFaces.
    rotation: float32 (frame, 3, 3), from the head's axes to the picture's.
    neck_px: float32 (frame, 2), the place that the head turns about. face_height_px: float32 (frame,), as
        seen from the front.
    brows_inner, brows_outer: float32 (frame, side), height of the ends of the brows above the eyes.
    corners: float32 (frame, side), height of the corners of the mouth, negative below the eyes.
    lids: float32 (frame, side), gap between the lids.
    gaze_deg: float32 (frame,), the eyes' turn in the head to the viewer's right. Up and down cannot be read.
    gap, width, jaw: float32 (frame,), between the lips, between the corners, from the nose to the chin.
    rounding: float32 (frame,), thickness of both lips over the width of the mouth.
    """

    frame_rate: Fraction
    is_seen: NDArray[np.bool_]
    shot_starts: tuple[int, ...]
    rotation: NDArray[np.float32]
    neck_px: NDArray[np.float32]
    face_height_px: NDArray[np.float32]
    brows_inner: NDArray[np.float32]
    brows_outer: NDArray[np.float32]
    corners: NDArray[np.float32]
    lids: NDArray[np.float32]
    gaze_deg: NDArray[np.float32]
    gap: NDArray[np.float32]
    width: NDArray[np.float32]
    jaw: NDArray[np.float32]
    rounding: NDArray[np.float32]

    def __post_init__(self) -> None:
        frames = len(self.is_seen)
        check_array(self, "is_seen", np.bool_, (frames,))
        check_array(self, "rotation", np.float32, (frames, 3, 3))
        check_array(self, "neck_px", np.float32, (frames, 2))
        for name in ("brows_inner", "brows_outer", "corners", "lids"):
            check_array(self, name, np.float32, (frames, 2))
        for name in ("face_height_px", "gaze_deg", "gap", "width", "jaw", "rounding"):
            check_array(self, name, np.float32, (frames,))


def read_motion(track: FaceTrack, faces: ClipFaces) -> FaceMotion:
    """Read what a person of a clip does. The face height is the clip's median."""
    count = faces.frame_count
    rotation = np.tile(np.eye(3, dtype=np.float32), (count, 1, 1))
    neck_px, unit_px = np.zeros((count, 2), np.float32), np.zeros(count, np.float32)
    shapes = {name: np.zeros((count, *columns), np.float32) for name, columns in _SHAPES.items()}
    neck = _neck()
    for start in range(0, count, _PIECE_FRAMES):
        stop = min(count, start + _PIECE_FRAMES)
        steadied = steady_landmarks(track, start, stop, shot_starts=faces.shot_starts)
        seen = np.flatnonzero(steadied.is_seen)
        fronts = np.zeros((len(seen), MESH_POINTS, 3), np.float32)
        for place, index in enumerate(seen):
            points = steadied.landmarks_px[index]
            pose = estimate_pose(points)
            fronts[place] = to_head(points, pose)
            rotation[start + index], unit_px[start + index] = pose.rotation, pose.eye_distance_px
            neck_px[start + index] = from_head(neck, pose)[0, :2]
        for name, read in _read_shapes(fronts).items():
            shapes[name][start + seen] = read
    is_seen = track.is_seen
    height = float(np.median(shapes.pop("height")[is_seen])) if is_seen.any() else 1.0
    gaze_deg, rounding = shapes.pop("gaze_deg"), shapes.pop("rounding")
    lengths = {name: (values / height).astype(np.float32) for name, values in shapes.items()}
    gap = lengths["gap"]
    for name in ("brows_inner", "brows_outer"):
        lengths[name] += BROWS_PER_GAP * gap[:, None]
    lengths["corners"] += CORNERS_PER_GAP * gap[:, None]
    raised_deg = RAISED_PER_GAP_DEG * gap
    brows = (lengths["brows_inner"] + lengths["brows_outer"]).mean(axis=1) / 2
    corners = lengths["corners"].mean(axis=1)
    if is_seen.any():
        raised_deg += RAISED_PER_BROWS_DEG * (brows - np.median(brows[is_seen]))
        raised_deg -= RAISED_PER_SUNK_CORNERS_DEG * (corners - np.median(corners[is_seen]))
    yaw_deg = np.array([angles_of(each)[0] for each in rotation], np.float32).reshape(-1)
    lowered = np.array([rotation_of(0, each, 0) for each in raised_deg.tolist()], np.float32)
    return FaceMotion(
        frame_rate=faces.frame_rate,
        is_seen=is_seen,
        shot_starts=faces.shot_starts,
        rotation=(rotation @ lowered.reshape(-1, 3, 3)).astype(np.float32),
        neck_px=neck_px,
        face_height_px=(unit_px * height).astype(np.float32),
        gaze_deg=(gaze_deg + GAZE_PER_YAW * yaw_deg).astype(np.float32),
        rounding=rounding,
        **lengths,
    )


def _neck() -> NDArray[np.float32]:
    """The top of the neck from between the eyes, float32 (1, 3), eye distances in the head's axes."""
    face = canonical_face()
    height = float(np.linalg.norm(face[mesh.FOREHEAD_TOP] - face[mesh.CHIN_BOTTOM]))
    mouth = face[list(mesh.LIPS_INNER)].mean(axis=0)
    return np.asarray(mouth + height * np.array(NECK), np.float32)[None]


# What is read of a mesh, with the further axes of each: two for the sides.
_SHAPES: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(("brows_inner", "brows_outer", "corners", "lids"), (2,)),
    **dict.fromkeys(("gap", "width", "jaw", "height", "gaze_deg", "rounding"), ()),
}


def _read_shapes(fronts: NDArray[np.float32]) -> dict[str, NDArray[np.floating]]:
    """Of meshes turned to the front, (frame, 478, 3) in eye distances: what _SHAPES names."""
    y = fronts[..., 1]
    eyes = y[:, list(_EYE_CORNERS[0] + _EYE_CORNERS[1])].mean(axis=1)[:, None]
    brows = np.stack([y[:, np.array(side)].mean(axis=1) for side in _BROWS], axis=1) - eyes[..., None]
    width = _distances(fronts, *_MOUTH_CORNERS)
    lips = _distances(fronts, mesh.LIP_OUTER_TOP, mesh.LIP_INNER_TOP)
    lips = lips + _distances(fronts, mesh.LIP_INNER_BOTTOM, mesh.LIP_OUTER_BOTTOM)
    return {
        "brows_outer": -brows[..., :3].mean(axis=-1),
        "brows_inner": -brows[..., 2:].mean(axis=-1),
        "corners": eyes - y[:, list(_MOUTH_CORNERS)],
        "lids": np.stack([_middle_gaps(fronts, *rows) for rows in _LIDS], axis=1),
        "gaze_deg": np.mean([_gaze_deg(fronts, side) for side in (0, 1)], axis=0),
        "gap": _middle_gaps(fronts, mesh.LIPS_INNER_UPPER, mesh.LIPS_INNER_LOWER),
        "width": width,
        "jaw": _distances(fronts, mesh.NOSE_BASE[2], mesh.CHIN_BOTTOM),
        "height": _distances(fronts, mesh.FOREHEAD_TOP, mesh.CHIN_BOTTOM),
        "rounding": lips / np.maximum(width, 1e-6),
    }


def _middle_gaps(
    fronts: NDArray[np.float32], upper: tuple[int, ...], lower: tuple[int, ...]
) -> NDArray[np.floating]:
    """Mean gap of the three middle pairs of two rows, at least 0: one pair alone is noisy."""
    middle = slice(len(upper) // 2 - 1, len(upper) // 2 + 2)
    gaps = fronts[:, list(lower[middle]), 1] - fronts[:, list(upper[middle]), 1]
    return np.asarray(np.maximum(gaps.mean(axis=1), 0))


def _gaze_deg(fronts: NDArray[np.float32], side: int) -> NDArray[np.floating]:
    aside = fronts[:, _IRISES[side], 0] - fronts[:, list(_EYE_CORNERS[side]), 0].mean(axis=1)
    turned = np.arcsin(np.clip(aside / EYEBALL_RADIUS, -0.9, 0.9))
    return np.asarray(np.rad2deg(turned) / GAZE_READ_SHARE)


def _distances(fronts: NDArray[np.float32], a: int, b: int) -> NDArray[np.floating]:
    return np.asarray(np.linalg.norm(fronts[:, a] - fronts[:, b], axis=1))
