"""Dynamic time warping within a band, row by row."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# What one step aside costs, in units of the mean distance: free steps let the path stand still in one
# place and run through the next, dear ones make it straight whatever is heard.
_STEP_ASIDE = 0.15

_DIAGONAL, _DOWN = 0, 1


def warp_path(
    rows: NDArray[np.float32],
    columns: NDArray[np.float32],
    centre: NDArray[np.float64],
    half_width: int,
) -> tuple[NDArray[np.float64], float]:
    """For every row the column that goes with it, float64 (row,), never falling; and the mean distance on it.

    rows: (row, feature); columns: (column, feature). centre: (row,) the column around which each row looks,
    half_width columns to both sides. The path begins and ends in the corners. Memory: a byte for every row
    and column of the band.
    """
    count, width = len(columns), 2 * half_width + 1
    first = np.clip(np.round(centre).astype(np.intp) - half_width, 0, max(0, count - width))
    first[0], first[-1] = 0, max(0, count - width)
    # The band may only move on, and not further than it is wide.
    first = np.minimum.accumulate(np.maximum.accumulate(first)[::-1])[::-1]
    width = min(width, count)
    aside = _STEP_ASIDE * _mean_distance(rows, columns)
    # Steps: 0 diagonal, 1 down (same column); plus how often the path came sideways is found by `came`.
    came = np.empty((len(rows), width), dtype=np.int32)
    kind = np.empty((len(rows), width), dtype=np.int8)
    best = np.full(width, np.inf)
    for row in range(len(rows)):
        low = first[row]
        cost = np.sqrt(((columns[low : low + width] - rows[row]) ** 2).sum(axis=1)).astype(np.float64)
        if row == 0:
            entered = np.full(width, np.inf)
            entered[0] = 0.0
            kind[row] = _DOWN
        else:
            shift = low - first[row - 1]
            down = np.full(width, np.inf)
            down[: max(0, width - shift)] = best[shift:]
            diagonal = np.full(width, np.inf)
            if shift == 0:
                diagonal[1:] = best[:-1]
            else:
                diagonal[: max(0, width - shift + 1)] = best[shift - 1 :]
            entered = np.minimum(diagonal, down + aside)
            kind[row] = np.where(diagonal <= down + aside, _DIAGONAL, _DOWN)
        # Steps sideways within the row: the cheapest entry to the left plus all costs passed on the way.
        passed = np.cumsum(cost + aside)
        offer = entered + cost - passed
        running = np.minimum.accumulate(offer)
        is_entry = offer <= running
        came[row] = np.maximum.accumulate(np.where(is_entry, np.arange(width), 0))
        best = running + passed
    return _walk_back(first, came, kind, width), float(best[-1]) / (len(rows) + count)


def _walk_back(
    first: NDArray[np.intp], came: NDArray[np.int32], kind: NDArray[np.int8], width: int
) -> NDArray[np.float64]:
    path = np.empty(len(first))
    column = int(first[-1]) + width - 1
    for row in range(len(first) - 1, -1, -1):
        low = int(first[row])
        entry = low + int(came[row, column - low])
        path[row] = (entry + column) / 2  # the middle of the columns passed within this row
        if row == 0:
            break
        column = entry - 1 if kind[row, entry - low] == _DIAGONAL else entry
        column = min(max(column, int(first[row - 1])), int(first[row - 1]) + width - 1)
    return np.maximum.accumulate(path)


def _mean_distance(rows: NDArray[np.float32], columns: NDArray[np.float32]) -> float:
    """The distance of rows and columns that have nothing to do with each other."""
    rng = np.random.default_rng(0)
    some_rows = rows[rng.integers(0, len(rows), 2000)]
    some_columns = columns[rng.integers(0, len(columns), 2000)]
    return float(np.sqrt(((some_rows - some_columns) ** 2).sum(axis=1)).mean())
