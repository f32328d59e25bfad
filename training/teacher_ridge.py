"""Mouths out of what the teacher hears, by ridge regression.

Left-out people are followed by it as closely as by anything that hears with the teacher, so it says how far
an ear can get, and it gives mouths to speech that nobody filmed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.drivers.learned_mouth import MouthMeasure
from training.examples import FilmedExample
from training.teacher import COMPONENTS

# Rows around the one that is told, 40 ms from each other, 160 ms to either side. With 40 ms to either side
# opening, width and rounding in the laboratory are followed by .05 to .08 less; with 320 ms its width by .02.
AROUND_ROWS = tuple(range(-8, 9, 2))
# What the sum of squares of the weights counts beside the squared errors of a mouth, over people who count by
# the root of their rows. With 1000 width in the laboratory loses .02.
PENALTY = 30.0
# What the laboratory counts among the people. With .3 rounding in it is followed by .03 less, and width in
# the wild by .01.
LABORATORY_SHARE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TeacherRidge:
    """Weights float64 (len(AROUND_ROWS) * COMPONENTS + 1, len(MouthMeasure))."""

    weights: NDArray[np.float64]

    @classmethod
    def fit(cls, filmed: Iterable[FilmedExample]) -> Self:
        """The regression from the teacher's components to the measures, over clips as they are (version 0).

        Rows in which not every measure is known have no say.
        """
        clips = [one for one in filmed if one.version == 0 and one.seen.min(axis=1).any()]
        rows_of: dict[str, int] = {}
        for one in clips:
            rows_of[one.speaker] = rows_of.get(one.speaker, 0) + len(one.mouth)
        size = len(AROUND_ROWS) * COMPONENTS + 1
        squared, crossed = np.zeros((2, size, size)), np.zeros((2, size, len(MouthMeasure)))
        counted = np.zeros(2)
        for one in clips:
            is_seen = one.seen.min(axis=1) > 0
            rows = _surrounded(one.teacher)[is_seen]
            weight, kind = rows_of[one.speaker] ** -0.5, int(one.is_laboratory)
            squared[kind] += weight * rows.T @ rows
            crossed[kind] += weight * rows.T @ one.mouth[is_seen]
            counted[kind] += weight * len(rows)
        say = np.array([1 - LABORATORY_SHARE, LABORATORY_SHARE]) * counted.sum() / np.maximum(counted, 1e-6)
        penalty = PENALTY * np.eye(size)
        penalty[-1, -1] = 1e-6
        weighed = np.tensordot(say, squared, 1) + penalty
        return cls(weights=np.linalg.solve(weighed, np.tensordot(say, crossed, 1)))

    def tell(self, components: NDArray[np.float32]) -> NDArray[np.float32]:
        """The mouth that goes with components (row, COMPONENTS), float32 (row, len(MouthMeasure))."""
        return (_surrounded(components) @ self.weights).astype(np.float32)

    def tell_all(self, many: Iterable[NDArray[np.float32]]) -> Iterator[NDArray[np.float16]]:
        """The same for many stretches, in half the memory."""
        return (self.tell(one).astype(np.float16) for one in many)


def _surrounded(components: NDArray[np.float32]) -> NDArray[np.float32]:
    """Every row with those around it and a one; at the ends the outermost row stands for what is missing."""
    reach = max(AROUND_ROWS)
    padded = np.pad(components, ((reach, reach), (0, 0)), mode="edge")
    parts = [padded[reach + step : reach + step + len(components)] for step in AROUND_ROWS]
    return np.concatenate([*parts, np.ones((len(components), 1), np.float32)], axis=1)
