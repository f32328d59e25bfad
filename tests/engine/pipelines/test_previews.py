"""Frames of a video that is being made: the newest now and then, small, and one to show the video by."""

from __future__ import annotations

import time

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.media.pixels.colour import HD_COLOUR
from lipwright.engine.media.pixels.planes import rgb_to_i420
from lipwright.engine.pipelines.previews import (
    POSTER_PX,
    PREVIEW_PX,
    RENDER_PER_PREVIEW,
    FramePreviews,
    small_jpeg,
)
from lipwright.engine.progress import JobContext, Stage

RED = (200, 30, 30)


class Clocks:
    """The clocks that frames are taken by."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.wall_s, self.processor_s, self.thread_s, self.taking_s = 100.0, 50.0, 10.0, 0.0
        monkeypatch.setattr(time, "monotonic", lambda: self.wall_s)
        monkeypatch.setattr(time, "process_time", lambda: self.processor_s)
        monkeypatch.setattr(time, "thread_time", self._thread_time)

    def _thread_time(self) -> float:
        self.thread_s += self.taking_s
        return self.thread_s

    def go_on(self, seconds: float) -> None:
        self.wall_s += seconds
        self.processor_s += seconds


def frame(width: int = 64, height: int = 48) -> NDArray[np.uint8]:
    return rgb_to_i420(np.full((height, width, 3), RED, np.uint8))


def opened(jpeg: bytes) -> NDArray[np.uint8]:
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(picture[..., ::-1], np.uint8)


def test_a_frame_is_small_and_has_its_colours() -> None:
    picture = opened(small_jpeg(frame(1280, 720), HD_COLOUR, PREVIEW_PX))
    assert picture.shape == (180, 320, 3)
    assert np.abs(picture.mean(axis=(0, 1)) - RED).max() < 4
    assert opened(small_jpeg(frame(64, 48), HD_COLOUR, PREVIEW_PX)).shape == (48, 64, 3)


def test_the_newest_frame_is_delivered_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    clocks = Clocks(monkeypatch)
    seen: list[int] = []
    taker = FramePreviews(lambda number, _jpeg: seen.append(number), every_s=0.4)
    for number in range(20):
        taker(number, 20, frame(), HD_COLOUR)
        clocks.go_on(0.101)
    assert seen == [0, 4, 8, 12, 16]


def test_frames_that_cost_much_come_more_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    clocks = Clocks(monkeypatch)
    clocks.taking_s = 0.05
    seen: list[int] = []
    taker = FramePreviews(lambda number, _jpeg: seen.append(number), every_s=0.4)
    for number in range(60):
        taker(number, 60, frame(), HD_COLOUR)
        clocks.go_on(0.1)
    wait = round(RENDER_PER_PREVIEW * clocks.taking_s / 0.1)
    assert seen[0] == 0
    assert seen[1] in (wait, wait + 1)


def test_a_poster_is_taken_in_the_first_half(monkeypatch: pytest.MonkeyPatch) -> None:
    Clocks(monkeypatch)
    taker = FramePreviews(lambda _number, _jpeg: None)
    for number in range(10):
        assert (taker.poster is None) == (number <= 3)
        if number == 3:
            taker(number, 10, frame(1920, 1080), HD_COLOUR)
        elif number < 3:
            taker(number, 10, frame(), HD_COLOUR)
        else:
            break
    assert taker.poster is not None
    assert opened(taker.poster).shape[1] == POSTER_PX


def test_a_job_shows_every_frame_with_its_number() -> None:
    seen: list[tuple[int, int]] = []
    context = JobContext(viewer=lambda number, total, _i420, _colour: seen.append((number, total)))
    context.enter(Stage.RENDERING, 3)
    for _ in range(3):
        context.show(frame(), HD_COLOUR)
        context.advance()
    assert seen == [(0, 3), (1, 3), (2, 3)]
    JobContext().show(frame(), HD_COLOUR)  # nobody looks
