"""Faces are followed through clips made of the sample portrait."""

from __future__ import annotations

from fractions import Fraction

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.face.find.landmarks import find_faces
from lipwright.engine.face.follow.track import FaceTracker
from lipwright.engine.face.mesh import LIPS_OUTER
from lipwright.engine.face.values import ClipFaces
from lipwright.engine.media.pixels.frame_view import PlanesView
from lipwright.engine.media.pixels.planes import rgb_to_i420

FRAME_RATE = Fraction(25)
SIZE_WH = (320, 240)
# The portrait's face is 93 px wide; a tracked point scatters by about half a pixel.
TRACKING_ERROR_PX = 1.5
CHIN = (148, 152, 377, 171, 175, 396, 208, 199, 428, 201, 200, 421)

Rgb = NDArray[np.uint8]


def scene(portrait_rgb: Rgb, *, at: tuple[float, float], scale: float = 1.0, grey: int = 90) -> Rgb:
    """The head of the portrait, its nose at a place of a small frame."""
    matrix = np.array([[scale, 0, at[0] - 224 * scale], [0, scale, at[1] - 122 * scale]])
    head = portrait_rgb[:230, 110:340]
    matrix[0, 2] += 110 * scale
    frame = np.full((SIZE_WH[1], SIZE_WH[0], 3), grey, np.uint8)
    return np.asarray(
        cv2.warpAffine(head, matrix, SIZE_WH, dst=frame, borderMode=cv2.BORDER_TRANSPARENT), np.uint8
    )


def empty(grey: int = 90) -> Rgb:
    return np.full((SIZE_WH[1], SIZE_WH[0], 3), grey, np.uint8)


def track(frames: list[Rgb]) -> ClipFaces:
    tracker = FaceTracker(FRAME_RATE)
    for frame in frames:
        tracker.observe(PlanesView(rgb_to_i420(frame)))
    return tracker.finish()


def test_a_clip_without_frames_has_nobody() -> None:
    assert FaceTracker(FRAME_RATE).finish().tracks == ()


def test_a_clip_without_faces_has_nobody() -> None:
    clip = track([empty()] * 6)
    assert (clip.tracks, clip.frame_count) == ((), 6)


def test_a_moving_face_is_found_in_every_frame_where_it_is(portrait_rgb: Rgb) -> None:
    places = [(110 + 4.0 * i, 110 + 1.5 * i) for i in range(20)]
    clip = track([scene(portrait_rgb, at=place) for place in places])
    assert len(clip.tracks) == 1
    assert clip.tracks[0].is_seen.all()
    noses = clip.tracks[0].landmarks.read(0, 20)[:, 1, :2]
    moved = noses - noses[0] - (np.array(places) - places[0])
    assert np.abs(moved).max() < TRACKING_ERROR_PX
    still = find_faces(scene(portrait_rgb, at=places[0]))[0].landmarks_px[1, :2]
    assert noses[0] == pytest.approx(still, abs=TRACKING_ERROR_PX)


def test_a_face_that_comes_nearer_is_followed(portrait_rgb: Rgb) -> None:
    scales = np.linspace(0.7, 1.6, 25)
    clip = track([scene(portrait_rgb, at=(160, 120), scale=float(scale)) for scale in scales])
    boxes = clip.tracks[0].boxes_xyxy
    widths = boxes[:, 2] - boxes[:, 0]
    assert widths[-1] / widths[0] == pytest.approx(1.6 / 0.7, rel=0.05)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_head_that_lies_or_stands_on_its_head_is_found(portrait_rgb: Rgb, quarters: int) -> None:
    frame = np.ascontiguousarray(np.rot90(scene(portrait_rgb, at=(160, 120)), quarters))
    clip = track([frame] * 8)
    assert len(clip.tracks) == 1
    assert clip.tracks[0].is_seen.all()
    roll_deg = clip.tracks[0].angles_deg[4, 2]
    assert abs((roll_deg + 90 * quarters + 180) % 360 - 180) < 15


