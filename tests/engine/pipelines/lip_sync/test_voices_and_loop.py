"""Several people with voices of their own, and a picture that goes on as long as the sound."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.errors import BadParameters, NoFaceFound, NoSuchFace
from lipwright.engine.media.pixels.planes import i420_to_rgb
from lipwright.engine.media.reading.sound import load_speech
from lipwright.engine.media.values import SoundClip
from lipwright.engine.pipelines.lip_sync.run import lip_sync
from lipwright.engine.pipelines.options import LipSyncOptions, SpokenLine
from lipwright.engine.progress import JobContext
from lipwright.engine.quality.observe import MouthRecord, scan_mouth
from tests.engine.pipelines.lip_sync.talking_clips import (
    mouth_of,
    planes_of,
    syllables,
    talking_rgb,
    write_scenes,
    write_talking,
)
from tests.support.sounds import silence, tone, voice, write_sound
from tests.support.videos import write_clip

# Lips that touch are seen this far apart by the landmarks at the most, face heights.
SHUT = 0.012


@pytest.fixture(scope="module")
def couple(folder: Path) -> Path:
    """Two people side by side, both talking."""
    left, right = (np.rint(100 * syllables(30, 3.0, phase)).astype(int) for phase in (0.0, 0.5))

    def frame(index: int, _width: int, _height: int) -> NDArray[np.uint8]:
        # The second one is a mirror image, so that the two are told apart.
        return np.hstack([talking_rgb(int(left[index])), talking_rgb(int(right[index]))[:, ::-1]])

    return write_scenes(folder / "couple.mp4", 30, frame)


def half(path: Path, output: Path, side: int) -> MouthRecord:
    """The mouth of the person on one side of a video."""
    pictures = [i420_to_rgb(planes) for planes in planes_of(path)]
    width = pictures[0].shape[1] // 2

    def frame(index: int, _width: int, _height: int) -> NDArray[np.uint8]:
        return np.ascontiguousarray(pictures[index][:, side * width : (side + 1) * width])

    write_scenes(output, len(pictures), frame)
    return scan_mouth(output, JobContext())


def test_everybody_speaks_with_the_voice_that_is_theirs(couple: Path, tmp_path: Path) -> None:
    pytest.importorskip("espeakng_loader")
    output = tmp_path / "out.mp4"
    still = write_sound(tmp_path / "still.wav", silence(1.2))
    report = lip_sync(couple, {0: SoundClip(path=still), 1: SpokenLine(text="Aha, aha, ha.")}, output)
    assert report.frames_rendered == 60
    mouths = [half(output, tmp_path / f"half{side}.mp4", side).gap.max() for side in (0, 1)]
    assert min(mouths) < SHUT
    assert max(mouths) > 2 * SHUT


def test_all_the_voices_are_heard(couple: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.mp4"
    first = write_sound(tmp_path / "first.wav", np.concatenate([tone(0.5, 300), silence(0.7)]))
    second = write_sound(tmp_path / "second.wav", np.concatenate([silence(0.7), tone(0.5, 300)]))
    lip_sync(couple, {0: SoundClip(path=first), 1: SoundClip(path=second)}, output)
    heard = load_speech(SoundClip(path=output)).samples
    loudness = [
        float(np.abs(heard[int(a * 16000) : int(b * 16000)]).mean())
        for a, b in ((0.1, 0.4), (0.55, 0.65), (0.8, 1.1))
    ]
    assert min(loudness[0], loudness[2]) > 20 * loudness[1]


def test_a_voice_for_nobody_is_an_error_before_any_file_is_written(couple: Path, tmp_path: Path) -> None:
    sound = SoundClip(path=write_sound(tmp_path / "a.wav", silence(0.5)))
    with pytest.raises(NoSuchFace):
        lip_sync(couple, {0: sound, 7: sound}, tmp_path / "out.mp4")
    with pytest.raises(BadParameters, match="transcript"):
        lip_sync(couple, {0: sound, 1: sound}, tmp_path / "out.mp4", LipSyncOptions(transcript="Hello."))
    for nobody in ({}, {-1: sound}):
        with pytest.raises(BadParameters):
            lip_sync(couple, nobody, tmp_path / "out.mp4")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.wav"]


def test_a_looped_picture_lasts_as_long_as_the_sound_and_does_not_jump(folder: Path, tmp_path: Path) -> None:
    """The light rises through the clip, so a jump from its end to its beginning would be seen."""

    def frame(index: int, _width: int, _height: int) -> NDArray[np.uint8]:
        rising = talking_rgb(0).astype(np.float32) * (0.6 + 0.02 * index)
        return np.asarray(np.clip(rising, 0, 255), np.uint8)

    clip = write_scenes(folder / "rising.mp4", 15, frame)
    sound = write_sound(tmp_path / "long.wav", silence(2.0))
    output = tmp_path / "out.mp4"
    report = lip_sync(clip, SoundClip(path=sound), output, LipSyncOptions(loop=True))
    assert report.frame_count == report.frames_rendered == 50
    assert report.duration_s == pytest.approx(2.0)
    assert not any("longer" in warning for warning in report.warnings)
    light = np.array([planes[:420].mean() for planes in planes_of(output)])
    steps = np.abs(np.diff(light))
    assert steps.max() < 2 * np.median(steps)
    assert abs(light[28] - light[0]) < 1  # to the end and back


def test_the_mouth_follows_the_sound_also_while_the_picture_goes_back(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("espeakng_loader")
    clip = write_talking(folder / "short.mp4", syllables(12, 3.0))
    output = tmp_path / "out.mp4"
    lip_sync(clip, SpokenLine(text="Ah. Aha, ha, aha, aha."), output, LipSyncOptions(loop=True))
    mouth = mouth_of(output)
    assert len(mouth.gap) > 30
    assert mouth.gap[12:].max() > 2 * SHUT
    assert mouth.gap[-4:].max() < SHUT  # the silence after the text


def test_a_loop_with_a_shorter_sound_is_the_clip_itself(glimpse: Path, tmp_path: Path) -> None:
    sound = write_sound(tmp_path / "short.wav", voice(0.2))
    report = lip_sync(glimpse, SoundClip(path=sound), tmp_path / "out.mp4", LipSyncOptions(loop=True))
    assert report.frame_count == 8


def test_a_clip_without_a_face_is_told_before_anything_is_looped(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "empty.mp4", count=3)
    sound = SoundClip(path=write_sound(tmp_path / "a.wav", silence(3)))
    with pytest.raises(NoFaceFound):
        lip_sync(clip, sound, tmp_path / "out.mp4", LipSyncOptions(loop=True))


def test_the_files_other_parts_come_along(folder: Path, tmp_path: Path) -> None:
    clip = write_talking(folder / "titled.mp4", syllables(8, 3.0), tags={"title": "An evening"})
    output = tmp_path / "out.mp4"
    lip_sync(clip, SoundClip(path=write_sound(tmp_path / "a.wav", silence(0.3))), output)
    with av.open(str(output)) as container:
        assert container.metadata["title"] == "An evening"
        assert "Synthetic" in container.metadata["comment"]
