"""Which face speaks, and what is said when none can."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.errors import FaceCutOff, FaceTooSmall, FaceTurnedAway, NoFaceFound, NoSuchFace
from lipwright.engine.face.choose import choose_faces, choose_tracks, main_person
from lipwright.engine.face.pose import canonical_face, face_of, rotation_of
from lipwright.engine.face.values import ClipFaces, Face, FaceTrack

SIZE_WH = (800, 600)


def a_face(
    *,
    at: tuple[float, float] = (400, 280),
    eye_distance_px: float = 120,
    yaw_deg: float = 0,
    pitch_deg: float = 0,
) -> Face:
    points = canonical_face() @ rotation_of(yaw_deg, pitch_deg, 0).T * np.float32(eye_distance_px)
    return face_of(points + np.array([*at, 0], np.float32), 0.9)


def test_nobody_in_the_picture_is_said_so() -> None:
    with pytest.raises(NoFaceFound):
        choose_faces([], "largest", size_wh=SIZE_WH)


def test_the_first_face_is_the_largest_and_the_default() -> None:
    large, small = a_face(), a_face(at=(650, 200), eye_distance_px=60)
    assert choose_faces([large, small], "largest", size_wh=SIZE_WH) == (large,)


def test_a_face_can_be_named_by_its_number() -> None:
    large, small = a_face(), a_face(at=(650, 200), eye_distance_px=60)
    assert choose_faces([large, small], 1, size_wh=SIZE_WH) == (small,)


@pytest.mark.parametrize("number", [2, -1])
def test_a_number_that_nobody_has_is_refused_with_the_numbers_there_are(number: int) -> None:
    with pytest.raises(NoSuchFace, match="2 faces, numbers 0 to 1"):
        choose_faces([a_face(), a_face(at=(650, 200))], number, size_wh=SIZE_WH)


def test_a_small_face_is_refused_with_its_size_and_the_size_needed() -> None:
    with pytest.raises(FaceTooSmall, match=r"only 4\d pixels wide.*at least 64"):
        choose_faces([a_face(eye_distance_px=30)], "largest", size_wh=SIZE_WH)


@pytest.mark.parametrize(
    ("at", "part"),
    [
        ((400, 480), "chin"),  # the lips are inside, the chin is below the edge
        ((400, 560), "mouth"),
        ((-20, 280), "mouth"),  # half of the face is beside the picture
    ],
)
def test_a_face_at_the_edge_is_refused_with_the_part_that_is_missing(
    at: tuple[float, float], part: str
) -> None:
    with pytest.raises(FaceCutOff, match=part):
        choose_faces([a_face(at=at)], "largest", size_wh=SIZE_WH)


@pytest.mark.parametrize(("yaw_deg", "pitch_deg"), [(60, 0), (-60, 0), (0, 50)])
def test_a_face_turned_away_is_refused_with_its_angle(yaw_deg: float, pitch_deg: float) -> None:
    with pytest.raises(FaceTurnedAway, match=r"(60|50) degrees"):
        choose_faces([a_face(yaw_deg=yaw_deg, pitch_deg=pitch_deg)], "largest", size_wh=SIZE_WH)


def test_three_quarter_views_may_speak() -> None:
    face = a_face(yaw_deg=-40)
    assert choose_faces([face], "largest", size_wh=SIZE_WH) == (face,)


def test_all_leaves_out_those_who_cannot_speak() -> None:
    good, small = a_face(), a_face(at=(700, 100), eye_distance_px=20)
    assert choose_faces([good, small], "all", size_wh=SIZE_WH) == (good,)


def test_all_is_refused_when_nobody_can_speak() -> None:
    with pytest.raises(FaceTooSmall):
        choose_faces([a_face(eye_distance_px=30), a_face(eye_distance_px=20)], "all", size_wh=SIZE_WH)


def a_track(*, number: int, width_px: float, frames: int, of: int = 30) -> FaceTrack:
    """Someone who is seen in the first frames of a clip."""
    seen = np.zeros(of, np.float32)
    seen[:frames] = 1
    return FaceTrack(
        number=number,
        frame_rate=Fraction(25),
        landmarks=NoLandmarks(),
        confidence=seen,
        occlusion=np.zeros(of, np.float32),
        boxes_xyxy=np.tile(np.array([10, 10, 10 + width_px, 10 + width_px], np.float32), (of, 1)),
        angles_deg=np.zeros((of, 3), np.float32),
    )


class NoLandmarks:
    """Meshes that nobody needs."""

    def read(self, start: int, stop: int) -> NDArray[np.float32]:
        return np.zeros((stop - start, 478, 3), np.float32)


def a_clip(*tracks: FaceTrack) -> ClipFaces:
    return ClipFaces(frame_rate=Fraction(25), frame_count=30, tracks=tracks, shot_starts=(0,))


@pytest.mark.parametrize(("large_frames", "main"), [(4, 0), (12, 1), (30, 1)])
def test_the_main_person_has_most_of_the_picture_for_most_of_the_time(large_frames: int, main: int) -> None:
    small = a_track(number=0, width_px=50, frames=30)
    large = a_track(number=1, width_px=100, frames=large_frames)
    assert main_person(a_clip(small, large)).number == main


def test_people_of_a_clip_are_chosen_by_number_or_by_word() -> None:
    small, large = a_track(number=0, width_px=50, frames=30), a_track(number=1, width_px=100, frames=30)
    clip = a_clip(small, large)
    assert choose_tracks(clip, 0) == (small,)
    assert choose_tracks(clip, "largest") == (large,)
    assert choose_tracks(clip, "all") == (small, large)
    for nobody in (2, -1):
        with pytest.raises(NoSuchFace, match="the video shows 2"):
            choose_tracks(clip, nobody)
