"""What the ear learns from, in the form in which it is kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeardExample:
    """Features float16 (row, FEATURE_COUNT) of unfilmed speech with what the teacher hears in it.

    teacher: float32 (row / 2, COMPONENTS), normalised. symbols: uint8 (row,), or empty.
    """

    source: str
    features: NDArray[np.float16]
    teacher: NDArray[np.float32]
    symbols: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FilmedExample:
    """Features float16 (row, FEATURE_COUNT) of a clip in one disguise, and its mouth.

    mouth, seen: float32 (row / 2, len(MouthMeasure)), deviations and where they are known. teacher as above.
    """

    name: str
    speaker: str
    is_laboratory: bool
    version: int
    features: NDArray[np.float16]
    mouth: NDArray[np.float32]
    seen: NDArray[np.float32]
    teacher: NDArray[np.float32]
