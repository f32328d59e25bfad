"""How the shapes of neighbouring sounds flow into one another.

Dominance blending (Cohen and Massaro 1993): every sound pulls the mouth towards its shape, most in
its own middle half, less with distance; opening, lips and tongue are pulled apart from each other, so
that "two" keeps its round lips through the t.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.curves import ArticulationCurves, Mouth
from lipwright.engine.articulation.segments import Segments
from lipwright.engine.curves import CURVE_RATE_HZ

# Sounds beyond the third neighbour pull by less than the low-pass removes.
NEIGHBOURS = 3
# Share of a sound, around its middle, during which its pull is full.
PLATEAU_SHARE = 0.5
# When unsure, lips a little early: viewers notice lips that are late by 45 ms, early ones by 125 ms.
LIP_LEAD_S = 0.02

_OPENING = [Mouth.APERTURE, Mouth.JAW, Mouth.PRESS, Mouth.ROLL, Mouth.TUCK, Mouth.RAISE, Mouth.LOWER]
_LIPS = [Mouth.WIDTH, Mouth.PUCKER, Mouth.FUNNEL]
_TONGUE = [Mouth.TONGUE_UP, Mouth.TONGUE_OUT]


def blend(segments: Segments, rows: int) -> ArticulationCurves:
    """The blended shapes as curves of `rows` points, not yet smoothed.

    Works on all points at once, one pass for each neighbour; an hour takes about a second.
    """
    times_s = np.arange(rows) / CURVE_RATE_HZ + LIP_LEAD_S
    own = np.searchsorted(segments.start_s, times_s, side="right") - 1
    values = np.zeros((rows, len(Mouth)), dtype=np.float32)
    groups = ((_OPENING, segments.opening), (_LIPS, segments.lips), (_TONGUE, segments.tongue))
    weight_sums = np.zeros((len(groups), rows), dtype=np.float32)
    for offset in range(-NEIGHBOURS, NEIGHBOURS + 1):
        index = own + offset
        exists = (index >= 0) & (index < len(segments))
        index = np.clip(index, 0, len(segments) - 1)
        pull = _pull(segments, index, times_s) * exists
        targets = segments.targets[index]
        for group, (channels, dominance) in enumerate(groups):
            weight = pull * dominance[index]
            weight_sums[group] += weight
            values[:, channels] += weight[:, None] * targets[:, channels]
    for group, (channels, _) in enumerate(groups):
        values[:, channels] /= np.maximum(weight_sums[group], 1e-12)[:, None]
    return ArticulationCurves(values=values)


def _pull(segments: Segments, index: NDArray[np.intp], times_s: NDArray[np.float64]) -> NDArray[np.float32]:
    start_s, end_s = segments.start_s[index], segments.end_s[index]
    offset_s = times_s - (start_s + end_s) / 2
    distance_s = np.maximum(0.0, np.abs(offset_s) - PLATEAU_SHARE * (end_s - start_s) / 2)
    tau_s = np.where(offset_s < 0, segments.rise_tau_s[index], segments.fall_tau_s[index])
    # Bounded, so that even the far end of a long silence leaves a weight to divide by.
    decay = np.minimum((distance_s / tau_s) ** segments.sharpness[index], 60.0)
    return np.exp(-decay).astype(np.float32)
