"""Frames and sound into a container, in one thread."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Protocol

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from lipwright.engine.media.pixels.alpha import ALPHA_THREADS
from lipwright.engine.media.writing.encoders import RECIPES, Recipe
from lipwright.engine.media.writing.output_file import WriteOnly
from lipwright.engine.media.writing.passthrough import Passthrough
from lipwright.engine.media.writing.sound_track import SoundTrack
from lipwright.engine.media.writing.video_spec import VideoSpec


class Muxer(Protocol):
    """What the encoder's thread drives."""

    def write(self, frame: VideoFrame) -> None:
        """Append a yuv420p frame."""

    def finish(self) -> None:
        """Write what is left and close."""

    def abandon(self) -> None:
        """Close without finishing; does nothing after finish."""


class VideoMuxer:
    """H.264 or VP9 with sound, and what is copied from another file."""

    def __init__(self, file: Path | BinaryIO, spec: VideoSpec, warn: Callable[[str], None]) -> None:
        """Open the container and the sound; a file gets its index in front, a stream is never sought in.

        warn: gets a sentence for all that passthrough leaves out.
        """
        recipe = RECIPES[spec.container]
        self._frame_rate = spec.frame_rate
        self._colour = spec.colour
        self._has_alpha = spec.has_alpha
        self._count = 0
        self._stream_file = None if isinstance(file, Path) else WriteOnly(file)
        with contextlib.ExitStack() as opened:
            self._track = None
            if spec.sound is not None:
                self._track = SoundTrack(spec.sound, recipe.sound_codec, spec.background_sounds)
                opened.callback(self._track.close)
            self._container = opened.enter_context(_opened(file, self._stream_file, recipe))
            self._passthrough = None
            if spec.passthrough is not None:
                is_stream = self._stream_file is not None
                self._passthrough = Passthrough(spec.passthrough, recipe, is_stream=is_stream, warn=warn)
                opened.callback(self._passthrough.close)
                self._container.metadata.update(self._passthrough.tags)
            self._container.metadata.update(spec.tags)
            self._video = _video_stream(self._container, recipe, spec)
            self._audio = None if self._track is None else _sound_stream(self._container, recipe, self._track)
            if self._passthrough is not None:
                self._passthrough.add_to(self._container)
            opened.pop_all()

    def write(self, frame: VideoFrame) -> None:
        """Append a frame and the sound that is heard while it shows."""
        if self._has_alpha:
            frame = frame.reformat(format=self._video.pix_fmt, threads=ALPHA_THREADS)
        frame.pts, frame.time_base = self._count, 1 / self._frame_rate
        frame.colorspace = self._colour.matrix_code
        frame.color_range = 2 if self._colour.is_full_range else 1
        self._count += 1
        self._container.mux(self._video.encode(frame))
        if self._track is not None and self._audio is not None:
            for part in self._track.frames_until(self._count / self._frame_rate):
                self._container.mux(self._audio.encode(part))
        if self._passthrough is not None:
            for packet in self._passthrough.packets_until(self._count / self._frame_rate):
                self._container.mux(packet)

    def finish(self) -> None:
        """Write what the encoders still hold and close."""
        self._container.mux(self._video.encode(None))
        if self._audio is not None:
            self._container.mux(self._audio.encode(None))
        if self._passthrough is not None:
            self._passthrough.finish(self._container, self._count / self._frame_rate)
        self._container.close()
        if self._stream_file is not None:
            self._stream_file.flush()
        self._close_sources()

    @property
    def passthrough_packets_read(self) -> int:
        """Packets read until now of the sound tracks that are copied."""
        return 0 if self._passthrough is None else self._passthrough.packets_read

    def abandon(self) -> None:
        """Close without finishing; does nothing after finish."""
        self._close_sources()
        if self._stream_file is not None:
            self._stream_file.drop()
        # What fails here is of no interest: the file is about to be removed.
        with contextlib.suppress(OSError, av.FFmpegError):
            self._container.close()

    def _close_sources(self) -> None:
        if self._track is not None:
            self._track.close()
        if self._passthrough is not None:
            self._passthrough.close()


def _opened(file: Path | BinaryIO, stream_file: WriteOnly | None, recipe: Recipe) -> OutputContainer:
    if stream_file is not None:
        return av.open(
            stream_file, "w", format=recipe.muxer, container_options=dict(recipe.stream_muxer_options)
        )
    return av.open(
        f"file:{file}", "w", format=recipe.muxer, container_options=dict(recipe.file_muxer_options)
    )


def _video_stream(container: OutputContainer, recipe: Recipe, spec: VideoSpec) -> VideoStream:
    options = recipe.video_options(spec.frame_rate, has_alpha=spec.has_alpha)
    codec, pixel_format = recipe.video_codec, "yuv420p"
    if spec.has_alpha and recipe.alpha_codec is not None:
        codec, pixel_format = recipe.alpha_codec.name, recipe.alpha_codec.pixel_format
    stream = container.add_stream(codec, rate=spec.frame_rate, options=options)
    assert isinstance(stream, VideoStream)
    stream.width, stream.height = spec.size_wh
    stream.pix_fmt = pixel_format
    context = stream.codec_context
    context.time_base = 1 / spec.frame_rate
    context.colorspace = spec.colour.matrix_code
    context.color_primaries = spec.colour.primaries_code
    context.color_trc = spec.colour.transfer_code
    context.color_range = 2 if spec.colour.is_full_range else 1
    context.sample_aspect_ratio = spec.pixel_aspect
    return stream


def _sound_stream(container: OutputContainer, recipe: Recipe, track: SoundTrack) -> AudioStream:
    codec = recipe.sound_codec
    stream = container.add_stream(codec.name, rate=track.sample_rate_hz, layout=track.layout)
    assert isinstance(stream, AudioStream)
    stream.disposition = Disposition.default
    stream.bit_rate = codec.bit_rate(track.sample_rate_hz, track.channels)
    return stream
