"""A clip's frames played forwards and backwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from lipwright.engine.errors import BadVideoFile
from lipwright.engine.media.pixels.planes import i420_to_rgb
from lipwright.engine.media.reading.ping_pong import HELD_BYTES, ping_pong_frames
from lipwright.engine.media.reading.video_reader import VideoReader
from lipwright.engine.media.values import VideoStretch
from lipwright.engine.timeline import ping_pong as order
from tests.support.pictures import frame_number
from tests.support.videos import write_clip

# Numbers that frames can carry.
NUMBERS = 16


def opener(path: Path, start_s: float = 0.0) -> Callable[[int], VideoReader]:
    return lambda first: VideoReader(VideoStretch(path=path, start_s=start_s), first_frame=first)


def numbers(
    path: Path, frame_count: int, shown: int, start_s: float = 0.0, held_bytes: int = HELD_BYTES
) -> list[int]:
    frames = ping_pong_frames(opener(path, start_s), frame_count, shown, held_bytes=held_bytes)
    return [frame_number(i420_to_rgb(frame.i420)) for frame in frames]


@pytest.mark.parametrize(
    ("shown", "count", "expected"),
    [
        (0, 3, []),  # nothing is shown
        (3, 5, [0, 1, 2]),  # less than the clip
        (7, 3, [0, 1, 2, 1, 0, 1, 2]),  # there, back and there again
        (5, 2, [0, 1, 0, 1, 0]),  # the shortest swing
        (3, 1, [0, 0, 0]),  # a single frame has nowhere to go
    ],
)
def test_frames_go_to_and_fro_without_showing_one_twice(shown: int, count: int, expected: list[int]) -> None:
    assert order(shown, count).tolist() == expected


@pytest.mark.parametrize("held", [8, 1000])
def test_the_frames_read_are_those_of_the_order(tmp_path: Path, held: int) -> None:
    """With few frames held the clip is decoded backwards in several pieces, with many in one."""
    path = write_clip(tmp_path / "clip.mp4", count=21)
    held_bytes = held * 64 * 48 * 3 // 2
    assert numbers(path, 21, 70, held_bytes=held_bytes) == (order(70, 21) % NUMBERS).tolist()


def test_a_stretch_goes_to_and_fro_within_itself(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mp4", count=20)
    assert numbers(path, 8, 18, start_s=0.48) == ((12 + order(18, 8)) % NUMBERS).tolist()


def test_frames_may_be_changed_and_come_back_whole(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mp4", count=1)
    frames = []
    for frame in ping_pong_frames(opener(path), 1, 3):
        frames.append(frame.i420.copy())
        frame.i420[:] = 0
    assert np.array_equal(frames[0], frames[2])


def test_a_clip_that_has_become_shorter_is_an_error_and_no_endless_wait(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mp4", count=4)
    with pytest.raises(BadVideoFile):
        list(ping_pong_frames(lambda _: VideoReader(path, first_frame=9), 12, 100))


@pytest.mark.parametrize("first", [0, 1, 7, 19])
def test_a_reader_can_begin_at_any_frame_of_its_stretch(tmp_path: Path, first: int) -> None:
    path = write_clip(tmp_path / "clip.mp4", count=20)
    with VideoReader(path, first_frame=first) as reader:
        seen = [(frame.index, frame_number(i420_to_rgb(frame.i420))) for frame in reader]
    assert seen == [(index, index % NUMBERS) for index in range(first, 20)]
