"""Small video files for the tests, made on the spot.

write_clip(tmp_path / "clip.mp4", count=30, frame_rate=Fraction(30000, 1001), sound=voice(1.0))
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.stream import AudioStream
from av.video.stream import VideoStream
from numpy.typing import NDArray

from tests.support.pictures import numbered_frame
from tests.support.sounds import SOUND_RATE_HZ, encode_sound


def write_clip(
    path: Path,
    *,
    count: int = 10,
    frame_rate: Fraction = Fraction(25),
    size_wh: tuple[int, int] = (64, 48),
    frame: Callable[[int, int, int], NDArray[np.uint8]] = numbered_frame,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    sound: NDArray[np.float32] | None = None,
    times_s: Sequence[Fraction] | None = None,
    rotation_deg: float = 0,
    mirrored: tuple[bool, bool] = (False, False),
    pixel_aspect: Fraction | None = None,
    colour: tuple[int, int, int, int] = (1, 1, 1, 1),
    options: dict[str, str] | None = None,
    tags: dict[str, str] | None = None,
) -> Path:
    """A video file. frame(index, width, height) gives RGB.

    times_s: when each frame is shown, for a variable rate. colour: the stream's tags (matrix, primaries,
    transfer, range); the pixels are BT.709 whatever they say. rotation_deg: the counter-clockwise turn that
    a player applies; mirrored: whether it then flips the picture across and down. pixel_aspect: as stored.
    """
    clock = Fraction(1, 90_000)
    with av.open(str(path), "w") as container:
        container.metadata.update(tags or {})
        quiet = {"x265-params": "log-level=none"} if codec == "libx265" else {}
        video = container.add_stream(codec, rate=frame_rate, options={**quiet, **(options or {})})
        assert isinstance(video, VideoStream)
        video.width, video.height = size_wh
        video.pix_fmt = pix_fmt
        if times_s is not None:
            video.codec_context.time_base = clock
        context = video.codec_context
        context.colorspace, context.color_primaries, context.color_trc, context.color_range = colour
        if pixel_aspect is not None:
            context.sample_aspect_ratio = pixel_aspect
        if rotation_deg or any(mirrored):
            video.set_display_rotation(rotation_deg, *mirrored)
        audio = None
        if sound is not None:
            sound_codec = {".mpg": "mp2", ".webm": "libopus"}.get(path.suffix, "aac")
            sound_rate_hz = 48_000 if sound_codec == "libopus" else SOUND_RATE_HZ
            stream = container.add_stream(sound_codec, rate=sound_rate_hz)
            assert isinstance(stream, AudioStream)
            audio = stream
        for index in range(count):
            picture = av.VideoFrame.from_ndarray(frame(index, *size_wh), format="rgb24")
            picture = picture.reformat(format=pix_fmt, dst_colorspace="ITU709")
            if times_s is not None:
                picture.pts, picture.time_base = round(times_s[index] / clock), clock
            else:
                picture.pts, picture.time_base = index, 1 / frame_rate
            container.mux(video.encode(picture))
        container.mux(video.encode(None))
        if audio is not None and sound is not None:
            encode_sound(container, audio, np.atleast_2d(sound), SOUND_RATE_HZ)
    return path


def one_track(path: Path, *pieces: Path) -> Path:
    """The pictures of several files of one codec behind each other in one track, as a call is recorded."""
    with av.open(str(path), "w") as container:
        stream, begin_s = None, Fraction(0)
        for piece in pieces:
            with av.open(str(piece)) as source:
                video = source.streams.video[0]
                if stream is None:
                    stream = container.add_stream_from_template(video)
                base, end_s = Fraction(video.time_base or 1), begin_s
                for packet in source.demux(video):
                    if packet.pts is None or packet.dts is None:
                        continue
                    end_s = max(end_s, begin_s + (packet.pts + (packet.duration or 0)) * base)
                    shift = round(begin_s / base)
                    packet.pts, packet.dts, packet.stream = packet.pts + shift, packet.dts + shift, stream
                    container.mux(packet)
                begin_s = end_s
    return path


class _Pipe(io.RawIOBase):
    """What is written is sent on: nothing can be corrected afterwards."""

    def __init__(self) -> None:
        self.sent = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.sent += data
        return len(data)


def streamed_webm(
    *,
    count: int,
    frame_rate: Fraction,
    size_wh: tuple[int, int] = (64, 48),
    frame: Callable[[int, int, int], NDArray[np.uint8]] = numbered_frame,
) -> bytes:
    """A WebM as a browser records it: sent as it was made, so that its header tells no length."""
    pipe = _Pipe()
    with av.open(pipe, "w", format="webm", options={"live": "1"}) as container:
        options = {"deadline": "realtime", "cpu-used": "8", "b": "1M"}
        video = container.add_stream("libvpx", rate=frame_rate, options=options)
        assert isinstance(video, VideoStream)
        (video.width, video.height), video.pix_fmt = size_wh, "yuv420p"
        for index in range(count):
            picture = av.VideoFrame.from_ndarray(frame(index, *size_wh), format="rgb24")
            picture.pts, picture.time_base = index, 1 / frame_rate
            container.mux(video.encode(picture))
        container.mux(video.encode(None))
    return bytes(pipe.sent)
