"""The decoded frames of a video file in the order of showing: with times, whole, and damage counted."""

from __future__ import annotations

import contextlib
import math
import threading
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
from av.codec.context import CodecContext
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from lipwright.engine.errors import BadVideoFile, BadVideoPath, TooLarge
from lipwright.engine.media.inputs import open_media, stream_time_s, timeline_zero_s
from lipwright.engine.media.reading.clock import continuous_packets
from lipwright.engine.media.reading.deinterlace import FieldOrder, SourceFrame, without_fields
from lipwright.engine.media.reading.stamps import DisplayStamps
from lipwright.engine.media.reading.video_track import nominal_rate, video_track

# An 8K frame. Larger ones come from hostile headers and would fill the memory with a few frames.
MAX_VIDEO_PIXELS = 8192 * 4320
# Elsewhere the times of frames after a jump are off by a frame or more; those files are read from the start.
_FORMATS_WITH_INDEX = ("mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm")
# FFmpeg's own decoders of these leave the opacity out.
_ALPHA_DECODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9"}
_SQUARE = Fraction(1)
# Key frames that follow each other at a joint; more are a codec that has nothing else.
_LONGEST_RUN = 2


class FrameDecoder:
    """The video track of one file. Raises BadVideoPath, BadVideoFile, TooLarge.

    damaged_frames: how many could not be decoded so far. reached_s: how far key_frames has come.
    """

    def __init__(
        self, path: Path, *, counted_from_s: float = 0.0, unflagged_fields: FieldOrder | None = None
    ) -> None:
        """counted_from_s: damage before this time lacks only what a jump into the file leaves out.

        unflagged_fields: their order, in a film that is interlaced without saying so.
        """
        self._path, self._counted_from_s = path, counted_from_s
        self._unflagged_fields = unflagged_fields
        self.damaged_frames = 0
        self.reached_s = Fraction(0)
        self._closed = threading.Event()
        self._open()

    @property
    def can_jump(self) -> bool:
        """Whether the times of frames are right after a jump."""
        return self.container.format.name in _FORMATS_WITH_INDEX

    def close(self) -> None:
        """Close the file; no frame may be asked for meanwhile."""
        self._closed.set()
        self.container.close()

    def stop(self) -> None:
        """Let whoever walks through the frames come to an end soon."""
        self._closed.set()

    def frames(self) -> Iterator[SourceFrame]:
        """All frames from here on."""
        return without_fields(self._decoded(), self.stream, self._unflagged_fields)

    def stored_frames(self) -> Iterator[SourceFrame]:
        """All frames from here on as they are stored, interlaced ones too."""
        return self._decoded()

    def key_frames(
        self, *, every_s: Fraction, until_s: float | None
    ) -> Iterator[tuple[VideoFrame, Fraction]]:
        """Some key frames and their pixel aspects, until a time; to be asked for before anything else.

        every_s: of those that follow each other, as in codecs that have nothing else, one in this time.
        """
        context = self.stream.codec_context
        context.thread_type = "NONE"
        context.options = {**context.options, "skip_loop_filter": "all"}
        latest_s: Fraction | None = None
        run = 0
        for packet in continuous_packets(self.container, self.stream, self._path):
            shown = packet.dts if packet.pts is None else packet.pts
            if not packet.size or shown is None:
                continue
            time_s = stream_time_s(shown, self.stream) - self.zero_s
            self.reached_s = max(self.reached_s, time_s)
            run = run + 1 if packet.is_keyframe else 0
            if run == 0 or (run > _LONGEST_RUN and latest_s is not None and 0 <= time_s - latest_s < every_s):
                continue
            if until_s is not None and time_s >= until_s:
                return
            latest_s = time_s
            frames: list[VideoFrame] = []
            with contextlib.suppress(av.FFmpegError, ValueError):
                # Each by itself: a decoder that waits for the next one knows of its size already.
                frames = [*context.decode(packet), *context.decode(None)]
            context.flush_buffers()
            for frame in frames:
                frame.pts = shown
                self._note_aspect()
                yield frame, self._pixel_aspect

    def jump(self, time_s: Fraction) -> None:
        """Go to the key frame at or before a time; to the beginning in a file whose index is damaged."""
        assert self.stream.time_base is not None
        target = math.floor((time_s + self.zero_s) / self.stream.time_base)
        try:
            self.container.seek(target, stream=self.stream)
        except av.FFmpegError:
            self.rewind()
        else:
            if self._context is not self.stream.codec_context:
                self._context.flush_buffers()

    def rewind(self) -> None:
        """Begin again."""
        self.container.close()
        self._open()

    def time_s(self, frame: VideoFrame) -> Fraction:
        """When a frame shows, from the moment at which a player starts the file."""
        assert frame.pts is not None  # every frame gets one
        return stream_time_s(frame.pts, self.stream) - self.zero_s

    def _open(self) -> None:
        self.container = open_media(self._path, missing=BadVideoPath, broken=BadVideoFile)
        try:
            stream = video_track(self.container)
            if stream is None:
                raise BadVideoFile(f"{self._path.name} holds no moving picture. Choose a video.")
            if not isinstance(stream.codec_context, VideoCodecContext):
                raise BadVideoFile(
                    f"The picture of {self._path.name} is in a form that is not known. "
                    "Save it again as MP4 (H.264)."
                )
            if stream.width * stream.height > MAX_VIDEO_PIXELS:
                raise too_large(self._path, stream.width, stream.height)
            self.stream: VideoStream = stream
            self._context = _decoder(stream)
            self.zero_s = timeline_zero_s(self.container)
            self._pixel_aspect = Fraction(stream.sample_aspect_ratio or _SQUARE)
            own = stream.codec_context.sample_aspect_ratio
            self._aspect_changes = not self.can_jump and own == stream.sample_aspect_ratio
        except BaseException:
            self.container.close()
            raise

    def _decoded(self) -> Iterator[SourceFrame]:
        stamps = DisplayStamps(self.container, self.stream, nominal_rate(self.stream))
        for packet in continuous_packets(self.container, self.stream, self._path):
            if self._closed.is_set():
                return
            stamps.feed(packet)
            for frame in self._frames_of(packet):
                frame.pts = stamps.stamp(frame)
                if frame.is_corrupt:
                    if self.time_s(frame) >= self._counted_from_s:
                        self.damaged_frames += 1
                    continue
                if frame.key_frame:
                    # The decoder is some frames ahead; a new aspect begins with a frame of its own.
                    self._note_aspect()
                yield SourceFrame(frame=frame, pixel_aspect=self._pixel_aspect)

    def _frames_of(self, packet: Packet[VideoStream]) -> list[VideoFrame]:
        try:
            if self._context is self.stream.codec_context:
                return packet.decode()
            return self._context.decode(packet if packet.size else None)
        except (av.FFmpegError, ValueError):
            self.damaged_frames += 1
            return []

    def _note_aspect(self) -> None:
        stated = self._context.sample_aspect_ratio
        if self._aspect_changes and stated:
            self._pixel_aspect = Fraction(stated)


def too_large(path: Path, width: int, height: int) -> TooLarge:
    """The error for frames that are beyond what is read."""
    return TooLarge(f"{path.name} has {width}x{height} pixels. Use at most 8K.")


def _decoder(stream: VideoStream) -> VideoCodecContext:
    """What decodes a track: FFmpeg's own choice, or one that knows of opacity where the file has it."""
    stream.thread_type = "AUTO"
    stream.codec_context.options = {"max_pixels": str(2 * MAX_VIDEO_PIXELS)}
    name = _ALPHA_DECODERS.get(stream.codec_context.name)
    if name is None or stream.metadata.get("alpha_mode") != "1":
        return stream.codec_context
    with contextlib.suppress(av.FFmpegError, ValueError):
        context = CodecContext.create(name, "r")
        assert isinstance(context, VideoCodecContext)
        context.extradata = stream.codec_context.extradata
        context.thread_type = "AUTO"
        return context
    return stream.codec_context
