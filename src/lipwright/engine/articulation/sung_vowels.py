"""Vowels that are sung: held in their shape as long as they sound, without the trembling of the vibrato."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.curves import ArticulationCurves, smooth

# Vibrato bends the pitch 5 to 7 times a second, and every bend brings other overtones into the formants,
# which is heard as another vowel. Syllables that are sung hardly come faster than 3 a second.
SUNG_LOW_PASS_HZ = 3.0


def hold_sung_vowels(curves: ArticulationCurves, singing: NDArray[np.float32] | None) -> ArticulationCurves:
    """The curves without movements as fast as a vibrato where somebody sings.

    singing: float32 (row,), 0 to 1; None where nobody looked. Closures are to be laid over it afterwards.
    """
    if singing is None or not singing.any():
        return curves
    share = np.zeros(len(curves.values), np.float32)
    count = min(len(share), len(singing))
    share[:count] = singing[:count]
    held = smooth(curves, SUNG_LOW_PASS_HZ).values
    return curves.with_values(curves.values + (held - curves.values) * share[:, None])
