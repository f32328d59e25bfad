"""A look at the key frames of a clip, for what must be known before the first frame is shown.

Calls and joined recordings have frames of several sizes; films that went through other tools have fields that
their flags do not tell of.
"""

from __future__ import annotations

import contextlib
import itertools
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from lipwright.engine.media.pixels.canvas import PictureShape
from lipwright.engine.media.pixels.frame_planes import shape_of
from lipwright.engine.media.pixels.orientation import Orientation, known_orientation
from lipwright.engine.media.reading.deinterlace import FieldOrder, field_order, looks_interlaced
from lipwright.engine.media.reading.frame_decoder import MAX_VIDEO_PIXELS, FrameDecoder

# A new size begins with a key frame. Codecs that have nothing else are looked at twice a second.
_LOOKED_AT_EVERY_S = Fraction(1, 2)
# A shape that shows for less than this, and for less than a twentieth of the time, is a damaged header or a
# moment of a call: one frame must not make a whole film small among bars.
_LEAST_SHOWN_S = Fraction(1, 2)
_LEAST_SHARE = Fraction(1, 20)
# Of key frames that are plainly combed for a film to be interlaced: a head that rests between words has none.
_LEAST_COMBED = 0.2
# Frames from which the order of fields is read: two seconds, in which somebody moves.
_JUDGED_FRAMES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSurvey:
    """What key frames tell of a stretch.

    shown_s: for how long each shape shows; empty where no key frame is whole.
    unflagged_fields: their order, in a film that is interlaced without saying so; None in all others.
    """

    shown_s: Mapping[PictureShape, Fraction]
    unflagged_fields: FieldOrder | None

    @property
    def canvas(self) -> PictureShape | None:
        """The largest shape, so that no frame loses detail; of two as large the one that shows longer."""
        least_s = min(_LEAST_SHOWN_S, _LEAST_SHARE * sum(self.shown_s.values()))
        lasting = [shape for shape, time_s in self.shown_s.items() if time_s >= least_s]
        return max(lasting, key=lambda shape: (shape.pixels, self.shown_s[shape]), default=None)


NOTHING_LOOKED_AT = PictureSurvey(shown_s={}, unflagged_fields=None)


def survey_picture(path: Path, start_s: float, end_s: float | None) -> PictureSurvey:
    """Look at the key frames of a stretch. Raises what opening the file raises."""
    state = path.stat() if path.is_file() else None
    return _survey(path, start_s, end_s, *((state.st_mtime_ns, state.st_size) if state else (0, 0)))


@lru_cache(maxsize=16)
def _survey(
    path: Path,
    start_s: float,
    end_s: float | None,
    changed_ns: int,  # noqa: ARG001 - for the cache
    size: int,  # noqa: ARG001 - for the cache
) -> PictureSurvey:
    shown_s: dict[PictureShape, Fraction] = defaultdict(Fraction)
    combed, count, is_flagged = 0, 0, False
    orientations: dict[int, Orientation] = {}
    with contextlib.closing(FrameDecoder(path)) as decoder:
        latest: tuple[PictureShape, Fraction] | None = None
        for frame, pixel_aspect in decoder.key_frames(every_s=_LOOKED_AT_EVERY_S, until_s=end_s):
            time_s = decoder.time_s(frame)
            if latest is not None:
                shown_s[latest[0]] += _within(latest[1], time_s, start_s, end_s)
            if 4 <= frame.width * frame.height <= MAX_VIDEO_PIXELS:
                orientation = known_orientation(frame, orientations)
                latest = shape_of(frame, pixel_aspect, orientation), time_s
                count += 1
                is_flagged |= frame.interlaced_frame
                combed += not is_flagged and looks_interlaced(frame)
        if latest is not None:
            last_s = max(decoder.reached_s, latest[1] + _LOOKED_AT_EVERY_S)
            shown_s[latest[0]] += _within(latest[1], last_s, start_s, end_s)
    is_unflagged = not is_flagged and combed > _LEAST_COMBED * count
    return PictureSurvey(
        shown_s={shape: time_s for shape, time_s in shown_s.items() if time_s},
        unflagged_fields=_field_order(path) if is_unflagged and len(shown_s) == 1 else None,
    )


def _field_order(path: Path) -> FieldOrder | None:
    with contextlib.closing(FrameDecoder(path)) as decoder:
        return field_order(itertools.islice(decoder.stored_frames(), _JUDGED_FRAMES), decoder.stream)


def _within(begin_s: Fraction, stop_s: Fraction, start_s: float, end_s: float | None) -> Fraction:
    """How much of a time lies in a stretch."""
    stop_s = stop_s if end_s is None else min(stop_s, Fraction(end_s))
    return max(Fraction(0), stop_s - max(begin_s, Fraction(start_s)))