def test_someone_who_leaves_and_returns_keeps_the_number(portrait_rgb: Rgb) -> None:
    there, gone = scene(portrait_rgb, at=(160, 120)), empty()
    clip = track([there] * 8 + [gone] * 12 + [there] * 8)
    assert len(clip.tracks) == 1
    seen = clip.tracks[0].is_seen
    assert seen[:8].all()
    assert not seen[8:20].any()
    assert seen[23:].all()


def test_two_people_keep_their_numbers_when_they_change_places(portrait_rgb: Rgb) -> None:
    other = np.asarray(255 - cv2.GaussianBlur(255 - portrait_rgb[:, ::-1], (0, 0), 1.2), np.uint8)
    frames = []
    for i in range(16):
        frame = scene(portrait_rgb, at=(70 + 2.0 * i, 110), scale=0.8)
        right = scene(other[:, 64:], at=(210, 110), scale=0.55)
        frame[:, 180:] = right[:, 180:]
        frames.append(frame)
    clip = track(frames)
    assert [track.number for track in clip.tracks] == [0, 1]
    first, second = (track.boxes_xyxy for track in clip.tracks)
    assert first[0, 2] - first[0, 0] > second[0, 2] - second[0, 0]
    assert all(track.is_seen.all() for track in clip.tracks)
    assert (first[:, 0] < second[:, 0]).all()


def test_a_cut_is_noticed_and_the_person_known_again_elsewhere(portrait_rgb: Rgb) -> None:
    before = [scene(portrait_rgb, at=(100, 110), grey=40)] * 8
    after = [scene(portrait_rgb, at=(220, 130), scale=0.8, grey=200)] * 8
    clip = track(before + after)
    assert clip.shot_starts == (0, 8)
    assert len(clip.tracks) == 1
    assert clip.tracks[0].is_seen.all()
    assert clip.tracks[0].boxes_xyxy[8, 0] > clip.tracks[0].boxes_xyxy[7, 0] + 60


def test_a_moving_camera_is_no_cut(portrait_rgb: Rgb) -> None:
    clip = track([scene(portrait_rgb, at=(100 + 6.0 * i, 115)) for i in range(16)])
    assert clip.shot_starts == (0,)


@pytest.mark.parametrize("colour", [(40, 40, 45), (190, 150, 130)], ids=["microphone", "hand"])
def test_something_before_the_mouth_lowers_trust_while_it_is_there(
    portrait_rgb: Rgb, colour: tuple[int, int, int]
) -> None:
    face = find_faces(scene(portrait_rgb, at=(160, 120)))[0]
    mouth = face.landmarks_px[[*LIPS_OUTER, *CHIN], :2]
    low, high = mouth.min(axis=0).astype(int) - 4, mouth.max(axis=0).astype(int) + 4
    free = scene(portrait_rgb, at=(160, 120))
    covered = free.copy()
    covered[low[1] : high[1], low[0] : high[0]] = colour
    clip = track([free] * 12 + [covered] * 6 + [free] * 6)
    trust = clip.tracks[0].confidence * (1 - clip.tracks[0].occlusion)
    assert trust[:12].min() > 0.7
    assert trust[13:18].max() < 0.5
    assert trust[20:].min() > 0.7


def test_a_repeated_frame_repeats_the_face(portrait_rgb: Rgb) -> None:
    frame = scene(portrait_rgb, at=(160, 120))
    tracker = FaceTracker(FRAME_RATE)
    for _ in range(6):
        tracker.observe(PlanesView(rgb_to_i420(frame)))
    tracker.observe_repeat()
    clip = tracker.finish()
    points = clip.tracks[0].landmarks.read(5, 7)
    assert np.array_equal(points[0], points[1])
    assert clip.tracks[0].is_seen.all()


def test_a_glimpse_of_a_face_is_no_track(portrait_rgb: Rgb) -> None:
    clip = track([empty()] * 3 + [scene(portrait_rgb, at=(160, 120))] * 2 + [empty()] * 10)
    assert clip.tracks == ()


def test_a_face_that_slides_out_of_the_frame_ends_without_an_error(portrait_rgb: Rgb) -> None:
    clip = track([scene(portrait_rgb, at=(160 + 14.0 * i, 115)) for i in range(20)])
    assert len(clip.tracks) == 1
    assert not clip.tracks[0].is_seen[-2:].any()
