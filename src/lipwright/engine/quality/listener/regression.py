"""The judge's regression: from heard bands to the mouth that goes with them. Fitted by training/judge.py.

A third of a second of bands to each side is reduced to its principal components, these are mixed at random
and cut off at zero, and a ridge regression reads the mouth from that (random features: Rahimi and Recht
2008). It is fitted in one step, so a regression without any one person costs little, and the judge can be
measured on people whom it never saw.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.quality.listener.bands import FEATURES

# The rows around one that are heard, at LISTENING_RATE_HZ: close ones all, farther ones sparsely.
CONTEXT_ROWS = (-16, -12, -9, -7, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 7, 9, 12, 16)
REACH_ROWS = max(CONTEXT_ROWS)
# What is expected of a mouth, in this order: the fields of MouthShapes.
CHANNELS = ("gap", "width", "rounding", "jaw")
WEIGHTS_PATH = Path(__file__).with_name("weights.npz")
# Rows that are worked on at once, 5 MB of context.
_BLOCK_ROWS = 2000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ListenerRegression:
    """The parts of the regression.

    mean, scale: float32 (FEATURES,), of the bands. components: float32 (context, component), with context
    the bands of CONTEXT_ROWS; centre: float32 (component,), what they give on average. mixing: float32
    (component, unit).
    thresholds: float32 (unit,). readout: float32 (unit + component + 1, channel).
    """

    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    components: NDArray[np.float32]
    centre: NDArray[np.float32]
    mixing: NDArray[np.float32]
    thresholds: NDArray[np.float32]
    readout: NDArray[np.float32]

    def __post_init__(self) -> None:
        check_array(self, "mean", np.float32, (FEATURES,))
        check_array(self, "scale", np.float32, (FEATURES,))
        check_array(self, "components", np.float32, (len(CONTEXT_ROWS) * FEATURES, "component"))
        check_array(self, "mixing", np.float32, ("component", "unit"))
        parts, units = self.mixing.shape
        check_array(self, "centre", np.float32, (parts,))
        check_array(self, "thresholds", np.float32, (units,))
        check_array(self, "readout", np.float32, (units + parts + 1, len(CHANNELS)))

    def units(self, bands: NDArray[np.float32]) -> NDArray[np.float32]:
        """What the mouth is read from, float32 (row, unit + component + 1), for bands (row, FEATURES)."""
        parts = self.context(bands) @ self.components - self.centre
        mixed = np.maximum(parts @ self.mixing + self.thresholds, 0)
        return np.hstack([mixed, parts, np.ones((len(parts), 1), np.float32)])

    def context(self, bands: NDArray[np.float32]) -> NDArray[np.float32]:
        """The bands around every row, float32 (row, context); the first and the last row go on beyond the
        ends.
        """
        known = (bands - self.mean) / self.scale
        padded = np.pad(known, ((REACH_ROWS, REACH_ROWS), (0, 0)), mode="edge")
        places = [padded[REACH_ROWS + shift : REACH_ROWS + shift + len(bands)] for shift in CONTEXT_ROWS]
        return np.hstack(places)

    def expected(self, bands: NDArray[np.float32]) -> NDArray[np.float32]:
        """The mouth that goes with bands (row, FEATURES), float32 (row, channel), each off by a constant."""
        mouth = np.empty((len(bands), len(CHANNELS)), np.float32)
        for start in range(0, len(bands), _BLOCK_ROWS):
            first = max(0, start - REACH_ROWS)
            part = self.units(bands[first : start + _BLOCK_ROWS + REACH_ROWS]) @ self.readout
            mouth[start : start + _BLOCK_ROWS] = part[start - first : start - first + _BLOCK_ROWS]
        return mouth

    def with_readout(self, readout: NDArray[np.float32]) -> ListenerRegression:
        """The same, fitted on other people."""
        return replace(self, readout=readout)


def write_regression(regression: ListenerRegression, path: Path) -> None:
    """Write what read_regression reads."""
    np.savez_compressed(
        path,
        mean=regression.mean,
        scale=regression.scale,
        components=regression.components.astype(np.float16),
        centre=regression.centre,
        mixing=regression.mixing.astype(np.float16),
        thresholds=regression.thresholds,
        readout=regression.readout,
    )


def read_regression(path: Path) -> ListenerRegression:
    """A regression that training/judge.py wrote."""
    with np.load(path) as stored:
        return ListenerRegression(**{name: stored[name].astype(np.float32) for name in stored.files})


@cache
def packaged_regression() -> ListenerRegression:
    """The regression in the package."""
    return read_regression(WEIGHTS_PATH)
