"""Corners of the mouth, cheeks and lower lids: smiles that come and go, corners that are never still."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.gesture.people import NaturalChannel
from lipwright.engine.gesture.random_streams import random_stream
from lipwright.engine.gesture.shaping import Curve, add_plateau, nearest_moment, wandering
from lipwright.engine.gesture.style import GestureStyle
from lipwright.engine.speech.values import Prosody

# A smile now and then, where a phrase ends if one does so near by; in the middle of one it is a smaller one.
# A warm voice smiles as far as this, a flat one by the lower share.
SMILE_GAP_S = (4.0, 10.0)
SMILE_REACH_S = 2.0
SMILE_WEIGHT = (0.25, 0.6)
COLD_SHARE = 0.35
MIDDLE_SHARE = 0.7
SMILE_LEAD_S = 0.4
SMILE_RISE_S = (0.45, 0.8)
SMILE_HOLD_S = (0.4, 1.6)
SMILE_FALL_S = (0.8, 1.4)
# The corners rise and fall with the warmth of the voice, over seconds, never with its words.
WARMTH_LIFT = 0.24
# A lively face smiles more, but not in step with its head: it would grimace.
_FREEDOM_POWER = 0.6
# A face this serious does not smile at the end of its phrases.
_UNSMILING_MOOD = -0.1
# Corners that never move look painted: they rise and sink around where the picture has them, as people's do.
NATURAL_SD = 0.21
NATURAL_MEAN = 0.05
# How unequal the two sides are: for the whole clip, and now and then.
SIDE_SHARE = 0.18
SIDE_WANDER_SD = 0.035
# A smile of the whole face lifts cheeks and lower lids; without them it is a polite one.
CHEEK_PER_SMILE = 0.95
SQUINT_PER_SMILE = 0.40
CHEEK_SD = 0.24


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Smiles:
    """Weights from 0 to 1, float64 (time, side), the viewer's left first."""

    smile: Curve
    frown: Curve
    cheek: Curve
    squint: Curve

    def __post_init__(self) -> None:
        for name in ("smile", "frown", "cheek", "squint"):
            check_array(self, name, np.float64, (len(self.smile), 2))


def plan_smiles(
    natural: NDArray[np.float64], warmth: Curve, prosody: Prosody, style: GestureStyle, seed: int
) -> Smiles:
    """Smile and frown of a clip, not yet eased at its edges.

    natural: float64 (time, NaturalChannel), spread 1. warmth: float64 (time,), of the voice, -1 to 1.
    """
    rows = len(natural)
    mood = style.mood
    freedom = (style.liveliness * mood.energy) ** _FREEDOM_POWER
    # A held smile wanes and returns; a constant one is a mask.
    corners = mood.smile * (1 + 0.12 * wandering(rows, random_stream(seed, "smile depth"), 0.03, 0.15))
    # Corners that are held up or down wander less.
    free = freedom * (1 - 0.8 * abs(mood.smile))
    own = NATURAL_MEAN + NATURAL_SD * natural[:, NaturalChannel.CORNER]
    corners = corners + free * (own + WARMTH_LIFT * warmth)
    if mood.smile > _UNSMILING_MOOD:
        # Eyes that are held wide do not go with the narrowed ones of a smile.
        passing = _passing_smiles(warmth, prosody, random_stream(seed, "smile phrases"))
        corners = corners + freedom * (1 - 0.6 * mood.wide) * passing
    rng = random_stream(seed, "smile sides")
    lean = SIDE_SHARE * rng.uniform(-1, 1) * np.array([1.0, -1.0])
    sides = corners[:, None] * (1 + lean)
    apart = wandering(rows, rng, 0.05, 0.4)[:, None] * np.array([1.0, -1.0])
    sides = np.clip(style.expression_scale * (sides + freedom * SIDE_WANDER_SD * apart), -1, 1)
    smile = np.maximum(sides, 0)
    cheek_wander = CHEEK_SD * freedom * np.maximum(natural[:, NaturalChannel.CHEEK] + 0.5 * warmth, 0)
    return Smiles(
        smile=smile,
        frown=np.maximum(-sides, 0),
        cheek=np.clip(CHEEK_PER_SMILE * smile + style.expression_scale * cheek_wander[:, None], 0, 1),
        squint=np.clip(style.expression_scale * mood.squint + SQUINT_PER_SMILE * smile, 0, 1),
    )


def _passing_smiles(warmth: Curve, prosody: Prosody, rng: np.random.Generator) -> Curve:
    course = np.zeros(len(warmth))
    ends_s = [max(phrase.start_s, phrase.end_s - SMILE_LEAD_S) for phrase in prosody.phrases]
    now_s = rng.uniform(*SMILE_GAP_S) * 0.5
    free_s = 0.0
    # One that is due after the end may be drawn to a moment before it.
    while (now_s - SMILE_REACH_S) * CURVE_RATE_HZ < len(warmth):
        start_s = nearest_moment(ends_s, now_s, SMILE_REACH_S)
        weight = rng.uniform(*SMILE_WEIGHT) * (MIDDLE_SHARE if start_s == now_s else 1)
        warm = (1 + warmth[min(len(warmth) - 1, round(start_s * CURVE_RATE_HZ))]) / 2
        weight *= COLD_SHARE + (1 - COLD_SHARE) * min(1.0, 1.4 * warm)
        rise_s, hold_s, fall_s = (rng.uniform(*span) for span in (SMILE_RISE_S, SMILE_HOLD_S, SMILE_FALL_S))
        # Two smiles that are drawn to one moment are one.
        if start_s >= free_s:
            add_plateau(course, start_s, rise_s, hold_s, fall_s, weight)
            free_s = start_s + rise_s + hold_s + fall_s
        now_s += rng.uniform(*SMILE_GAP_S)
    return course
