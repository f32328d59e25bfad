"""Videos as people have them come out as a person expects: their size, fields, opacity, rate and sound."""

from __future__ import annotations

import io
import struct
import wave
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from av.video.stream import VideoStream
from numpy.typing import NDArray

from lipwright.engine.media.pixels.planes import i420_to_rgb
from lipwright.engine.media.probe import probe_media
from lipwright.engine.media.reading.sound import load_speech, probe_sound
from lipwright.engine.media.reading.video_reader import INTERLACED_WARNING, VideoReader
from lipwright.engine.media.values import Container, SoundClip
from lipwright.engine.pipelines.lip_sync.run import lip_sync
from lipwright.engine.pipelines.modes import LipSyncMode
from lipwright.engine.pipelines.options import LipSyncOptions
from lipwright.engine.pipelines.report import FEWEST_FRAMES_PER_S, ON_WHITE_WARNING, LipSyncReport
from tests.engine.pipelines.lip_sync.talking_clips import syllables, talking_rgb, write_talking
from tests.support.sounds import voice, write_sound
from tests.support.videos import one_track, write_clip

SOUND_S, SOUND_RATE_HZ = 1.2, 16_000


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("speech") / "speech.wav"
    return write_sound(path, voice(SOUND_S, SOUND_RATE_HZ), SOUND_RATE_HZ)


def synced(video: Path, sound: Path, output: Path) -> LipSyncReport:
    options = LipSyncOptions(mode=LipSyncMode.LITE, container=Container(output.suffix[1:]))
    return lip_sync(video, SoundClip(path=sound), output, options)


def clip(path: Path, count: int = 12, **more: object) -> Path:
    return write_talking(path, syllables(count, 3.0), **more)


# --- 5: sizes


def test_a_call_that_begins_small_comes_out_large(tmp_path: Path, speech: Path) -> None:
    def scaled(size: int) -> NDArray[np.uint8]:
        return np.asarray(cv2.resize(talking_rgb(0), (size, size), interpolation=cv2.INTER_AREA), np.uint8)

    options = {"deadline": "realtime", "b": "2M"}
    pieces = [
        write_clip(
            tmp_path / f"{size}.webm",
            size_wh=(size, size),
            count=12,
            frame=lambda _, width, __: scaled(width),
            codec="libvpx",
            options=options,
        )
        for size in (140, 420)
    ]
    video, output = one_track(tmp_path / "call.webm", *pieces), tmp_path / "out.mp4"
    report = synced(video, speech, output)
    assert (report.width_px, report.height_px) == (420, 420)
    assert report.frame_count == 24
    assert any("420x420" in warning for warning in report.warnings)
    assert report.frames_rendered >= 22


# --- 8: fields


def test_a_film_in_fields_comes_out_whole_and_says_so(tmp_path: Path, speech: Path) -> None:
    def woven(index: int, _width: int, _height: int) -> NDArray[np.uint8]:
        # The head moves sideways, 3 pixels a field.
        first, second = (np.roll(talking_rgb(0), 3 * (2 * index + field), axis=1) for field in (0, 1))
        frame = first.copy()
        frame[1::2] = second[1::2]
        return frame

    fields = {"flags": "+ildct+ilme", "x264-params": "tff=1", "crf": "10"}
    video = write_clip(tmp_path / "v.mp4", size_wh=(420, 420), count=10, frame=woven, options=fields)
    report = synced(video, speech, tmp_path / "out.mp4")
    assert INTERLACED_WARNING in report.warnings
    assert report.frame_count == 10
    assert report.frame_rate == 25
    with av.open(str(tmp_path / "out.mp4")) as container:
        frames = [
            (frame.interlaced_frame, frame.to_ndarray(format="gray").astype(int))
            for frame in container.decode(video=0)
        ]
    assert not any(is_interlaced for is_interlaced, _ in frames)
    rows = np.stack([grey for _, grey in frames])
    above, below = rows[:, 1:-1] - rows[:, :-2], rows[:, 1:-1] - rows[:, 2:]
    assert ((above * below > 0) & (np.minimum(abs(above), abs(below)) > 12)).mean() < 0.003


# --- 16: opacity


