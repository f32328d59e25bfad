"""Jitter goes, motion stays."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.face.follow.landmark_store import LandmarkStore
from lipwright.engine.face.follow.stabilise import steady, steady_landmarks
from lipwright.engine.face.mesh import LIPS_INNER_LOWER, LIPS_INNER_UPPER
from lipwright.engine.face.pose import canonical_face, rotation_of
from lipwright.engine.face.values import FaceTrack
from lipwright.engine.quality.mouth import mouth_shapes

FRAME_RATE = 25.0
EYE_DISTANCE_PX = 120.0
# What the tracker adds on a real clip: RMS of a point's error in one frame.
TRACKER_NOISE_PX = 0.3


def clip_of(
    apertures: NDArray[np.float64], *, turning_deg: float = 0.0, moving_px: float = 0.0
) -> NDArray[np.float32]:
    """The neutral face, its mouth open by so many face heights in each frame, turning and moving."""
    frames = []
    for i, aperture in enumerate(apertures):
        points = canonical_face().copy()
        height = float(np.linalg.norm(points[10] - points[152]))
        lower = list(LIPS_INNER_LOWER[1:-1])
        points[lower, 1] = points[list(LIPS_INNER_UPPER[1:-1]), 1] + aperture * height
        turned = points @ rotation_of(turning_deg * i, 0, 0).T * EYE_DISTANCE_PX
        frames.append(turned + np.array([300 + moving_px * i, 200, 0], np.float32))
    return np.array(frames, np.float32)


def noisy(clip: NDArray[np.float32]) -> NDArray[np.float32]:
    noise = np.random.default_rng(1).normal(0, TRACKER_NOISE_PX, clip.shape)
    return (clip + noise).astype(np.float32)


def error_px(clip: NDArray[np.float32], truth: NDArray[np.float32]) -> float:
    return float(np.sqrt(((clip - truth)[5:-5, :, :2] ** 2).mean()))


@pytest.mark.parametrize(
    ("turning_deg", "moving_px"), [(0, 0), (0.8, 0), (0, 6)], ids=["still", "turning", "moving"]
)
def test_noise_falls_to_less_than_half_whatever_the_head_does(turning_deg: float, moving_px: float) -> None:
    truth = clip_of(np.zeros(50), turning_deg=turning_deg, moving_px=moving_px)
    assert error_px(steady(noisy(truth), frame_rate=FRAME_RATE), truth) < 0.5 * TRACKER_NOISE_PX


def test_lips_that_meet_for_one_frame_still_meet() -> None:
    apertures = np.full(41, 0.06)
    apertures[[19, 20, 21]] = [0.02, 0.0, 0.02]
    shapes = mouth_shapes(steady(clip_of(apertures), frame_rate=FRAME_RATE))
    assert shapes.gap[20] < 0.004
    assert shapes.gap[10] == pytest.approx(0.06, abs=0.002)


def test_nothing_lags_behind() -> None:
    apertures = 0.04 + 0.04 * np.sin(2 * np.pi * 3 * np.arange(100) / FRAME_RATE)
    measured = mouth_shapes(steady(noisy(clip_of(apertures)), frame_rate=FRAME_RATE)).gap
    inner = slice(10, 90)
    fits = [
        float(np.corrcoef(np.roll(measured, -lag)[inner], apertures[inner])[0, 1]) for lag in range(-3, 4)
    ]
    assert int(np.argmax(fits)) - 3 == 0
    assert max(fits) > 0.99


@pytest.mark.parametrize("frames", [0, 1, 2, 3])
def test_clips_of_a_few_frames_pass(frames: int) -> None:
    clip = clip_of(np.zeros(frames)).reshape(-1, 478, 3)
    assert steady(clip, frame_rate=FRAME_RATE).shape == clip.shape


def track_of(clip: NDArray[np.float32], seen: NDArray[np.bool_]) -> FaceTrack:
    store = LandmarkStore()
    for frame in np.flatnonzero(seen):
        store.write(int(frame), clip[frame])
    count = len(clip)
    return FaceTrack(
        number=0,
        frame_rate=Fraction(25),
        landmarks=store,
        confidence=seen.astype(np.float32),
        occlusion=np.zeros(count, np.float32),
        boxes_xyxy=np.zeros((count, 4), np.float32),
        angles_deg=np.zeros((count, 3), np.float32),
    )


def test_a_stretch_read_in_pieces_equals_the_whole() -> None:
    clip = noisy(clip_of(np.zeros(60), moving_px=2))
    track = track_of(clip, np.ones(60, bool))
    whole = steady_landmarks(track, 0, 60).landmarks_px
    pieces = [steady_landmarks(track, start, start + 20).landmarks_px for start in (0, 20, 40)]
    # Poses are fitted frame by frame; only the mean scale of a piece differs.
    assert np.concatenate(pieces) == pytest.approx(whole, abs=0.05)


def test_nothing_is_averaged_across_a_cut_or_a_gap() -> None:
    clip = np.concatenate([clip_of(np.zeros(10)), clip_of(np.zeros(10)) + np.array([100, 0, 0], np.float32)])
    seen = np.ones(20, bool)
    seen[5] = False
    steadied = steady_landmarks(track_of(clip, seen), 0, 20, shot_starts=(0, 10))
    assert steadied.is_seen.tolist() == seen.tolist()
    assert steadied.landmarks_px[seen] == pytest.approx(clip[seen], abs=0.05)


def test_stored_meshes_come_back_as_they_went_in() -> None:
    store = LandmarkStore()
    mesh = noisy(clip_of(np.zeros(1)))[0] * np.float32(8)
    store.write(7, mesh)
    assert store.read(7, 8)[0] == pytest.approx(mesh, abs=0.03)
    assert not store.read(3, 5).any()
    assert store.read(8, 12).shape == (4, 478, 3)
