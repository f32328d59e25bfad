"""Frames shown at any times, put on a grid of constant rate. The arithmetic is exact.

A frame goes to the slot whose beginning is nearest to its time. The grid is laid through the first frame,
so that a constant-rate clip whose clock starts between two slots loses and repeats nothing.
"""

from __future__ import annotations

import math
from fractions import Fraction

# A longer step between frames is a clock that was reset, as in joined recordings: it is closed up.
LONGEST_STEP_S = 600
# A clock that jumps back further than frames can be out of order was reset as well.
_LONGEST_STEP_BACK_S = 1

# A rate below the cap that divides the clip's own is smoother than the cap itself, if it is this near.
_NEAR_THE_CAP = Fraction(4, 5)


def capped_rate(frame_rate: Fraction, max_frame_rate: Fraction | None) -> Fraction:
    """The rate to show a clip at: its own up to the cap; above it a whole part of its own, or the cap."""
    if max_frame_rate is None or frame_rate <= max_frame_rate:
        return frame_rate
    divided = frame_rate / math.ceil(frame_rate / max_frame_rate)
    return divided if divided >= max_frame_rate * _NEAR_THE_CAP else max_frame_rate


class FrameGrid:
    """Says in which slot of a constant-rate clip a frame belongs."""

    def __init__(self, frame_rate: Fraction, *, first_time_s: Fraction, start_s: float) -> None:
        """first_time_s: when the file's first frame shows; start_s: what is to become slot 0, to the slot."""
        self._rate = frame_rate
        first = first_time_s * frame_rate
        self._phase = first - _nearest(first)
        self._start = _nearest(Fraction(start_s) * frame_rate)
        self._clock_shift_s = Fraction(0)
        self._latest_s: Fraction | None = None

    def slot(self, time_s: Fraction) -> int:
        """The slot of the next frame in order, counted from the start; negative before it."""
        time_s += self._clock_shift_s
        if self._latest_s is not None:
            step_s = time_s - self._latest_s
            if step_s > LONGEST_STEP_S or step_s < -_LONGEST_STEP_BACK_S:
                self._clock_shift_s += 1 / self._rate - step_s
                time_s = self._latest_s + 1 / self._rate
        self._latest_s = time_s
        return self.slot_at(time_s)

    def slot_at(self, time_s: Fraction) -> int:
        """The slot nearest to a time of the file."""
        return _nearest(time_s * self._rate - self._phase) - self._start

    def time_s(self, slot: int) -> Fraction:
        """When a slot begins, on the file's clock."""
        return (slot + self._start + self._phase) / self._rate


def _nearest(position: Fraction) -> int:
    return math.floor(position + Fraction(1, 2))
