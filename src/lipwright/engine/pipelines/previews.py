"""What a video looks like while it is made: small pictures of its newest frame, and one to show it by."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.media.label import Label
from lipwright.engine.media.pixels.colour import ColourProperties
from lipwright.engine.media.pixels.label import draw_label
from lipwright.engine.media.pixels.planes import fit_size_wh, frame_size_wh, i420_to_rgb, resized
from lipwright.engine.media.reading.images import jpeg_of

# Twice a second and a little more. More often costs time of the render, and nobody sees more of it.
PREVIEW_EVERY_S = 0.4
# Of the processor time that the render takes meanwhile, frames take at most one part in so many: on a machine
# with too much else to do they come more seldom instead of slowing the render down.
RENDER_PER_PREVIEW = 40
PREVIEW_PX = 320
POSTER_PX = 640
# A film often begins in the dark, and a photo speaks in the middle of a word at any time.
POSTER_AT = 0.25

Deliver = Callable[[int, bytes], None]


class FramePreviews:
    """For the `viewer` of a JobContext: delivers the newest frame as a JPEG now and then.

    poster: a larger JPEG from the first half of the video; None before it was seen.
    """

    def __init__(
        self, deliver: Deliver, *, every_s: float = PREVIEW_EVERY_S, label: Label | None = None
    ) -> None:
        """deliver: called with a frame's number and its picture, in the thread that renders.

        label: of the video; the pictures bear it, too.
        """
        self._label = label
        self._deliver = deliver
        self._every_s = every_s
        self._next_s = 0.0
        self._next_processor_s = 0.0
        self.poster: bytes | None = None

    def __call__(self, number: int, total: int, i420: NDArray[np.uint8], colour: ColourProperties) -> None:
        """See a frame. i420: its planes, not kept."""
        if self.poster is None and number >= total * POSTER_AT:
            self.poster = small_jpeg(i420, colour, POSTER_PX, self._label)
        now_s, begun_s = time.monotonic(), time.process_time()
        if now_s < self._next_s or begun_s < self._next_processor_s:
            return
        spent_s = -time.thread_time()
        self._deliver(number, small_jpeg(i420, colour, PREVIEW_PX, self._label))
        spent_s += time.thread_time()
        self._next_s = now_s + self._every_s
        self._next_processor_s = begun_s + RENDER_PER_PREVIEW * spent_s


def small_jpeg(
    i420: NDArray[np.uint8], colour: ColourProperties, longer_side_px: int, label: Label | None = None
) -> bytes:
    """A frame as a JPEG whose longer side is at most this, with a label where one is given."""
    size_wh = fit_size_wh(frame_size_wh(i420), longer_side_px)
    small = i420 if size_wh == frame_size_wh(i420) else resized(i420, size_wh)
    if label is not None:
        small = small.copy()
        draw_label(label, size_wh, colour).lay_on(small)
    return jpeg_of(i420_to_rgb(small, colour))
