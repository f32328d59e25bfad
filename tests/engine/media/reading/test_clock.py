"""Pictures and sounds whose files say nothing or nonsense of time come as whole as a player shows them."""

from __future__ import annotations

import contextlib
import itertools
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.audio.stream import AudioStream
from numpy.typing import NDArray

from lipwright.engine.errors import BadAudioFile
from lipwright.engine.media.pixels.planes import i420_to_rgb
from lipwright.engine.media.probe import probe_media
from lipwright.engine.media.reading.sound import load_speech, probe_sound
from lipwright.engine.media.reading.video_reader import VideoReader
from lipwright.engine.media.values import SPEECH_RATE_HZ, SoundClip
from tests.support.pictures import frame_number, numbered_frame
from tests.support.sounds import SOUND_RATE_HZ, clicks, encode_sound, tone, voice, write_sound
from tests.support.videos import write_clip

# A joint may open a gap in one track, so that the other one loses nothing: less than a packet of each.
JOINT_S = 0.05
# Every packet of a codec with B frames has another time of showing than of decoding.
B_FRAMES = {"bf": "3", "g": "12"}
# So that the numbers can be read in every frame.
MPEG_B_FRAMES = {"bf": "2", "g": "12", "qmin": "1", "qmax": "2", "b": "4000000"}


def decoded(path: Path) -> tuple[int, float]:
    """How many frames FFmpeg decodes without regard to stamps, and how many seconds of sound."""
    frames, samples_s = 0, Fraction(0)
    with av.open(str(path)) as container:
        for packet in container.demux(*container.streams.video, *container.streams.audio):
            # An MP3 has a header that is no sound in front of every piece.
            with contextlib.suppress(av.FFmpegError):
                for frame in packet.decode():
                    if isinstance(frame, av.VideoFrame):
                        frames += 1
                    elif isinstance(frame, av.AudioFrame):
                        samples_s += Fraction(frame.samples, frame.sample_rate)
    return frames, float(samples_s)


def shown(path: Path) -> tuple[int, int]:
    """How many different frames come out, and how many in all."""
    with VideoReader(path) as reader:
        repeats = [frame.is_repeat for frame in reader]
    return repeats.count(False), len(repeats)


def numbers(path: Path) -> list[int]:
    """The numbers of the frames as they come out, modulo 16."""
    with VideoReader(path) as reader:
        return [frame_number(i420_to_rgb(frame.i420, reader.colour)) for frame in reader]


def without_repeats(numbers: list[int]) -> list[int]:
    return [number for number, _ in itertools.groupby(numbers)]


def noisy(index: int, width: int, height: int) -> NDArray[np.uint8]:
    # Frames that are too small share a packet of an MPEG program stream.
    noise = np.random.default_rng(index).integers(-12, 13, (height, width, 1))
    return (numbered_frame(index, width, height) + noise).astype(np.uint8)


def joined(path: Path, *pieces: Path) -> Path:
    path.write_bytes(b"".join(piece.read_bytes() for piece in pieces))
    return path


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("clip.avi", "libx264", B_FRAMES),
        ("clip.avi", "libx264", {"bf": "0"}),
        ("clip.avi", "mpeg4", MPEG_B_FRAMES),
        ("clip.avi", "mjpeg", {}),
        ("clip.mp4", "libx264", B_FRAMES),
        ("clip.mkv", "libx264", B_FRAMES),
        ("clip.mov", "libx265", B_FRAMES),
        ("clip.ts", "libx264", B_FRAMES),
        ("clip.mpg", "mpeg2video", MPEG_B_FRAMES),
        ("clip.flv", "libx264", B_FRAMES),
        ("clip.h264", "libx264", B_FRAMES),
        ("clip.webm", "libvpx", {}),
    ],
)
def test_every_frame_is_shown_once_in_its_order(
    tmp_path: Path, name: str, codec: str, options: dict[str, str]
) -> None:
    pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    path = write_clip(tmp_path / name, count=40, frame=noisy, codec=codec, options=options, pix_fmt=pix_fmt)
    with VideoReader(path) as reader:
        expected = reader.frame_count
    assert numbers(path) == [index % 16 for index in range(40)]
    assert expected == pytest.approx(40, abs=1)


@pytest.mark.parametrize("kind", ["opus", "ogg", "oga", "mp3", "aac"])
@pytest.mark.parametrize("count", [2, 3])
def test_sounds_that_were_joined_are_heard_one_after_the_other(tmp_path: Path, kind: str, count: int) -> None:
    piece = write_sound(tmp_path / f"one.{kind}", voice(1.5))
    path = joined(tmp_path / f"all.{kind}", *[piece] * count)
    _, expected_s = decoded(path)
    heard_s = load_speech(SoundClip(path=path)).duration_s
    # Some decoders' counts hold padding that players leave out.
    assert heard_s == pytest.approx(expected_s, abs=JOINT_S * count)
    assert heard_s >= 1.5 * count - 0.01
    assert probe_sound(SoundClip(path=path)).duration_s == pytest.approx(heard_s, abs=JOINT_S)


