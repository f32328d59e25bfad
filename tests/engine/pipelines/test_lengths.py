"""How much a job will have to do, as its files say."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from lipwright.engine import (
    BadAudioFile,
    BadParameters,
    BadVideoFile,
    BadVideoPath,
    LipSyncOptions,
    SoundClip,
    planned_frames,
    sound_length_s,
)
from lipwright.engine.media.reading.video_reader import VideoReader
from tests.support.sounds import voice, write_sound
from tests.support.videos import streamed_webm, write_clip


@pytest.mark.parametrize(
    ("rate", "options", "frames"),
    [
        (Fraction(25), LipSyncOptions(), 50),
        (Fraction(30000, 1001), LipSyncOptions(end_s=1.0), 30),
        (Fraction(240), LipSyncOptions(start_s=0.5, end_s=1.5), 240),
        (Fraction(240), LipSyncOptions(start_s=1.5, end_s=900.0), 120),
        (Fraction(240), LipSyncOptions(max_frame_rate=Fraction(24)), 48),
        (Fraction(12), LipSyncOptions(max_frame_rate=Fraction(24)), 24),
    ],
)
def test_as_many_frames_are_planned_as_the_reader_gives(
    tmp_path: Path, rate: Fraction, options: LipSyncOptions, frames: int
) -> None:
    film = write_clip(tmp_path / "film.mp4", count=round(2 * rate), frame_rate=rate)
    assert planned_frames(film, options) == frames
    with VideoReader(options.stretch_of(film)) as reader:
        assert sum(1 for _ in reader) == frames


def test_a_file_that_tells_no_length_is_measured(tmp_path: Path) -> None:
    film = tmp_path / "film.webm"
    film.write_bytes(streamed_webm(count=180, frame_rate=Fraction(120)))
    assert planned_frames(film, LipSyncOptions()) == 180
    assert planned_frames(film, LipSyncOptions(start_s=1.0, end_s=1.25)) == 30
    with pytest.raises(BadParameters, match=r"lasts 1\.50 s"):
        planned_frames(film, LipSyncOptions(start_s=1.5, end_s=2.0))


def test_a_start_after_the_end_is_told_with_the_length(tmp_path: Path) -> None:
    film = write_clip(tmp_path / "film.mp4", count=25)
    with pytest.raises(BadParameters, match=r"film\.mp4, which lasts 1\.00 s"):
        planned_frames(film, LipSyncOptions(start_s=1.0))
    sound = write_sound(tmp_path / "voice.wav", voice(1.0))
    with pytest.raises(BadParameters, match=r"lasts 1\.00 s"):
        sound_length_s(SoundClip(path=sound, start_s=1.0))


def test_a_stretch_of_a_sound_ends_with_the_file(tmp_path: Path) -> None:
    sound = write_sound(tmp_path / "voice.wav", voice(1.0))
    assert sound_length_s(SoundClip(path=sound)) == pytest.approx(1.0)
    assert sound_length_s(SoundClip(path=sound, start_s=0.25, end_s=60.0)) == pytest.approx(0.75)


def test_what_cannot_be_used_is_told_as_when_it_is_rendered(tmp_path: Path) -> None:
    sound = write_sound(tmp_path / "voice.wav", voice(0.5))
    with pytest.raises(BadVideoFile, match="no moving picture"):
        planned_frames(sound, LipSyncOptions())
    with pytest.raises(BadVideoPath):
        planned_frames(tmp_path / "nothing.mp4", LipSyncOptions())
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"no sound")
    with pytest.raises(BadAudioFile):
        sound_length_s(SoundClip(path=broken))
