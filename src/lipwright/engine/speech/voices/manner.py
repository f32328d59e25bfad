"""How a text is to be said, whoever says it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lipwright.engine.errors import BadParameters

SLOWEST_RATE, FASTEST_RATE = 0.5, 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakingManner:
    """How a text is said. Raises BadParameters for a rate that no voice can speak at.

    rate: 1 is the voice's own pace, 2 twice as fast.
    """

    rate: float = 1.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.rate) and SLOWEST_RATE <= self.rate <= FASTEST_RATE):
            raise BadParameters(
                f"The rate {self.rate:g} is not one that a voice can speak at. "
                f"Choose {SLOWEST_RATE:g} to {FASTEST_RATE:g}; 1 is the voice's own."
            )
