"""Sounds of every kind come in at the times at which a player plays them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.errors import BadAudioFile, BadAudioPath, BadParameters, SilentSound
from lipwright.engine.media.reading.sound import load_speech, probe_sound, write_wav
from lipwright.engine.media.values import SPEECH_RATE_HZ, SoundClip
from tests.support.sounds import SOUND_FORMATS, SOUND_RATE_HZ, clicks, silence, tone, voice, write_sound
from tests.support.videos import write_clip

# Codecs smear a burst over a few ms; a forgotten encoder delay is 23 ms or more.
BURST_TOLERANCE_S = 0.003
# AAC without a container knows nothing of its encoder's delay: a player plays it too.
ADTS_DELAY_S = 1024 / SOUND_RATE_HZ
# AMR keeps speech and drops a burst; its timing is tested with a voice.
BURST_FORMATS = [kind for kind in SOUND_FORMATS if kind != "amr"]


def burst_times_s(samples: NDArray[np.float32]) -> list[float]:
    """When each burst of :func:`tests.support.sounds.clicks` begins."""
    loud = np.flatnonzero(np.abs(samples) > 0.15)
    begins = loud[np.flatnonzero(np.diff(loud, prepend=-SPEECH_RATE_HZ) > SPEECH_RATE_HZ // 10)]
    return [float(begin) / SPEECH_RATE_HZ for begin in begins]


@pytest.mark.parametrize("kind", BURST_FORMATS)
def test_what_is_heard_at_a_time_is_at_that_time(tmp_path: Path, kind: str) -> None:
    path = write_sound(tmp_path / f"s.{kind}", clicks(2.0, [0.5, 1.5]))
    delay_s = ADTS_DELAY_S if kind == "aac" else 0.0
    found = burst_times_s(load_speech(SoundClip(path=path)).samples)
    assert found == pytest.approx([0.5 + delay_s, 1.5 + delay_s], abs=BURST_TOLERANCE_S)


@pytest.mark.parametrize("kind", SOUND_FORMATS)
def test_the_probed_length_is_the_decoded_length(tmp_path: Path, kind: str) -> None:
    clip = SoundClip(path=write_sound(tmp_path / f"s.{kind}", voice(1.7)))
    speech = load_speech(clip)
    assert probe_sound(clip).duration_s == pytest.approx(speech.duration_s, abs=0.002)
    padding_s = 0.05 if kind in ("aac", "amr") else 0.002
    assert speech.duration_s == pytest.approx(1.7, abs=padding_s)
    assert np.abs(speech.samples).max() > 0.05


def test_probing_tells_rate_and_channels(tmp_path: Path) -> None:
    stereo = np.stack([tone(1.0), silence(1.0)])
    info = probe_sound(SoundClip(path=write_sound(tmp_path / "s.flac", stereo)))
    assert (info.sample_rate_hz, info.channels) == (SOUND_RATE_HZ, 2)


def test_both_channels_are_heard(tmp_path: Path) -> None:
    left_then_right = np.stack(
        [np.concatenate([tone(1.0), silence(1.0)]), np.concatenate([silence(1.0), tone(1.0)])]
    )
    samples = load_speech(SoundClip(path=write_sound(tmp_path / "s.wav", left_then_right))).samples
    first, second = np.split(samples, 2)
    assert np.std(first) == pytest.approx(np.std(second), rel=0.05)


@pytest.mark.parametrize("kind", ["wav", "mp3", "m4a", "opus"])
def test_a_stretch_is_cut_exactly(tmp_path: Path, kind: str) -> None:
    path = write_sound(tmp_path / f"s.{kind}", clicks(3.0, [0.5, 1.5, 2.5]))
    speech = load_speech(SoundClip(path=path, start_s=1.25, end_s=2.0))
    assert speech.duration_s == pytest.approx(0.75, abs=1 / SPEECH_RATE_HZ)
    assert burst_times_s(speech.samples) == pytest.approx([0.25], abs=BURST_TOLERANCE_S)
    assert probe_sound(SoundClip(path=path, start_s=1.25, end_s=2.0)).duration_s == pytest.approx(0.75)


def test_an_end_after_the_sounds_end_means_its_end(tmp_path: Path) -> None:
    clip = SoundClip(path=write_sound(tmp_path / "s.wav", tone(1.0)), start_s=0.25, end_s=9.0)
    assert load_speech(clip).duration_s == pytest.approx(0.75)
    assert probe_sound(clip).duration_s == pytest.approx(0.75)


def test_a_pitch_survives_the_change_of_rate(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "s.wav", tone(1.0, 1000.0))
    samples = load_speech(SoundClip(path=path)).samples
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    assert int(np.argmax(spectrum)) == 1000
    assert np.abs(samples).max() == pytest.approx(0.25, rel=0.05)


def test_the_sound_of_a_video_is_heard_in_step_with_its_picture(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "v.mp4", count=50, sound=clicks(2.0, [1.0]))
    assert burst_times_s(load_speech(SoundClip(path=path)).samples) == pytest.approx(
        [1.0], abs=BURST_TOLERANCE_S
    )


def test_a_missing_file_is_told_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(BadAudioPath, match=r"nothing\.wav"):
        load_speech(SoundClip(path=tmp_path / "nothing.wav"))
    with pytest.raises(BadAudioPath):
        probe_sound(SoundClip(path=tmp_path))


@pytest.mark.parametrize("content", [b"", b"this is not a sound", b"ID3\x03", b"RIFF\xff\xff\xff\xffWAVE"])
def test_what_is_no_sound_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "s.mp3"
    path.write_bytes(content)
    with pytest.raises(BadAudioFile, match=r"s\.mp3"):
        load_speech(SoundClip(path=path))


def test_a_video_without_sound_is_told_apart(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "mute.mp4", count=3)
    with pytest.raises(BadAudioFile, match=r"The video mute\.mp4 has no sound"):
        load_speech(SoundClip(path=path))


def test_a_playlist_does_not_open_other_files(tmp_path: Path) -> None:
    secret = write_sound(tmp_path / "secret.wav", tone(1.0))
    playlist = tmp_path / "song.mp3"
    playlist.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{secret}\n#EXT-X-ENDLIST\n")
    with pytest.raises(BadAudioFile):
        load_speech(SoundClip(path=playlist))
    playlist.write_text(f"ffconcat version 1.0\nfile {secret.name}\n")
    with pytest.raises(BadAudioFile):
        load_speech(SoundClip(path=playlist))


def test_a_name_that_looks_like_an_address_is_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_sound(tmp_path / "real.wav", tone(0.5)).rename(tmp_path / "concat:a|b.wav")
    monkeypatch.chdir(tmp_path)
    assert load_speech(SoundClip(path=Path("concat:a|b.wav"))).duration_s == pytest.approx(0.5)


@pytest.mark.parametrize("duration_s", [0.0, 0.05])
def test_an_empty_sound_is_refused(tmp_path: Path, duration_s: float) -> None:
    path = tmp_path / "s.wav"
    write_wav(path, silence(duration_s), SOUND_RATE_HZ)
    with pytest.raises(SilentSound):
        load_speech(SoundClip(path=path))


def test_silence_is_a_sound(tmp_path: Path) -> None:
    samples = load_speech(SoundClip(path=write_sound(tmp_path / "s.wav", silence(1.0)))).samples
    assert (samples == 0).all()


def test_silence_of_several_channels_is_a_sound(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "s.wav", np.zeros((2, SOUND_RATE_HZ), np.float32))
    assert not load_speech(SoundClip(path=path)).samples.any()


def test_a_start_after_the_end_of_the_sound_is_told_its_length(tmp_path: Path) -> None:
    clip = SoundClip(path=write_sound(tmp_path / "s.wav", tone(1.25)), start_s=2.0)
    for read in (load_speech, probe_sound):
        with pytest.raises(BadParameters, match=r"1\.25 s"):
            read(clip)


@pytest.mark.parametrize(("start_s", "end_s"), [(-1.0, None), (2.0, 1.0), (1.0, 1.0), (float("nan"), None)])
def test_a_stretch_that_makes_no_sense_is_refused(
    tmp_path: Path, start_s: float, end_s: float | None
) -> None:
    path = write_sound(tmp_path / "s.wav", tone(3.0))
    with pytest.raises(BadParameters):
        load_speech(SoundClip(path=path, start_s=start_s, end_s=end_s))


@pytest.mark.parametrize("kind", ["mp3", "ogg", "flac", "wav", "aac"])
def test_a_sound_that_was_cut_off_plays_to_where_it_ends(tmp_path: Path, kind: str) -> None:
    path = write_sound(tmp_path / f"s.{kind}", voice(4.0))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert 1.0 < load_speech(SoundClip(path=path)).duration_s < 3.5


def test_damage_in_the_middle_moves_nothing_after_it(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "s.m4a", clicks(4.0, [0.5, 3.5]) + 0.01 * tone(4.0))
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 300] = b"\xff" * 300
    path.write_bytes(content)
    found = burst_times_s(load_speech(SoundClip(path=path)).samples)
    assert found[0] == pytest.approx(0.5, abs=BURST_TOLERANCE_S)
    assert found[-1] == pytest.approx(3.5, abs=BURST_TOLERANCE_S)


def test_a_wav_file_comes_back_as_it_was_written(tmp_path: Path) -> None:
    samples = voice(0.5, SPEECH_RATE_HZ)
    write_wav(tmp_path / "s.wav", samples, SPEECH_RATE_HZ)
    back = load_speech(SoundClip(path=tmp_path / "s.wav")).samples
    assert np.abs(back - samples).max() < 2 / 32768


def test_a_wav_file_may_have_several_channels(tmp_path: Path) -> None:
    write_wav(tmp_path / "s.wav", np.stack([tone(0.5), silence(0.5)], axis=1), SOUND_RATE_HZ)
    info = probe_sound(SoundClip(path=tmp_path / "s.wav"))
    assert (info.channels, Fraction(info.duration_s)) == (2, Fraction(1, 2))
