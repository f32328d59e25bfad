"""A video is whole or absent; its picture and sound start and end together; it says what it is."""

from __future__ import annotations

import errno
import io
import os
import threading
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from lipwright.engine.errors import BadAudioFile, BadParameters, DiskFull, OutputFailed, OutputNotWritable
from lipwright.engine.media.pixels.planes import rgb_to_i420
from lipwright.engine.media.reading.sound import load_speech, probe_sound
from lipwright.engine.media.values import BackgroundSound, Container, SoundClip
from lipwright.engine.media.writing.gif_muxer import GifMuxer
from lipwright.engine.media.writing.muxer import Muxer, VideoMuxer
from lipwright.engine.media.writing.output_file import check_output
from lipwright.engine.media.writing.video_spec import VideoSpec
from lipwright.engine.media.writing.video_writer import QUEUE_FRAMES, VideoWriter
from tests.support.pictures import frame_number, gradient, numbered_frame
from tests.support.sounds import clicks, tone, write_sound

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

SIZE_WH = (64, 48)
NTSC = Fraction(30000, 1001)
FILMS = (Container.MP4, Container.MOV, Container.WEBM)
# WebM writes times in whole ms.
TIME_TOLERANCE_S = 0.001
# Visually lossless coding of a smooth picture.
COLOUR_LEVELS = 4


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) == before


@pytest.fixture
def sound(tmp_path: Path) -> SoundClip:
    return SoundClip(path=write_sound(tmp_path / "clicks.wav", clicks(2.0, [0.5, 1.5])))


def write_frames(writer: VideoWriter, count: int = 60) -> None:
    for index in range(count):
        writer.write(rgb_to_i420(numbered_frame(index, *SIZE_WH)))


def write_video(target: Any, count: int = 60, frame_rate: Fraction = Fraction(30), **options: Any) -> Any:
    with VideoWriter(target, size_wh=SIZE_WH, frame_rate=frame_rate, **options) as writer:
        write_frames(writer, count)
    return target


def fail_after(target: Any, count: int, failure: type[BaseException], **options: Any) -> None:
    with VideoWriter(target, size_wh=SIZE_WH, frame_rate=Fraction(25), **options) as writer:
        write_frames(writer, count)
        raise failure


def decoded(path: Path | io.BytesIO) -> tuple[list[NDArray[np.uint8]], list[Fraction]]:
    """Every frame as RGB, and when it shows."""
    with av.open(path if isinstance(path, io.BytesIO) else str(path), "r") as container:
        stream = container.streams.video[0]
        assert stream.time_base is not None
        frames = list(container.decode(stream))
        rgb = [np.asarray(frame.to_ndarray(format="rgb24"), np.uint8) for frame in frames]
        return rgb, [frame.pts * stream.time_base for frame in frames if frame.pts is not None]


def part_files(folder: Path) -> list[Path]:
    return list(folder.glob(".lipwright-*"))


@pytest.mark.parametrize("frame_rate", [Fraction(25), NTSC, Fraction(1350, 61)])
@pytest.mark.parametrize("container", FILMS)
def test_every_frame_comes_back_at_its_time(
    tmp_path: Path, container: Container, frame_rate: Fraction
) -> None:
    path = write_video(tmp_path / f"v.{container}", 40, frame_rate, container=container)
    frames, times_s = decoded(path)
    assert [frame_number(frame) for frame in frames] == [index % 16 for index in range(40)]
    assert [float(time_s) for time_s in times_s] == pytest.approx(
        [float(index / frame_rate) for index in range(40)], abs=TIME_TOLERANCE_S
    )


@pytest.mark.parametrize("count", [45, 60, 75])
@pytest.mark.parametrize("container", FILMS)
def test_sound_and_picture_start_and_end_together(
    tmp_path: Path, sound: SoundClip, container: Container, count: int
) -> None:
    path = write_video(tmp_path / f"v.{container}", count, NTSC, container=container, sound=sound)
    speech = load_speech(SoundClip(path=path))
    assert speech.duration_s == pytest.approx(float(count / NTSC), abs=TIME_TOLERANCE_S)
    loud = np.flatnonzero(np.abs(speech.samples) > 0.15) / 16_000
    assert loud[0] == pytest.approx(0.5, abs=0.002)
    assert decoded(path)[1][0] == 0


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("container", FILMS)
def test_sound_of_any_rate_keeps_its_times(tmp_path: Path, container: Container, rate_hz: int) -> None:
    path = write_sound(tmp_path / "s.wav", clicks(1.0, [0.25, 0.75], rate_hz), rate_hz)
    video = write_video(tmp_path / f"v.{container}", 30, container=container, sound=SoundClip(path=path))
    samples = load_speech(SoundClip(path=video)).samples
    loud = np.flatnonzero(np.abs(samples) > 0.15) / 16_000
    assert loud[0] == pytest.approx(0.25, abs=0.003)
    assert loud[-1] == pytest.approx(0.755, abs=0.005)


