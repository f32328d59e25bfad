"""The picture of a video file, frame after frame at a constant rate, decoded in a thread of its own.

Holds a few frames whatever the clip's length.
"""

from __future__ import annotations

import contextlib
import itertools
import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from lipwright.engine.errors import BadParameters, BadVideoFile
from lipwright.engine.media.inputs import stream_time_s
from lipwright.engine.media.pixels.alpha import Alpha
from lipwright.engine.media.pixels.canvas import PictureShape
from lipwright.engine.media.pixels.frame_planes import (
    PlaneConverter,
    frame_colour,
    planes_colour,
    shape_of,
)
from lipwright.engine.media.pixels.orientation import orientation_of
from lipwright.engine.media.pixels.planes import I420, fit_size_wh, frame_size_wh, resized, resized_alpha
from lipwright.engine.media.reading.clock import video_end_s
from lipwright.engine.media.reading.constant_rate import FrameGrid, capped_rate
from lipwright.engine.media.reading.deinterlace import SourceFrame
from lipwright.engine.media.reading.frame_decoder import MAX_VIDEO_PIXELS, FrameDecoder, too_large
from lipwright.engine.media.reading.picture_survey import (
    NOTHING_LOOKED_AT,
    PictureSurvey,
    survey_picture,
)
from lipwright.engine.media.reading.video_track import nominal_rate
from lipwright.engine.media.values import VideoStretch

# Decoded frames that may wait. One is too few to hide a key frame's cost; more only hold memory.
QUEUE_FRAMES = 4
# How often a waiting decoder looks whether anybody still reads.
_WAIT_S = 0.1
# How long the last frame may stay, whatever the header says.
_LONGEST_LAST_FRAME_S = 10
HDR_WARNING = "The video has high dynamic range; it was brought to the range of an ordinary screen."
INTERLACED_WARNING = (
    "The video is interlaced; the two fields of each frame were made one whole frame, at the same frame rate."
)
SLANTED_WARNING = "The video asks to be turned by an odd angle; it was turned by whole quarters only."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClipFrame:
    """One frame of a clip.

    index: from 0 at the clip's start. i420: the planes, the caller's own to write into.
    is_repeat: the same picture as the frame before, shown again to keep the rate.
    alpha: how opaque each pixel is; None where all of it is, or where the reader does not keep it.
    """

    index: int
    i420: I420
    is_repeat: bool
    alpha: Alpha | None = None


