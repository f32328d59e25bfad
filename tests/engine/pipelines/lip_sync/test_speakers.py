"""What is learned of a person before the mouth is made: the face at rest, fades, and how much is held."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.face.find.landmarks import find_faces
from lipwright.engine.face.follow.stabilise import REACH_S
from lipwright.engine.face.measures import inner_gap
from lipwright.engine.face.values import FaceTrack
from lipwright.engine.media.pixels.colour import HD_COLOUR
from lipwright.engine.media.values import VideoStretch
from lipwright.engine.pipelines.lip_sync.clip_scan import ClipScan, scan_clip
from lipwright.engine.pipelines.lip_sync.speakers import CHUNK_FRAMES, SpeakerModel, calibrate_speaker
from lipwright.engine.pipelines.lip_sync.visibility import FADE_S
from lipwright.engine.progress import JobContext
from lipwright.engine.render.clip.neutral_face import GAP_BOUNDS, estimate_neutral_face
from lipwright.engine.render.warp.rig import FULL_GAP
from tests.engine.pipelines.lip_sync.talking_clips import FRAME_RATE, talking_rgb, write_scenes

# Beside the frames of a chunk, those that the first and the last of it are steadied with.
AROUND_FRAMES = 2 * round(REACH_S * 25)


@pytest.fixture(scope="module")
def meshes() -> dict[int, NDArray[np.float32]]:
    """The portrait's mesh by how far her mouth is open, percent."""
    return {percent: find_faces(talking_rgb(percent))[0].landmarks_px for percent in (0, 40, 60, 90)}


@dataclass
class CountingLandmarks:
    """A mesh for every frame, the same ones again and again; keeps how many were asked for at once."""

    meshes: list[NDArray[np.float32]]
    most: int = 0

    def read(self, start: int, stop: int) -> NDArray[np.float32]:
        self.most = max(self.most, stop - start)
        return np.stack([self.meshes[index % len(self.meshes)] for index in range(start, stop)])


def track_of(landmarks: CountingLandmarks, count: int) -> FaceTrack:
    return FaceTrack(
        number=0,
        frame_rate=Fraction(25),
        landmarks=landmarks,
        confidence=np.ones(count, dtype=np.float32),
        occlusion=np.zeros(count, dtype=np.float32),
        boxes_xyxy=np.tile(np.array([100, 100, 300, 380], dtype=np.float32), (count, 1)),
        angles_deg=np.zeros((count, 3), dtype=np.float32),
    )


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> ClipScan:
    """Fourteen frames with a cut in the middle; only tracks put in its place are looked at."""

    def scene(index: int, _width: int, _height: int) -> NDArray[np.uint8]:
        picture = talking_rgb(10 * index % 60)
        return picture if index < 7 else np.ascontiguousarray(255 - picture[:, ::-1] // 2)

    path = write_scenes(tmp_path_factory.mktemp("actors") / "clip.mp4", 14, scene)
    watched = scan_clip(VideoStretch(path=path), JobContext())
    assert watched.colour == HD_COLOUR
    return watched


def actor_of(clip: ClipScan, track: FaceTrack) -> SpeakerModel:
    return calibrate_speaker(clip, track, borrows=False, seed=0)


def test_the_face_at_rest_is_the_one_with_the_lips_together(meshes: dict[int, NDArray[np.float32]]) -> None:
    speaker = estimate_neutral_face([meshes[0]] * 4 + [meshes[40]] * 10 + [meshes[90]] * 6)
    assert inner_gap(speaker.neutral) < 0.01
    assert inner_gap(meshes[90]) > 0.05


def test_how_far_a_mouth_opens_is_learned_within_what_people_do(
    meshes: dict[int, NDArray[np.float32]],
) -> None:
    wide = estimate_neutral_face([meshes[0]] * 5 + [meshes[90]] * 5).full_gap
    little = estimate_neutral_face([meshes[0]] * 5 + [meshes[60]] * 5).full_gap
    still = estimate_neutral_face([meshes[0]] * 10).full_gap
    assert GAP_BOUNDS[0] <= little <= wide <= GAP_BOUNDS[1]
    assert still == FULL_GAP


def test_nobody_is_learned_from_no_frames() -> None:
    with pytest.raises(ValueError, match="at least one"):
        estimate_neutral_face([])


@pytest.mark.parametrize("hidden", ["covered", "turned away", "unsure", "gone"])
def test_the_new_mouth_fades_out_where_the_mouth_is_not_seen_and_in_again(
    clip: ClipScan, meshes: dict[int, NDArray[np.float32]], hidden: str
) -> None:
    count, gone = 60, slice(25, 35)
    track = track_of(CountingLandmarks([meshes[0]]), count)
    occlusion, angles, confidence = (
        each.copy() for each in (track.occlusion, track.angles_deg, track.confidence)
    )
    match hidden:
        case "covered":
            occlusion[gone] = 0.9
        case "turned away":
            angles[gone, 0] = -70
        case "unsure":
            confidence[gone] = 0.31
        case "gone":
            confidence[gone] = 0
    faded = replace(track, occlusion=occlusion, angles_deg=angles, confidence=confidence)
    faces = replace(clip.faces, shot_starts=(0,))
    share = actor_of(replace(clip, faces=faces), faded).share
    assert (share[gone] == 0).all()
    assert share[10] == share[50] == 1
    step = 1 / (FADE_S * float(FRAME_RATE))
    assert np.abs(np.diff(share)).max() <= step + 1e-6


def test_at_a_cut_the_new_mouth_is_whole_at_once(
    clip: ClipScan, meshes: dict[int, NDArray[np.float32]]
) -> None:
    track = track_of(CountingLandmarks([meshes[0]]), 14)
    confidence = track.confidence.copy()
    confidence[:7] = 0
    share = actor_of(clip, replace(track, confidence=confidence)).share
    assert clip.faces.shot_starts == (0, 7)
    assert share.tolist() == [0] * 7 + [1] * 7


def test_however_long_the_clip_only_a_chunk_of_meshes_is_held(
    clip: ClipScan, meshes: dict[int, NDArray[np.float32]]
) -> None:
    landmarks = CountingLandmarks(list(meshes.values()))
    actor = actor_of(clip, track_of(landmarks, 3 * CHUNK_FRAMES))
    actor.landmarks(0, CHUNK_FRAMES)
    assert landmarks.most <= CHUNK_FRAMES + AROUND_FRAMES


def test_a_clip_that_nobody_opens_the_mouth_in_lends_nothing(
    clip: ClipScan, meshes: dict[int, NDArray[np.float32]]
) -> None:
    actor = calibrate_speaker(clip, track_of(CountingLandmarks([meshes[0]]), 14), borrows=True, seed=0)
    assert actor.exemplars == {}
