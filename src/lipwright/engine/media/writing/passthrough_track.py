"""A sound track of a file, copied into another file packet by packet, in step with its picture.

Nothing is decoded, and one packet is held at a time.
"""

from __future__ import annotations

import contextlib
import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

import av
from av.audio.stream import AudioStream
from av.bitstream import BitStreamFilterContext
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Disposition

from lipwright.engine.errors import BadVideoFile, BadVideoPath
from lipwright.engine.media.inputs import open_media, stream_time_s, timeline_zero_s
from lipwright.engine.media.reading.clock import continuous_packets
from lipwright.engine.media.values import SoundClip
from lipwright.engine.media.writing.encoders import Recipe

# A decoder needs what came before the first sound that is heard: with less, MP3 and Opus begin muffled or
# with a click. Players that do not know edit lists would play it all, so it is kept short.
_RUN_UP_S = Fraction(1, 10)
# Muxers whose files can say "play from the middle of this packet". Elsewhere, and in fragments, a packet
# before the picture's begin would move everything else.
_MUXERS_WITH_EDIT_LISTS = ("mp4", "mov")
# Elsewhere the times after a jump are off; those files are read from their beginning, as the picture is.
_FORMATS_WITH_INDEX = ("mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm")
# Matroska writes times in whole ms.
_ROUNDING_S = Fraction(1, 1000)
# Fragments, so that a muxer which only tries packets out keeps no list of them.
_TRIAL_OPTIONS = {"movflags": "+delay_moov+default_base_moof", "frag_duration": "1000000"}
# What is said of a track as such; "default" belongs to the new voice.
_NOT_COPIED = Disposition.default | Disposition.attached_pic | Disposition.still_image


class TrackLeftOut(Exception):
    """A track cannot be copied; the text says why, as the end of a sentence."""


class PassthroughTrack:
    """A sound track on its way from one file into another. Close it after use."""

    def __init__(self, stretch: SoundClip, index: int, recipe: Recipe, *, is_stream: bool) -> None:
        """Open the file once more for the stream of this index and find its first packet of the stretch.

        Raises TrackLeftOut when the container does not hold such tracks or there is no packet, BadInput
        when the file is gone.
        """
        self._stretch = stretch
        self._index = index
        self._has_run_up = recipe.muxer in _MUXERS_WITH_EDIT_LISTS and not is_stream
        self._has_padding = recipe.muxer == "webm"
        self.is_damaged = False
        # So far, those included that were left out.
        self.packets_read = 0
        with contextlib.ExitStack() as opened:
            self._open()
            opened.callback(lambda: self._container.close())
            packets = self._packets_from_start()
            self._trial = opened.enter_context(contextlib.closing(_Trial(self._stream, recipe)))
            self._coming = self._accepted(packets)
            self._next = next(self._coming, None)
            if self._next is None:
                raise TrackLeftOut("it is damaged" if self.is_damaged else "it has no sound in this stretch")
            self.begin_s = _begin_s(self._next)
            self._opened = opened.pop_all()

    def add_to(self, output: OutputContainer) -> None:
        """Give the track its place in the output, with its language and title."""
        self._target = output.add_stream_from_template(self._stream)
        tags = self._stream.metadata
        # QuickTime's "name" is what all others call the title.
        kept = {"language": tags.get("language"), "title": tags.get("title") or tags.get("name")}
        self._target.metadata.update({name: text for name, text in kept.items() if text})
        self._target.disposition = self._stream.disposition & ~_NOT_COPIED

    def packets_until(self, time_s: Fraction) -> Iterator[Packet[AudioStream]]:
        """What ends by this time of the picture and was not handed out before."""
        if self._stretch.end_s is not None:
            time_s = min(time_s, Fraction(self._stretch.end_s) - Fraction(self._stretch.start_s))
        while self._next is not None and _begin_s(self._next) + self._duration_s(self._next) <= time_s:
            packet, self._next = self._next, next(self._coming, None)
            packet.stream = self._target
            yield packet

    def close(self) -> None:
        """Close the file."""
        self._opened.close()

    def _open(self) -> None:
        self._container = open_media(self._stretch.path, missing=BadVideoPath, broken=BadVideoFile)
        stream = self._container.streams[self._index]
        assert isinstance(stream, AudioStream)  # the index comes from the same file
        self._stream = stream
        self._shift_s = timeline_zero_s(self._container) + Fraction(self._stretch.start_s)

    def _packets_from_start(self) -> Iterator[Packet[AudioStream]]:
        """The packets of the track from one before the stretch, or from the beginning."""
        packets = continuous_packets(self._container, self._stream, self._stretch.path)
        if self._stretch.start_s <= _RUN_UP_S or self._container.format.name not in _FORMATS_WITH_INDEX:
            return packets
        # A file whose index is damaged is read from its beginning.
        with contextlib.suppress(av.FFmpegError):
            self._container.seek(math.floor((self._shift_s - _RUN_UP_S) * av.time_base))
            first = next(packets, None)
            if first is not None and first.pts is not None and self._time_s(first.pts) <= -_RUN_UP_S:
                return itertools.chain([first], packets)
        self._container.close()
        self._open()
        return continuous_packets(self._container, self._stream, self._stretch.path)

    def _accepted(self, packets: Iterator[Packet[AudioStream]]) -> Iterator[Packet[AudioStream]]:
        """The packets of the stretch at their new times, without those that a muxer refuses."""
        time_base = self._stream.time_base
        assert time_base is not None  # every stream that was read from a container has one
        shift, latest = round(self._shift_s / time_base), None
        plain = _plain_packets(self._stream)
        for packet in packets:
            self.packets_read += 1
            if packet.pts is None or not packet.size or not self._is_wanted(packet, packet.pts):
                continue
            if latest is not None and packet.pts <= latest:
                self.is_damaged = True
                continue
            latest = packet.pts
            packet.pts = packet.dts = packet.pts - shift
            for part in plain(packet):
                if self._trial.accepts(part):
                    yield part
                    break
            else:
                self.is_damaged = True

    def _is_wanted(self, packet: Packet[AudioStream], pts: int) -> bool:
        begin_s = self._time_s(pts)
        if self._has_run_up:
            return begin_s + self._duration_s(packet) > -_RUN_UP_S
        context = self._stream.codec_context
        if self._has_padding and _codec_name(self._stream) == "opus":
            # WebM says how much of the first packet is not heard, and starts to count behind it.
            return begin_s >= -(Fraction(context.delay, context.sample_rate) + _ROUNDING_S / 2)
        return begin_s >= 0

    def _time_s(self, pts: int) -> Fraction:
        """A time stamp on the clock of the new file."""
        return stream_time_s(pts, self._stream) - self._shift_s

    def _duration_s(self, packet: Packet[AudioStream]) -> Fraction:
        if packet.duration and packet.duration > 0:
            assert packet.time_base is not None
            return packet.duration * packet.time_base
        context = self._stream.codec_context
        return Fraction(context.frame_size or 0, context.sample_rate or 1)