@pytest.mark.parametrize(
    ("extension", "codec"), [("ts", "libx264"), ("mpg", "mpeg2video"), ("ts", "mpeg2video")]
)
def test_films_that_were_joined_stay_in_step_to_the_end(tmp_path: Path, extension: str, codec: str) -> None:
    counts = (50, 55, 50, 45)
    pieces = [
        write_clip(
            tmp_path / f"{number}.{extension}",
            count=count,
            codec=codec,
            options=B_FRAMES if codec == "libx264" else MPEG_B_FRAMES,
            sound=clicks(2.0, [1.0]),
        )
        for number, count in enumerate(counts)
    ]
    path = joined(tmp_path / f"all.{extension}", *pieces)
    with VideoReader(path) as reader:
        expected = reader.frame_count
    found = numbers(path)
    wanted = [index % 16 for count in counts for index in range(count)]
    assert without_repeats(found) == without_repeats(wanted)
    assert expected == pytest.approx(len(found), abs=1)
    assert probe_media(path).duration_s == pytest.approx(len(found) / 25, abs=JOINT_S)
    samples = load_speech(SoundClip(path=path)).samples
    loud = np.flatnonzero(np.abs(samples) > 0.15)
    begins = loud[np.flatnonzero(np.diff(loud, prepend=-SPEECH_RATE_HZ) > SPEECH_RATE_HZ // 2)]
    # The first frame of a piece is number 0 and comes after one that is not 15; the burst is 1 s later.
    changes = [
        at for at, number in enumerate(found) if number == 0 and (at == 0 or found[at - 1] not in (0, 15))
    ]
    pictures = [at + 25 for at in changes]
    assert len(begins) == len(pictures) == 4
    assert begins / SPEECH_RATE_HZ == pytest.approx(np.array(pictures) / 25, abs=JOINT_S)


@pytest.mark.parametrize("offsets_s", [(0, 100), (100, 0), (0, 20, 5), (90_000, 0)])
def test_a_clock_that_jumps_shows_no_frozen_picture(tmp_path: Path, offsets_s: tuple[int, ...]) -> None:
    pieces = []
    for number, offset_s in enumerate(offsets_s):
        times_s = [Fraction(offset_s) + Fraction(index, 25) for index in range(30)]
        pieces.append(write_clip(tmp_path / f"{number}.ts", count=30, times_s=times_s, options={"bf": "0"}))
    path = joined(tmp_path / "all.ts", *pieces)
    different, whole = shown(path)
    assert different == 30 * len(offsets_s)
    assert whole <= different + 2 * len(offsets_s)
    assert probe_media(path).duration_s == pytest.approx(whole / 25, abs=0.05)


def test_a_rate_that_changes_in_the_middle_keeps_every_frame_at_its_time(tmp_path: Path) -> None:
    fast = write_clip(tmp_path / "30.ts", count=30, frame_rate=Fraction(30), options={"bf": "0"})
    slow = write_clip(tmp_path / "15.ts", count=15, frame_rate=Fraction(15), options={"bf": "0"})
    for first, second in ((fast, slow), (slow, fast)):
        path = joined(tmp_path / "all.ts", first, second)
        with VideoReader(path) as reader:
            frames = list(reader)
            assert len(frames) / reader.frame_rate == pytest.approx(2, abs=0.1)


def test_a_sample_rate_that_changes_in_the_middle_changes_no_time(tmp_path: Path) -> None:
    parts = [
        write_sound(tmp_path / f"{rate_hz}.aac", tone(1.0, sample_rate_hz=rate_hz), rate_hz)
        for rate_hz in (SOUND_RATE_HZ, 22_050, 48_000)
    ]
    for order in (parts, parts[::-1]):
        speech = load_speech(SoundClip(path=joined(tmp_path / "all.aac", *order)))
        assert speech.duration_s == pytest.approx(3.0, abs=0.25)
        spectrum = np.abs(np.fft.rfft(speech.samples))
        assert int(np.argmax(spectrum)) / speech.duration_s == pytest.approx(440, rel=0.01)


def vorbis(path: Path, rate_hz: int) -> Path:
    with av.open(str(path), "w", format="ogg") as container:
        stream = container.add_stream("vorbis", rate=rate_hz, layout="stereo", options={"strict": "-2"})
        assert isinstance(stream, AudioStream)
        encode_sound(container, stream, np.stack([tone(1.0, sample_rate_hz=rate_hz)] * 2), rate_hz)
    return path


def test_vorbis_joined_at_one_rate_is_heard_whole_and_at_two_is_refused_by_name(tmp_path: Path) -> None:
    """FFmpeg ends at a joint of different rates, and half of a message must not be lost in silence."""
    one, other = vorbis(tmp_path / "one.ogg", 44_100), vorbis(tmp_path / "other.ogg", 22_050)
    whole = SoundClip(path=joined(tmp_path / "whole.ogg", one, one))
    assert abs(load_speech(whole).duration_s - 2.0) < JOINT_S
    mixed = SoundClip(path=joined(tmp_path / "mixed.ogg", one, other))
    for read in (probe_sound, load_speech):
        with pytest.raises(BadAudioFile, match="joined"):
            read(mixed)
