"""Frames of several sizes and proportions come on one canvas; what a file says of its way up is done."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.media.pixels.planes import i420_to_rgb
from lipwright.engine.media.probe import probe_media
from lipwright.engine.media.reading.video_reader import SLANTED_WARNING, VideoReader
from lipwright.engine.media.values import VideoStretch
from tests.support.pictures import gradient
from tests.support.videos import one_track, write_clip

# Lossy coding at these sizes, scaling, and the roundings of colour.
LEVELS = 14
RATE = Fraction(25)
# A joint of program streams may open a gap of a frame, or hide one.
JOINT_FRAMES = 1
SMALL, LARGE = (64, 64), (192, 192)


def corners(_index: int, width: int, height: int) -> NDArray[np.uint8]:
    return gradient(width, height)


def white(_index: int, width: int, height: int) -> NDArray[np.uint8]:
    return np.full((height, width, 3), 235, np.uint8)


def piece(path: Path, size_wh: tuple[int, int], count: int = 25, **more: object) -> Path:
    codec = {".webm": "libvpx", ".ts": "libx264", ".avi": "mjpeg", ".mpg": "mpeg2video", ".mkv": "libvpx"}
    pixels = "yuvj420p" if path.suffix == ".avi" else "yuv420p"
    # At the lowest quality blocks would be seen.
    options = {".webm": {"b": "2M", "deadline": "realtime"}, ".mpg": {"b": "4M"}}.get(path.suffix, {})
    return write_clip(
        path,
        size_wh=size_wh,
        count=count,
        frame_rate=RATE,
        codec=codec[path.suffix],
        pix_fmt=pixels,
        options=options,
        **{"frame": white, **more},  # type: ignore[arg-type]
    )


def call(folder: Path, suffix: str, *parts: tuple[tuple[int, int], int], **more: object) -> Path:
    """A recording in one track, of sizes and counts of frames."""
    pieces = [
        piece(folder / f"{number}{suffix}", size_wh, count, **more)
        for number, (size_wh, count) in enumerate(parts)
    ]
    path = folder / f"call{suffix}"
    if suffix not in (".ts", ".mpg"):
        return one_track(path, *pieces)
    # Made for broadcast: joined by themselves.
    path.write_bytes(b"".join(each.read_bytes() for each in pieces))
    return path


def shown(path: Path, **stretch: float) -> tuple[list[NDArray[np.uint8]], VideoReader]:
    with VideoReader(VideoStretch(path=path, **stretch)) as reader:  # type: ignore[arg-type]
        frames = [i420_to_rgb(frame.i420, reader.colour) for frame in reader]
    return frames, reader


def changes(reader: VideoReader) -> bool:
    return any("changes its size" in warning for warning in reader.warnings)


def bars(frame: NDArray[np.uint8]) -> tuple[int, int]:
    """How wide the black bars are, in all: columns and rows."""
    dark = frame.max(axis=2) < 60
    return int(dark.all(axis=0).sum()), int(dark.all(axis=1).sum())


@pytest.mark.parametrize("suffix", [".webm", ".mkv", ".ts", ".avi", ".mpg"])
@pytest.mark.parametrize("rises", [True, False])
def test_a_call_that_changes_its_size_is_as_large_as_it_ever_is(
    tmp_path: Path, suffix: str, rises: bool
) -> None:
    parts = [(SMALL, 20), (LARGE, 40)]
    path = call(tmp_path, suffix, *(parts if rises else reversed(parts)), frame=corners)
    frames, reader = shown(path)
    assert reader.size_wh == LARGE
    assert abs(len(frames) - 60) <= JOINT_FRAMES
    assert changes(reader)
    for frame in (frames[5], frames[-5]):
        assert np.abs(frame.astype(int) - gradient(*LARGE)).mean() < LEVELS


def test_a_telephone_that_is_turned_keeps_the_way_it_is_held_longer(tmp_path: Path) -> None:
    upright, lying = (96, 160), (160, 96)
    frames, reader = shown(call(tmp_path, ".webm", (upright, 20), (lying, 40)))
    assert reader.size_wh == lying
    assert bars(frames[50]) == (0, 0)
    across, down = bars(frames[5])
    # 96 rows hold a picture of 58 columns; its edges are soft.
    assert abs(across - (160 - 58)) <= 4
    assert down == 0


def test_wide_frames_on_a_narrow_canvas_have_bars_above_and_below(tmp_path: Path) -> None:
    frames, reader = shown(call(tmp_path, ".webm", ((192, 192), 40), ((192, 96), 20)))
    assert reader.size_wh == (192, 192)
    across, down = bars(frames[-5])
    assert across == 0
    assert abs(down - 96) <= 4


def test_steps_that_round_to_blocks_get_no_bars(tmp_path: Path) -> None:
    frames, reader = shown(call(tmp_path, ".webm", ((160, 90), 20), ((320, 184), 40)))
    assert reader.size_wh == (320, 184)
    assert {bars(frame) for frame in frames} == {(0, 0)}


def test_one_large_moment_does_not_make_a_film_small_among_bars(tmp_path: Path) -> None:
    _, reader = shown(call(tmp_path, ".webm", (SMALL, 60), ((192, 96), 2), (SMALL, 20)))
    assert reader.size_wh == SMALL
    assert changes(reader)


def test_a_stretch_behind_the_small_beginning_knows_nothing_of_it(tmp_path: Path) -> None:
    path = call(tmp_path, ".webm", (SMALL, 25), (LARGE, 50))
    frames, reader = shown(path, start_s=1.2)
    assert reader.size_wh == LARGE
    assert len(frames) == 45
    assert not changes(reader)


def test_the_cap_on_the_size_holds_for_the_canvas(tmp_path: Path) -> None:
    path = call(tmp_path, ".webm", (SMALL, 20), (LARGE, 40))
    with VideoReader(VideoStretch(path=path, max_resolution_px=128)) as reader:
        assert {frame.i420.shape for frame in reader} == {(192, 128)}


def test_a_steady_film_gets_no_word(tmp_path: Path) -> None:
    _, reader = shown(piece(tmp_path / "v.webm", SMALL))
    assert reader.warnings == ()


@pytest.mark.parametrize("suffix", [".ts", ".mpg"])
def test_a_pixel_aspect_that_changes_gets_bars_where_it_is_not_the_lasting_one(
    tmp_path: Path, suffix: str
) -> None:
    narrow = piece(tmp_path / f"0{suffix}", (144, 112), 25, pixel_aspect=Fraction(16, 15))
    wide = piece(tmp_path / f"1{suffix}", (144, 112), 50, pixel_aspect=Fraction(64, 45))
    path = tmp_path / f"joined{suffix}"
    path.write_bytes(narrow.read_bytes() + wide.read_bytes())
    frames, reader = shown(path)
    assert reader.size_wh == (144, 112)
    # MPEG-2 states the proportions of the picture instead, rounded.
    assert abs(reader.pixel_aspect / Fraction(64, 45) - 1) < 0.05
    assert changes(reader)
    # Three quarters as wide.
    has_bars = [abs(bars(frame)[0] - 36) <= 4 for frame in frames]
    assert abs(len(frames) - 75) <= JOINT_FRAMES
    assert abs(has_bars.index(False) - 25) <= JOINT_FRAMES
    assert not any(has_bars[25:])


@pytest.mark.parametrize("name", ["v.mp4", "v.mkv", "v.mov"])
@pytest.mark.parametrize("aspect", [Fraction(4, 3), Fraction(8, 9)])
def test_a_pixel_aspect_is_kept_and_turns_with_the_picture(
    tmp_path: Path, name: str, aspect: Fraction
) -> None:
    path = write_clip(tmp_path / name, pixel_aspect=aspect, rotation_deg=90)
    with VideoReader(path) as reader:
        turned = reader.size_wh == (48, 64)
        assert turned or name == "v.mkv"  # Matroska's turn is only read back by some builds of FFmpeg
        assert reader.pixel_aspect == (1 / aspect if turned else aspect)


@pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
@pytest.mark.parametrize("mirrored", [(False, False), (True, False), (False, True), (True, True)])
def test_all_that_a_display_matrix_states_is_done(
    tmp_path: Path, rotation_deg: int, mirrored: tuple[bool, bool]
) -> None:
    path = write_clip(tmp_path / "v.mp4", frame=corners, rotation_deg=rotation_deg, mirrored=mirrored)
    wanted = np.rot90(gradient(64, 48), rotation_deg // 90)
    for axis, is_flipped in zip((1, 0), mirrored, strict=True):
        wanted = np.flip(wanted, axis) if is_flipped else wanted
    frames, reader = shown(path)
    assert frames[0].shape == wanted.shape
    assert np.abs(frames[0].astype(int) - wanted).mean() < LEVELS
    assert probe_media(path).video.size_wh == reader.size_wh  # type: ignore[union-attr]


@pytest.mark.parametrize(("angle_deg", "size_wh", "is_slanted"), [(30, (64, 48), True), (80, (48, 64), True)])
def test_an_odd_angle_becomes_the_nearest_quarter_with_a_word(
    tmp_path: Path, angle_deg: int, size_wh: tuple[int, int], is_slanted: bool
) -> None:
    _, reader = shown(write_clip(tmp_path / "v.mp4", frame=corners, rotation_deg=angle_deg))
    assert reader.size_wh == size_wh
    assert (SLANTED_WARNING in reader.warnings) == is_slanted


def test_a_display_matrix_of_nothing_is_no_matrix(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "v.mp4", frame=corners, rotation_deg=90)
    content = bytearray(path.read_bytes())
    matrix = content.index(b"tkhd") + 4 + 40
    content[matrix : matrix + 36] = bytes(36)
    path.write_bytes(content)
    frames, reader = shown(path)
    assert reader.size_wh == (64, 48)
    assert len(frames) == 10