def cut_out(path: Path, codec: str, pixel_format: str) -> Path:
    """She stands before nothing; in the colours a red wall is hidden."""
    with av.open(str(path), "w") as container:
        options = {"auto-alt-ref": "0", "b": "2M"} if codec.startswith("libvpx") else {}
        stream = container.add_stream(codec, rate=Fraction(25), options=options)
        assert isinstance(stream, VideoStream)
        (stream.width, stream.height), stream.pix_fmt = (420, 420), pixel_format
        for index in range(10):
            rgb = talking_rgb(30 * (index % 3)).copy()
            alpha = np.full(rgb.shape[:2], 255, np.uint8)
            alpha[:, :70] = alpha[:, 350:] = 0
            rgb[alpha == 0] = (220, 20, 20)
            frame = av.VideoFrame.from_ndarray(np.dstack([rgb, alpha]), format="rgba")
            frame = frame.reformat(format=pixel_format, threads=1)
            frame.pts, frame.time_base = index, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


CUT_OUTS = [("v.webm", "libvpx-vp9", "yuva420p"), ("v.mov", "prores_ks", "yuva444p10le")]


@pytest.mark.parametrize(("name", "codec", "pixel_format"), CUT_OUTS)
@pytest.mark.parametrize("kind", ["webm", "mov"])
def test_a_cut_out_stays_one_where_the_output_can_carry_it(
    tmp_path: Path, speech: Path, name: str, codec: str, pixel_format: str, kind: str
) -> None:
    video, output = cut_out(tmp_path / name, codec, pixel_format), tmp_path / f"out.{kind}"
    report = synced(video, speech, output)
    assert not any("transparent" in warning for warning in report.warnings)
    assert report.frames_rendered == 10
    with VideoReader(output, keeps_alpha=True) as reader:
        alphas = [frame.alpha for frame in reader]
    assert len(alphas) == 10
    for alpha in alphas:
        assert alpha is not None
        assert alpha[:, :60].max() < 10
        assert alpha[:, 90:330].min() > 245
    # A player without a sense for it shows white, not the wall.
    with av.open(str(output)) as container:
        bare = next(container.decode(video=0)).to_ndarray(format="rgb24")
    assert bare[:, :40].min() > 200


@pytest.mark.parametrize(("name", "codec", "pixel_format"), CUT_OUTS)
@pytest.mark.parametrize("kind", ["mp4", "gif"])
def test_a_cut_out_is_laid_on_white_with_a_word_where_the_output_cannot(
    tmp_path: Path, speech: Path, name: str, codec: str, pixel_format: str, kind: str
) -> None:
    output = tmp_path / f"out.{kind}"
    report = synced(cut_out(tmp_path / name, codec, pixel_format), speech, output)
    assert ON_WHITE_WARNING in report.warnings
    with av.open(str(output)) as container:
        bare = next(container.decode(video=0)).to_ndarray(format="rgb24")
    assert bare[:, :40].min() > 200


# --- 17: lengths that were never filled in


