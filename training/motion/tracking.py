"""From a clip to what head and face do in it, with what the tracker invents taken off.

The tracker reads an open mouth as a raised head, and a blink as lifted brows; both were measured on faces
that were drawn with known motion, and are taken off here.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation

from lipwright.engine.arrays import check_array, true_runs
from lipwright.engine.face.choose import main_person
from lipwright.engine.face.follow.stabilise import steady_landmarks
from lipwright.engine.face.follow.track import track_faces
from lipwright.engine.face.measures import face_height_px
from lipwright.engine.face.mesh import (
    BROW_LEFT,
    BROW_RIGHT,
    CHIN_BOTTOM,
    EYE_LEFT_INNER_CORNER,
    EYE_LEFT_OUTER_CORNER,
    EYE_RIGHT_INNER_CORNER,
    EYE_RIGHT_OUTER_CORNER,
    FOREHEAD_TOP,
    IRIS_LEFT_CENTRE,
    IRIS_RIGHT_CENTRE,
    MOUTH_CORNER_LEFT,
    MOUTH_CORNER_RIGHT,
)
from lipwright.engine.face.pose import estimate_pose, to_head
from lipwright.engine.media.reading.frame_views import frame_views
from lipwright.engine.media.reading.video_reader import VideoReader
from lipwright.engine.quality.mouth import eye_openings, mouth_shapes
from lipwright.engine.timeline import frame_times_s

# People are compared at this rate: the slowest of the clips.
MOTION_RATE_HZ = 25
# What an opening of the mouth by a face height adds: degrees of pitch (head up), corners and brows in face
# heights. Pitch is what sentences from a laboratory show, whose speakers hold their head still.
PITCH_PER_GAP_DEG, CORNER_PER_GAP, BROW_PER_GAP = 15.0, 0.14, 0.033
# A lid below this share of its usual opening blinks; brows are bridged over it and this long around.
BLINK_SHARE, BLINK_MARGIN_S = 0.7, 0.08
# The eyeball's radius in widths of the eye: from a shift of the iris to degrees.
EYEBALL_PER_EYE_WIDTH = 0.42
_EYES = ((EYE_LEFT_OUTER_CORNER, EYE_LEFT_INNER_CORNER), (EYE_RIGHT_INNER_CORNER, EYE_RIGHT_OUTER_CORNER))
_IRISES = (IRIS_LEFT_CENTRE, IRIS_RIGHT_CENTRE)
# Cheeks beside and above the corners of the mouth.
_CHEEKS = ((50, 101, 205, 36, 187), (280, 330, 425, 266, 411))

Series = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PersonMotion:
    """What one person does in a clip, float64 (time,) each at MOTION_RATE_HZ.

    Angles in degrees as in HeadMotion; shifts in face heights; nearness as the logarithm of the size.
    brow, corner, cheek: mean of both sides above the eyes' corners, face heights, up positive; brow_left and
    brow_right alone. lids: gap between the lids over its usual one. gaze_x_deg: in the head.
    """

    yaw_deg: Series
    pitch_deg: Series
    roll_deg: Series
    shift_x: Series
    shift_y: Series
    nearness: Series
    brow: Series
    brow_left: Series
    brow_right: Series
    corner: Series
    cheek: Series
    lids: Series
    gaze_x_deg: Series
    gap: Series

    def __post_init__(self) -> None:
        for field in fields(self):
            check_array(self, field.name, np.float64, (len(self.yaw_deg),))

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.yaw_deg) / MOTION_RATE_HZ


def track_motion(path: Path, cache: Path | None = None) -> PersonMotion:
    """The motion of the main person of a video. cache: a folder that keeps what was tracked.

    Raises ValueError where nobody is seen.
    """
    kept = cache / f"{path.stem}.npz" if cache else None
    if kept is not None and kept.is_file():
        with np.load(kept) as stored:
            return motion_of(stored["meshes_px"], stored["times_s"])
    with VideoReader(path) as reader:
        faces = track_faces(frame_views(reader), reader.frame_rate)
    if not faces.tracks:
        raise ValueError(f"no face was found in {path.name}")
    steadied = steady_landmarks(main_person(faces), 0, faces.frame_count, shot_starts=faces.shot_starts)
    times_s = frame_times_s(faces.frame_count, faces.frame_rate)
    # The longest stretch without a gap: motion across one is not known.
    first, after = max(true_runs(steadied.is_seen), key=lambda run: run[1] - run[0])
    meshes_px, times_s = steadied.landmarks_px[first:after], times_s[first:after]
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(kept, meshes_px=meshes_px, times_s=times_s)
    return motion_of(meshes_px, times_s)


def motion_of(meshes_px: NDArray[np.float32], times_s: NDArray[np.float64]) -> PersonMotion:
    """The motion of meshes, float32 (frame, 478, 3), seen at times."""
    raw = _raw_series(meshes_px)
    grid_s = np.arange(times_s[0], times_s[-1], 1 / MOTION_RATE_HZ)
    even = {name: np.interp(grid_s, times_s, series) for name, series in raw.items()}
    gap = np.maximum(even["gap"] - np.percentile(even["gap"], 10), 0)
    even["pitch_deg"] = even["pitch_deg"] + PITCH_PER_GAP_DEG * gap
    even["corner"] = even["corner"] + CORNER_PER_GAP * gap
    shut = even["lids"] < BLINK_SHARE
    around = binary_dilation(shut, iterations=round(BLINK_MARGIN_S * MOTION_RATE_HZ))
    open_s = grid_s[~around]
    for name in ("brow", "brow_left", "brow_right"):
        lifted = even[name] + BROW_PER_GAP * gap
        even[name] = np.interp(grid_s, open_s, lifted[~around]) if len(open_s) else lifted
    return PersonMotion(**even)


def _raw_series(meshes_px: NDArray[np.float32]) -> dict[str, Series]:
    poses = [estimate_pose(points) for points in meshes_px]
    fronts = np.stack([to_head(points, pose) for points, pose in zip(meshes_px, poses, strict=True)])
    unit_px = float(np.median([face_height_px(points) for points in meshes_px]))
    unit = float(np.median(np.linalg.norm(fronts[:, FOREHEAD_TOP] - fronts[:, CHIN_BOTTOM], axis=1)))
    sizes = np.array([pose.eye_distance_px for pose in poses])
    centres = np.array([pose.centre_px for pose in poses], np.float64) / unit_px
    eyes_y = fronts[:, [corner for pair in _EYES for corner in pair], 1].mean(axis=1)

    def above(points: tuple[int, ...] | list[int]) -> Series:
        return np.asarray((eyes_y - fronts[:, list(points), 1].mean(axis=1)) / unit, np.float64)

    lids = np.array([np.mean(eye_openings(points)) for points in meshes_px], np.float64)
    return {
        "yaw_deg": np.array([pose.yaw_deg for pose in poses]),
        "pitch_deg": np.array([pose.pitch_deg for pose in poses]),
        "roll_deg": np.array([pose.roll_deg for pose in poses]),
        "shift_x": centres[:, 0],
        "shift_y": centres[:, 1],
        "nearness": np.log(sizes / np.median(sizes)),
        "brow": above([*BROW_LEFT, *BROW_RIGHT]),
        "brow_left": above(BROW_LEFT),
        "brow_right": above(BROW_RIGHT),
        "corner": above([MOUTH_CORNER_LEFT, MOUTH_CORNER_RIGHT]),
        "cheek": above([*_CHEEKS[0], *_CHEEKS[1]]),
        "lids": lids / np.median(lids),
        "gaze_x_deg": _gaze_x_deg(fronts),
        "gap": mouth_shapes(meshes_px).gap.astype(np.float64),
    }


def _gaze_x_deg(fronts: NDArray[np.float32]) -> Series:
    turns = []
    for (left, right), iris in zip(_EYES, _IRISES, strict=True):
        width = np.linalg.norm(fronts[:, right] - fronts[:, left], axis=1)
        middle = (fronts[:, left, 0] + fronts[:, right, 0]) / 2
        turns.append(np.clip((fronts[:, iris, 0] - middle) / width / EYEBALL_PER_EYE_WIDTH, -1, 1))
    return np.asarray(np.rad2deg(np.arcsin(np.mean(turns, axis=0))), np.float64)
