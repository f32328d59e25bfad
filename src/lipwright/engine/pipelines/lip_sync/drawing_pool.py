"""Frames that are changed by several threads at a time and come out in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from lipwright.engine.cpu import usable_processors
from lipwright.engine.media.pixels.planes import I420
from lipwright.engine.media.reading.video_reader import ClipFrame

# Frames drawn at the same time, at the most: more wait for the encoder, which is then the slower one.
MOST_DRAWN_AT_ONCE = 4
# Frames that may be begun beyond those being drawn: none leaves a thread waiting for the frame before.
AHEAD_FRAMES = 2

# Changes a frame in place; gets its index in the output.
FrameChange = Callable[[int, I420], None]


def draw_in_order(frames: Iterable[ClipFrame], changes: Sequence[FrameChange]) -> Iterator[ClipFrame]:
    """Every frame after all changes, in order; each frame's planes are changed in place by one thread."""

    def drawn(index: int, frame: ClipFrame) -> ClipFrame:
        for change in changes:
            change(index, frame.i420)
        return frame

    count = min(MOST_DRAWN_AT_ONCE, usable_processors())
    begun: deque[Future[ClipFrame]] = deque()
    pool = ThreadPoolExecutor(count, thread_name_prefix="mouth-drawer")
    try:
        for index, frame in enumerate(frames):
            begun.append(pool.submit(drawn, index, frame))
            if len(begun) >= count + AHEAD_FRAMES:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
