"""Nods, shakes and tilts that a prompt asks for."""

from __future__ import annotations

import numpy as np

from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.gesture.mood import Mood
from lipwright.engine.gesture.shaping import Curve, add_pulse

# A pair of swings every few seconds.
_GAP_S = (2.2, 4.2)
_SWING_S = 0.38
_NOD_DEG = 6.8
_SHAKE_DEG = 7.2
_TILT_DEG = 4.5


def asked_motion(rows: int, mood: Mood, rng: np.random.Generator) -> Curve:
    """Yaw, pitch and roll, degrees, float64 (rows, 3)."""
    turns = np.zeros((rows, 3))
    yaw, pitch, roll = turns.T
    eagerness = {"nod": mood.nods, "shake": mood.shakes, "tilt": mood.tilts}
    asked = [kind for kind, value in eagerness.items() if value > 0]
    now_s = 0.8
    while asked and now_s < rows / CURVE_RATE_HZ:
        kind = asked[int(rng.integers(len(asked)))]
        size = eagerness[kind] * rng.uniform(0.8, 1.2)
        side = 1.0 if rng.random() < 0.5 else -1.0
        if kind == "nod":
            for swing in range(2):
                add_pulse(pitch, now_s + 2 * swing * _SWING_S, _SWING_S, _SWING_S, _NOD_DEG * size)
        elif kind == "shake":
            for swing in range(4):
                height = _SHAKE_DEG * size * side * (-1) ** swing
                add_pulse(yaw, now_s + swing * _SWING_S, _SWING_S, _SWING_S, height)
        else:
            add_pulse(roll, now_s + 0.3, 0.6, 1.6, _TILT_DEG * size * side)
        now_s += rng.uniform(*_GAP_S)
    return turns
