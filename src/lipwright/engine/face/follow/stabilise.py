"""Landmarks without jitter: what trembles from frame to frame is averaged away, what moves stays.

Each frame becomes the mean of itself and of pairs of neighbours, weighted by how alike they are: a face at
rest or in steady motion is averaged over a third of a second, lips that close for two frames are left alone.
The head's pose and the parts of the face are averaged apart from each other. Nothing lags, as the neighbours
lie on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.face.mesh import (
    BROW_LEFT,
    BROW_RIGHT,
    EYE_LEFT,
    EYE_LEFT_CREASE,
    EYE_RIGHT,
    EYE_RIGHT_CREASE,
    IRIS_LEFT,
    IRIS_RIGHT,
    LIPS_INNER,
    LIPS_MIDDLE_LOWER_INNER,
    LIPS_MIDDLE_LOWER_OUTER,
    LIPS_MIDDLE_UPPER_INNER,
    LIPS_MIDDLE_UPPER_OUTER,
    LIPS_OUTER,
    RIGID_POINTS,
)
from lipwright.engine.face.pose import canonical_face, fit_similarity
from lipwright.engine.face.values import MESH_POINTS, FaceTrack

# Half the time that is averaged over. Longer gives little more calm and costs more.
REACH_S = 0.16
# Weight of a neighbour falls to 0.6 at this distance in time.
TIME_SPREAD_S = 0.07
# Weight falls to 0.6 where a pair of neighbours differs by this much, in eye distances (RMS over the points
# of a part). The tracker's own noise is 0.002 to 0.004 on real clips, a closing mouth moves by 0.02 a frame.
# Larger: lips no longer meet and blinks stay half open. Smaller: the mouth trembles.
FAST_NOISE = 0.0045  # mouth, lids, irises
SLOW_NOISE = 0.012  # brows, cheeks, jaw, all that is slow
POSE_NOISE = 0.024  # the head's place, size and turn taken together


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SteadyLandmarks:
    """A stretch of a track, steadied.

    landmarks_px: float32 (frame, 478, 3). is_seen: bool (frame,); rows not seen hold nothing of use.
    """

    landmarks_px: NDArray[np.float32]
    is_seen: NDArray[np.bool_]


def steady_landmarks(
    track: FaceTrack, start: int, stop: int, *, shot_starts: tuple[int, ...] = ()
) -> SteadyLandmarks:
    """The frames from start to before stop of a track, steadied; frames around them are read as needed.

    shot_starts: frames that begin a shot; nothing is averaged across one.
    """
    reach = max(1, round(REACH_S * float(track.frame_rate)))
    low, high = max(0, start - reach), min(len(track.confidence), stop + reach)
    raw = track.landmarks.read(low, high)
    seen = track.is_seen[low:high]
    runs = _runs(seen, [frame - low for frame in shot_starts])
    steadied = raw.copy()
    for first, last in runs:
        steadied[first:last] = steady(raw[first:last], frame_rate=float(track.frame_rate))
    inner = slice(start - low, stop - low)
    return SteadyLandmarks(landmarks_px=steadied[inner], is_seen=seen[inner])


def steady(landmarks_px: NDArray[np.float32], *, frame_rate: float) -> NDArray[np.float32]:
    """Meshes of consecutive frames (frame, 478, 3), steadied, float32 of the same shape."""
    if len(landmarks_px) < 3:
        return landmarks_px
    canonical = canonical_face()[list(RIGID_POINTS)]
    scale, rotation, shift = _fit_all(canonical, landmarks_px)
    front = np.einsum("fpi,fij->fpj", landmarks_px - shift[:, None], rotation) / scale[:, None, None]
    calm = _average_parts(front, frame_rate)
    scale, rotation, shift = _average_poses(scale, rotation, shift, frame_rate)
    placed = np.einsum("fpj,fij->fpi", calm * scale[:, None, None], rotation) + shift[:, None]
    return np.asarray(placed, np.float32)


@cache
def _parts() -> tuple[tuple[NDArray[np.intp], float], ...]:
    """Points that move together, with the noise of each part: mouth, lids, irises, brows, the rest."""
    mouth = {
        *LIPS_INNER,
        *LIPS_OUTER,
        *LIPS_MIDDLE_LOWER_INNER,
        *LIPS_MIDDLE_LOWER_OUTER,
        *LIPS_MIDDLE_UPPER_INNER,
        *LIPS_MIDDLE_UPPER_OUTER,
    }
    named = (
        (mouth, FAST_NOISE),
        ({*EYE_LEFT, *EYE_LEFT_CREASE}, FAST_NOISE),
        ({*EYE_RIGHT, *EYE_RIGHT_CREASE}, FAST_NOISE),
        ({*IRIS_LEFT, *IRIS_RIGHT}, FAST_NOISE),
        ({*BROW_LEFT, *BROW_RIGHT}, SLOW_NOISE),
    )
    rest = set(range(MESH_POINTS)).difference(*(points for points, _ in named))
    return tuple((np.array(sorted(points), np.intp), noise) for points, noise in (*named, (rest, SLOW_NOISE)))


def _average_parts(front: NDArray[np.floating], frame_rate: float) -> NDArray[np.float64]:
    calm = np.empty(front.shape, np.float64)
    for part, noise in _parts():
        shapes = front[:, part].reshape(len(front), -1).astype(np.float64)
        points = shapes.shape[1] / 3
        calm[:, part] = _average(shapes, shapes, noise * np.sqrt(points), frame_rate).reshape(
            len(front), -1, 3
        )
    return calm


def _average_poses(
    scale: NDArray[np.float64],
    rotation: NDArray[np.float64],
    shift: NDArray[np.float64],
    frame_rate: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    values = np.concatenate([np.log(scale)[:, None], rotation.reshape(-1, 9), shift], axis=1)
    # Everything in eye distances: a rotation moves the skin by about its sine times that.
    unit = np.concatenate([np.ones(10), np.full(3, 1 / scale.mean())])
    mean = _average(values, values * unit, POSE_NOISE, frame_rate)
    u, _, v = np.linalg.svd(mean[:, 1:10].reshape(-1, 3, 3))
    return np.exp(mean[:, 0]), u @ v, mean[:, 10:]


def _average(
    values: NDArray[np.float64], features: NDArray[np.float64], spread: float, frame_rate: float
) -> NDArray[np.float64]:
    """Each row as the mean of itself and of pairs around it, weighted by nearness in time and likeness.

    A pair is the middle of the rows just as far before and after: steady motion passes unchanged.
    """
    reach = max(1, round(REACH_S * frame_rate))
    total = values.copy()
    weights = np.ones(len(values))
    for step in range(1, min(reach, (len(values) - 1) // 2) + 1):
        inner = slice(step, -step)
        middle = (features[: -2 * step] + features[2 * step :]) / 2
        distance = np.linalg.norm(middle - features[inner], axis=1) / spread
        weight = 2 * np.exp(-0.5 * (distance**2 + (step / frame_rate / TIME_SPREAD_S) ** 2))
        total[inner] += weight[:, None] * (values[: -2 * step] + values[2 * step :]) / 2
        weights[inner] += weight
    return total / weights[:, None]


def _fit_all(
    canonical: NDArray[np.float32], landmarks_px: NDArray[np.float32]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    fits = [fit_similarity(canonical, points[list(RIGID_POINTS)]) for points in landmarks_px]
    scale, rotation, shift = zip(*fits, strict=True)
    return np.array(scale), np.array(rotation), np.array(shift)


def _runs(seen: NDArray[np.bool_], breaks: list[int]) -> list[tuple[int, int]]:
    """Stretches of frames in which a face was seen without a break: first and one past the last."""
    runs: list[tuple[int, int]] = []
    first: int | None = None
    for i, here in enumerate([*seen.tolist(), False]):
        if first is not None and (not here or i in breaks):
            runs.append((first, i))
            first = None
        if here and first is None:
            first = i
    return runs
