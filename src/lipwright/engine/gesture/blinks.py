"""When eyes blink and how lids move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.gesture.shaping import Curve, nearest_moment, times_s

# Gaps between blinks are log-normal, so that they come in clusters; with the doubles these make 20 to 26
# blinks a minute, of speech and of silence alike.
MEDIAN_GAP_S = 2.6
GAP_SIGMA = 0.6
SHORTEST_GAP_S = 0.8
LONGEST_GAP_S = 7.0
# One blink in eight is followed by another within half a second.
DOUBLE_SHARE = 0.12
DOUBLE_AFTER_S = (0.45, 0.65)
# One in eight does not close the eye.
INCOMPLETE_SHARE = 1 / 8
INCOMPLETE_DEPTH = (0.6, 0.8)
# A lid falls in 90 ms, rests and rises in 260 ms: it is half down or more for 180 ms, as a tracker sees
# those of real people less than three quarters open. Faster is lost between two frames, slower is sleepy.
CLOSE_S = (0.08, 0.10)
HOLD_S = (0.07, 0.10)
OPEN_S = (0.23, 0.28)
# No clip starts or ends with a closed eye.
QUIET_START_S = 0.5
QUIET_END_S = 0.15
# A blink moves to a better moment this near: just before a move of the head, or with a glance.
PLACING_REACH_S = 0.6
PLACING_SHARE = 0.7
# A wink that a prompt asks for is slower than a blink and meant to be seen.
WINK_GAP_S = (3.5, 6.0)
WINK_CLOSE_S, WINK_HOLD_S, WINK_OPEN_S = 0.14, 0.22, 0.25
# Between the end of one blink and the start of the next, and after a double one: three in a row look nervous.
_SHORTEST_OPEN_S = 0.35
_OPEN_AFTER_DOUBLE_S = 1.0
_LONGEST_BLINK_S = CLOSE_S[1] + HOLD_S[1] + OPEN_S[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blink:
    """One blink. depth: how far the lid falls, 1 shuts the eye."""

    start_s: float
    close_s: float
    hold_s: float
    open_s: float
    depth: float

    @property
    def end_s(self) -> float:
        """When the eye is open again."""
        return self.start_s + self.close_s + self.hold_s + self.open_s


def plan_blinks(
    rows: int,
    good_moments_s: Sequence[float],
    pace: float,
    rng: np.random.Generator,
    first_s: float = QUIET_START_S,
) -> tuple[Blink, ...]:
    """The blinks of a clip in order; none when pace is 0.

    good_moments_s: in order. pace: factor on their number. first_s: no blink begins before.
    """
    if pace <= 0:
        return ()
    last_start_s = (rows - 1) / CURVE_RATE_HZ - QUIET_END_S - _LONGEST_BLINK_S
    blinks: list[Blink] = []
    # Somebody who begins to talk has blinked a moment ago: the first gap is a part of one.
    due = _gap(rng) * rng.uniform(0.3, 1.0)
    earliest_s = first_s
    while True:
        start_s = due / pace
        if start_s > last_start_s + PLACING_REACH_S:
            return tuple(blinks)
        if rng.random() < PLACING_SHARE:
            start_s = nearest_moment(good_moments_s, start_s, PLACING_REACH_S)
        blink = _blink(max(start_s, earliest_s), rng)
        again_s = rng.uniform(*DOUBLE_AFTER_S)
        is_double = rng.random() < DOUBLE_SHARE
        second = _blink(max(blink.start_s + again_s, blink.end_s), rng)
        if blink.start_s > last_start_s:
            return tuple(blinks)
        blinks.append(blink)
        earliest_s = blink.end_s + _SHORTEST_OPEN_S
        if is_double and second.start_s <= last_start_s:
            blinks.append(second)
            earliest_s = second.end_s + _OPEN_AFTER_DOUBLE_S
        due += _gap(rng)


def lid_curve(blinks: Sequence[Blink], rows: int) -> Curve:
    """How far the lid is down at every point, 0 to 1."""
    curve = np.zeros(rows)
    time_s = times_s(rows)
    for blink in blinks:
        start = max(0, int(blink.start_s * CURVE_RATE_HZ))
        end = min(rows, int(np.ceil(blink.end_s * CURVE_RATE_HZ)) + 1)
        since_s = time_s[start:end] - blink.start_s
        falling = np.clip(since_s / blink.close_s, 0, 1) ** 1.5
        rising = np.clip((since_s - blink.close_s - blink.hold_s) / blink.open_s, 0, 1)
        curve[start:end] = np.maximum(curve[start:end], blink.depth * falling * (1 - rising) ** 2.5)
    return curve


def plan_winks(rows: int, eagerness: float, rng: np.random.Generator) -> tuple[Blink, ...]:
    """Winks that a prompt asks for, in order; none when eagerness is 0."""
    winks: list[Blink] = []
    now_s = QUIET_START_S + rng.uniform(*WINK_GAP_S) * 0.4
    while (
        eagerness > 0
        and now_s + WINK_CLOSE_S + WINK_HOLD_S + WINK_OPEN_S + QUIET_END_S < rows / CURVE_RATE_HZ
    ):
        winks.append(
            Blink(start_s=now_s, close_s=WINK_CLOSE_S, hold_s=WINK_HOLD_S, open_s=WINK_OPEN_S, depth=1.0)
        )
        now_s += rng.uniform(*WINK_GAP_S) / eagerness
    return tuple(winks)


def _gap(rng: np.random.Generator) -> float:
    gap_s = MEDIAN_GAP_S * float(np.exp(GAP_SIGMA * rng.standard_normal()))
    return min(LONGEST_GAP_S, max(SHORTEST_GAP_S, gap_s))


def _blink(start_s: float, rng: np.random.Generator) -> Blink:
    close_s, hold_s, open_s = (rng.uniform(*span) for span in (CLOSE_S, HOLD_S, OPEN_S))
    shallow = rng.uniform(*INCOMPLETE_DEPTH)
    is_shallow = rng.random() < INCOMPLETE_SHARE
    return Blink(
        start_s=start_s,
        close_s=close_s,
        hold_s=hold_s,
        open_s=open_s,
        depth=shallow if is_shallow else 1.0,
    )