def test_the_original_sound_is_kept_not_what_the_listeners_hear(tmp_path: Path) -> None:
    left, right = tone(1.0, 12_000.0), tone(1.0, 300.0)
    path = write_sound(tmp_path / "s.wav", np.stack([left, right]))
    video = write_video(tmp_path / "v.mp4", 30, sound=SoundClip(path=path))
    info = probe_sound(SoundClip(path=video))
    assert (info.sample_rate_hz, info.channels) == (44_100, 2)
    with av.open(str(video)) as container:
        samples = np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1)
    spectrum = np.abs(np.fft.rfft(samples[:, 4096 : 4096 + 22_050]))
    assert (spectrum.argmax(axis=1) * 2).tolist() == [12_000, 300]


def test_a_stretch_of_the_sound_is_used(tmp_path: Path, sound: SoundClip) -> None:
    stretch = SoundClip(path=sound.path, start_s=1.25, end_s=1.75)
    video = write_video(tmp_path / "v.mp4", 30, sound=stretch)
    samples = load_speech(SoundClip(path=video)).samples
    loud = np.flatnonzero(np.abs(samples) > 0.15) / 16_000
    assert loud[0] == pytest.approx(0.25, abs=0.002)
    assert len(samples) == 16_000


def test_an_old_sound_goes_on_under_the_new_one(tmp_path: Path) -> None:
    new = write_sound(tmp_path / "new.wav", tone(0.5, 1000.0))
    old = write_sound(tmp_path / "old.wav", np.stack([tone(2.0, 400.0, 48_000)] * 2), 48_000)
    video = write_video(
        tmp_path / "v.mp4",
        30,
        sound=SoundClip(path=new),
        background_sounds=[BackgroundSound(clip=SoundClip(path=old, start_s=1.0), level_db=-20)],
    )
    assert probe_sound(SoundClip(path=video)).channels == 2
    samples = load_speech(SoundClip(path=video)).samples
    both = np.abs(np.fft.rfft(samples[1600:6400] * np.hanning(4800)))
    after = np.abs(np.fft.rfft(samples[9600:14400] * np.hanning(4800)))
    step_hz = 16_000 / 4800
    new_bin, old_bin = round(1000 / step_hz), round(400 / step_hz)
    assert both[new_bin] == pytest.approx(10 * both[old_bin], rel=0.1)
    assert after[old_bin] == pytest.approx(both[old_bin], rel=0.1)
    assert after[new_bin] < 0.01 * both[new_bin]


def test_colours_come_back_and_the_stream_says_how(tmp_path: Path) -> None:
    rgb = gradient(*SIZE_WH)
    path = tmp_path / "v.mp4"
    with VideoWriter(path, size_wh=SIZE_WH, frame_rate=Fraction(25)) as writer:
        for _ in range(3):
            writer.write(rgb_to_i420(rgb))
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0))
        assert frame.format.name == "yuv420p"
        tags = (frame.colorspace, frame.color_primaries, frame.color_trc, frame.color_range)
        assert tags == (1, 1, 1, 1)
        back = frame.to_ndarray(format="rgb24", src_colorspace="ITU709").astype(int)
    assert np.abs(back - rgb).mean() < COLOUR_LEVELS


def test_an_mp4_starts_to_play_before_it_is_loaded(tmp_path: Path, sound: SoundClip) -> None:
    content = write_video(tmp_path / "v.mp4", sound=sound).read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


@pytest.mark.parametrize("container", list(Container))
def test_the_file_says_that_it_is_synthetic(tmp_path: Path, container: Container) -> None:
    path = write_video(tmp_path / f"v.{container}", 3, container=container, metadata={"title": "A greeting"})
    with av.open(str(path)) as opened:
        tags = {name.lower(): text for name, text in opened.metadata.items()}
    assert "Synthetic media" in tags["comment"]
    assert "Lipwright" in tags["comment"]
    if container in (Container.MP4, Container.WEBM):
        assert tags["title"] == "A greeting"
        assert "compositeWithTrainedAlgorithmicMedia" in tags["keywords"]


