"""Curves over time, the form in which articulation and gesture travel to the renderer.

A curve set is an array (time, channel) at a fixed rate; its channels are an IntEnum of the subclass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array

# Rate of every curve inside the engine. Lips close and open again within 80 ms; at 50 Hz a closure is
# four points and its depth depends on the phase, at 200 Hz nothing more is seen and every pass costs double.
CURVE_RATE_HZ = 100


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SampledCurves:
    """Several curves sampled together.

    values: float32 (time, channel); row i holds at i / rate_hz seconds.
    """

    values: NDArray[np.float32]
    rate_hz: int = CURVE_RATE_HZ

    def __post_init__(self) -> None:
        check_array(self, "values", np.float32, ("time", "channel"))

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.values) / self.rate_hz

    def channel(self, channel: int) -> NDArray[np.float32]:
        """One curve, float32 (time,), a view."""
        return self.values[:, channel]

    def sample(self, times_s: NDArray[np.float64]) -> NDArray[np.float32]:
        """Values at given times by linear interpolation, float32 (len(times_s), channel).

        Before the first and after the last row the nearest row holds.
        """
        position = np.clip(times_s * self.rate_hz, 0, len(self.values) - 1)
        low = np.floor(position).astype(np.intp)
        high = np.minimum(low + 1, len(self.values) - 1)
        share = (position - low).astype(np.float32)[:, None]
        return self.values[low] * (1 - share) + self.values[high] * share

    def with_values(self, values: NDArray[np.float32]) -> Self:
        """The same kind of curves with other values."""
        return type(self)(values=values.astype(np.float32, copy=False), rate_hz=self.rate_hz)
