"""Movement as a chain of moves: a head goes from one posture to the next and rests a while in each.

Measured on people who talk freely: they do not swing like a pendulum but make single moves of about 0.4 s,
most of them back towards where the last one came from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lipwright.engine.arrays import check_array
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.gesture.shaping import Curve


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Move:
    """One move from wherever the last one led. target: float64 (axis,), where it leads."""

    start_s: float
    length_s: float
    target: Curve

    def __post_init__(self) -> None:
        check_array(self, "target", np.float64, ("axis",))


def chain_of_moves(rows: int, axes: int, moves: Sequence[Move]) -> Curve:
    """The path through moves in order of their starts, float64 (rows, axes), from 0.

    Every move has the speed of least jerk (Flash and Hogan 1985); one that starts before the last has ended
    is laid over it.
    """
    steps = np.zeros((rows, axes))
    last = np.zeros(axes)
    for move in moves:
        first = max(1, round(move.start_s * CURVE_RATE_HZ))
        count = max(1, round(move.length_s * CURVE_RATE_HZ))
        share = np.arange(count + 1) / count
        course = np.diff(share**3 * (10 - 15 * share + 6 * share**2))
        kept = max(0, min(count, rows - first))
        steps[first : first + kept] += course[:kept, None] * (move.target - last)
        last = move.target
    return np.cumsum(steps, axis=0)
