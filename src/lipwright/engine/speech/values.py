"""What was said and when. Knows nothing of mouths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.shapes import check_shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """One speech sound.

    symbol: ARPAbet without stress (`AA`, `P`, ...), `SIL` for none; beyond English `UE` for y, `OE` for ø.
    stress: 0 none, 1 primary, 2 secondary.
    """

    symbol: str
    start_s: float
    end_s: float
    stress: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneTimeline:
    """Phones in order, without gaps or overlaps.

    confidence: 0 to 1, how far the times can be trusted (known by the voice: 1; recognized: less).
    """

    phones: tuple[Phone, ...]
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpeechActivity:
    """When somebody speaks and how loud, at CURVE_RATE_HZ.

    speaking: float32 (time,), 0 to 1. loudness_db: float32 (time,), dB full scale, at least -100.
    """

    speaking: NDArray[np.float32]
    loudness_db: NDArray[np.float32]

    def __post_init__(self) -> None:
        check_shape("speaking", self.speaking, ("time",))
        check_shape("loudness_db", self.loudness_db, (len(self.speaking),))
