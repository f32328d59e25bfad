"""A video made from another keeps its other sound tracks in step, its chapters, and who made it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

import av
import numpy as np
import pytest
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.stream import Disposition
from numpy.typing import NDArray

from lipwright.engine.media.pixels.planes import rgb_to_i420
from lipwright.engine.media.values import Container, SoundClip, VideoStretch
from lipwright.engine.media.writing.muxer import VideoMuxer
from lipwright.engine.media.writing.passthrough import MAX_TRACKS
from lipwright.engine.media.writing.video_spec import VideoSpec
from lipwright.engine.media.writing.video_writer import VideoWriter
from tests.support.pictures import numbered_frame
from tests.support.sounds import clicks, silence, write_sound

SIZE_WH = (64, 48)
FRAME_RATE = Fraction(25)
RATE_HZ = 48_000
FILMS = (Container.MP4, Container.MOV, Container.WEBM)
# A codec that each container holds, and a source that it comes from.
CODECS = {Container.MP4: "aac", Container.MOV: "ac3", Container.WEBM: "libopus"}
SOURCES = {Container.MP4: "source.mp4", Container.MOV: "source.mov", Container.WEBM: "source.webm"}
# Matroska writes whole ms, a coded click is not sharp.
TIME_TOLERANCE_S = 0.003
# The longest packet of the codecs here; tracks end between packets.
LONGEST_PACKET_S = 0.033
TITLE = "Version française"


@dataclass(frozen=True, kw_only=True)
class Track:
    """A sound track of a source. begin_s: when its first packet is heard."""

    codec: str = "aac"
    sound: NDArray[np.float32]
    language: str = "fra"
    begin_s: float = 0.0
    is_default: bool = False


@pytest.fixture
def voice(tmp_path: Path) -> SoundClip:
    return SoundClip(path=write_sound(tmp_path / "voice.wav", clicks(2.0, [0.25])))


def old_track(**options: Any) -> Track:
    """The track that the new voice replaces."""
    return Track(sound=clicks(2.0, [0.4], RATE_HZ), language="eng", **options)


def write_source(
    path: Path,
    tracks: Sequence[Track],
    *,
    duration_s: float = 2.0,
    tags: dict[str, str] | None = None,
    chapters: Sequence[tuple[float, float, str]] = (),
) -> Path:
    with av.open(str(path), "w") as container:
        container.metadata.update(tags or {})
        video = container.add_stream("libvpx-vp9" if path.suffix == ".webm" else "libx264", rate=FRAME_RATE)
        video.width, video.height = SIZE_WH
        video.pix_fmt = "yuv420p"
        streams = [_track_stream(container, track) for track in tracks]
        container.set_chapters(
            [
                {
                    "id": number,
                    "start": round(begin_s * 1000),
                    "end": round(end_s * 1000),
                    "time_base": Fraction(1, 1000),
                    "metadata": {"title": title},
                }
                for number, (begin_s, end_s, title) in enumerate(chapters, 1)
            ]
        )
        for index in range(round(duration_s * FRAME_RATE)):
            frame = av.VideoFrame.from_ndarray(numbered_frame(index, *SIZE_WH), format="rgb24")
            frame.pts, frame.time_base = index, 1 / FRAME_RATE
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        for stream, track in zip(streams, tracks, strict=True):
            sound = np.ascontiguousarray(np.atleast_2d(track.sound))
            part = av.AudioFrame.from_ndarray(sound, format="fltp", layout="mono")
            part.sample_rate, part.pts = RATE_HZ, round(track.begin_s * RATE_HZ)
            part.time_base = Fraction(1, RATE_HZ)
            container.mux([*stream.encode(part), *stream.encode(None)])
    return path


def _track_stream(container: OutputContainer, track: Track) -> AudioStream:
    stream = container.add_stream(track.codec, rate=RATE_HZ, layout="mono")
    assert isinstance(stream, AudioStream)
    stream.metadata.update({"language": track.language, "title": TITLE})
    if track.is_default:
        stream.disposition = Disposition.default
    return stream


def write_video(
    target: Path | BinaryIO, voice: SoundClip | None, parts: VideoStretch, count: int = 50, **options: Any
) -> tuple[str, ...]:
    """Write a video that keeps the parts; what was left out comes back."""
    with VideoWriter(
        target, size_wh=SIZE_WH, frame_rate=FRAME_RATE, sound=voice, passthrough=parts, **options
    ) as writer:
        for index in range(count):
            writer.write(rgb_to_i420(numbered_frame(index, *SIZE_WH)))
    return writer.warnings


def sound_tracks(file: Path | BinaryIO) -> list[tuple[str | None, str | None, bool]]:
    """Language, title and whether it is the default, of each sound track."""
    with av.open(str(file) if isinstance(file, Path) else file) as container:
        return [
            (
                stream.language,
                stream.metadata.get("title") or stream.metadata.get("name"),
                bool(stream.disposition & Disposition.default),
            )
            for stream in container.streams.audio
        ]


def heard(file: Path | BinaryIO, number: int) -> tuple[list[float], float]:
    """When a track clicks by the times of its frames, and when it ends by those of its packets."""
    loud_s: list[float] = []
    ends_s = []
    with av.open(str(file) if isinstance(file, Path) else file, "r") as container:
        stream = container.streams.audio[number]
        assert stream.time_base is not None
        for packet in container.demux(stream):
            if packet.pts is not None:
                ends_s.append(float((packet.pts + (packet.duration or 0)) * stream.time_base))
            for frame in packet.decode():
                assert frame.pts is not None
                loud = np.flatnonzero(np.abs(frame.to_ndarray()[0]) > 0.15)
                loud_s += (float(frame.pts * stream.time_base) + loud / frame.sample_rate).tolist()
    after = [-1.0, *loud_s]
    return [time_s for time_s, last_s in zip(loud_s, after, strict=False) if time_s - last_s > 0.1], max(
        ends_s
    )


def chapters_of(path: Path) -> list[tuple[float, float, str]]:
    with av.open(str(path)) as container:
        return [
            (
                float(chapter["start"] * (chapter["time_base"] or 0)),
                float(chapter["end"] * (chapter["time_base"] or 0)),
                chapter["metadata"]["title"],
            )
            for chapter in container.chapters()
        ]


def picture_frames(path: Path) -> int:
    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(video=0))


@pytest.mark.parametrize("is_stream", [False, True])
@pytest.mark.parametrize(("start_s", "end_s", "count"), [(0.0, None, 50), (0.52, 1.6, 27)])
@pytest.mark.parametrize("container", FILMS)
def test_other_tracks_stay_in_step_with_the_picture(
    tmp_path: Path,
    voice: SoundClip,
    container: Container,
    start_s: float,
    end_s: float | None,
    count: int,
    is_stream: bool,
) -> None:
    other = Track(codec=CODECS[container], sound=clicks(2.0, [0.7, 1.3], RATE_HZ))
    old = old_track(codec=CODECS[container], is_default=True)
    source = write_source(tmp_path / SOURCES[container], [old, other])
    parts = VideoStretch(path=source, start_s=start_s, end_s=end_s)
    path = tmp_path / f"v.{container}"
    if is_stream:
        with path.open("wb") as file:
            warnings = write_video(file, voice, parts, count, container=container)
    else:
        warnings = write_video(path, voice, parts, count, container=container)
    assert warnings == ()
    new, copied = sound_tracks(path)
    assert new[2]
    assert copied == ("fra", TITLE, False)
    assert heard(path, 0)[0] == pytest.approx([0.25], abs=TIME_TOLERANCE_S)
    times_s, track_end_s = heard(path, 1)
    assert times_s == pytest.approx([0.7 - start_s, 1.3 - start_s], abs=TIME_TOLERANCE_S)
    picture_s = float(count / FRAME_RATE)
    assert picture_s - LONGEST_PACKET_S <= track_end_s <= picture_s + TIME_TOLERANCE_S
    assert picture_frames(path) == count


@pytest.mark.parametrize(("source_name", "codec"), [("s.mkv", "aac"), ("s.mkv", "mp3"), ("s.ts", "aac")])
def test_tracks_of_other_containers_are_taken(
    tmp_path: Path, voice: SoundClip, source_name: str, codec: str
) -> None:
    other = Track(codec=codec, sound=clicks(2.0, [0.7, 1.3], RATE_HZ))
    source = write_source(tmp_path / source_name, [old_track(is_default=True), other])
    with av.open(str(source)) as opened:
        start_s = (opened.start_time or 0) / av.time_base + 0.52
    path = tmp_path / "v.mp4"
    assert write_video(path, voice, VideoStretch(path=source, start_s=0.52), 37) == ()
    expected_s = [time_s - start_s for time_s in heard(source, 1)[0]]
    assert expected_s == pytest.approx([0.18, 0.78], abs=LONGEST_PACKET_S)
    assert heard(path, 1)[0] == pytest.approx(expected_s, abs=TIME_TOLERANCE_S)


def test_the_track_that_players_play_is_the_one_that_is_replaced(tmp_path: Path, voice: SoundClip) -> None:
    german = Track(sound=silence(2.0, RATE_HZ), language="deu")
    played = Track(sound=silence(2.0, RATE_HZ), language="fra", is_default=True)
    source = write_source(tmp_path / "s.mp4", [german, played])
    write_video(tmp_path / "v.mp4", voice, VideoStretch(path=source))
    assert [language for language, _, _ in sound_tracks(tmp_path / "v.mp4")] == ["und", "deu"]


@pytest.mark.parametrize("container", FILMS)
def test_a_track_ends_with_the_picture_or_earlier(
    tmp_path: Path, voice: SoundClip, container: Container
) -> None:
    codec = CODECS[container]
    long = Track(codec=codec, sound=silence(3.0, RATE_HZ))
    short = Track(codec=codec, sound=silence(0.5, RATE_HZ))
    source = write_source(tmp_path / SOURCES[container], [old_track(codec=codec), long, short], duration_s=1)
    path = tmp_path / f"v.{container}"
    assert write_video(path, voice, VideoStretch(path=source), 30, container=container) == ()
    assert picture_frames(path) == 30
    ends_s = [_end_s(path, number) for number in (1, 2)]
    assert 1.2 - LONGEST_PACKET_S <= ends_s[0] <= 1.2 + TIME_TOLERANCE_S
    assert 0.5 - LONGEST_PACKET_S <= ends_s[1] <= 0.5 + LONGEST_PACKET_S


def _end_s(path: Path, number: int) -> float:
    with av.open(str(path)) as container:
        stream = container.streams.audio[number]
        assert stream.time_base is not None
        ends = [
            packet.pts + (packet.duration or 0)
            for packet in container.demux(stream)
            if packet.pts is not None
        ]
        return float(ends[-1] * stream.time_base)


def test_a_track_ends_with_the_stretch_when_the_picture_goes_on(tmp_path: Path, voice: SoundClip) -> None:
    source = write_source(tmp_path / "s.mp4", [old_track(), Track(sound=silence(2.0, RATE_HZ))])
    write_video(tmp_path / "v.mp4", voice, VideoStretch(path=source, start_s=0.5, end_s=1.0), 40)
    assert 0.5 - LONGEST_PACKET_S <= _end_s(tmp_path / "v.mp4", 1) <= 0.5


@pytest.mark.parametrize("container", FILMS)
def test_a_track_that_begins_late_begins_late(tmp_path: Path, voice: SoundClip, container: Container) -> None:
    codec = CODECS[container]
    late = Track(codec=codec, sound=clicks(0.5, [0.25], RATE_HZ), begin_s=1.0)
    source = write_source(tmp_path / SOURCES[container], [old_track(codec=codec), late])
    path = tmp_path / f"v.{container}"
    assert write_video(path, voice, VideoStretch(path=source), container=container) == ()
    assert heard(path, 1)[0] == pytest.approx([1.25], abs=TIME_TOLERANCE_S)
    cut = VideoStretch(path=source, start_s=0.5)
    assert write_video(path, voice, cut, 37, container=container) == ()
    assert heard(path, 1)[0] == pytest.approx([0.75], abs=TIME_TOLERANCE_S)


@pytest.mark.parametrize("is_stream", [False, True])
@pytest.mark.parametrize("container", FILMS)
def test_a_track_that_begins_after_the_picture_does_no_harm(
    tmp_path: Path, voice: SoundClip, container: Container, is_stream: bool
) -> None:
    codec = CODECS[container]
    late = Track(codec=codec, sound=clicks(0.5, [0.25], RATE_HZ), begin_s=1.4)
    source = write_source(tmp_path / SOURCES[container], [old_track(codec=codec), late])
    path = tmp_path / f"v.{container}"
    with path.open("wb") as file:
        target: Path | BinaryIO = file if is_stream else path
        write_video(target, voice, VideoStretch(path=source), 25, container=container)
    assert picture_frames(path) == 25
    assert heard(path, 0)[0] == pytest.approx([0.25], abs=TIME_TOLERANCE_S)


def test_a_stream_does_not_wait_for_a_track_that_begins_late(tmp_path: Path, voice: SoundClip) -> None:
    late = Track(sound=clicks(0.5, [0.25], RATE_HZ), begin_s=2.5)
    source = write_source(tmp_path / "s.mp4", [old_track(), late], duration_s=3)
    received = io.BytesIO()
    warnings = write_video(received, voice, VideoStretch(path=source), 75)
    assert warnings == ("Audio track 2 (fra) was left out: it begins too late for a stream.",)
    received.seek(0)
    assert len(sound_tracks(received)) == 1


@pytest.mark.parametrize(
    ("container", "codec", "told"),
    [
        (Container.WEBM, "aac", "aac does not fit into WEBM"),
        (Container.WEBM, "ac3", "ac3 does not fit into WEBM"),
        (Container.MOV, "libopus", "opus does not fit into MOV"),
    ],
)
def test_a_codec_that_does_not_fit_is_left_out_and_told(
    tmp_path: Path, voice: SoundClip, container: Container, codec: str, told: str
) -> None:
    other = Track(codec=codec, sound=silence(1.0, RATE_HZ))
    source = write_source(tmp_path / "s.mkv", [old_track(is_default=True), other], duration_s=1)
    path = tmp_path / f"v.{container}"
    warnings = write_video(path, voice, VideoStretch(path=source), 25, container=container)
    assert warnings == (f"Audio track 2 (fra) was left out: {told}.",)
    assert len(sound_tracks(path)) == 1


def test_a_track_without_sound_in_the_stretch_is_left_out_and_told(tmp_path: Path, voice: SoundClip) -> None:
    short = Track(sound=silence(0.5, RATE_HZ))
    source = write_source(tmp_path / "s.mp4", [old_track(), short])
    warnings = write_video(tmp_path / "v.mp4", voice, VideoStretch(path=source, start_s=1.0), 25)
    assert warnings == ("Audio track 2 (fra) was left out: it has no sound in this stretch.",)
    assert len(sound_tracks(tmp_path / "v.mp4")) == 1


def test_only_so_many_tracks_are_opened(tmp_path: Path, voice: SoundClip) -> None:
    others = [Track(sound=silence(0.2, RATE_HZ)) for _ in range(MAX_TRACKS + 2)]
    source = write_source(tmp_path / "s.mp4", [old_track(), *others], duration_s=0.2)
    warnings = write_video(tmp_path / "v.mp4", voice, VideoStretch(path=source), 5)
    assert warnings == ("Only the first 16 of 18 other audio tracks were kept.",)
    assert len(sound_tracks(tmp_path / "v.mp4")) == 1 + MAX_TRACKS


def test_packets_are_read_while_the_picture_is_written(tmp_path: Path, voice: SoundClip) -> None:
    source = write_source(tmp_path / "s.mp4", [old_track(), Track(sound=silence(2.0, RATE_HZ))])
    spec = VideoSpec(
        size_wh=SIZE_WH,
        frame_rate=FRAME_RATE,
        container=Container.MP4,
        sound=voice,
        passthrough=VideoStretch(path=source),
    )
    muxer = VideoMuxer(tmp_path / "v.mp4", spec, pytest.fail)
    for index in range(5):
        muxer.write(av.VideoFrame.from_ndarray(rgb_to_i420(numbered_frame(index, *SIZE_WH)), "yuv420p"))
    muxer.finish()
    assert 0.2 <= muxer.passthrough_packets_read * 1024 / RATE_HZ <= 0.3


def test_a_damaged_packet_is_left_out_and_told(tmp_path: Path, voice: SoundClip) -> None:
    source = tmp_path / "s.mkv"
    whole = Track(codec="eac3", sound=clicks(2.0, [1.3], RATE_HZ))
    write_source(tmp_path / "whole.mkv", [old_track(is_default=True), whole])
    with av.open(str(tmp_path / "whole.mkv")) as old, av.open(str(source), "w") as new:
        streams = [new.add_stream_from_template(stream) for stream in old.streams]
        for packet in old.demux():
            if packet.pts is None:
                continue
            part, index = packet, packet.stream.index
            if index == 2 and packet.pts == 251:
                part = av.Packet(bytes(packet.size))
                part.pts, part.dts, part.time_base = packet.pts, packet.dts, packet.time_base
            part.stream = streams[index]
            new.mux(part)
    warnings = write_video(tmp_path / "v.mp4", voice, VideoStretch(path=source))
    assert warnings == ("Audio track 2 is damaged in places, which were left out.",)
    assert heard(tmp_path / "v.mp4", 1)[0] == pytest.approx([1.3], abs=TIME_TOLERANCE_S)


def test_a_source_that_is_gone_or_broken_fails_nothing(tmp_path: Path, voice: SoundClip) -> None:
    (tmp_path / "broken.mp4").write_bytes(b"no film")
    for name in ("gone.mp4", "broken.mp4"):
        warnings = write_video(tmp_path / "v.mp4", voice, VideoStretch(path=tmp_path / name), 5)
        told = f"Other tracks, chapters and tags of {name} could not be read and were left out."
        assert warnings == (told,)
        assert picture_frames(tmp_path / "v.mp4") == 5


def test_a_file_that_is_cut_off_gives_what_it_has(tmp_path: Path, voice: SoundClip) -> None:
    other = Track(codec="aac", sound=silence(2.0, RATE_HZ))
    whole = write_source(tmp_path / "whole.mkv", [old_track(is_default=True), other]).read_bytes()
    (tmp_path / "s.mkv").write_bytes(whole[: len(whole) // 2])
    write_video(tmp_path / "v.mp4", voice, VideoStretch(path=tmp_path / "s.mkv"))
    assert picture_frames(tmp_path / "v.mp4") == 50


CHAPTERS = ((0.0, 0.8, "Arrival"), (0.8, 1.2, "Tea"), (1.2, 2.0, "Departure"))


@pytest.mark.parametrize("is_stream", [False, True])
@pytest.mark.parametrize("container", FILMS)
def test_chapters_are_shifted_and_cut(
    tmp_path: Path, voice: SoundClip, container: Container, is_stream: bool
) -> None:
    source = write_source(tmp_path / SOURCES[container], [], chapters=CHAPTERS)
    path = tmp_path / f"v.{container}"
    with path.open("wb") as file:
        target: Path | BinaryIO = file if is_stream else path
        parts = VideoStretch(path=source, start_s=0.92, end_s=1.52)
        write_video(target, voice, parts, 15, container=container)
    (tea_s, tea_end_s, tea), (departure_s, end_s, departure) = chapters_of(path)
    assert (tea, departure) == ("Tea", "Departure")
    times_s = [tea_s, tea_end_s, departure_s, end_s]
    assert times_s == pytest.approx([0, 0.28, 0.28, 0.6], abs=TIME_TOLERANCE_S)


@pytest.mark.parametrize("container", FILMS)
def test_the_last_chapter_ends_with_the_picture(
    tmp_path: Path, voice: SoundClip, container: Container
) -> None:
    source = write_source(tmp_path / SOURCES[container], [], chapters=CHAPTERS)
    path = tmp_path / f"v.{container}"
    write_video(path, voice, VideoStretch(path=source), 25, container=container)
    assert [title for _, _, title in chapters_of(path)] == ["Arrival", "Tea"]
    assert chapters_of(path)[-1][1] == pytest.approx(1.0, abs=TIME_TOLERANCE_S)


@pytest.mark.parametrize("container", FILMS)
def test_tags_say_who_made_the_original_and_that_this_is_synthetic(
    tmp_path: Path, voice: SoundClip, container: Container
) -> None:
    tags = {
        "title": "A tea party",
        "artist": "Ada",
        "album": "Parties",
        "copyright": "(c) Ada",
        "date": "2020",
        "creation_time": "2020-01-02T03:04:05Z",
        "comment": "real",
        "description": "real",
    }
    source = write_source(tmp_path / "s.mp4", [], tags=tags)
    path = tmp_path / f"v.{container}"
    write_video(path, voice, VideoStretch(path=source), 5, container=container)
    with av.open(str(path)) as opened:
        kept = {name.lower(): text for name, text in opened.metadata.items()}
    for name in ("title", "artist", "album", "copyright", "date"):
        assert kept[name] == tags[name]
    assert kept["creation_time"].startswith("2020-01-02T03:04:05")
    assert "Synthetic media" in kept["comment"]
    assert "real" not in kept.values()


def test_a_title_that_is_given_wins(tmp_path: Path, voice: SoundClip) -> None:
    source = write_source(tmp_path / "s.mp4", [], tags={"title": "Old", "artist": "Ada"})
    write_video(tmp_path / "v.mp4", voice, VideoStretch(path=source), 5, metadata={"title": "New"})
    with av.open(str(tmp_path / "v.mp4")) as opened:
        assert (opened.metadata["title"], opened.metadata["artist"]) == ("New", "Ada")


def test_a_gif_carries_nothing_and_does_not_fail(tmp_path: Path) -> None:
    source = write_source(tmp_path / "s.mp4", [old_track(), old_track()], chapters=CHAPTERS)
    path = tmp_path / "v.gif"
    assert write_video(path, None, VideoStretch(path=source), 5, container=Container.GIF) == ()
    assert picture_frames(path) == 5


def test_tracks_are_copied_without_a_new_voice(tmp_path: Path) -> None:
    other = Track(sound=clicks(2.0, [0.7], RATE_HZ))
    source = write_source(tmp_path / "s.mp4", [old_track(), other])
    assert write_video(tmp_path / "v.mp4", None, VideoStretch(path=source)) == ()
    assert heard(tmp_path / "v.mp4", 0)[0] == pytest.approx([0.7], abs=TIME_TOLERANCE_S)
