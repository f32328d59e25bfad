"""What is in a media file, found without decoding more than a frame."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from lipwright.engine.errors import BadVideoFile, BadVideoPath
from lipwright.engine.media.inputs import open_media, readable_packets, stream_time_s, timeline_zero_s
from lipwright.engine.media.origin_tags import origin_tags
from lipwright.engine.media.pixels.colour import ColourProperties
from lipwright.engine.media.pixels.frame_planes import frame_colour
from lipwright.engine.media.pixels.orientation import orientation_of
from lipwright.engine.media.reading.clock import continuous_packets, video_end_s
from lipwright.engine.media.reading.images import picture_size_wh
from lipwright.engine.media.reading.video_track import nominal_rate, video_track

# Packets that are looked at to find a variable rate: ten seconds of film.
_PACKETS_LOOKED_AT = 300
# Steps between frames differ by rounding in every file; by more than this share only at a variable rate.
_STEP_TOLERANCE = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoInfo:
    """The video track of a file.

    size_wh: upright, after the rotation flag. rotation_deg: counter-clockwise, applied by players.
    frame_rate: nominal, constant. average_rate: frames over time. frame_count: an estimate.
    pixel_aspect: width over height of one pixel.
    """

    size_wh: tuple[int, int]
    rotation_deg: int
    frame_rate: Fraction
    average_rate: Fraction
    is_variable_rate: bool
    frame_count: int
    codec: str
    pixel_format: str
    bit_depth: int
    colour: ColourProperties
    pixel_aspect: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaInfo:
    """What a file holds. A still picture has a size and neither sound nor video.

    container: FFmpeg's name of the kind of file, or the picture's. duration_s: 0 for a still.
    tags: who made the file, when and where, by lower-case names.
    """

    container: str
    duration_s: float
    video: VideoInfo | None = None
    has_audio: bool = False
    still_size_wh: tuple[int, int] | None = None
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_video(self) -> bool:
        """Whether there is a moving picture."""
        return self.video is not None

    @property
    def is_still(self) -> bool:
        """Whether the file is a picture that does not move."""
        return self.still_size_wh is not None


def probe_media(path: Path) -> MediaInfo:
    """What a picture, sound or video file holds. Raises BadVideoPath and BadVideoFile."""
    if not path.is_file():
        raise BadVideoPath(f"There is no file at {path}. Check the path.")
    still = picture_size_wh(path)
    if still is not None:
        kind, size_wh = still
        return MediaInfo(container=kind, duration_s=0.0, still_size_wh=size_wh)
    with open_media(path, missing=BadVideoPath, broken=BadVideoFile) as container:
        stream = video_track(container)
        has_audio = bool(container.streams.audio)
        if stream is None and not has_audio:
            raise BadVideoFile(f"{path.name} holds neither picture nor sound. Choose another file.")
        return MediaInfo(
            container=container.format.name,
            duration_s=_duration_s(container, stream, path),
            video=None if stream is None else _video_info(container, stream, path),
            has_audio=has_audio,
            tags=origin_tags(container),
        )


def video_length_s(path: Path) -> float:
    """When the moving picture of a file ends, in seconds: as its header says, else as its packets do.

    Raises BadVideoPath and BadVideoFile.
    """
    with open_media(path, missing=BadVideoPath, broken=BadVideoFile) as container:
        stream = video_track(container)
        if stream is None:
            raise BadVideoFile(f"{path.name} holds no moving picture. Choose a video.")
        duration_s = _duration_s(container, stream, path)
        if duration_s:
            return duration_s
        ends_s = (
            stream_time_s(packet.pts + (packet.duration or 0), stream)
            for packet in readable_packets(container, stream)
            if packet.pts is not None
        )
        return max(0.0, float(max(ends_s, default=Fraction(0)) - timeline_zero_s(container)))


def _duration_s(container: InputContainer, stream: VideoStream | None, path: Path) -> float:
    if stream is not None:
        end_s = video_end_s(container, stream, path, nominal_rate(stream))
        if end_s is not None:
            return float(end_s - timeline_zero_s(container))
    if stream is not None and stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return max(0.0, (container.duration or 0) / av.time_base)


def _video_info(container: InputContainer, stream: VideoStream, path: Path) -> VideoInfo:
    frame, times = _looked_at(container, stream, path)
    if frame is None:
        raise BadVideoFile(f"No frame of {path.name} can be decoded. Save it again as MP4 (H.264).")
    rate = nominal_rate(stream)
    average_rate = Fraction(stream.average_rate or rate)
    return VideoInfo(
        size_wh=orientation_of(frame).size_wh((frame.width, frame.height)),
        rotation_deg=frame.rotation,
        frame_rate=rate,
        average_rate=average_rate,
        is_variable_rate=_is_variable(times, stream),
        frame_count=stream.frames or round(_duration_s(container, stream, path) * average_rate),
        codec=stream.codec_context.name,
        pixel_format=frame.format.name,
        bit_depth=max((component.bits for component in frame.format.components), default=8),
        colour=frame_colour(frame),
        pixel_aspect=Fraction(stream.sample_aspect_ratio or 1),
    )


def _looked_at(
    container: InputContainer, stream: VideoStream, path: Path
) -> tuple[VideoFrame | None, list[int]]:
    """The first frame that can be decoded, and the time stamps of the first packets."""
    frame: VideoFrame | None = None
    times: list[int] = []
    packets = continuous_packets(container, stream, path)
    for packet in itertools.islice(packets, _PACKETS_LOOKED_AT):
        if packet.pts is not None:
            times.append(packet.pts)
        if frame is None:
            # What comes before the first whole frame is of no use.
            with contextlib.suppress(av.FFmpegError):
                frame = next(iter(packet.decode()), None)
    return frame, sorted(times)


def _is_variable(times: list[int], stream: VideoStream) -> bool:
    # B-frames of the packets beyond the last one are missing: the end says nothing.
    steps = sorted(after - before for before, after in itertools.pairwise(times[: max(2, len(times) - 4)]))
    if not steps or stream.time_base is None:
        return False
    usual = steps[len(steps) // 2]
    # Matroska rounds to whole ms.
    slack = max(usual * _STEP_TOLERANCE, float(Fraction(2, 1000) / stream.time_base))
    return steps[-1] - usual > slack or usual - steps[0] > slack
