"""A video comes in as upright 8-bit planes at a constant rate, in flat memory, from any stretch of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.errors import BadParameters, BadVideoFile, BadVideoPath
from lipwright.engine.media.pixels.colour import TRANSFER_HLG, TRANSFER_PQ, ColourProperties
from lipwright.engine.media.pixels.planes import frame_size_wh, i420_to_rgb, split_planes
from lipwright.engine.media.probe import probe_media
from lipwright.engine.media.reading.video_reader import QUEUE_FRAMES, VideoReader
from lipwright.engine.media.values import Container, SoundClip, VideoStretch
from lipwright.engine.media.writing.encoders import RECIPES
from lipwright.engine.media.writing.video_writer import VideoWriter
from tests.support.pictures import frame_number, gradient, numbered_frame
from tests.support.sounds import tone, write_sound
from tests.support.videos import write_clip

# Lossy coding of smooth pictures, and the two roundings of the colour conversion.
LEVELS = 6
LOSSLESS = {"qp": "0", "preset": "ultrafast"}


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) == before


@pytest.fixture
def nearly_lossless(monkeypatch: pytest.MonkeyPatch) -> None:
    """The writer at a quality at which only the reader can change a pixel."""
    monkeypatch.setitem(RECIPES, Container.MP4, replace(RECIPES[Container.MP4], crf=1))


def numbers(path: Path, **stretch: Any) -> list[int]:
    """The numbers of the frames, and that their indices are in order."""
    with VideoReader(VideoStretch(path=path, **stretch)) as reader:
        frames = [(frame.index, frame_number(i420_to_rgb(frame.i420, reader.colour))) for frame in reader]
    assert [index for index, _ in frames] == list(range(len(frames)))
    return [number for _, number in frames]


def first_rgb(path: Path) -> NDArray[np.uint8]:
    with VideoReader(path) as reader:
        return i420_to_rgb(next(iter(reader)).i420, reader.colour)


def noisy(index: int, width: int, height: int) -> NDArray[np.uint8]:
    # Frames that are too small share a packet of an MPEG program stream, which loses their times.
    noise = np.random.default_rng(index).integers(-12, 13, (height, width, 1))
    return (numbered_frame(index, width, height) + noise).astype(np.uint8)


def corners(_index: int, width: int, height: int) -> NDArray[np.uint8]:
    return gradient(width, height)


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("v.mp4", "libx264"),
        ("v.mov", "libx264"),
        ("v.mkv", "libx265"),
        ("v.webm", "libvpx-vp9"),
        ("v.webm", "libsvtav1"),
        ("v.mpg", "mpeg1video"),
        ("v.avi", "mpeg4"),
    ],
)
def test_every_frame_comes_once_and_in_order(tmp_path: Path, name: str, codec: str) -> None:
    path = write_clip(tmp_path / name, count=40, frame=noisy, codec=codec)
    assert numbers(path) == [index % 16 for index in range(40)]


@pytest.mark.usefixtures("nearly_lossless")
def test_what_is_8_bit_already_comes_in_bit_by_bit(tmp_path: Path) -> None:
    frame = np.random.default_rng(1).integers(16, 236, (72, 64), dtype=np.uint8)
    path = tmp_path / "v.mp4"
    with VideoWriter(path, size_wh=(64, 48), frame_rate=Fraction(25)) as writer:
        writer.write(frame)
    with VideoReader(path) as reader:
        assert np.abs(next(iter(reader)).i420.astype(int) - frame).mean() < 1


@pytest.mark.usefixtures("nearly_lossless")
def test_colour_tags_are_handed_from_reader_to_writer(tmp_path: Path) -> None:
    source = write_clip(
        tmp_path / "in.mp4", frame=corners, pix_fmt="yuvj420p", colour=(6, 5, 6, 2), options=LOSSLESS
    )
    copy = tmp_path / "out.mp4"
    with (
        VideoReader(source) as reader,
        VideoWriter(
            copy,
            size_wh=reader.size_wh,
            frame_rate=reader.frame_rate,
            colour=reader.colour,
            pixel_aspect=reader.pixel_aspect,
        ) as writer,
    ):
        for frame in reader:
            writer.write(frame.i420)
    wanted = ColourProperties(matrix_code=6, primaries_code=5, transfer_code=6, is_full_range=True)
    with VideoReader(source) as first, VideoReader(copy) as second:
        assert first.colour == second.colour == wanted
        for one, other in zip(first, second, strict=True):
            assert np.abs(one.i420.astype(int) - other.i420).max() <= 3


def test_a_variable_rate_becomes_constant_with_every_frame_at_its_time(tmp_path: Path) -> None:
    shown = [0, 1, 2, 5, 6, 7, 8, 12, 13, 14]
    times_s = [Fraction(slot, 30) for slot in shown]
    path = write_clip(tmp_path / "v.mp4", count=10, frame_rate=Fraction(30), times_s=times_s)
    assert numbers(path) == [0, 1, 2, 2, 2, 3, 4, 5, 6, 6, 6, 6, 7, 8, 9]
    with VideoReader(path) as reader:
        repeats = [frame.index for frame in reader if frame.is_repeat]
    assert repeats == [3, 4, 9, 10, 11]


def test_a_repeated_frame_may_be_changed_without_changing_the_next(tmp_path: Path) -> None:
    path = write_clip(
        tmp_path / "v.mp4",
        count=6,
        frame_rate=Fraction(30),
        times_s=[Fraction(slot, 30) for slot in (0, 3, 4, 5, 6, 7)],
    )
    with VideoReader(path) as reader:
        for frame in reader:
            assert frame_number(i420_to_rgb(frame.i420, reader.colour)) == max(0, frame.index - 2)
            frame.i420[:] = 0


@pytest.mark.parametrize("name", ["v.mp4", "v.mkv", "v.mpg"])
@pytest.mark.parametrize("rate", [Fraction(25), Fraction(30000, 1001)])
def test_a_stretch_begins_and_ends_at_its_frames(tmp_path: Path, name: str, rate: Fraction) -> None:
    codec = "mpeg1video" if name == "v.mpg" else "libx264"
    path = write_clip(
        tmp_path / name,
        count=60,
        frame=noisy,
        frame_rate=rate,
        codec=codec,
        options={"g": "12"},
        size_wh=(192, 144),
    )
    begin, end = 31, 45
    found = numbers(path, start_s=float(begin / rate), end_s=float(end / rate))
    assert found == [index % 16 for index in range(begin, end)]
    assert numbers(path, start_s=float(50 / rate)) == [index % 16 for index in range(50, 60)]


def test_the_rate_can_be_capped(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "v.mp4", count=40, frame_rate=Fraction(60))
    assert numbers(path, max_frame_rate=Fraction(30)) == [index % 16 for index in range(0, 40, 2)]


def test_the_count_is_known_before(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "v.mp4", count=40, frame_rate=Fraction(30000, 1001))
    with VideoReader(path) as reader:
        assert reader.frame_count == 40
        assert reader.frame_rate == Fraction(30000, 1001)
    with VideoReader(VideoStretch(path=path, start_s=0.5, end_s=1.0)) as reader:
        assert reader.frame_count == len(list(reader)) == 15


@pytest.mark.parametrize("rotation_deg", [90, 180, 270])
def test_a_turned_video_comes_in_upright(tmp_path: Path, rotation_deg: int) -> None:
    path = write_clip(tmp_path / "v.mp4", frame=corners, rotation_deg=rotation_deg)
    upright = np.rot90(gradient(64, 48), rotation_deg // 90)
    found = first_rgb(path)
    assert found.shape == upright.shape
    with VideoReader(path) as reader:
        assert reader.size_wh == (upright.shape[1], upright.shape[0])
    assert np.abs(found.astype(int) - upright).max() <= 3 * LEVELS


def test_an_odd_size_loses_its_last_row_and_column(tmp_path: Path) -> None:
    path = write_clip(
        tmp_path / "v.mp4", size_wh=(65, 49), frame=corners, pix_fmt="yuv444p", options=LOSSLESS
    )
    found = first_rgb(path)
    assert found.shape == (48, 64, 3)
    assert np.abs(found.astype(int) - gradient(65, 49)[:48, :64]).mean() < LEVELS


@pytest.mark.parametrize(
    "pix_fmt", ["yuv420p", "yuvj420p", "yuv422p", "yuv444p", "yuv420p10le", "yuv422p10le", "nv12", "gray"]
)
def test_every_pixel_format_shows_the_same_picture(tmp_path: Path, pix_fmt: str) -> None:
    def frame(_index: int, width: int, height: int) -> NDArray[np.uint8]:
        rgb = gradient(width, height)
        return (
            rgb if pix_fmt != "gray" else rgb.mean(axis=2, keepdims=True).repeat(3, axis=2).astype(np.uint8)
        )

    colour_range = 2 if pix_fmt in ("yuvj420p", "gray") else 1
    path = write_clip(
        tmp_path / "v.mkv", frame=frame, pix_fmt=pix_fmt, colour=(1, 1, 1, colour_range), options={"qp": "4"}
    )
    assert np.abs(first_rgb(path).astype(int) - frame(0, 64, 48)).mean() < LEVELS


def test_rgb_video_keeps_its_colours(tmp_path: Path) -> None:
    path = write_clip(
        tmp_path / "v.mkv",
        frame=corners,
        codec="libx264rgb",
        pix_fmt="rgb24",
        colour=(2, 2, 2, 0),
        options={"qp": "0"},
    )
    assert np.abs(first_rgb(path).astype(int) - gradient(64, 48)).mean() < LEVELS


@pytest.mark.parametrize("transfer", [TRANSFER_PQ, TRANSFER_HLG])
def test_high_dynamic_range_is_brought_down_with_a_word(tmp_path: Path, transfer: int) -> None:
    path = write_clip(
        tmp_path / "v.mkv",
        frame=lambda _, width, height: np.full((height, width, 3), 120, np.uint8),
        codec="libx265",
        pix_fmt="yuv420p10le",
        colour=(9, 9, transfer, 1),
    )
    with VideoReader(path) as reader:
        assert any("dynamic range" in warning for warning in reader.warnings)
        assert not reader.colour.is_hdr
        assert reader.colour.matrix_code == 1
        luma, blue, red = split_planes(next(iter(reader)).i420)
    assert np.abs(blue.astype(int) - 128).max() <= 2
    assert np.abs(red.astype(int) - 128).max() <= 2
    assert 60 < luma.mean() < 200


def test_damage_in_the_middle_is_skipped_and_counted(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "v.mp4", count=60, frame=noisy, options={"g": "10", "bf": "0"})
    content = bytearray(path.read_bytes())
    begin = len(content) // 2
    content[begin : begin + 3000] = np.random.default_rng(1).bytes(3000)
    path.write_bytes(content)
    with VideoReader(path) as reader:
        frames = [(frame.index, frame_number(i420_to_rgb(frame.i420, reader.colour))) for frame in reader]
        damaged = reader.damaged_frames
    assert [index for index, _ in frames] == list(range(60))
    assert damaged >= 1
    assert frames[-1][1] == 59 % 16
    assert frames[0][1] == 0


def test_a_video_that_was_cut_off_plays_to_where_it_ends(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "v.mkv", count=60, frame=noisy, options={"bf": "0"})
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    found = numbers(path)
    assert len(found) > 10
    assert found[:10] == list(range(10))


def test_two_readers_of_one_file_see_the_same(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "v.mp4", count=20)
    with VideoReader(path) as first, VideoReader(path) as second:
        for one, other in zip(first, second, strict=True):
            assert (one.i420 == other.i420).all()


def test_a_reader_is_walked_through_once(tmp_path: Path) -> None:
    with VideoReader(write_clip(tmp_path / "v.mp4")) as reader:
        list(reader)
        with pytest.raises(RuntimeError, match="another"):
            list(reader)


def test_only_a_few_frames_wait_however_long_the_clip(tmp_path: Path) -> None:
    with VideoReader(write_clip(tmp_path / "v.mp4", count=200)) as reader:
        for taken, _ in enumerate(reader, start=1):
            if taken in (1, 50):
                time.sleep(0.2)
            # Those that wait, and the one that the decoder holds because the queue is full.
            assert taken <= reader.converted_frames <= taken + QUEUE_FRAMES + 1
            if taken == 60:
                break


def test_leaving_early_ends_the_decoder(tmp_path: Path) -> None:
    with VideoReader(write_clip(tmp_path / "v.mp4", count=100)) as reader:
        next(iter(reader))
    with VideoReader(tmp_path / "v.mp4"):
        pass


def test_what_is_no_video_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadVideoPath):
        VideoReader(tmp_path / "nothing.mp4")
    with pytest.raises(BadVideoFile, match="no moving picture"):
        VideoReader(write_sound(tmp_path / "s.mp3", tone(1.0)))
    (tmp_path / "v.mp4").write_bytes(b"not a video" * 100)
    with pytest.raises(BadVideoFile):
        VideoReader(tmp_path / "v.mp4")


def test_a_picture_in_a_codec_that_nobody_knows_is_refused_by_name(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "v.mkv")
    path.write_bytes(path.read_bytes().replace(b"V_MPEG4/ISO/AVC", b"V_NOBODY/KNOWS/"))
    with pytest.raises(BadVideoFile, match=r"v\.mkv"):
        VideoReader(path)
    with pytest.raises(BadVideoFile):
        probe_media(path)


def test_a_start_after_the_end_is_told_the_length(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "v.mp4", count=50)
    with pytest.raises(BadParameters, match=r"2\.00 s"):
        VideoReader(VideoStretch(path=path, start_s=3.0))
    with pytest.raises(BadParameters):
        VideoReader(VideoStretch(path=path, start_s=1.0, end_s=0.5))


def test_picture_and_sound_of_a_copy_stay_in_step(tmp_path: Path) -> None:
    sound = SoundClip(path=write_sound(tmp_path / "s.wav", tone(2.0)))
    source = write_clip(tmp_path / "in.mp4", count=50, frame=numbered_frame)
    with (
        VideoReader(source) as reader,
        VideoWriter(
            tmp_path / "out.mp4", size_wh=reader.size_wh, frame_rate=reader.frame_rate, sound=sound
        ) as writer,
    ):
        for frame in reader:
            writer.write(frame.i420)
    assert numbers(tmp_path / "out.mp4") == [index % 16 for index in range(50)]


@pytest.mark.parametrize(("max_resolution_px", "size_wh"), [(32, (32, 24)), (30, (30, 22)), (1000, (64, 48))])
def test_large_frames_come_smaller_in_the_same_shape(
    tmp_path: Path, max_resolution_px: int, size_wh: tuple[int, int]
) -> None:
    path = write_clip(tmp_path / "clip.mp4", count=3, size_wh=(64, 48))
    with VideoReader(VideoStretch(path=path, max_resolution_px=max_resolution_px)) as reader:
        frames = list(reader)
    assert reader.size_wh == size_wh
    assert {frame_size_wh(frame.i420) for frame in frames} == {size_wh}
