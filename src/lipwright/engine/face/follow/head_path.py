"""Where a head of a clip is against where it mostly is, shot by shot."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_erosion

from lipwright.engine.face.follow.motion import FaceMotion
from lipwright.engine.face.pose import angles_of

# Around a frame without the face, and around a cut, the mesh is not to be trusted.
UNSURE_AROUND_S = 0.06
# Shots shorter than this have no pose of their own to measure from.
SHORTEST_SHOT_S = 0.5
# Turn in degrees, shift in face heights, change of scale: the columns of a path.
HEAD_AXES = ("yaw", "pitch", "roll", "shift_x", "shift_y", "nearness")


def shots_of(motion: FaceMotion) -> NDArray[np.bool_]:
    """The frames of each shot that show the face surely, bool (shot, frame); shots that are too short not."""
    frame_rate = float(motion.frame_rate)
    reach = max(1, round(UNSURE_AROUND_S * frame_rate))
    edges = [*motion.shot_starts, len(motion.is_seen)]
    shots = []
    for start, stop in itertools.pairwise(edges):
        inside = np.zeros(len(motion.is_seen), bool)
        inside[start:stop] = motion.is_seen[start:stop]
        # The ends of the clip itself are no edges.
        surely = binary_erosion(np.pad(inside, reach, mode="edge"), iterations=reach, border_value=1)
        inside &= surely[reach:-reach]
        if inside.sum() >= SHORTEST_SHOT_S * frame_rate:
            shots.append(inside)
    return np.array(shots) if shots else motion.is_seen[None]


def deviation(
    values: NDArray[np.floating], known: NDArray[np.bool_], shots: NDArray[np.bool_]
) -> NDArray[np.floating]:
    """Values (frame,) less the median of their shot."""
    deviations = np.zeros(len(values))
    for shot in shots:
        measured = shot & known if (shot & known).any() else shot
        deviations[shot] = values[shot] - np.median(values[measured])
    return deviations


def head_path(motion: FaceMotion, shots: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Against each shot's median, float64 (frame, axis): the columns of HEAD_AXES."""
    head = np.zeros((len(motion.is_seen), len(HEAD_AXES)))
    for shot in shots:
        neutral = _mean_rotation(np.median(motion.rotation[shot], axis=0))
        unit_px = np.median(motion.face_height_px[shot])
        head[shot, :3] = [angles_of(neutral.T @ rotation) for rotation in motion.rotation[shot]]
        head[shot, 3:5] = (motion.neck_px[shot] - np.median(motion.neck_px[shot], axis=0)) / unit_px
        head[shot, 5] = motion.face_height_px[shot] / unit_px - 1
    return head


def _mean_rotation(matrix: NDArray[np.floating]) -> NDArray[np.floating]:
    """The rotation nearest to a matrix (3, 3)."""
    u, _, v = np.linalg.svd(matrix)
    return np.asarray(u @ v)
