"""The picture of a video file, frame after frame at a constant rate, decoded in a thread of its own.

Holds a few frames whatever the clip's length.
"""

from __future__ import annotations

import contextlib
import itertools
import math
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
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from lipwright.engine.errors import BadParameters, BadVideoFile, BadVideoPath, TooLarge
from lipwright.engine.media.inputs import (
    open_media,
    stream_time_s,
    timeline_zero_s,
)
from lipwright.engine.media.pixels.frame_planes import (
    PlaneConverter,
    even_size_wh,
    frame_colour,
    planes_colour,
)
from lipwright.engine.media.pixels.planes import I420, fit_size_wh, frame_size_wh, resized
from lipwright.engine.media.reading.clock import continuous_packets, video_end_s
from lipwright.engine.media.reading.constant_rate import FrameGrid, capped_rate
from lipwright.engine.media.reading.stamps import DisplayStamps
from lipwright.engine.media.reading.video_track import nominal_rate, video_track
from lipwright.engine.media.values import VideoStretch

# Decoded frames that may wait. One is too few to hide a key frame's cost; more only hold memory.
QUEUE_FRAMES = 4
# How often a waiting decoder looks whether anybody still reads.
_WAIT_S = 0.1
# An 8K frame. Larger ones come from hostile headers and would fill the memory with a few frames.
MAX_VIDEO_PIXELS = 8192 * 4320
# Elsewhere the times of frames after a jump are off by a frame or more; those files are read from the start.
_FORMATS_WITH_INDEX = ("mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm")
# How long the last frame may stay, whatever the header says.
_LONGEST_LAST_FRAME_S = 10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClipFrame:
    """One frame of a clip.

    index: from 0 at the clip's start. i420: the planes, the caller's own to write into.
    is_repeat: the same picture as the frame before, shown again to keep the rate.
    """

    index: int
    i420: I420
    is_repeat: bool