@pytest.mark.parametrize("length", [0xFFFFFFFF, 0x7FFFFFFF, 0, 2_000_000_000, 0xFFFFFFFE, 1])
@pytest.mark.parametrize("channels", [1, 2])
def test_a_streamed_wav_is_as_long_as_its_samples(tmp_path: Path, length: int, channels: int) -> None:
    content = io.BytesIO()
    samples = np.repeat(np.rint(voice(SOUND_S, SOUND_RATE_HZ) * 32767).astype("<i2"), channels)
    with wave.open(content, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(SOUND_RATE_HZ)
        file.writeframes(samples.tobytes())
    data = bytearray(content.getvalue())
    at = data.index(b"data")
    data[4:8] = struct.pack("<I", min(0xFFFFFFFF, length + 36 if length else 0))
    data[at + 4 : at + 8] = struct.pack("<I", length)
    path = tmp_path / "streamed.wav"
    path.write_bytes(data)
    if length == 1:
        # A length that is filled in is believed.
        return
    assert abs(probe_sound(SoundClip(path=path)).duration_s - SOUND_S) < 0.01
    assert abs(load_speech(SoundClip(path=path)).duration_s - SOUND_S) < 0.01


def test_a_streamed_aiff_is_as_long_as_its_samples(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "s.aiff", voice(SOUND_S))
    data = bytearray(path.read_bytes())
    at = data.index(b"SSND")
    data[at + 4 : at + 8] = struct.pack(">I", 0x7FFFFFFF)
    path.write_bytes(data)
    assert abs(load_speech(SoundClip(path=path)).duration_s - SOUND_S) < 0.05


# --- 18: a second sound track that nobody knows


def two_tracks(path: Path, unknown: tuple[int, ...]) -> Path:
    """A film with three sound tracks, of which some are in a codec without a name."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=Fraction(25))
        assert isinstance(video, VideoStream)
        (video.width, video.height), video.pix_fmt = (420, 420), "yuv420p"
        tracks = [container.add_stream("aac", rate=SOUND_RATE_HZ, layout="mono") for _ in range(3)]
        for index in range(10):
            frame = av.VideoFrame.from_ndarray(talking_rgb(30 * (index % 3)), format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, 25)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        for track in tracks:
            sound = av.AudioFrame.from_ndarray(voice(0.4, SOUND_RATE_HZ)[None], format="fltp", layout="mono")
            sound.sample_rate, sound.pts, sound.time_base = SOUND_RATE_HZ, 0, Fraction(1, SOUND_RATE_HZ)
            container.mux(track.encode(sound))
            container.mux(track.encode(None))
    data, at, found = bytearray(path.read_bytes()), -1, []
    while (at := data.find(b"mp4a", at + 1)) >= 0:
        if b"stsd" in data[at - 24 : at]:
            found.append(at)
    for number in unknown:
        data[found[number] : found[number] + 4] = b"apac"
        # Else the description behind it tells that it is AAC.
        description = data.index(b"esds", found[number])
        data[description : description + 4] = b"dapa"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("unknown", [(1,), (2,), (1, 2)])
@pytest.mark.parametrize("name", ["v.mov", "v.mp4"])
def test_tracks_that_nobody_knows_are_left_out_with_a_word(
    tmp_path: Path, speech: Path, unknown: tuple[int, ...], name: str
) -> None:
    video = two_tracks(tmp_path / name, unknown)
    report = synced(video, speech, tmp_path / "out.mp4")
    assert report.frame_count == 10
    left_out = [warning for warning in report.warnings if "left out" in warning]
    assert len(left_out) == len(unknown)
    assert load_speech(SoundClip(path=video)).duration_s > 0.35


def test_a_first_track_that_nobody_knows_leaves_the_second_to_be_heard(tmp_path: Path) -> None:
    video = two_tracks(tmp_path / "v.mov", (0,))
    assert load_speech(SoundClip(path=video)).duration_s > 0.35


# --- 20: few frames a second


@pytest.mark.parametrize("rate", [Fraction(2), Fraction(5), Fraction(15, 2), Fraction(12), Fraction(25)])
def test_a_rate_stays_and_is_called_too_low_for_lips_below_ten(
    tmp_path: Path, speech: Path, rate: Fraction
) -> None:
    video = clip(tmp_path / "v.mp4", 6, frame_rate=rate)
    report = synced(video, speech, tmp_path / "out.mp4")
    assert report.frame_rate == rate
    assert report.frame_count == 6
    told = [warning for warning in report.warnings if "frames a second" in warning]
    assert len(told) == (rate < FEWEST_FRAMES_PER_S)


def test_a_cap_that_makes_the_rate_too_low_is_told_as_well(tmp_path: Path, speech: Path) -> None:
    options = LipSyncOptions(mode=LipSyncMode.LITE, max_frame_rate=Fraction(5))
    report = lip_sync(clip(tmp_path / "v.mp4"), SoundClip(path=speech), tmp_path / "o.mp4", options)
    assert any("5 frames a second" in warning for warning in report.warnings)


# --- 22: names


NAMES = (
    "-lead ing 100%d ü#?&",
    "-sp eech%20ü",
    "5%d %s %%",
    "http:--example.test",
    "concat:a|b",
    "名前 🙂 'quoted' \"twice\"",
    "back\\slash * [a] {b} $HOME;",
    "x" * 240,
)


@pytest.mark.parametrize("name", NAMES)
def test_names_are_only_names(
    tmp_path: Path, speech: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    video = clip(Path("plain.mp4"), 8).rename(f"{name}.mp4")
    sound = Path(f"{name}.wav")
    sound.write_bytes(speech.read_bytes())
    output = Path(f"{name}.mov")
    report = synced(video, sound, output)
    assert report.frame_count == 8
    assert probe_media(output).has_audio
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted([video.name, sound.name, output.name])


def test_the_first_frame_of_a_cut_out_hides_the_wall_from_the_search_for_faces(tmp_path: Path) -> None:
    with VideoReader(cut_out(tmp_path / "v.mov", "prores_ks", "yuva444p10le")) as reader:
        rgb = i420_to_rgb(next(iter(reader)).i420, reader.colour)
    assert rgb[:, :60].min() > 245