class VideoReader:
    """A stretch of a video as I420 frames at a constant rate: upright, whole, 8 bits, of one even size.

    Use as a context manager and walk through it once; open another one for a second pass.

    size_wh, frame_rate, colour, pixel_aspect: of the frames that come out.
    frame_count: about how many will come.
    converted_frames: how many were made so far, those included that wait to be taken.
    damaged_frames: how many could not be decoded so far; the frame before is shown in their place.
    has_transparency: whether one of them was transparent somewhere.
    """

    def __init__(
        self,
        video: Path | VideoStretch,
        *,
        first_frame: int = 0,
        keeps_alpha: bool = False,
        looks_ahead: bool = True,
    ) -> None:
        """Open a whole file, or a stretch of it.

        first_frame: frames of the stretch before this one are left out; the others keep their numbers.
        keeps_alpha: frames bring their opacity; otherwise they are laid on white where they are transparent.
        looks_ahead: find the size that fits all frames; otherwise it is that of the first one.

        Raises BadVideoPath, BadVideoFile, TooLarge, and BadParameters when the stretch lies outside the file.
        """
        stretch = VideoStretch(path=video) if isinstance(video, Path) else video
        self._path = stretch.path
        self.converted_frames = 0
        self.has_transparency = False
        self._start_s = stretch.start_s
        self._max_resolution_px = stretch.max_resolution_px
        self._first_frame = first_frame
        self._keeps_alpha = keeps_alpha
        self._closed = threading.Event()
        survey = NOTHING_LOOKED_AT
        if looks_ahead:
            survey = survey_picture(self._path, stretch.start_s, stretch.end_s)
        self._decoder = FrameDecoder(
            self._path, counted_from_s=self._start_s, unflagged_fields=survey.unflagged_fields
        )
        try:
            self._frames = self._decoder.frames()
            self._prepare(stretch, survey)
        except BaseException:
            self._decoder.close()
            raise
        self._queue: queue.Queue[ClipFrame | BaseException | None] = queue.Queue(maxsize=QUEUE_FRAMES)
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop decoding and close the file."""
        self._closed.set()
        self._decoder.stop()
        with contextlib.suppress(queue.Empty):
            while True:
                self._queue.get_nowait()
        if self._thread is not None:
            self._thread.join()
        self._decoder.close()

    def __iter__(self) -> Iterator[ClipFrame]:
        """The frames in order. Raises BadVideoFile when none can be decoded."""
        if self._thread is not None:
            raise RuntimeError("this reader was walked through already; open another one")
        self._thread = threading.Thread(target=self._run, name="video-decoder", daemon=True)
        self._thread.start()
        while (item := self._queue.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item

    @property
    def damaged_frames(self) -> int:
        """How many could not be decoded so far."""
        return self._decoder.damaged_frames

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences on what had to be changed; complete when the last frame was taken."""
        return tuple(self._words)

    def _note(self, *words: str) -> None:
        self._words += [word for word in words if word not in self._words]

    def _prepare(self, stretch: VideoStretch, survey: PictureSurvey) -> None:
        """Find out what will come, from the header and the first frame, and go to the start."""
        source = next(self._frames, None)
        if source is None:
            raise self._nothing_decoded()
        first, stream = source.frame, self._decoder.stream
        if first.width * first.height > MAX_VIDEO_PIXELS or min(first.width, first.height) < 2:
            raise too_large(self._path, first.width, first.height)
        self._words = _words_on(source)
        canvas = survey.canvas or shape_of(first, source.pixel_aspect)
        if len(survey.shown_s) > 1:
            self._words.append(_shape_word(canvas))
        self.colour = planes_colour(first)
        self._canvas = canvas
        self._converter = PlaneConverter(canvas, self.colour, keeps_alpha=self._keeps_alpha)
        cap_px = stretch.max_resolution_px
        self.size_wh = canvas.size_wh if cap_px is None else fit_size_wh(canvas.size_wh, cap_px)
        self.pixel_aspect = canvas.pixel_aspect
        self._source_rate = nominal_rate(stream)
        self.frame_rate = capped_rate(self._source_rate, stretch.max_frame_rate)
        first_s = self._decoder.time_s(first)
        self._grid = FrameGrid(self.frame_rate, first_time_s=first_s, start_s=self._start_s)
        container, zero_s = self._decoder.container, self._decoder.zero_s
        read_end_s = video_end_s(container, stream, self._path, self._source_rate)
        self._duration_s = (
            _track_end_s(container, stream, zero_s) if read_end_s is None else read_end_s - zero_s
        )
        if self._duration_s and self._start_s >= self._duration_s:
            raise self._start_too_late(float(self._duration_s))
        self._end = None if stretch.end_s is None else max(1, self._grid.slot_at(Fraction(stretch.end_s)))
        file_end = max(1, self._grid.slot_at(self._duration_s))
        self.frame_count = file_end if self._end is None else min(self._end, file_end)
        self._frames = self._from_start(source)

    def _from_start(self, first: SourceFrame) -> Iterator[SourceFrame]:
        """The frames from the last one before the start, or from somewhat earlier."""
        begin_s = self._grid.time_s(self._first_frame)
        if begin_s <= self._decoder.time_s(first.frame) or not self._decoder.can_jump:
            return itertools.chain([first], self._frames)
        self._decoder.jump(begin_s)
        frames = self._decoder.frames()
        found = next(frames, None)
        if found is not None and self._decoder.time_s(found.frame) <= begin_s:
            return itertools.chain([found], frames)
        self._decoder.rewind()
        return self._decoder.frames()

    def _run(self) -> None:
        """The decoder's thread."""
        try:
            for frame in self._clip_frames():
                if not self._put(frame):
                    return
            self._put(None)
        except BaseException as error:
            self._put(error)

    def _put(self, item: ClipFrame | BaseException | None) -> bool:
        """Hand over an item; False when nobody reads any more."""
        while not self._closed.is_set():
            try:
                self._queue.put(item, timeout=_WAIT_S)
            except queue.Full:
                continue
            return True
        return False

    def _clip_frames(self) -> Iterator[ClipFrame]:
        """Every slot of the grid from the first one wanted on, with the last frame begun at or before it."""
        held: SourceFrame | None = None
        held_slot, emitted = 0, self._first_frame
        for source in self._frames:
            if source.frame.width * source.frame.height > MAX_VIDEO_PIXELS:
                self._decoder.damaged_frames += 1
                continue
            slot = self._grid.slot(self._decoder.time_s(source.frame))
            if held is not None and slot > emitted:
                yield from self._shown(held, emitted, slot)
                emitted = slot
            held, held_slot = source, slot
            if self._end is not None and emitted >= self._end:
                return
        if held is None:
            raise self._nothing_decoded()
        end = held_slot + self._slots_shown(held)
        if held_slot < 0 and end <= 0:
            raise self._start_too_late(self._start_s + float(end / self.frame_rate))
        yield from self._shown(held, emitted, max(end, 1))

    def _shown(self, source: SourceFrame, begin: int, end: int) -> Iterator[ClipFrame]:
        if self._end is not None:
            end = min(end, self._end)
        if begin >= end:
            return
        i420, alpha = self._converted(source)
        for index in range(begin, end):
            # The array is handed over; what is still to come is made before it can be changed.
            spare = i420.copy() if index + 1 < end else i420
            yield ClipFrame(index=index, i420=i420, is_repeat=index > begin, alpha=alpha)
            i420 = spare

    def _converted(self, source: SourceFrame) -> tuple[I420, Alpha | None]:
        planes = self._converter.planes(source.frame, source.pixel_aspect)
        self.converted_frames += 1
        self._note(*_words_on(source))
        if planes.was_fitted:
            self._note(_shape_word(self._canvas))
        self.has_transparency |= planes.alpha is not None
        i420, alpha = planes.i420, planes.alpha if self._keeps_alpha else None
        if frame_size_wh(i420) != self.size_wh:
            i420 = resized(i420, self.size_wh)
            alpha = None if alpha is None else resized_alpha(alpha, self.size_wh)
        return i420, alpha

    def _slots_shown(self, last: SourceFrame) -> int:
        """For how many slots the last frame shows: until the track ends, where that is known."""
        begin_s = self._decoder.time_s(last.frame)
        rest_s = min(self._duration_s - begin_s, Fraction(_LONGEST_LAST_FRAME_S))
        end_s = begin_s + max(1 / self._source_rate, rest_s)
        return self._grid.slot_at(end_s) - self._grid.slot_at(begin_s)

    def _nothing_decoded(self) -> BadVideoFile:
        return BadVideoFile(f"No frame of {self._path.name} can be decoded. Save it again as MP4 (H.264).")

    def _start_too_late(self, duration_s: float) -> BadParameters:
        return BadParameters(
            f"The start ({self._start_s:g} s) lies after the end of {self._path.name}, "
            f"which lasts {duration_s:.2f} s."
        )


def _track_end_s(container: InputContainer, stream: VideoStream, zero_s: Fraction) -> Fraction:
    """When the track ends as the header says; 0 when it does not."""
    if stream.duration:
        return stream_time_s((stream.start_time or 0) + stream.duration, stream) - zero_s
    return Fraction(container.duration or 0, av.time_base)


def _words_on(source: SourceFrame) -> list[str]:
    """What is to be said of one frame."""
    words = []
    if frame_colour(source.frame).is_hdr:
        words.append(HDR_WARNING)
    if source.was_interlaced:
        words.append(INTERLACED_WARNING)
    if source.frame.rotation % 90 and orientation_of(source.frame).is_slanted:
        words.append(SLANTED_WARNING)
    return words


def _shape_word(canvas: PictureShape) -> str:
    width, height = canvas.size_wh
    return (
        f"The picture changes its size or proportions; all of it is shown at {width}x{height}, "
        "the largest, with bars where the proportions differ."
    )
