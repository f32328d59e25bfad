"""Cutting a long sound into pieces at its quietest places."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from lipwright.engine.curves import CURVE_RATE_HZ

# Pieces for the decoder. Its memory grows with the piece, its models settle within a few seconds.
SHORTEST_PIECE_S = 8.0
LONGEST_PIECE_S = 20.0
# A cut looks for a place that is quiet for this long, so that it falls into a pause, not into a closure.
_QUIET_WINDOW_S = 0.2


def cut_at_pauses(
    loudness_db: NDArray[np.float32],
    shortest_s: float = SHORTEST_PIECE_S,
    longest_s: float = LONGEST_PIECE_S,
) -> tuple[tuple[int, int], ...]:
    """Rows (first, after last) of pieces that cover all rows, each at most longest_s long.

    Every cut lies at the quietest place that the lengths allow.
    """
    window = round(_QUIET_WINDOW_S * CURVE_RATE_HZ)
    smooth = ndimage.uniform_filter1d(loudness_db.astype(np.float64), window, mode="nearest")
    shortest, longest = round(shortest_s * CURVE_RATE_HZ), round(longest_s * CURVE_RATE_HZ)
    pieces: list[tuple[int, int]] = []
    first, rows = 0, len(loudness_db)
    while rows - first > longest:
        # The rest must not become a piece that is too short for the decoder to settle.
        latest = min(first + longest, rows - shortest)
        cut = first + shortest + int(np.argmin(smooth[first + shortest : max(latest, first + shortest + 1)]))
        pieces.append((first, cut))
        first = cut
    pieces.append((first, rows))
    return tuple(pieces)
