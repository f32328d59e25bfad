"""Brows and the lids that go with them: raised on accents and phrases, by side, drawn down at effort."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.gesture.people import NaturalChannel
from lipwright.engine.gesture.random_streams import random_stream
from lipwright.engine.gesture.shaping import (
    Curve,
    add_plateau,
    add_pulse,
    soft_limit,
    wandering,
)
from lipwright.engine.gesture.style import GestureStyle
from lipwright.engine.speech.values import Prosody

# Weights of the brow shapes; 1 is 0.55 eye heights up.
# Brows move of themselves, as people's do; when the head rises they rise with it, by this share.
NATURAL_SD = 0.40
# A lively face raises them further, but less than it turns its head: by this power. More and it gapes.
_FREEDOM_POWER = 0.55
# With a stirred voice brows and upper lids rise by this much.
STIRRED_LIFT, STIRRED_WIDE = 0.12, 0.10
WITH_HEAD_UP = 0.25
SIDE_WANDER_SD = 0.08
# What happens in one place of the brow and not in the others: inner ends against outer ends.
ENDS_WANDER_SD = 0.08
# On one accent in five they rise with it. More than that means nothing any more. A third of these lifts is
# for the inner or the outer ends alone, or for one side: a face whose brows only ever move as one looks like
# a mask.
ACCENT_SHARE = 0.2
ACCENT_LIFT = (0.25, 0.7)
ACCENT_LEAD_S = 0.10
ACCENT_RISE_S = 0.16
ACCENT_FALL_S = (0.4, 0.9)
# They rise where a phrase begins, every second one or so, and stay up for a while.
HELD_GAP_S = (3.5, 9.0)
HELD_REACH_S = 1.4
HELD_LIFT = (0.25, 0.8)
HELD_S = (0.3, 1.5)
HELD_RISE_S = 0.3
HELD_FALL_S = 0.6
# One accent in twelve is an effort: brows drawn down instead, with narrowed eyes.
EFFORT_SHARE = 0.08
EFFORT_DOWN = (0.2, 0.5)
EFFORT_SQUINT_SHARE = 0.5
# Upper lids widen with lifted brows by this share.
WIDE_PER_LIFT = 0.25
# What is left of a wandering brow below its place in the picture: a face that frowns for seconds looks cross.
_DOWN_PER_WANDER = 0.35
# Of a lift on one side, what the other side makes of it.
_OTHER_SIDE = 0.15
# Where the kinds of lift begin on a scale from 0 to 1: both brows, one brow, outer ends, inner ends.
_ONE_BROW, _OUTER_ENDS, _INNER_ENDS = 0.64, 0.80, 0.90


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Brows:
    """Weights from 0 to 1, float64 (time, side), the viewer's left first.

    wide, squint: what the lids do with the brows.
    """

    inner_up: Curve
    outer_up: Curve
    down: Curve
    wide: Curve
    squint: Curve

    def __post_init__(self) -> None:
        for name in ("inner_up", "outer_up", "down", "wide", "squint"):
            check_array(self, name, np.float64, (len(self.inner_up), 2))


def plan_brows(
    natural: NDArray[np.float64],
    level: Curve,
    stirred: Curve,
    prosody: Prosody,
    style: GestureStyle,
    seed: int,
) -> Brows:
    """The brows of a clip, not yet eased at its edges.

    natural: float64 (time, NaturalChannel), spread 1. level: float64 (time,), how much of its motion the
    voice asks for, 1 in speech. stirred: float64 (time,), how stirred the voice is, -1 to 1.
    """
    rows = len(natural)
    inner, outer = np.zeros((rows, 2)), np.zeros((rows, 2))
    effort, squint = np.zeros(rows), np.zeros(rows)
    rng = random_stream(seed, "brow wander")
    ends = ENDS_WANDER_SD * wandering(rows, rng, 0.1, 0.8)
    own = NATURAL_SD * (natural[:, NaturalChannel.BROW] - WITH_HEAD_UP * natural[:, NaturalChannel.PITCH])
    for side in (0, 1):
        wander = level * (own + SIDE_WANDER_SD * wandering(rows, rng, 0.05, 0.6))
        wander += STIRRED_LIFT * stirred
        inner[:, side] += wander + level * ends
        outer[:, side] += wander - level * ends
    _add_held(inner, outer, prosody, random_stream(seed, "brows held"))
    _add_accents(inner, outer, effort, squint, prosody, random_stream(seed, "brows"))

    mood, expression = style.mood, style.expression_scale
    freedom = (style.liveliness * mood.energy) ** _FREEDOM_POWER
    # What the prompt holds leaves less room for more, and hardly any for its opposite: brows held down
    # do not rise, nor raised ones sink; inner ends that are up in sorrow and a raised brow stay alone.
    held_outer = mood.brow_outer + mood.one_brow * np.array([1.0, 0.0])
    rises = (1 - mood.brow_down) ** 2 * (1 - mood.one_brow)
    sinks = (1 - max(mood.brow_inner, mood.brow_outer, mood.one_brow, mood.wide)) ** 2
    apart = 1 - max(0.0, mood.brow_inner - mood.brow_outer)
    inner_lift, outer_lift = (soft_limit(freedom * np.maximum(lift, 0), 1) for lift in (inner, outer))
    sunk = _DOWN_PER_WANDER * np.maximum(-np.minimum(inner, outer), 0)
    down = mood.brow_down + (1 - mood.brow_down) * freedom * sinks * (effort[:, None] + sunk)
    widened = (
        WIDE_PER_LIFT * np.maximum(inner_lift, outer_lift) + STIRRED_WIDE * np.maximum(stirred, 0)[:, None]
    )
    wide = mood.wide + (1 - mood.wide) * rises * widened
    inner_up = mood.brow_inner + (1 - mood.brow_inner) * rises * inner_lift
    outer_up = held_outer + (1 - held_outer) * rises * apart * outer_lift
    squeezed = np.repeat(freedom * sinks * squint[:, None], 2, axis=1)
    return Brows(
        inner_up=np.clip(expression * inner_up, 0, 1),
        outer_up=np.clip(expression * outer_up, 0, 1),
        down=soft_limit(expression * down, 1),
        wide=np.clip(expression * wide, 0, 1),
        squint=np.clip(expression * squeezed, 0, 1),
    )


def _add_held(inner: Curve, outer: Curve, prosody: Prosody, rng: np.random.Generator) -> None:
    starts_s = [phrase.start_s - 0.1 for phrase in prosody.phrases]
    now_s = rng.uniform(*HELD_GAP_S) * 0.4
    free_s = 0.0
    while now_s * CURVE_RATE_HZ < len(inner):
        start_s = _held_from(starts_s, now_s)
        lift, hold_s, slant = rng.uniform(*HELD_LIFT), rng.uniform(*HELD_S), rng.random()
        # Two lifts that are drawn to one moment are one.
        if start_s >= free_s:
            for ends, share in ((inner, 0.7 + 0.5 * slant), (outer, 1.2 - 0.5 * slant)):
                for side in ends.T:
                    add_plateau(side, start_s, HELD_RISE_S, hold_s, HELD_FALL_S, share * lift)
            free_s = start_s + HELD_RISE_S + hold_s
        now_s += rng.uniform(*HELD_GAP_S)


def _held_from(starts_s: Sequence[float], due_s: float) -> float:
    """When a lift that is due begins: with the phrase before within reach, else with the next, else when due.

    Not with the nearest: a phrase that is still to come would move what was before it.
    """
    place = bisect_right(starts_s, due_s)
    if place and due_s - starts_s[place - 1] <= HELD_REACH_S:
        return starts_s[place - 1]
    if place < len(starts_s) and starts_s[place] - due_s <= HELD_REACH_S:
        return starts_s[place]
    return due_s


def _add_accents(
    inner: Curve,
    outer: Curve,
    effort: Curve,
    squint: Curve,
    prosody: Prosody,
    rng: np.random.Generator,
) -> None:
    for accent in prosody.accents:
        # Every accent draws the same numbers, so that what one of them does moves no other.
        choice, kind, side, height, fall = rng.random(5)
        peak_s = accent.time_s - ACCENT_LEAD_S
        strength = 0.5 * (height + accent.strength)
        fall_s = ACCENT_FALL_S[0] + fall * (ACCENT_FALL_S[1] - ACCENT_FALL_S[0])
        if choice < ACCENT_SHARE:
            lift = ACCENT_LIFT[0] + strength * (ACCENT_LIFT[1] - ACCENT_LIFT[0])
            shares = [1.0, 1.0]
            if _ONE_BROW <= kind < _OUTER_ENDS:
                shares[int(side < 0.5)] = _OTHER_SIDE
            lifted = [inner] if kind >= _INNER_ENDS else [outer] if kind >= _OUTER_ENDS else [inner, outer]
            for ends in lifted:
                for brow, share in zip(ends.T, shares, strict=True):
                    add_pulse(brow, peak_s, ACCENT_RISE_S, fall_s, share * lift)
        elif choice < ACCENT_SHARE + EFFORT_SHARE:
            down = EFFORT_DOWN[0] + strength * (EFFORT_DOWN[1] - EFFORT_DOWN[0])
            add_pulse(effort, peak_s, ACCENT_RISE_S, fall_s, down)
            add_pulse(squint, peak_s, ACCENT_RISE_S, fall_s, EFFORT_SQUINT_SHARE * down)
