"""Which size and pixel aspect a clip gets whose frames have several, as calls and joined recordings have."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from lipwright.engine.media.pixels.canvas import PictureShape
from lipwright.engine.media.pixels.frame_planes import shape_of
from lipwright.engine.media.reading.frame_decoder import MAX_VIDEO_PIXELS, FrameDecoder

# A new size begins with a key frame. Codecs that have nothing else are looked at twice a second.
_LOOKED_AT_EVERY_S = Fraction(1, 2)
# A shape that shows for less than this, and for less than a twentieth of the time, is a damaged header or a
# moment of a call: one frame must not make a whole film small among bars.
_LEAST_SHOWN_S = Fraction(1, 2)
_LEAST_SHARE = Fraction(1, 20)


def canvas_shape(shown_s: Mapping[PictureShape, Fraction]) -> PictureShape | None:
    """The largest shape, so that no frame loses detail; of two as large the one that shows longer.

    shown_s: for how long each shows. None where nothing does.
    """
    least_s = min(_LEAST_SHOWN_S, _LEAST_SHARE * sum(shown_s.values()))
    lasting = [shape for shape, time_s in shown_s.items() if time_s >= least_s]
    return max(lasting, key=lambda shape: (shape.pixels, shown_s[shape]), default=None)


def shapes_shown(path: Path, start_s: float, end_s: float | None) -> Mapping[PictureShape, Fraction]:
    """For how long each shape shows within a stretch, found from key frames; empty where none is whole.

    Raises what opening the file raises.
    """
    state = path.stat()
    return _shapes(path, start_s, end_s, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=16)
def _shapes(
    path: Path,
    start_s: float,
    end_s: float | None,
    changed_ns: int,  # noqa: ARG001 - for the cache
    size: int,  # noqa: ARG001 - for the cache
) -> Mapping[PictureShape, Fraction]:
    shown_s: dict[PictureShape, Fraction] = defaultdict(Fraction)
    decoder = FrameDecoder(path)
    with contextlib.closing(decoder):
        latest: tuple[PictureShape, Fraction] | None = None
        for frame, pixel_aspect in decoder.key_frames(every_s=_LOOKED_AT_EVERY_S, until_s=end_s):
            time_s = decoder.time_s(frame)
            if latest is not None:
                shown_s[latest[0]] += _within(latest[1], time_s, start_s, end_s)
            if 4 <= frame.width * frame.height <= MAX_VIDEO_PIXELS:
                latest = shape_of(frame, pixel_aspect), time_s
        if latest is not None:
            last_s = max(decoder.reached_s, latest[1] + _LOOKED_AT_EVERY_S)
            shown_s[latest[0]] += _within(latest[1], last_s, start_s, end_s)
    return {shape: time_s for shape, time_s in shown_s.items() if time_s}


def _within(begin_s: Fraction, stop_s: Fraction, start_s: float, end_s: float | None) -> Fraction:
    """How much of a time lies in a stretch."""
    stop_s = stop_s if end_s is None else min(stop_s, Fraction(end_s))
    return max(Fraction(0), stop_s - max(begin_s, Fraction(start_s)))
