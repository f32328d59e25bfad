"""What the learned ear hears of a mouth, before any curve is drawn from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Self

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array


class MouthMeasure(IntEnum):
    """What was measured on tracked mouths; the ear hears all of it.

    OPENING: gap of the inner lips. WIDTH: corner to corner. ROUNDING: thickness of both lips over the width.
    HEIGHT: outer edge to outer edge. PROTRUSION: how far the lips come forward. UPPER_LIP, LOWER_LIP: how far
    the inner edges go up and down from the base of the nose. CORNER_LEFT, CORNER_RIGHT: how high the corners
    are (viewer's sides). CHIN: nose to chin. UPPER_RED, LOWER_RED: thickness of the lips; small when they are
    pressed or rolled in, as the lower one is at f and v.
    """

    OPENING = 0
    WIDTH = 1
    ROUNDING = 2
    HEIGHT = 3
    PROTRUSION = 4
    UPPER_LIP = 5
    LOWER_LIP = 6
    CORNER_LEFT = 7
    CORNER_RIGHT = 8
    CHIN = 9
    UPPER_RED = 10
    LOWER_RED = 11


# From this closure on the lips are shut: of p, b and m it finds most, of other sounds few.
CLOSURE_SHUT = 0.2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LearnedMouth:
    """A mouth as it is heard, float32 (row, ...), 50 rows a second (OUTPUT_RATE_HZ).

    deviations: (row, len(MouthMeasure)), in deviations of a speaker from that speaker's mean.
    closure: (row,), 0 to 1, how likely the lips are together for p, b or m, without any words; shut from
        CLOSURE_SHUT on.
    voice: (row,), 0 to 1, that somebody speaks or sings.
    """

    deviations: NDArray[np.float32]
    closure: NDArray[np.float32]
    voice: NDArray[np.float32]

    def __post_init__(self) -> None:
        rows = len(self.voice)
        check_array(self, "deviations", np.float32, (rows, len(MouthMeasure)))
        check_array(self, "closure", np.float32, (rows,))
        check_array(self, "voice", np.float32, (rows,))

    def of(self, measure: MouthMeasure) -> NDArray[np.float32]:
        """One measure over time, float32 (row,), in deviations."""
        return self.deviations[:, measure]

    @classmethod
    def joined(cls, parts: list[Self]) -> Self:
        """Blocks that follow each other as one."""
        return cls(
            deviations=np.concatenate([part.deviations for part in parts]),
            closure=np.concatenate([part.closure for part in parts]),
            voice=np.concatenate([part.voice for part in parts]),
        )