def test_a_gif_plays_at_the_speed_of_the_video(tmp_path: Path) -> None:
    path = tmp_path / "v.gif"
    with VideoWriter(path, size_wh=(800, 400), frame_rate=Fraction(60), container=Container.GIF) as writer:
        for index in range(60):
            writer.write(rgb_to_i420(numbered_frame(index, 800, 400)))
    frames, times_s = decoded(path)
    assert frames[0].shape == (320, 640, 3)
    assert 20 <= len(frames) <= 34
    for frame, time_s in zip(frames, times_s, strict=True):
        lag = (frame_number(frame) - round(time_s * 60)) % 16
        assert lag in (15, 0, 1)


@pytest.mark.parametrize("container", list(Container))
def test_a_stream_is_written_without_seeking(container: Container, sound: SoundClip) -> None:
    reading_end, writing_end = os.pipe()
    received = io.BytesIO()

    def receive() -> None:
        with open(reading_end, "rb") as pipe:
            received.write(pipe.read())

    reader = threading.Thread(target=receive)
    reader.start()
    with open(writing_end, "wb") as pipe:
        with VideoWriter(
            pipe, size_wh=SIZE_WH, frame_rate=Fraction(25), container=container, sound=sound
        ) as writer:
            write_frames(writer, 50)
        assert not pipe.closed
    reader.join()
    received.seek(0)
    frames, times_s = decoded(received)
    assert len(frames) == 50
    assert times_s[0] == 0


def test_a_streamed_mp4_keeps_sound_and_picture_in_step(tmp_path: Path, sound: SoundClip) -> None:
    path = tmp_path / "v.mp4"
    with (
        path.open("wb") as file,
        VideoWriter(file, size_wh=SIZE_WH, frame_rate=Fraction(25), sound=sound) as writer,
    ):
        write_frames(writer, 50)
    samples = load_speech(SoundClip(path=path)).samples
    loud = np.flatnonzero(np.abs(samples) > 0.15) / 16_000
    assert loud[0] == pytest.approx(0.5, abs=0.002)


def test_a_reader_that_goes_away_ends_the_work() -> None:
    reading_end, writing_end = os.pipe()
    os.close(reading_end)
    with open(writing_end, "wb", buffering=0) as pipe, pytest.raises(OutputFailed, match="has ended"):
        write_video(pipe)


def fill_pipe(pipe: BinaryIO) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (720, 640), dtype=np.uint8)
    with VideoWriter(
        pipe, size_wh=(640, 480), frame_rate=Fraction(25), container=Container.GIF, longest_stop_s=0.2
    ) as writer:
        writer.write(noise)
        writer.write(noise)
        raise KeyboardInterrupt


def test_a_pipe_that_nobody_reads_can_be_left() -> None:
    reading_end, writing_end = os.pipe()
    with open(writing_end, "wb", buffering=0) as pipe:
        with pytest.raises(KeyboardInterrupt):
            fill_pipe(pipe)
        # Only now does the stuck write end, and with it the thread.
        os.close(reading_end)
        for thread in threading.enumerate():
            if thread.name == "video-encoder":
                thread.join(5)


@pytest.mark.parametrize("container", Container)
def test_a_stream_gets_nothing_any_more_when_its_video_is_abandoned(container: Container) -> None:
    # The end of a container would wait for ever in a pipe that nobody reads.
    stream = io.BytesIO()
    spec = VideoSpec(size_wh=SIZE_WH, frame_rate=Fraction(25), container=container)
    is_gif = container is Container.GIF
    muxer: Muxer = GifMuxer(stream, spec) if is_gif else VideoMuxer(stream, spec, pytest.fail)
    muxer.write(VideoFrame.from_ndarray(rgb_to_i420(numbered_frame(0, *SIZE_WH)), format="yuv420p"))
    written = stream.tell()
    muxer.abandon()
    assert stream.tell() == written


def test_nothing_is_under_the_name_before_the_end(tmp_path: Path) -> None:
    path = tmp_path / "v.mp4"
    path.write_bytes(b"an older video")
    with VideoWriter(path, size_wh=SIZE_WH, frame_rate=Fraction(25)) as writer:
        write_frames(writer, 20)
        assert path.read_bytes() == b"an older video"
    assert len(decoded(path)[0]) == 20
    assert part_files(tmp_path) == []


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt])
@pytest.mark.parametrize("count", [0, 1, 30])
@pytest.mark.parametrize("container", list(Container))
def test_a_failure_leaves_nothing_behind(
    tmp_path: Path, container: Container, failure: type[BaseException], count: int
) -> None:
    path = tmp_path / f"v.{container}"
    with pytest.raises(failure):
        fail_after(path, count, failure, container=container)
    assert list(tmp_path.iterdir()) == []


