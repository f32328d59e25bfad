"""Windows in time during which a shape is held, with soft edges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.speech.values import Phone

# A shape holds for three quarters of its sound. To the end, vowels after f and s never open in time.
_HELD_SHARE = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """How long a shape is held around a sound.

    lead_s: it is reached this long before the sound starts. duration_s: it is held at least this long.
    ramp_s: time of the way in and of the way out. whole_sound: it is held until the sound is nearly
    over, when the mouth already moves on to the next one.
    """

    lead_s: float
    duration_s: float
    ramp_s: float
    whole_sound: bool = False

    def span_of(self, sound: Phone) -> tuple[float, float]:
        """First and last moment of the full hold, seconds."""
        start_s = sound.start_s - self.lead_s
        end_s = start_s + self.duration_s
        if self.whole_sound:
            end_s = max(end_s, sound.start_s + _HELD_SHARE * (sound.end_s - sound.start_s))
        return start_s, end_s


def hold_weights(
    hold: Hold, sounds: Sequence[Phone], rows: int, heights: NDArray[np.float32] | None = None
) -> NDArray[np.float32]:
    """How strongly the shape is held at every point, float32 (rows,).

    1 (or the sound's own height) during the holds, falling to 0 along a raised cosine on both sides;
    between two holds the stronger one counts.
    """
    spans = np.array([hold.span_of(sound) for sound in sounds])
    return span_weights(spans, hold.ramp_s, hold.ramp_s, rows, heights)


def span_weights(
    spans_s: NDArray[np.float64],
    ramp_in_s: float,
    ramp_out_s: float,
    rows: int,
    heights: NDArray[np.float32] | None = None,
) -> NDArray[np.float32]:
    """The same for spans given as float64 (span, 2), start and end in order of their starts."""
    times_s = np.arange(rows) / CURVE_RATE_HZ
    starts, ends = spans_s[:, 0], spans_s[:, 1]
    if heights is None:
        heights = np.ones(len(spans_s), dtype=np.float32)
    following = np.searchsorted(starts, times_s, side="right")
    weights = np.zeros(rows, dtype=np.float32)
    # Spans come in order and overlap at most with their neighbours: the last two begun and the next
    # two coming decide.
    for step in (-2, -1, 0, 1):
        index = following + step
        exists = (index >= 0) & (index < len(spans_s))
        index = np.clip(index, 0, len(spans_s) - 1)
        before = np.maximum(0.0, starts[index] - times_s) / ramp_in_s
        after = np.maximum(0.0, times_s - ends[index]) / ramp_out_s
        closeness = np.clip(1 - np.maximum(before, after), 0, 1)
        weight = (0.5 - 0.5 * np.cos(np.pi * closeness)) * heights[index] * exists
        weights = np.maximum(weights, weight.astype(np.float32))
    return weights
