"""How the head moves: slow drift, nods on accents, a lift at the start of a phrase."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lipwright.engine.arrays import check_array
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.gesture.random_streams import random_stream
from lipwright.engine.gesture.shaping import (
    Curve,
    add_pulse,
    low_passed,
    soft_limit,
    through,
    wandering,
)
from lipwright.engine.gesture.style import GestureStyle
from lipwright.engine.speech.values import Prosody

# Spread of the slow drift: a calm speaker's. Half of it looks frozen, twice as much sways.
DRIFT_SD_DEG = {"yaw": 1.8, "pitch": 1.2, "roll": 0.8}
DRIFT_LOW_HZ = 0.08
DRIFT_HIGH_HZ = 0.5
# The head leans and comes nearer by as little; face heights and scale.
SHIFT_SD = 0.006
NEARNESS_SD = 0.005
# Rotation about the neck moves the face: this much per degree, face heights.
SHIFT_X_PER_YAW_DEG = 0.002
SHIFT_Y_PER_PITCH_DEG = 0.003
# A nod on every second accent, down and back within 250 to 400 ms, its depth with the accent's strength.
NOD_SHARE = 0.5
NOD_DEG = (0.8, 2.0)
NOD_S = (0.30, 0.45)
NOD_SCATTER_S = 0.03
# Accents nearer than this to the last nod or turn get none: two nods a second are a woodpecker's.
NOD_GAP_S = 0.6
# Some accents turn or tilt the head instead.
TURN_SHARE = 0.2
TURN_DEG = (0.5, 1.5)
# The head rises where a phrase begins and sinks towards its end.
LIFT_DEG = (0.5, 1.0)
# What is left of the drift while nobody speaks.
PAUSE_SHARE = 0.4
_PAUSE_SIGMA_S = 0.4
# Beyond these a photo that is bent shows that it has no depth.
LIMIT_DEG = {"yaw": 6.0, "pitch": 5.0, "roll": 4.0}
# Nothing of a head moves faster than 4 Hz: this Gaussian leaves a twentieth there.
SMOOTHING_SIGMA_S = 0.055
# Nods and shakes that a prompt asks for: a pair of swings every few seconds.
_ASKED_GAP_S = (2.2, 4.2)
_ASKED_SWING_S = 0.38
_ASKED_NOD_DEG = 3.2
_ASKED_SHAKE_DEG = 3.4
_ASKED_TILT_DEG = 3.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeadMotion:
    """Head rotation in degrees, translation in face heights, nearness as a change of scale."""

    yaw_deg: Curve
    pitch_deg: Curve
    roll_deg: Curve
    shift_x: Curve
    shift_y: Curve
    nearness: Curve

    def __post_init__(self) -> None:
        for name in ("yaw_deg", "pitch_deg", "roll_deg", "shift_x", "shift_y", "nearness"):
            check_array(self, name, np.float64, (len(self.yaw_deg),))


def plan_head(speaking: Curve, prosody: Prosody, style: GestureStyle, seed: int) -> HeadMotion:
    """The head over a clip, not yet eased at its edges."""
    rows = len(speaking)
    scale = style.head_scale * style.liveliness * style.mood.energy
    awake = PAUSE_SHARE + (1 - PAUSE_SHARE) * np.clip(low_passed(speaking, _PAUSE_SIGMA_S), 0, 1)

    def drift(kind: str) -> Curve:
        return wandering(rows, random_stream(seed, f"head {kind}"), DRIFT_LOW_HZ, DRIFT_HIGH_HZ) * awake

    turns = {kind: sd * drift(kind) for kind, sd in DRIFT_SD_DEG.items()}
    _add_accents(turns, prosody, random_stream(seed, "head accents"))
    turns["pitch"] += _phrase_lifts(rows, prosody, random_stream(seed, "head phrases"))
    turns = {kind: scale * curve for kind, curve in turns.items()}
    _add_asked(turns, style, rows, random_stream(seed, "head asked"))
    mood = style.mood
    held = {"yaw": mood.yaw_deg, "pitch": mood.pitch_deg, "roll": mood.roll_deg}
    for kind, curve in turns.items():
        posed = low_passed(curve, SMOOTHING_SIGMA_S) + held[kind] * style.head_scale
        turns[kind] = soft_limit(posed, LIMIT_DEG[kind])
    return HeadMotion(
        yaw_deg=turns["yaw"],
        pitch_deg=turns["pitch"],
        roll_deg=turns["roll"],
        shift_x=scale * SHIFT_SD * drift("shift x") + SHIFT_X_PER_YAW_DEG * turns["yaw"],
        shift_y=scale * SHIFT_SD * drift("shift y") + SHIFT_Y_PER_PITCH_DEG * turns["pitch"],
        nearness=scale * NEARNESS_SD * drift("nearness"),
    )


def _add_accents(turns: dict[str, Curve], prosody: Prosody, rng: np.random.Generator) -> None:
    last_s = -NOD_GAP_S
    for accent in prosody.accents:
        # Every accent draws the same numbers, so that what one of them does moves no other.
        choice, scatter, length, depth, side, axis = rng.random(6)
        peak_s = accent.time_s + (2 * scatter - 1) * NOD_SCATTER_S
        length_s = NOD_S[0] + length * (NOD_S[1] - NOD_S[0])
        strength = 0.5 * (depth + accent.strength)
        if peak_s - last_s < NOD_GAP_S or choice >= NOD_SHARE + TURN_SHARE:
            continue
        last_s = peak_s
        if choice < NOD_SHARE:
            height = NOD_DEG[0] + strength * (NOD_DEG[1] - NOD_DEG[0])
            add_pulse(turns["pitch"], peak_s, 0.45 * length_s, 0.75 * length_s, height)
        else:
            height = TURN_DEG[0] + strength * (TURN_DEG[1] - TURN_DEG[0])
            add_pulse(
                turns["yaw" if axis < 0.6 else "roll"],
                peak_s,
                0.7 * length_s,
                1.4 * length_s,
                height if side < 0.5 else -height,
            )


def _phrase_lifts(rows: int, prosody: Prosody, rng: np.random.Generator) -> Curve:
    points: list[tuple[float, float]] = [(0.0, 0.0)]
    for phrase in prosody.phrases:
        lift = rng.uniform(*LIFT_DEG)
        for time_s, value in (
            (phrase.start_s - 0.25, 0.0),
            (phrase.start_s + 0.25, -lift),
            (phrase.end_s - 0.15, 0.5 * lift),
            (phrase.end_s + 0.4, 0.0),
        ):
            if time_s > points[-1][0]:
                points.append((time_s, value))
    return low_passed(through(rows, points), 0.12)


def _add_asked(turns: dict[str, Curve], style: GestureStyle, rows: int, rng: np.random.Generator) -> None:
    mood = style.mood
    eagerness = {"nod": mood.nods, "shake": mood.shakes, "tilt": mood.tilts}
    asked = [kind for kind, value in eagerness.items() if value > 0]
    now_s = 0.8
    while asked and now_s < rows / CURVE_RATE_HZ:
        kind = asked[int(rng.integers(len(asked)))]
        size = eagerness[kind] * style.head_scale * rng.uniform(0.8, 1.2)
        side = 1.0 if rng.random() < 0.5 else -1.0
        if kind == "nod":
            for swing in range(2):
                peak_s = now_s + 2 * swing * _ASKED_SWING_S
                add_pulse(turns["pitch"], peak_s, _ASKED_SWING_S, _ASKED_SWING_S, _ASKED_NOD_DEG * size)
        elif kind == "shake":
            for swing in range(4):
                peak_s = now_s + swing * _ASKED_SWING_S
                height = _ASKED_SHAKE_DEG * size * side * (-1) ** swing
                add_pulse(turns["yaw"], peak_s, _ASKED_SWING_S, _ASKED_SWING_S, height)
        else:
            add_pulse(turns["roll"], now_s + 0.3, 0.6, 1.6, _ASKED_TILT_DEG * size * side)
        now_s += rng.uniform(*_ASKED_GAP_S)
