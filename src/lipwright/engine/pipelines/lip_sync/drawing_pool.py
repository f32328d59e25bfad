"""Frames that are changed by several threads at a time and come out in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from lipwright.engine.cpu import usable_processors
from lipwright.engine.media.pixels.planes import I420

# Frames drawn at the same time, at the most: more wait for the encoder, which is then the slower one.
MOST_DRAWN_AT_ONCE = 4
# Frames that may be begun beyond those being drawn: none leaves a thread waiting for the frame before.
AHEAD_FRAMES = 2

# Changes a frame in place; gets its index in the output.
FrameChange = Callable[[int, I420], None]


def draw_in_order(frames: Iterable[I420], changes: Sequence[FrameChange]) -> Iterator[I420]:
    """Every frame after all changes, in order; each frame is changed in place by one thread."""

    def drawn(index: int, i420: I420) -> I420:
        for change in changes:
            change(index, i420)
        return i420

    count = min(MOST_DRAWN_AT_ONCE, usable_processors())
    begun: deque[Future[I420]] = deque()
    pool = ThreadPoolExecutor(count, thread_name_prefix="mouth-drawer")
    try:
        for index, i420 in enumerate(frames):
            begun.append(pool.submit(drawn, index, i420))
            if len(begun) >= count + AHEAD_FRAMES:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
