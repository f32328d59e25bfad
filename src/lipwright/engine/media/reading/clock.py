"""One clock for a file whose time stamps start again or jump, as in pieces that were joined.

All tracks of a file are moved by the same time at a joint, so that they stay in step however many there are.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from lipwright.engine.errors import BadInput
from lipwright.engine.media.inputs import open_media, readable_packets, track_packets

StreamT = TypeVar("StreamT", AudioStream, VideoStream)

# Files that are made for broadcast or streaming, where a clock may start again: joined with `cat` they are
# still whole. In all others the container itself counts on.
_FORMATS_WITH_JOINTS = ("mpegts", "mpeg", "ogg", "flv")
# Bare pictures have neither length nor clock: their packets are counted.
_FORMATS_WITHOUT_LENGTH = ("h264", "hevc", "mpegvideo")
# A longer step is a joint and no pause: players wait no longer either (FFmpeg's dts_delta_threshold).
LONGEST_PAUSE_S = 10
# Stamps of decoding never step back; a rounding of a container may.
_ROUNDING_S = Fraction(1, 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackClock:
    """Where the time stamps of one track are moved.

    from_packets: numbers of packets, in the order of the file, from which on a shift holds, the first one 0.
    shifts_s: what is added to the stamps. end_s: when the last packet ends, moved; 0 for a track without
    stamps. packets: how many there are.
    """

    from_packets: tuple[int, ...] = (0,)
    shifts_s: tuple[Fraction, ...] = (Fraction(0),)
    end_s: Fraction = Fraction(0)
    packets: int = 0

    def shift_s(self, packet: int) -> Fraction:
        """What is added to the stamps of the packet of this number."""
        return self.shifts_s[bisect_right(self.from_packets, packet) - 1]


def has_joints(container: InputContainer) -> bool:
    """Whether the clock of such a file may start again, so that its header says nothing about length."""
    return container.format.name in _FORMATS_WITH_JOINTS


def continuous_packets(container: InputContainer, stream: StreamT, path: Path) -> Iterator[Packet[StreamT]]:
    """The packets of a track from the beginning of the file, with time stamps that go on at joints."""
    packets = readable_packets(container, stream)
    if not has_joints(container):
        yield from packets
        return
    clock = track_clock(path, stream.index)
    for number, packet in enumerate(packets):
        shift = round(clock.shift_s(number) / stream.time_base) if stream.time_base else 0
        if shift:
            packet.pts = None if packet.pts is None else packet.pts + shift
            packet.dts = None if packet.dts is None else packet.dts + shift
        yield packet


def video_end_s(
    container: InputContainer, stream: VideoStream, path: Path, frame_rate: Fraction
) -> Fraction | None:
    """When the picture ends on the file's clock, from its packets; None where the header knows."""
    if container.format.name in _FORMATS_WITHOUT_LENGTH:
        return track_clock(path, stream.index).packets / frame_rate
    return track_clock(path, stream.index).end_s if has_joints(container) else None


def track_clock(path: Path, index: int) -> TrackClock:
    """The clock of a track of a file that has joints; the file is read once."""
    state = path.stat()
    clocks = _clocks(path, state.st_mtime_ns, state.st_size)
    return clocks.get(index, TrackClock())


@lru_cache(maxsize=16)
def _clocks(path: Path, changed_ns: int, size: int) -> Mapping[int, TrackClock]:  # noqa: ARG001 - for the cache
    pieces, current, packets = [_Piece()], dict[int, int](), dict[int, int]()
    with open_media(path, missing=BadInput, broken=BadInput) as container:
        for packet in track_packets(container):
            if not packet.size:
                continue
            index, time_base = packet.stream.index, packet.stream.time_base
            number = packets[index] = packets.get(index, -1) + 1
            shown = packet.dts if packet.pts is None else packet.pts
            if shown is None or time_base is None:
                continue
            order_s = (shown if packet.dts is None else packet.dts) * time_base
            piece = pieces[current.setdefault(index, 0)]
            if not piece.goes_on(index, order_s):
                # Another track may have come to the joint before.
                if piece is pieces[-1] or not pieces[-1].goes_on(index, order_s):
                    pieces.append(_Piece())
                current[index], piece = len(pieces) - 1, pieces[-1]
            piece.add(index, number, order_s, shown * time_base, (packet.duration or 0) * time_base)
    return _joined(pieces, packets)


def _joined(pieces: Sequence[_Piece], packets: Mapping[int, int]) -> Mapping[int, TrackClock]:
    """The pieces one behind the other: no track overlaps, and none has a longer gap than it needs."""
    shifts_s, latest_s = [Fraction(0)], dict(pieces[0].end_s)
    for piece in pieces[1:]:
        both = [latest_s[index] - piece.begin_s[index] for index in piece.begin_s if index in latest_s]
        alone = max(latest_s.values(), default=Fraction(0)) - min(piece.begin_s.values())
        shifts_s.append(max(both, default=alone))
        latest_s |= {index: end_s + shifts_s[-1] for index, end_s in piece.end_s.items()}
    clocks = {}
    for index, last in packets.items():
        parts = [
            (piece.first[index], shift_s)
            for piece, shift_s in zip(pieces, shifts_s, strict=True)
            if index in piece.first
        ]
        clocks[index] = TrackClock(
            from_packets=tuple(first for first, _ in parts) or (0,),
            shifts_s=tuple(shift_s for _, shift_s in parts) or (Fraction(0),),
            end_s=latest_s.get(index, Fraction(0)),
            packets=last + 1,
        )
    return clocks


@dataclass(slots=True, kw_only=True)
class _Piece:
    """What lies between two joints, by the indexes of the tracks, on the clock of the file."""

    first: dict[int, int] = field(default_factory=dict)
    latest_s: dict[int, Fraction] = field(default_factory=dict)
    begin_s: dict[int, Fraction] = field(default_factory=dict)
    end_s: dict[int, Fraction] = field(default_factory=dict)

    def goes_on(self, index: int, order_s: Fraction) -> bool:
        """Whether a packet decoded at this time may be the next one of a track."""
        others = self.latest_s.values()
        latest_s = self.latest_s.get(index, max(others, default=order_s))
        if index not in self.latest_s:
            return abs(order_s - latest_s) <= LONGEST_PAUSE_S
        return -_ROUNDING_S <= order_s - latest_s <= LONGEST_PAUSE_S

    def add(self, index: int, number: int, order_s: Fraction, shown_s: Fraction, length_s: Fraction) -> None:
        self.first.setdefault(index, number)
        if not length_s and index in self.latest_s:
            # Broadcasts do not say how long a frame lasts: as long as the one before.
            length_s = max(Fraction(0), order_s - self.latest_s[index])
        self.latest_s[index] = order_s
        self.begin_s.setdefault(index, shown_s)
        self.end_s[index] = max(self.end_s.get(index, shown_s), shown_s + length_s)
