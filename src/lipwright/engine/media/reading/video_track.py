"""What the video track of an opened file is: the track that a player shows, and its constant rate."""

from __future__ import annotations

from fractions import Fraction

from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

# Rates that cameras and films really have. Variable-rate recordings are put on the one they were near.
_COMMON_RATES = tuple(
    Fraction(rate)
    for rate in ("12", "15", "24000/1001", "24", "25", "30000/1001", "30", "48", "50", "60000/1001", "60")
)
# How far a measured average may lie from a common rate: dropped frames and clocks of phones do that.
_RATE_TOLERANCE = Fraction(1, 200)
# A rate that is this many times the average shows most frames twice.
_MOSTLY_REPEATS = Fraction(19, 10)
# An average over a short clip is a little high, as the last frame's own time is often not counted.
_AVERAGE_SLACK = Fraction(97, 100)
# Outside of this a header is wrong.
_SLOWEST_RATE, _FASTEST_RATE = Fraction(1), Fraction(240)


def video_track(container: InputContainer) -> VideoStream | None:
    """The track that a player shows; None for a sound, whatever its cover picture."""
    best = container.streams.best("video")
    for stream in [best, *container.streams.video]:
        if isinstance(stream, VideoStream) and not stream.disposition & Disposition.attached_pic:
            return stream
    return None


def nominal_rate(stream: VideoStream) -> Fraction:
    """The constant rate that fits the track best, exact for 29.97 and 23.976."""
    plausible = [
        Fraction(rate)
        for rate in (stream.guessed_rate, stream.base_rate, stream.average_rate)
        if rate and _SLOWEST_RATE <= rate <= _FASTEST_RATE
    ]
    if not plausible:
        return Fraction(25)
    rate, average = plausible[0], plausible[-1]
    if rate > average * _MOSTLY_REPEATS:
        # The header names the finest step between any two frames; nearly all slots would be repeats.
        rate = next((common for common in _COMMON_RATES if common >= average * _AVERAGE_SLACK), average)
    nearest = min(_COMMON_RATES, key=lambda common: abs(common - rate))
    if abs(nearest - rate) <= nearest * _RATE_TOLERANCE:
        # 30 and 29.97 lie nearer to each other than that: what is exactly one of them stays it.
        return rate if rate in _COMMON_RATES else nearest
    return rate.limit_denominator(1001)
