"""Frames and sound into a container, in one thread. Knows nothing of queues or temporary names."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO, Protocol

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from lipwright.engine.media.pixels.colour import ColourProperties
from lipwright.engine.media.values import BackgroundSound, Container, SoundClip
from lipwright.engine.media.writing.encoders import RECIPES, Recipe
from lipwright.engine.media.writing.output_file import WriteOnly
from lipwright.engine.media.writing.passthrough import Carried, CarriedParts
from lipwright.engine.media.writing.sound_track import SoundTrack


class Muxer(Protocol):
    """What the encoder's thread drives."""

    def write(self, frame: VideoFrame) -> None:
        """Append a yuv420p frame."""

    def finish(self) -> None:
        """Write what is left and close."""

    def abandon(self) -> None:
        """Close without finishing; does nothing after finish."""


class VideoMuxer:
    """H.264 or VP9 with sound, and what is carried along from another file."""

    def __init__(
        self,
        file: Path | BinaryIO,
        *,
        size_wh: tuple[int, int],
        frame_rate: Fraction,
        container: Container,
        sound: SoundClip | None,
        sounds_under: Sequence[BackgroundSound],
        carried: CarriedParts | None,
        warn: Callable[[str], None],
        colour: ColourProperties,
        pixel_aspect: Fraction,
        tags: Mapping[str, str],
        quality_crf: int | None,
    ) -> None:
        """Open the container and the sound; a file gets its index in front, a stream is never sought in."""
        recipe = RECIPES[container]
        self._frame_rate = frame_rate
        self._colour = colour
        self._count = 0
        self._stream_file = None if isinstance(file, Path) else WriteOnly(file)
        crf = recipe.default_crf if quality_crf is None else quality_crf
        with contextlib.ExitStack() as opened:
            self._track = None if sound is None else SoundTrack(sound, recipe.sound_codec, sounds_under)
            if self._track is not None:
                opened.callback(self._track.close)
            self._container = opened.enter_context(_opened(file, self._stream_file, recipe))
            self._carried = _opened_parts(carried, recipe, self._stream_file is not None, warn)
            if self._carried is not None:
                opened.callback(self._carried.close)
                self._container.metadata.update(self._carried.tags)
            self._container.metadata.update(tags)
            self._video = _video_stream(self._container, recipe, size_wh, frame_rate, colour, crf)
            self._video.codec_context.sample_aspect_ratio = pixel_aspect
            self._audio = None if self._track is None else _sound_stream(self._container, recipe, self._track)
            if self._carried is not None:
                self._carried.add_to(self._container)
            opened.pop_all()

    def write(self, frame: VideoFrame) -> None:
        """Append a frame and the sound that is heard while it shows."""
        frame.pts, frame.time_base = self._count, 1 / self._frame_rate
        frame.colorspace = self._colour.matrix_code
        frame.color_range = 2 if self._colour.is_full_range else 1
        self._count += 1
        self._container.mux(self._video.encode(frame))
        if self._track is not None and self._audio is not None:
            for part in self._track.frames_until(self._count / self._frame_rate):
                self._container.mux(self._audio.encode(part))
        if self._carried is not None:
            for packet in self._carried.packets_until(self._count / self._frame_rate):
                self._container.mux(packet)

    def finish(self) -> None:
        """Write what the encoders still hold and close."""
        self._container.mux(self._video.encode(None))
        if self._audio is not None:
            self._container.mux(self._audio.encode(None))
        if self._carried is not None:
            self._carried.finish(self._container, self._count / self._frame_rate)
        self._container.close()
        if self._stream_file is not None:
            self._stream_file.flush()
        self._close_sources()

    def abandon(self) -> None:
        """Close without finishing; does nothing after finish."""
        self._close_sources()
        # What fails here is of no interest: the file is about to be removed.
        with contextlib.suppress(OSError, av.FFmpegError):
            self._container.close()

    def _close_sources(self) -> None:
        if self._track is not None:
            self._track.close()
        if self._carried is not None:
            self._carried.close()


def _opened_parts(
    parts: CarriedParts | None, recipe: Recipe, is_stream: bool, warn: Callable[[str], None]
) -> Carried | None:
    return None if parts is None else Carried(parts, recipe, is_stream=is_stream, warn=warn)


def _opened(file: Path | BinaryIO, stream_file: WriteOnly | None, recipe: Recipe) -> OutputContainer:
    if stream_file is not None:
        return av.open(
            stream_file, "w", format=recipe.muxer, container_options=dict(recipe.stream_muxer_options)
        )
    return av.open(
        f"file:{file}", "w", format=recipe.muxer, container_options=dict(recipe.file_muxer_options)
    )


def _video_stream(
    container: OutputContainer,
    recipe: Recipe,
    size_wh: tuple[int, int],
    frame_rate: Fraction,
    colour: ColourProperties,
    crf: int,
) -> VideoStream:
    options = recipe.video_options(frame_rate, crf)
    stream = container.add_stream(recipe.video_codec, rate=frame_rate, options=options)
    assert isinstance(stream, VideoStream)
    stream.width, stream.height = size_wh
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    context.time_base = 1 / frame_rate
    context.colorspace = colour.matrix_code
    context.color_primaries = colour.primaries_code
    context.color_trc = colour.transfer_code
    context.color_range = 2 if colour.is_full_range else 1
    return stream


def _sound_stream(container: OutputContainer, recipe: Recipe, track: SoundTrack) -> AudioStream:
    codec = recipe.sound_codec
    stream = container.add_stream(codec.name, rate=track.sample_rate_hz, layout=track.layout)
    assert isinstance(stream, AudioStream)
    stream.disposition = Disposition.default
    stream.bit_rate = codec.bit_rate(track.sample_rate_hz, track.channels)
    return stream
