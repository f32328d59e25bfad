"""How the head moves: as people's do, around postures, with what meets the speech laid on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

from lipwright.engine.arrays import check_array
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.gesture.asked_motion import asked_motion
from lipwright.engine.gesture.limits import HeadLimits
from lipwright.engine.gesture.moves import Move, chain_of_moves
from lipwright.engine.gesture.people import NaturalChannel
from lipwright.engine.gesture.phrase_motion import accent_motion, phrase_motion
from lipwright.engine.gesture.random_streams import random_stream
from lipwright.engine.gesture.shaping import Curve, low_passed, nearest_moment, soft_limit, spread_inside
from lipwright.engine.gesture.style import GestureStyle
from lipwright.engine.speech.values import Prosody

# Yaw, pitch, roll in degrees; to the right and down in face heights; nearer as a scale: as in HeadMotion.
AXES = (
    NaturalChannel.YAW,
    NaturalChannel.PITCH,
    NaturalChannel.ROLL,
    NaturalChannel.SHIFT_X,
    NaturalChannel.SHIFT_Y,
    NaturalChannel.NEARNESS,
)
# What people do all the time, without a reason that is heard, if they are calm. Half of it looks frozen.
NATURAL_SD = np.array([3.3, 3.1, 2.3, 0.026, 0.017, 0.012])
# Postures: held for a time and changed preferably where a phrase begins. Without them a head always comes
# back to the middle.
POSTURE_SD = np.array([3.3, 1.8, 1.3, 0.028, 0.015, 0.010])
# A lively head goes further, but not as much faster: postures grow with more than its liveliness, what lies
# around them with less. Alike, an excited head shakes instead of turning.
NATURAL_POWER, POSTURE_POWER = 0.8, 1.3
POSTURE_GAP_S = (1.3, 4.0)
POSTURE_SLOWNESS = (1.3, 2.1)
POSTURE_REACH_S = 0.7
# Of a posture with the head down, what is kept: eyes that hold the viewer from under the brows stare.
DOWN_SHARE = 0.4
# No posture lies further out than this many deviations.
_MOST_SD = 2.0
# How long a move of so many degrees takes people: this times degrees to the power, measured on 421 moves.
_MOVE_S_OF_ONE_DEG = 0.32
_MOVE_S_POWER = 0.18
# No two people move alike: by this much sizes differ, of all axes together and of each, as a logarithm.
TEMPER_SIGMA = 0.22
_MOST_TEMPER = 1.5
# Of the limits of yaw, pitch, roll, what one standard deviation may take before it is bent to lie inside.
# More and the head sticks just below its limit, less and a lively one is calm.
_SD_PER_LIMIT = 0.82
# Of a limit: how far a pose or a nod that is asked for may go, and of the room that is left around it, how
# much the head's own motion uses.
_HELD_SHARE, _OWN_SHARE = 0.94, 0.92
# Shift, nearness and going along with a look are meant for a picture that bears this yaw; one that bears less
# moves less in all.
_FREE_YAW_DEG = 12.0
# Nods and shakes that a prompt asks for are seen as such only where the head does less of its own.
_ASKED_STILLNESS = 0.7
# With a look aside the head goes along, by so much and that much later, as a soft curve of this width. Eyes
# that go far alone look sly.
_LOOK_SHARE, _LOOK_LATER_S, _LOOK_SIGMA_S = 0.28, 0.18, 0.10
# A move of a calm head is one from this speed on, degrees a second.
_MOVE_SPEED_DEG_S = 20.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeadMotion:
    """Head rotation in degrees, translation in face heights, nearness as a change of scale.

    moves_s: when the larger moves are fastest, in order.
    """

    yaw_deg: Curve
    pitch_deg: Curve
    roll_deg: Curve
    shift_x: Curve
    shift_y: Curve
    nearness: Curve
    moves_s: tuple[float, ...]

    def __post_init__(self) -> None:
        for name in ("yaw_deg", "pitch_deg", "roll_deg", "shift_x", "shift_y", "nearness"):
            check_array(self, name, np.float64, (len(self.yaw_deg),))


def plan_head(
    natural: NDArray[np.float64],
    level: Curve,
    look_deg: Curve,
    prosody: Prosody,
    style: GestureStyle,
    seed: int,
    limits: HeadLimits,
) -> HeadMotion:
    """The head over a clip, not yet eased at its edges.

    natural: float64 (time, NaturalChannel), spread 1. level: float64 (time,), how much of its motion the
    voice asks for, 1 in speech. look_deg: float64 (time, xy), where the eyes look, degrees.
    limits: kept softly. Motion that they leave no room for is made smaller as a whole first, so that the head
    does not stick at its limit.
    """
    rows = len(natural)
    mood = style.mood
    liveliness = style.liveliness * mood.energy
    scale = style.head_scale * liveliness
    around, posed = style.head_scale * liveliness**NATURAL_POWER, style.head_scale * liveliness**POSTURE_POWER
    temper = _temper(random_stream(seed, "head temper"))
    path = around * level[:, None] * natural[:, AXES] * NATURAL_SD * temper
    path += posed * _postures(level, posed, prosody, random_stream(seed, "head postures"))
    met = accent_motion(rows, prosody, random_stream(seed, "head accents"))
    met[:, 1] += phrase_motion(rows, prosody, random_stream(seed, "head phrases"))

    most_deg = np.array([limits.yaw_deg, limits.pitch_deg, limits.roll_deg])
    spread_deg = np.hypot(around * NATURAL_SD[:3] * np.maximum(temper[:3], 1), posed * POSTURE_SD[:3])
    room = np.minimum(1, _SD_PER_LIMIT * most_deg / np.maximum(spread_deg, 1e-6))
    calmed = 1 - _ASKED_STILLNESS * min(1.0, max(mood.nods, mood.shakes))
    own = calmed * room * (path[:, :3] + scale * met)
    borne = min(1.0, limits.yaw_deg / _FREE_YAW_DEG)
    own[:, :2] += style.head_scale * (borne * room[:2]) * _gone_along(look_deg)
    asked = style.head_scale * asked_motion(rows, mood, random_stream(seed, "head asked"))
    asked += style.head_scale * np.array([mood.yaw_deg, mood.pitch_deg, mood.roll_deg])
    yaw, pitch, roll = (_inside(own[:, axis], asked[:, axis], most_deg[axis]) for axis in range(3))
    shift_x, shift_y, nearness = borne * path[:, 3:].T
    return HeadMotion(
        yaw_deg=yaw,
        pitch_deg=pitch,
        roll_deg=roll,
        shift_x=shift_x,
        shift_y=shift_y,
        nearness=nearness,
        moves_s=_moves_s(np.stack([yaw, pitch, roll], axis=1), scale * float(room.min())),
    )


def _inside(own: Curve, asked: Curve, most_deg: float) -> Curve:
    """What is asked for and the motion around it, both inside a limit."""
    held = soft_limit(asked, _HELD_SHARE * most_deg)
    return held + spread_inside(own, _OWN_SHARE * (most_deg - np.abs(held)))


def _gone_along(look_deg: Curve) -> Curve:
    """How far the head goes with a look, degrees, float64 (time, xy)."""
    later = round(_LOOK_LATER_S * CURVE_RATE_HZ)
    before = np.concatenate([np.zeros((later, 2)), look_deg])[: len(look_deg)]
    return _LOOK_SHARE * np.stack([low_passed(axis, _LOOK_SIGMA_S) for axis in before.T], axis=1)


def _temper(rng: np.random.Generator) -> NDArray[np.float64]:
    """By how much the axes of one head are larger or smaller than the mean head's."""
    sizes = np.clip(rng.standard_normal(1 + len(AXES)), -_MOST_TEMPER, _MOST_TEMPER)
    return np.asarray(np.exp(TEMPER_SIGMA * (sizes[0] + sizes[1:])))


