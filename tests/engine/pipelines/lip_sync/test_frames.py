"""Which frames and which pixels are touched, and how many frames come out."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.errors import (
    BadAudioPath,
    BadParameters,
    BadVideoFile,
    BadVideoPath,
    Cancelled,
    EngineError,
    NoFaceFound,
    NoSuchFace,
    UnknownVoice,
)
from lipwright.engine.media.pixels.planes import frame_size_wh, split_planes
from lipwright.engine.media.values import SoundClip, VideoStretch
from lipwright.engine.pipelines.lip_sync.clip_scan import scan_clip
from lipwright.engine.pipelines.lip_sync.replacement import MouthReplacement
from lipwright.engine.pipelines.lip_sync.run import lip_sync
from lipwright.engine.pipelines.lip_sync.speakers import calibrate_speaker
from lipwright.engine.pipelines.modes import LipSyncMode
from lipwright.engine.pipelines.options import LipSyncOptions, SpokenLine
from lipwright.engine.progress import LIP_SYNC_SHARES, JobContext, ProgressEvent, Stage
from tests.engine.pipelines.lip_sync.talking_clips import (
    head_rgb,
    mouth_curves,
    planes_of,
    syllables,
    talking_rgb,
    write_scenes,
    write_talking,
)
from tests.support.pictures import gradient, psnr_db
from tests.support.sounds import silence, write_sound
from tests.support.videos import write_clip

LITE = LipSyncOptions(mode=LipSyncMode.LITE)
# Two encodings of the same planes at the quality of the outputs, luma away from the face.
SAME_PICTURE_DB = 36.0


def dubbed(
    path: Path, aperture: float, options: LipSyncOptions = LITE
) -> tuple[MouthReplacement, list[NDArray[np.uint8]]]:
    """The first person's dub with a mouth held open, and the clip's frames after it."""
    clip = scan_clip(options.stretch_of(path), JobContext())
    actor = calibrate_speaker(clip, clip.faces.tracks[0], borrows=False, seed=0)
    dub = MouthReplacement(clip, actor, mouth_curves(np.full(300, aperture)), options.mode)
    frames = planes_of(path)
    for index, frame in enumerate(frames):
        dub.apply(index, frame)
    return dub, frames


def test_outside_the_lower_face_every_pixel_is_the_sources_own(glimpse: Path) -> None:
    _, after = dubbed(glimpse, 0.9)
    for before, now in zip(planes_of(glimpse), after, strict=True):
        changed = split_planes(before)[0] != split_planes(now)[0]
        rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
        assert changed.any()
        # The eyes lie above row 190 of 420, ears and hair beyond columns 90 and 330.
        assert rows[0] > 190
        assert (columns[0], columns[-1]) > (90, 0)
        assert columns[-1] < 330


def test_away_from_the_face_the_output_is_the_source_up_to_the_encoder(
    glimpse: Path, quiet: Path, tmp_path: Path
) -> None:
    lip_sync(glimpse, SoundClip(path=quiet), tmp_path / "out.mp4", LITE)
    for before, now in zip(planes_of(glimpse), planes_of(tmp_path / "out.mp4"), strict=True):
        assert psnr_db(split_planes(before)[0][:180], split_planes(now)[0][:180]) > SAME_PICTURE_DB


def test_frames_without_a_face_pass_untouched_and_are_counted(tmp_path: Path) -> None:
    def scene(index: int, _width: int, _height: int) -> NDArray[np.uint8]:
        return gradient(420, 420) if 8 <= index < 16 else talking_rgb(10 * (index % 8))

    path = write_scenes(tmp_path / "clip.mp4", 24, scene)
    dub, after = dubbed(path, 0.8)
    assert dub.counts.passed == 8
    assert dub.counts.rendered == 16
    for index, (before, now) in enumerate(zip(planes_of(path), after, strict=True)):
        assert (before == now).all() == (8 <= index < 16)


def test_a_cut_is_as_sharp_as_it_was(tmp_path: Path) -> None:
    def scene(index: int, _width: int, _height: int) -> NDArray[np.uint8]:
        picture = talking_rgb(10 * (index % 8))
        return picture if index < 10 else np.ascontiguousarray(255 - picture[:, ::-1] // 2)

    path = write_scenes(tmp_path / "clip.mp4", 20, scene)
    clip = scan_clip(VideoStretch(path=path), JobContext())
    assert clip.faces.shot_starts == (0, 10)
    _, after = dubbed(path, 0.8)
    before = planes_of(path)
    for index in (9, 10):
        # Each side of the cut changes only by its own mouth.
        difference = np.abs(split_planes(after[index])[0].astype(int) - split_planes(before[index])[0])
        assert difference[:180].max() == 0
        assert np.mean(difference > 60) < 0.02


@pytest.mark.parametrize(("face", "changes"), [("all", (True, True)), (0, (True, False)), (1, (False, True))])
def test_in_company_only_the_chosen_mouths_change(
    tmp_path: Path, quiet: Path, face: int | Literal["all"], changes: tuple[bool, bool]
) -> None:
    def scene(_index: int, _width: int, _height: int) -> NDArray[np.uint8]:
        return np.hstack([talking_rgb(60), talking_rgb(50)])

    path = write_scenes(tmp_path / "clip.mp4", 6, scene)
    options = LipSyncOptions(mode=LipSyncMode.LITE, face=face)
    report = lip_sync(path, SoundClip(path=quiet), tmp_path / "out.mp4", options)
    assert report.frames_rendered == 6 * sum(changes)
    before, now = (split_planes(planes_of(each)[3])[0] for each in (path, tmp_path / "out.mp4"))
    first = scan_clip(options.stretch_of(path), JobContext()).faces.tracks[0].boxes_xyxy[3, 0] < 420
    halves = [psnr_db(before[200:, part], now[200:, part]) for part in (slice(0, 420), slice(420, 840))]
    seen = [half < SAME_PICTURE_DB - 2 for half in halves]
    assert tuple(seen if first else reversed(seen)) == changes


@pytest.mark.parametrize(
    ("more", "size_wh", "count"),
    [
        ({"size_wh": (419, 421), "pix_fmt": "yuv444p"}, (418, 420), 7),
        ({"rotation_deg": 90}, (420, 420), 7),
        ({"times_s": [Fraction(n, 50) for n in (0, 2, 5, 6, 8, 9, 13)]}, (420, 420), 7),
        ({"frame_rate": Fraction(30000, 1001)}, (420, 420), 7),
    ],
    ids=["odd size", "turned by a flag", "variable rate", "broadcast rate"],
)
def test_any_video_comes_out_upright_even_and_in_step(
    tmp_path: Path, quiet: Path, more: dict[str, object], size_wh: tuple[int, int], count: int
) -> None:
    turned = -1 if "rotation_deg" in more else 0

    def scene(_index: int, width: int, height: int) -> NDArray[np.uint8]:
        picture = np.ascontiguousarray(np.rot90(talking_rgb(50), turned))
        padded = np.pad(picture, ((0, 1), (0, 1), (0, 0)), mode="edge")
        return np.ascontiguousarray(padded[: height or 420, : width or 420])

    path = write_scenes(tmp_path / "clip.mp4", 7, scene, **more)
    report = lip_sync(path, SoundClip(path=quiet), tmp_path / "out.mp4", LITE)
    assert (report.width_px, report.height_px) == size_wh
    assert report.frames_rendered == report.frame_count >= count
    frames = planes_of(tmp_path / "out.mp4")
    assert len(frames) == report.frame_count
    assert frame_size_wh(frames[0]) == size_wh


def test_a_stretch_and_a_lower_rate_are_cut_out_of_the_video(
    talking: Path, quiet: Path, tmp_path: Path
) -> None:
    options = LipSyncOptions(
        mode=LipSyncMode.LITE, start_s=0.4, end_s=1.2, max_frame_rate=Fraction(13), max_resolution_px=210
    )
    report = lip_sync(talking, SoundClip(path=quiet), tmp_path / "out.mp4", options)
    assert (report.frame_count, report.frame_rate) == (10, Fraction(25, 2))
    assert (report.width_px, report.height_px) == (210, 210)
    assert any("longer than the video" in warning for warning in report.warnings)


def test_the_same_input_and_seed_give_the_same_frames(glimpse: Path, quiet: Path, tmp_path: Path) -> None:
    outputs = [tmp_path / "a.mp4", tmp_path / "b.mp4"]
    for output in outputs:
        lip_sync(glimpse, SoundClip(path=quiet), output)
    first, second = (planes_of(output) for output in outputs)
    assert all((a == b).all() for a, b in zip(first, second, strict=True))


def test_progress_goes_through_the_stages_and_never_back(glimpse: Path, quiet: Path, tmp_path: Path) -> None:
    events: list[ProgressEvent] = []
    lip_sync(
        glimpse,
        SoundClip(path=quiet),
        tmp_path / "out.mp4",
        LITE,
        JobContext(events.append, shares=LIP_SYNC_SHARES),
    )
    assert list(dict.fromkeys(event.stage for event in events)) == list(Stage)
    fractions = [event.fraction for event in events]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1)


@pytest.mark.parametrize("stage", [Stage.FINDING_FACE, Stage.PREPARING, Stage.RENDERING])
def test_a_cancelled_job_leaves_nothing(glimpse: Path, quiet: Path, tmp_path: Path, stage: Stage) -> None:
    def stop(event: ProgressEvent) -> None:
        if event.stage is stage and event.done:
            context.cancel()

    context = JobContext(stop, shares=LIP_SYNC_SHARES)
    with pytest.raises(Cancelled):
        lip_sync(glimpse, SoundClip(path=quiet), tmp_path / "out.mp4", LITE, context)
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_done_is_said_and_leaves_nothing(glimpse: Path, quiet: Path, tmp_path: Path) -> None:
    folder = tmp_path / "inputs"
    folder.mkdir()
    nobody = write_clip(folder / "nobody.mp4", count=5, size_wh=(160, 120))
    broken = folder / "broken.mp4"
    broken.write_bytes(glimpse.read_bytes()[:2000])
    voice = SoundClip(path=quiet)
    cases: list[tuple[Path, SoundClip | SpokenLine, LipSyncOptions, type[EngineError]]] = [
        (folder / "absent.mp4", voice, LITE, BadVideoPath),
        (broken, voice, LITE, BadVideoFile),
        (quiet, voice, LITE, BadVideoFile),
        (nobody, voice, LITE, NoFaceFound),
        (glimpse, SoundClip(path=folder / "absent.wav"), LITE, BadAudioPath),
        (glimpse, SpokenLine(text="Hi", voice="nobody"), LITE, UnknownVoice),
        (glimpse, voice, LipSyncOptions(face=3), NoSuchFace),
        (glimpse, voice, LipSyncOptions(start_s=9), BadParameters),
    ]
    for video, spoken, options, error in cases:
        with pytest.raises(error):
            lip_sync(video, spoken, tmp_path / "out.mp4", options)
        assert not (tmp_path / "out.mp4").exists(), error


def test_a_voice_that_cannot_speak_is_refused_before_any_frame_is_looked_at(
    glimpse: Path, tmp_path: Path
) -> None:
    stages: list[Stage] = []
    with pytest.raises(UnknownVoice):
        lip_sync(
            glimpse,
            SpokenLine(text="Hi", voice="nobody"),
            tmp_path / "out.mp4",
            LITE,
            JobContext(lambda event: stages.append(event.stage)),
        )
    assert set(stages) == {Stage.READING}


def test_the_own_sound_stays_under_the_new_one_where_that_is_wanted(folder: Path, tmp_path: Path) -> None:
    from lipwright.engine.media.reading.sound import load_speech
    from tests.support.sounds import tone

    path = write_talking(folder / "humming.mp4", syllables(8, 3.0), sound=tone(0.32))
    sound = SoundClip(path=write_sound(tmp_path / "quiet.wav", silence(0.32)))
    levels = []
    for keep in (None, -6.0):
        options = LipSyncOptions(mode=LipSyncMode.LITE, keep_sound_db=keep)
        lip_sync(path, sound, tmp_path / "out.mp4", options)
        levels.append(float(np.abs(load_speech(SoundClip(path=tmp_path / "out.mp4")).samples).mean()))
    assert levels[0] < 0.001
    assert levels[1] > 0.03


def test_the_head_of_the_tests_is_one_face() -> None:
    from lipwright.engine.face.find.landmarks import find_faces

    assert len(find_faces(head_rgb())) == 1
