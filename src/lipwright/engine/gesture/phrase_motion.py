"""What a head does with the speech: it rises and sinks with phrases, and nods on some accents.

Measured on people who talk freely; these are the few effects that are there beyond chance, and they are
small. Most of what a head does while it talks has nothing to do with the single word.
"""

from __future__ import annotations

import numpy as np

from lipwright.engine.gesture.shaping import Curve, add_pulse
from lipwright.engine.speech.values import Prosody

# The head sinks before a phrase ends and is up again when the next begins, degrees.
END_SINK_DEG, END_SINK_S = (0.9, 2.1), -0.36
END_SINK_RISE_S, END_SINK_FALL_S = 0.75, 0.65
START_LIFT_DEG, START_LIFT_S = (0.8, 1.8), 0.22
START_LIFT_RISE_S, START_LIFT_FALL_S = 0.55, 0.95
# A phrase shorter than this has no room for its own end.
_SHORTEST_SINKING_S = 0.9
# A nod on every second accent: the head rises before it, is highest so long before, and comes down on it.
NOD_SHARE = 0.5
NOD_UP_DEG, NOD_UP_S = (0.8, 1.7), -0.20
NOD_UP_RISE_S, NOD_UP_FALL_S = 0.45, 0.28
NOD_DOWN_DEG, NOD_DOWN_S = (0.8, 2.2), 0.12
NOD_DOWN_RISE_S, NOD_DOWN_FALL_S = 0.22, 0.42
# Accents nearer than this to the last nod or turn get none: two nods a second are a woodpecker's.
NOD_GAP_S = 0.6
# Some accents turn or lean the head instead.
TURN_SHARE = 0.15
TURN_DEG, TURN_S = (1.0, 2.4), 0.10
TURN_RISE_S, TURN_FALL_S = 0.35, 0.75
_TURNS_THAT_YAW = 0.6


def phrase_motion(rows: int, prosody: Prosody, rng: np.random.Generator) -> Curve:
    """Pitch, degrees, that goes with the edges of phrases."""
    pitch = np.zeros(rows)
    for phrase in prosody.phrases:
        lift, sink = rng.uniform(*START_LIFT_DEG), rng.uniform(*END_SINK_DEG)
        add_pulse(pitch, phrase.start_s + START_LIFT_S, START_LIFT_RISE_S, START_LIFT_FALL_S, -lift)
        if phrase.duration_s >= _SHORTEST_SINKING_S:
            add_pulse(pitch, phrase.end_s + END_SINK_S, END_SINK_RISE_S, END_SINK_FALL_S, sink)
    return pitch


def accent_motion(rows: int, prosody: Prosody, rng: np.random.Generator) -> Curve:
    """Yaw, pitch and roll, degrees, that go with accents, float64 (rows, 3)."""
    turns = np.zeros((rows, 3))
    last_s = -NOD_GAP_S
    for accent in prosody.accents:
        # Every accent draws the same numbers, so that what one of them does moves no other.
        choice, up, down, side, axis = rng.random(5)
        if accent.time_s - last_s < NOD_GAP_S or choice >= NOD_SHARE + TURN_SHARE:
            continue
        last_s = accent.time_s
        if choice < NOD_SHARE:
            height = _between(NOD_UP_DEG, 0.5 * (up + accent.strength))
            add_pulse(turns[:, 1], accent.time_s + NOD_UP_S, NOD_UP_RISE_S, NOD_UP_FALL_S, -height)
            depth = _between(NOD_DOWN_DEG, 0.5 * (down + accent.strength))
            add_pulse(turns[:, 1], accent.time_s + NOD_DOWN_S, NOD_DOWN_RISE_S, NOD_DOWN_FALL_S, depth)
        else:
            size = _between(TURN_DEG, 0.5 * (up + accent.strength)) * (1 if side < 0.5 else -1)
            turned = turns[:, 0 if axis < _TURNS_THAT_YAW else 2]
            add_pulse(turned, accent.time_s + TURN_S, TURN_RISE_S, TURN_FALL_S, size)
    return turns


def _between(span: tuple[float, float], share: float) -> float:
    return span[0] + share * (span[1] - span[0])