def _postures(level: Curve, scale: float, prosody: Prosody, rng: np.random.Generator) -> Curve:
    phrase_starts_s = [phrase.start_s for phrase in prosody.phrases]
    moves: list[Move] = []
    now_s = 0.3
    while now_s * CURVE_RATE_HZ < len(level):
        # A phrase that begins at one moment draws only one change of posture.
        earliest_s = moves[-1].start_s + POSTURE_GAP_S[0] / 2 if moves else 0.0
        start_s = max(nearest_moment(phrase_starts_s, now_s, POSTURE_REACH_S), earliest_s)
        place = np.clip(rng.standard_normal(len(AXES)), -_MOST_SD, _MOST_SD)
        target = float(level[min(len(level) - 1, round(start_s * CURVE_RATE_HZ))]) * POSTURE_SD * place
        if target[1] > 0:
            target[1] *= DOWN_SHARE
        length_s = rng.uniform(*POSTURE_SLOWNESS) * _usual_length_s(moves, target, scale)
        moves.append(Move(start_s=start_s, length_s=length_s, target=target))
        now_s += rng.uniform(*POSTURE_GAP_S)
    return chain_of_moves(len(level), len(AXES), moves)


def _usual_length_s(moves: Sequence[Move], target: Curve, scale: float) -> float:
    """How long people take for the way from where the last move led, once it is made as large as shown."""
    way = target - moves[-1].target if moves else target
    way_deg = scale * float(np.linalg.norm(way[:3]))
    return float(_MOVE_S_OF_ONE_DEG * (way_deg + 0.3) ** _MOVE_S_POWER)


def _moves_s(turns_deg: Curve, scale: float) -> tuple[float, ...]:
    speed = np.linalg.norm(np.diff(turns_deg, axis=0, prepend=turns_deg[:1]), axis=1) * CURVE_RATE_HZ
    peaks, _ = find_peaks(speed, height=_MOVE_SPEED_DEG_S * max(scale, 0.1))
    return tuple((peaks / CURVE_RATE_HZ).tolist())
