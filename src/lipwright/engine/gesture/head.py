"""How the head moves: postures, small moves around them, nods on accents, lifts where phrases start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lipwright.engine.arrays import check_array
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.gesture.limits import HeadLimits
from lipwright.engine.gesture.moves import Move, chain_of_moves
from lipwright.engine.gesture.random_streams import random_stream
from lipwright.engine.gesture.shaping import (
    Curve,
    add_pulse,
    low_passed,
    nearest_moment,
    soft_limit,
    through,
    wandering,
)
from lipwright.engine.gesture.style import GestureStyle
from lipwright.engine.speech.values import Prosody

# Yaw, pitch, roll in degrees; to the right and down in face heights; nearer as a scale: as in HeadMotion.
_AXES = 6
# Spread of a head in all: that of VASA-1's calmer speakers. Half of it looks frozen, twice as much is an
# excited speaker's. The parts below add up to it.
HEAD_SD_DEG = {"yaw": 3.5, "pitch": 2.2, "roll": 1.5}
# Postures: held for a time and changed preferably where a phrase begins.
POSTURE_SD = np.array([2.8, 1.15, 1.0, 0.027, 0.018, 0.013])
POSTURE_GAP_S = (1.6, 4.5)
POSTURE_SLOWNESS = (1.6, 2.4)
POSTURE_REACH_S = 0.7
# Of a posture with the head down, what is kept: eyes that hold the viewer from under the brows stare.
DOWN_SHARE = 0.4
# Small moves around the posture: people make 1.8 a second. Their size varies as widely as people's, or the
# head wags.
MOVE_SD = np.array([4.1, 2.95, 2.0, 0.003, 0.002, 0.002])
MOVE_GAP_MEDIAN_S = 0.46
MOVE_GAP_SIGMA = 0.5
MOVE_GAP_S = (0.30, 1.6)
MOVE_SIZE_SIGMA = 0.45
MOVE_SLOWNESS = (0.9, 1.4)
# How long a move of so many degrees takes people: this times degrees to the power, measured on 421 moves. It
# is the middle of all that they do; a calm head takes its time, which is the slowness above.
_MOVE_S_OF_ONE_DEG = 0.32
_MOVE_S_POWER = 0.18
# No posture or move lies further out than this many deviations: what is left is never abrupt.
_MOST_SD = 2.0
# What is left of a move's size when it starts while nobody speaks.
SILENT_SHARE = 0.5
_AWAKE_SIGMA_S = 0.4
# Nobody holds a head like a statue's: a slow float under everything, degrees.
FLOAT_SD = np.array([0.35, 0.25, 0.18, 0.002, 0.002, 0.001])
FLOAT_HZ = (0.08, 0.5)
# A nod on every second accent: the head rises before it and comes down on it, its depth with the accent's
# strength.
NOD_SHARE = 0.5
NOD_DEG = (1.2, 3.0)
NOD_S = (0.34, 0.50)
NOD_SCATTER_S = 0.03
NOD_UPBEAT_SHARE = 0.4
NOD_UPBEAT_S = 0.24
# Accents nearer than this to the last nod or turn get none: two nods a second are a woodpecker's.
NOD_GAP_S = 0.6
# Some accents turn or tilt the head instead.
TURN_SHARE = 0.2
TURN_DEG = (1.0, 2.6)
# The head rises where a phrase begins and sinks towards its end.
LIFT_DEG = (0.7, 1.5)
# Of the limits, what one standard deviation may take; the rest is for the larger moves.
_SD_PER_LIMIT = 0.40
# Shift and nearness are meant for a picture that bears this yaw; one that bears less moves less in all.
_FREE_YAW_DEG = 12.0
# Nothing of a head moves faster than 4 Hz: this Gaussian leaves a twentieth there.
SMOOTHING_SIGMA_S = 0.055
# Nods and shakes that a prompt asks for: a pair of swings every few seconds.
_ASKED_GAP_S = (2.2, 4.2)
# They are seen as such only where the head does less of its own.
_ASKED_STILLNESS = 0.4
_ASKED_SWING_S = 0.38
_ASKED_NOD_DEG = 4.5
_ASKED_SHAKE_DEG = 5.0
_ASKED_TILT_DEG = 4.5


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


def plan_head(
    speaking: Curve, prosody: Prosody, style: GestureStyle, seed: int, limits: HeadLimits
) -> HeadMotion:
    """The head over a clip, not yet eased at its edges.

    limits: kept softly. Motion that they leave no room for is made smaller as a whole first, so that the head
    does not stick at its limit.
    """
    rows = len(speaking)
    mood = style.mood
    scale = style.head_scale * style.liveliness * mood.energy
    awake = np.clip(low_passed(speaking, _AWAKE_SIGMA_S), 0, 1)
    awake = SILENT_SHARE + (1 - SILENT_SHARE) * awake
    path = _postures(awake, scale, prosody, random_stream(seed, "head postures"))
    path += _small_moves(awake, scale, random_stream(seed, "head moves"))
    for axis, spread in enumerate(FLOAT_SD):
        path[:, axis] += spread * wandering(rows, random_stream(seed, f"head float {axis}"), *FLOAT_HZ)
    turns = {"yaw": path[:, 0], "pitch": path[:, 1], "roll": path[:, 2]}
    _add_accents(turns, prosody, random_stream(seed, "head accents"))
    turns["pitch"] += _phrase_lifts(rows, prosody, random_stream(seed, "head phrases"))

    most_deg = {"yaw": limits.yaw_deg, "pitch": limits.pitch_deg, "roll": limits.roll_deg}
    held_deg = {"yaw": mood.yaw_deg, "pitch": mood.pitch_deg, "roll": mood.roll_deg}
    own = scale * (1 - _ASKED_STILLNESS * min(1.0, max(mood.nods, mood.shakes)))
    turns = {
        kind: own * _room_share(scale * HEAD_SD_DEG[kind], most_deg[kind]) * curve
        for kind, curve in turns.items()
    }
    _add_asked(turns, style, rows, random_stream(seed, "head asked"))
    for kind, curve in turns.items():
        posed = low_passed(curve, SMOOTHING_SIGMA_S) + held_deg[kind] * style.head_scale
        turns[kind] = soft_limit(posed, most_deg[kind])
    freedom = scale * min(1.0, limits.yaw_deg / _FREE_YAW_DEG)
    shift_x, shift_y, nearness = (
        freedom * low_passed(path[:, axis], SMOOTHING_SIGMA_S) for axis in (3, 4, 5)
    )
    return HeadMotion(
        yaw_deg=turns["yaw"],
        pitch_deg=turns["pitch"],
        roll_deg=turns["roll"],
        shift_x=shift_x,
        shift_y=shift_y,
        nearness=nearness,
    )


def _room_share(sd_deg: float, limit_deg: float) -> float:
    """By how much motion of this spread is to be scaled for a limit."""
    return min(1.0, _SD_PER_LIMIT * limit_deg / sd_deg) if sd_deg > 0 else 1.0


def _postures(awake: Curve, scale: float, prosody: Prosody, rng: np.random.Generator) -> Curve:
    phrase_starts_s = [phrase.start_s for phrase in prosody.phrases]
    moves: list[Move] = []
    now_s = 0.3
    while now_s * CURVE_RATE_HZ < len(awake):
        # A phrase that begins at one moment draws only one change of posture.
        earliest_s = moves[-1].start_s + POSTURE_GAP_S[0] / 2 if moves else 0.0
        start_s = max(nearest_moment(phrase_starts_s, now_s, POSTURE_REACH_S), earliest_s)
        target = _at(awake, start_s) * POSTURE_SD * _bounded_normal(rng, _AXES)
        if target[1] > 0:
            target[1] *= DOWN_SHARE
        length_s = rng.uniform(*POSTURE_SLOWNESS) * _usual_length_s(moves, target, scale)
        moves.append(Move(start_s=start_s, length_s=length_s, target=target))
        now_s += rng.uniform(*POSTURE_GAP_S)
    return chain_of_moves(len(awake), _AXES, moves)


def _small_moves(awake: Curve, scale: float, rng: np.random.Generator) -> Curve:
    moves: list[Move] = []
    now_s = 0.2
    while now_s * CURVE_RATE_HZ < len(awake):
        size = np.exp(MOVE_SIZE_SIGMA * _bounded_normal(rng, 1) - MOVE_SIZE_SIGMA**2)
        place = np.clip(size * _bounded_normal(rng, _AXES), -_MOST_SD, _MOST_SD)
        target = _at(awake, now_s) * MOVE_SD * place
        length_s = rng.uniform(*MOVE_SLOWNESS) * _usual_length_s(moves, target, scale)
        moves.append(Move(start_s=now_s, length_s=length_s, target=target))
        gap_s = MOVE_GAP_MEDIAN_S * float(np.exp(MOVE_GAP_SIGMA * rng.standard_normal()))
        now_s += min(MOVE_GAP_S[1], max(MOVE_GAP_S[0], gap_s))
    return chain_of_moves(len(awake), _AXES, moves)


def _usual_length_s(moves: Sequence[Move], target: Curve, scale: float) -> float:
    """How long people take for a move from where the last one led to a target, both scaled."""
    last = moves[-1].target if moves else np.zeros(_AXES)
    degrees = scale * float(np.linalg.norm((target - last)[:3]))
    return float(_MOVE_S_OF_ONE_DEG * (degrees + 0.3) ** _MOVE_S_POWER)


def _at(curve: Curve, time_s: float) -> float:
    return float(curve[min(len(curve) - 1, round(time_s * CURVE_RATE_HZ))])


def _bounded_normal(rng: np.random.Generator, count: int) -> Curve:
    return np.clip(rng.standard_normal(count), -_MOST_SD, _MOST_SD)


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
            upbeat_s = peak_s - NOD_UPBEAT_S
            add_pulse(turns["pitch"], upbeat_s, length_s, NOD_UPBEAT_S, -NOD_UPBEAT_SHARE * height)
            add_pulse(turns["pitch"], peak_s, 0.55 * length_s, 0.9 * length_s, height)
        else:
            height = TURN_DEG[0] + strength * (TURN_DEG[1] - TURN_DEG[0])
            add_pulse(
                turns["yaw" if axis < 0.6 else "roll"],
                peak_s,
                0.8 * length_s,
                1.6 * length_s,
                height if side < 0.5 else -height,
            )


def _phrase_lifts(rows: int, prosody: Prosody, rng: np.random.Generator) -> Curve:
    points: list[tuple[float, float]] = [(0.0, 0.0)]
    for phrase in prosody.phrases:
        lift = rng.uniform(*LIFT_DEG)
        for time_s, value in (
            (phrase.start_s - 0.25, 0.0),
            (phrase.start_s + 0.25, -lift),
            (phrase.end_s - 0.3, 0.7 * lift),
            (phrase.end_s + 0.6, 0.0),
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
