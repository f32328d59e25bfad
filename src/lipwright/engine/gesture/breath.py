"""Breath: shoulders that rise and sink."""

from __future__ import annotations

import numpy as np

from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.gesture.random_streams import random_stream
from lipwright.engine.gesture.shaping import Curve, times_s

# Breaths a minute and how far they lift the shoulders, face heights; a breath goes in faster than out.
BREATHS_PER_MIN = (12.0, 16.0)
BREATH_LIFT = (0.003, 0.006)
_INHALE_SHARE = 0.4


def breath_curve(rows: int, seed: int) -> Curve:
    """How far the shoulders are up, face heights, from 0 at a clip's start."""
    rng = random_stream(seed, "breath")
    points = [(0.0, 0.0)]
    now_s = 0.0
    while now_s < rows / CURVE_RATE_HZ:
        length_s = 60 / rng.uniform(*BREATHS_PER_MIN)
        points.append((now_s + _INHALE_SHARE * length_s, rng.uniform(*BREATH_LIFT)))
        now_s += length_s
        points.append((now_s, 0.0))
    # The line between lowest and highest points, rounded into a swing.
    time_s = times_s(rows)
    marks_s, heights = np.array(points).T
    place = np.clip(np.searchsorted(marks_s, time_s, side="right") - 1, 0, len(marks_s) - 2)
    share = (time_s - marks_s[place]) / (marks_s[place + 1] - marks_s[place])
    swing = 0.5 - 0.5 * np.cos(np.pi * np.clip(share, 0, 1))
    curve: Curve = heights[place] + (heights[place + 1] - heights[place]) * swing
    return curve
