"""When the frames of a video show, also where the file does not say it or says it in a wrong order."""

from __future__ import annotations

import heapq
from fractions import Fraction

from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

# Frames that a decoder may hold back: 16 to put them in order and as many as it has threads. Stamps of
# packets that gave no frame are forgotten beyond it.
_MOST_WAITING = 64


class DisplayStamps:
    """Gives every frame of a track a time stamp of its own, rising in the order in which they are decoded.

    A decoder hands out frames in the order of showing. Where the packets have no times of showing, as H.264
    in AVI, their times of decoding are given out in order; where they have none at all, frames are counted.
    """

    def __init__(self, container: InputContainer, stream: VideoStream, frame_rate: Fraction) -> None:
        """frame_rate: of frames that have no stamps."""
        assert stream.time_base is not None  # every stream that was read from a container has one
        self._step = max(1, round(1 / frame_rate / stream.time_base))
        self._waiting: list[int] = []
        self._latest: int | None = None
        # AVI holds no times of showing, and FFmpeg's guesses are those of decoding.
        self._is_ordered = container.format.name != "avi"

    def feed(self, packet: Packet[VideoStream]) -> None:
        """Take note of a packet that goes into the decoder."""
        if not packet.size:
            return
        if packet.pts is None and packet.dts is not None:
            self._is_ordered = False
        stamp = packet.pts if self._is_ordered or packet.dts is None else packet.dts
        if stamp is not None:
            heapq.heappush(self._waiting, stamp)
            if len(self._waiting) > _MOST_WAITING:
                heapq.heappop(self._waiting)

    def stamp(self, frame: VideoFrame) -> int:
        """The stamp of the next frame out of the decoder."""
        latest = self._latest
        while self._waiting and latest is not None and self._waiting[0] <= latest:
            heapq.heappop(self._waiting)
        own = frame.pts
        if own is not None and latest is not None and own <= latest:
            self._is_ordered = False
        if own is not None and self._is_ordered:
            stamp = own
        elif self._waiting:
            stamp = heapq.heappop(self._waiting)
        else:
            stamp = 0 if latest is None else latest + self._step
        self._latest = stamp
        return stamp