class VideoReader:
    """A stretch of a video as I420 frames at a constant rate: upright, 8 bits, of even size.

    Use as a context manager and walk through it once; open another one for a second pass.

    size_wh, frame_rate, colour, pixel_aspect: of the frames that come out.
    frame_count: about how many will come. warnings: sentences on what had to be changed.
    converted_frames: how many were made so far, those included that wait to be taken.
    damaged_frames: how many could not be decoded so far; the frame before is shown in their place.
    """

    def __init__(self, video: Path | VideoStretch, *, first_frame: int = 0) -> None:
        """Open a whole file, or a stretch of it.

        first_frame: frames of the stretch before this one are left out; the others keep their numbers.

        Raises BadVideoPath, BadVideoFile, TooLarge, and BadParameters when the stretch lies outside the file.
        """
        stretch = VideoStretch(path=video) if isinstance(video, Path) else video
        self._path = stretch.path
        self.damaged_frames = 0
        self.converted_frames = 0
        self._start_s = stretch.start_s
        self._max_resolution_px = stretch.max_resolution_px
        self._first_frame = first_frame
        self._closed = threading.Event()
        self._open_file()
        try:
            self._prepare(stretch.end_s, stretch.max_frame_rate)
        except BaseException:
            self._container.close()
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
        with contextlib.suppress(queue.Empty):
            while True:
                self._queue.get_nowait()
        if self._thread is not None:
            self._thread.join()
        self._container.close()

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

    def _open_file(self) -> None:
        self._container = open_media(self._path, missing=BadVideoPath, broken=BadVideoFile)
        stream = video_track(self._container)
        if stream is None:
            self._container.close()
            raise BadVideoFile(f"{self._path.name} holds no moving picture. Choose a video.")
        stream.thread_type = "AUTO"
        self._stream = stream
        self._zero_s = timeline_zero_s(self._container)
        self._frames = self._decoded()

    def _prepare(self, end_s: float | None, max_frame_rate: Fraction | None) -> None:
        """Find out what will come, from the header and the first frame, and go to the start."""
        first = next(self._frames, None)
        if first is None:
            raise BadVideoFile(f"No frame of {self._path.name} can be decoded. Save it again as MP4 (H.264).")
        if first.width * first.height > MAX_VIDEO_PIXELS or min(first.width, first.height) < 2:
            raise TooLarge(f"{self._path.name} has {first.width}x{first.height} pixels. Use at most 8K.")
        self._converter = PlaneConverter(first)
        full_wh = even_size_wh(first)
        cap_px = self._max_resolution_px
        self.size_wh = full_wh if cap_px is None else fit_size_wh(full_wh, cap_px)
        self.colour = planes_colour(first)
        self.warnings = _warnings(first)
        pixel_aspect = Fraction(self._stream.sample_aspect_ratio or 1)
        self.pixel_aspect = 1 / pixel_aspect if first.rotation % 180 else pixel_aspect
        self._source_rate = nominal_rate(self._stream)
        self.frame_rate = capped_rate(self._source_rate, max_frame_rate)
        self._grid = FrameGrid(self.frame_rate, first_time_s=self._time_s(first), start_s=self._start_s)
        read_end_s = video_end_s(self._container, self._stream, self._path, self._source_rate)
        self._duration_s = (
            _track_end_s(self._container, self._stream, self._zero_s)
            if read_end_s is None
            else read_end_s - self._zero_s
        )
        if self._duration_s and self._start_s >= self._duration_s:
            raise self._start_too_late(float(self._duration_s))
        self._end = None if end_s is None else max(1, self._grid.slot_at(Fraction(end_s)))
        file_end = max(1, self._grid.slot_at(self._duration_s))
        self.frame_count = file_end if self._end is None else min(self._end, file_end)
        self._frames = self._from_start(first)

    def _from_start(self, first: VideoFrame) -> Iterator[VideoFrame]:
        """The frames from the last one before the start, or from somewhat earlier."""
        begin_s = self._grid.time_s(self._first_frame)
        has_index = self._container.format.name in _FORMATS_WITH_INDEX
        if begin_s <= self._time_s(first) or not has_index:
            return itertools.chain([first], self._frames)
        assert self._stream.time_base is not None
        target = math.floor((begin_s + self._zero_s) / self._stream.time_base)
        # A file whose index is damaged is read from its beginning.
        with contextlib.suppress(av.FFmpegError):
            self._container.seek(target, stream=self._stream)
            self._frames = self._decoded()
            found = next(self._frames, None)
            if found is not None and self._time_s(found) <= begin_s:
                return itertools.chain([found], self._frames)
        self._container.close()
        self._open_file()
        return self._frames

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
        held: VideoFrame | None = None
        held_slot, emitted = 0, self._first_frame
        for frame in self._frames:
            slot = self._grid.slot(self._time_s(frame))
            if held is not None and slot > emitted:
                yield from self._shown(held, emitted, slot)
                emitted = slot
            held, held_slot = frame, slot
            if self._end is not None and emitted >= self._end:
                return
        if held is None:
            raise BadVideoFile(f"No frame of {self._path.name} can be decoded. Save it again as MP4 (H.264).")
        end = held_slot + self._slots_shown(held)
        if held_slot < 0 and end <= 0:
            raise self._start_too_late(self._start_s + float(end / self.frame_rate))
        yield from self._shown(held, emitted, max(end, 1))

    def _shown(self, frame: VideoFrame, begin: int, end: int) -> Iterator[ClipFrame]:
        if self._end is not None:
            end = min(end, self._end)
        if begin >= end:
            return
        i420 = self._converter.i420(frame)
        self.converted_frames += 1
        if frame_size_wh(i420) != self.size_wh:
            i420 = resized(i420, self.size_wh)
        for index in range(begin, end):
            # The array is handed over; what is still to come is made before it can be changed.
            spare = i420.copy() if index + 1 < end else i420
            yield ClipFrame(index=index, i420=i420, is_repeat=index > begin)
            i420 = spare

    def _decoded(self) -> Iterator[VideoFrame]:
        packets = continuous_packets(self._container, self._stream, self._path)
        stamps = DisplayStamps(self._container, self._stream, nominal_rate(self._stream))
        for packet in packets:
            if self._closed.is_set():
                return
            stamps.feed(packet)
            try:
                frames = packet.decode()
            except av.FFmpegError:
                self.damaged_frames += 1
                continue
            for frame in frames:
                frame.pts = stamps.stamp(frame)
                if not frame.is_corrupt:
                    yield frame
                elif self._time_s(frame) >= self._start_s:
                    # Before the start it lacks only what a jump into the file leaves out.
                    self.damaged_frames += 1

    def _time_s(self, frame: VideoFrame) -> Fraction:
        assert frame.pts is not None  # _decoded gives every frame one
        return stream_time_s(frame.pts, self._stream) - self._zero_s

    def _slots_shown(self, last: VideoFrame) -> int:
        """For how many slots the last frame shows: until the track ends, where that is known."""
        begin_s = self._time_s(last)
        rest_s = min(self._duration_s - begin_s, Fraction(_LONGEST_LAST_FRAME_S))
        end_s = begin_s + max(1 / self._source_rate, rest_s)
        return self._grid.slot_at(end_s) - self._grid.slot_at(begin_s)

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


def _warnings(first: VideoFrame) -> tuple[str, ...]:
    if frame_colour(first).is_hdr:
        return ("The video has high dynamic range; it was brought to the range of an ordinary screen.",)
    return ()