def test_an_older_file_survives_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "v.mp4"
    path.write_bytes(b"an older video")
    with pytest.raises(RuntimeError):
        fail_after(path, 60, RuntimeError)
    assert path.read_bytes() == b"an older video"


def test_a_video_without_frames_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(OutputFailed, match="no frame"):
        write_video(tmp_path / "v.mp4", 0)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which every new file is on a device that is full."""
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    create = os.open

    def open_on_full_device(path: str, flags: int, mode: int = 0o777) -> int:
        if str(path).endswith(".part"):
            os.symlink("/dev/full", path)
            return create("/dev/null", os.O_WRONLY)
        return create(path, flags, mode)

    monkeypatch.setattr(os, "open", open_on_full_device)
    return tmp_path


@pytest.mark.parametrize("container", list(Container))
def test_a_full_disk_is_told_and_leaves_nothing(full_disk: Path, container: Container) -> None:
    with pytest.raises(DiskFull):
        write_video(full_disk / f"v.{container}", container=container)
    assert list(full_disk.iterdir()) == []


def test_a_disk_that_fills_up_on_the_way_is_told() -> None:
    class Filling(io.BytesIO):
        def write(self, data: ReadableBuffer) -> int:
            if self.tell() > 3000:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return super().write(data)

    with pytest.raises(DiskFull):
        write_video(Filling(), 200)


def test_a_folder_that_is_missing_or_the_target_itself_is_told_before_any_work(tmp_path: Path) -> None:
    for target in (tmp_path / "missing" / "v.mp4", tmp_path, tmp_path / ("n" * 300)):
        with pytest.raises(OutputNotWritable):
            check_output(target)
    check_output(tmp_path / "v.mp4")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputNotWritable):
        check_output(tmp_path / "v.mp4")


def test_a_device_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    link = tmp_path / "v.mp4"
    link.symlink_to("/dev/null")
    write_video(link, 10)
    assert link.is_symlink()
    assert Path("/dev/null").is_char_device()


def test_a_linked_file_is_replaced_where_it_lies(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "v.mp4"
    link.symlink_to(tmp_path / "real" / "v.mp4")
    write_video(link, 10)
    assert link.is_symlink()
    assert len(decoded(tmp_path / "real" / "v.mp4")[0]) == 10


def test_a_bad_sound_is_told_when_the_writer_opens(tmp_path: Path) -> None:
    (tmp_path / "s.wav").write_bytes(b"no sound")
    with pytest.raises(BadAudioFile):
        write_video(tmp_path / "v.mp4", sound=SoundClip(path=tmp_path / "s.wav"))
    assert not (tmp_path / "v.mp4").exists()


def test_what_fails_in_the_encoders_thread_reaches_the_caller(tmp_path: Path, sound: SoundClip) -> None:
    late = SoundClip(path=sound.path, start_s=5.0)
    with pytest.raises(BadParameters, match=r"2\.00 s"):
        write_video(tmp_path / "v.mp4", 4 * QUEUE_FRAMES, sound=late)
    assert not (tmp_path / "v.mp4").exists()


def test_a_frame_may_be_used_again_after_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "v.mp4"
    frame = rgb_to_i420(numbered_frame(0, *SIZE_WH))
    with VideoWriter(path, size_wh=SIZE_WH, frame_rate=Fraction(25)) as writer:
        for index in range(16):
            frame[:] = rgb_to_i420(numbered_frame(index, *SIZE_WH))
            writer.write(frame)
            frame[:] = 0
    assert [frame_number(rgb) for rgb in decoded(path)[0]] == list(range(16))


def test_a_frame_of_another_size_is_refused(tmp_path: Path) -> None:
    with VideoWriter(tmp_path / "v.mp4", size_wh=SIZE_WH, frame_rate=Fraction(25)) as writer:
        write_frames(writer, 1)
        with pytest.raises(ValueError, match="expected"):
            writer.write(rgb_to_i420(gradient(32, 32)))
    with pytest.raises(ValueError, match="even"):
        VideoWriter(tmp_path / "v.mp4", size_wh=(63, 48), frame_rate=Fraction(25))
