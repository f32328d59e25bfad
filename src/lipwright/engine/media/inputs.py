"""Opening files of strangers with FFmpeg.

FFmpeg can be told by a file's content or name to read other files and the network (playlists, `concat:`,
external tracks). Only plain containers and the one named file are allowed here.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Discard, Stream
from av.video.stream import VideoStream

from lipwright.engine.errors import BadAudioFile, BadInput

StreamT = TypeVar("StreamT", AudioStream, VideoStream)
PacketT = TypeVar("PacketT")

# Demuxers that read one file and nothing else. Playlists (hls, dash, concat) and pictures stay out.
_DEMUXERS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpeg,mpegts,mpegvideo,asf,flv,ivf,h264,hevc,"
    "mp3,wav,w64,aac,flac,ogg,aiff,amr,amrnb,amrwb,caf,au,ac3,eac3,loas"
)


def open_media(path: Path, *, missing: type[BadInput], broken: type[BadInput]) -> InputContainer:
    """The file opened for reading; the caller closes it.

    Raises `missing` when there is no such file or it may not be read, `broken` when it holds no media.
    """
    if not path.is_file():
        raise missing(f"There is no file at {path}. Check the path.")
    if path.stat().st_size == 0:
        raise broken(f"{path.name} is empty. Choose another file.")
    try:
        return av.open(
            f"file:{path}",
            mode="r",
            container_options={"format_whitelist": _DEMUXERS, "protocol_whitelist": "file"},
            metadata_errors="replace",
        )
    except PermissionError as error:
        raise missing(f"{path} may not be read. Check its permissions.") from error
    except (av.FFmpegError, ValueError, UnicodeError, EOFError) as error:
        raise broken(
            f"{path.name} holds no sound or video that can be read. Save it again in a common format."
        ) from error


def timeline_zero_s(container: InputContainer) -> Fraction:
    """When the file's own clock shows the moment at which a player starts it, in seconds."""
    return Fraction(container.start_time or 0, av.time_base)


def stream_time_s(pts: int, stream: Stream) -> Fraction:
    """A time stamp of a stream in seconds of the file's own clock."""
    assert stream.time_base is not None  # every stream that was read from a container has one
    return pts * stream.time_base


def readable_packets(container: InputContainer, stream: StreamT) -> Iterator[Packet[StreamT]]:
    """The packets of a track, up to where the file is cut off or damaged: players stop there too.

    Raises BadAudioFile at a joint of sounds that FFmpeg cannot read on from.
    """
    for other in container.streams:
        if other.index != stream.index:
            # What is not wanted is not even read from the disk, where the container allows.
            other.discard = Discard.all
    packets = container.demux(stream)
    return _until_joint(packets, container) if isinstance(stream, AudioStream) else _until_damage(packets)


def track_packets(container: InputContainer) -> Iterator[Packet[Stream]]:
    """The packets of all sounds and pictures in the order of the file, up to where it is damaged."""
    return _until_damage(container.demux(*container.streams.audio, *container.streams.video))


def _until_joint(packets: Iterator[PacketT], container: InputContainer) -> Iterator[PacketT]:
    """The same for a sound, which must not lose half of itself in silence."""
    try:
        yield from _until_damage(packets, passes=av.PatchWelcomeError)
    except av.PatchWelcomeError as error:
        raise BadAudioFile(
            f"{Path(container.name).name} was joined of sounds with different sample rates or channels, "
            "of which only the first could be heard. Join them as WAV or MP3."
        ) from error


def _until_damage(
    packets: Iterator[PacketT], *, passes: tuple[type[Exception], ...] | type[Exception] = ()
) -> Iterator[PacketT]:
    """passes: errors that are no damage."""
    while True:
        try:
            packet = next(packets)
        except passes:
            raise
        # A damaged program stream grows tracks that PyAV has no place for.
        except (StopIteration, av.FFmpegError, IndexError):
            return
        yield packet