def _begin_s(packet: Packet[AudioStream]) -> Fraction:
    assert packet.pts is not None  # packets without a time are left out by _accepted
    assert packet.time_base is not None
    return packet.pts * packet.time_base


def _plain_packets(stream: AudioStream) -> Callable[[Packet[AudioStream]], Sequence[Packet[AudioStream]]]:
    """What makes the packets of a track such that any container takes them; nothing comes of damaged ones.

    Broadcasts and bare AAC files repeat the header in every packet.
    """
    if _codec_name(stream) != "aac" or stream.codec_context.extradata:
        return lambda packet: (packet,)
    bare = BitStreamFilterContext("aac_adtstoasc", stream)

    def filtered(packet: Packet[AudioStream]) -> Sequence[Packet[AudioStream]]:
        try:
            return bare.filter(packet)
        except av.FFmpegError:
            return ()

    return filtered


def _codec_name(stream: AudioStream) -> str:
    """FFmpeg's name of the codec, whichever decoder of it is there; empty when there is none."""
    return stream.codec.canonical_name if stream.codec_context is not None else ""


class _Trial:
    """A muxer that writes to nowhere: what it refuses would have spoiled the real file."""

    def __init__(self, stream: AudioStream, recipe: Recipe) -> None:
        self._container = av.open(
            _Nowhere(), "w", format=recipe.muxer, container_options=_trial_options(recipe)
        )
        try:
            self._target = self._container.add_stream_from_template(stream)
            self._container.start_encoding()
        except (av.FFmpegError, ValueError) as error:
            self.close()
            raise TrackLeftOut(
                f"{_codec_name(stream) or 'its codec'} does not fit into {recipe.muxer.upper()}"
            ) from error

    def accepts(self, packet: Packet[AudioStream]) -> bool:
        packet.stream = self._target
        try:
            self._container.mux(packet)
        except av.FFmpegError:
            return False
        return True

    def close(self) -> None:
        # What fails here is of no interest: nothing was written.
        with contextlib.suppress(av.FFmpegError):
            self._container.close()


class _Nowhere:
    def write(self, data: bytes) -> int:
        return len(data)


def _trial_options(recipe: Recipe) -> dict[str, str]:
    return dict(_TRIAL_OPTIONS) if recipe.muxer in _MUXERS_WITH_EDIT_LISTS else {}
