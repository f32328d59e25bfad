"""A clip's frames forwards, backwards and forwards again, in memory that does not grow with the clip.

Backwards, a few dozen frames are decoded at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator

from lipwright.engine.errors import BadVideoFile
from lipwright.engine.media.reading.video_reader import ClipFrame, VideoReader

# What the frames may take that are held to be shown backwards. With fewer, more are decoded again and again.
HELD_BYTES = 192_000_000
LEAST_HELD_FRAMES = 8

# Opens the clip from a frame on.
ReaderFrom = Callable[[int], VideoReader]


def ping_pong_frames(
    reader_from: ReaderFrom, frame_count: int, shown_count: int, *, held_bytes: int = HELD_BYTES
) -> Generator[ClipFrame]:
    """`shown_count` frames in the order of timeline.ping_pong; the planes of each may be changed.

    held_bytes: what the frames may take that are held to be shown backwards.

    Raises BadVideoFile when there are no such frames any more.
    """
    left = shown_count
    is_forward, first = True, 0
    while left > 0:
        before = left
        run = (
            _forward(reader_from, first, frame_count)
            if is_forward
            else _backward(reader_from, frame_count - 1, held_bytes)
        )
        for frame in run:
            yield frame
            left -= 1
            if left == 0:
                return
        if left == before:
            raise BadVideoFile("The video cannot be read a second time. Do not change it meanwhile.")
        # Backwards ends with the first frame, so forwards goes on with the one after it.
        is_forward, first = not is_forward or frame_count == 1, min(1, frame_count - 1)


def _forward(reader_from: ReaderFrom, first: int, stop: int) -> Iterator[ClipFrame]:
    with reader_from(first) as reader:
        for frame in reader:
            if frame.index >= stop:
                return
            yield frame


def _backward(reader_from: ReaderFrom, stop: int, held_bytes: int) -> Iterator[ClipFrame]:
    """The frames before `stop`, the last one first."""
    with reader_from(0) as reader:
        frame_bytes = reader.size_wh[0] * reader.size_wh[1] * 3 // 2
    while stop > 0:
        first = max(0, stop - max(LEAST_HELD_FRAMES, held_bytes // frame_bytes))
        held = list(_forward(reader_from, first, stop))
        while held:
            yield held.pop()
        stop = first
