"""Where the eyes look: at the camera, with the small jumps that living eyes never cease to make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lipwright.engine.arrays import check_array
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.gesture.shaping import Curve, nearest_moment, through

# Small jumps around the camera. Less looks like glass eyes, more like nerves.
MICRO_GAP_S = (0.5, 1.4)
MICRO_DEG = (0.3, 1.6)
# One in so many goes to another part of the viewer's face: from eye to eye, to the mouth.
SCAN_SHARE = 0.25
SCAN_DEG = (1.4, 2.6)
# A glance away and back every four to five seconds: people who talk look away as often, mostly not far. One
# who never does stares; one who stays away for long loses the viewer.
GLANCE_GAP_MEDIAN_S = 3.8
GLANCE_GAP_SIGMA = 0.5
GLANCE_GAP_S = (1.8, 12.0)
GLANCE_MEDIAN_DEG = 7.5
GLANCE_SIGMA = 0.4
GLANCE_LIMITS_DEG = (3.0, 11.0)
GLANCE_S = (0.4, 1.1)
# One glance in three goes on to a second place before it comes back, as far from the first as this share.
SECOND_SHARE = 0.33
SECOND_SIZE = 0.7
SECOND_S = (0.3, 0.8)
# Eyes turn less far up and down than to the sides.
VERTICAL_SHARE = 0.7
# A glance waits for the edge of a phrase this near: people look away to think and back to speak.
GLANCE_REACH_S = 1.5
# A jump takes 25 ms and 2.4 ms more for every degree (Lee, Badler and Badler 2002).
_JUMP_S = 0.025
_JUMP_S_PER_DEG = 0.0024
# Their shares of the eight directions: right, right-up, up, left-up, left, left-down, down, right-down.
_DIRECTION_SHARES = np.array([15.5, 6.5, 17.7, 7.4, 16.8, 7.9, 20.4, 7.8])
# Eyes rest for a moment when a clip starts.
_QUIET_START_S = 0.4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gaze:
    """Eye rotation against straight ahead, degrees, and when the large jumps begin, seconds in order."""

    x_deg: Curve
    y_deg: Curve
    glances_s: tuple[float, ...]

    def __post_init__(self) -> None:
        check_array(self, "x_deg", np.float64, ("time",))
        check_array(self, "y_deg", np.float64, (len(self.x_deg),))


def plan_gaze(
    rows: int,
    good_moments_s: Sequence[float],
    liveliness: float,
    wander: float,
    rng: np.random.Generator,
) -> Gaze:
    """The eyes of a clip.

    good_moments_s: when a glance is natural, in order. liveliness: factor on jumps; wander: factor on
    glances, 0 for none.
    """
    end_s = rows / CURVE_RATE_HZ
    now_s = _QUIET_START_S
    look = np.zeros(2)
    points = [(0.0, 0.0, 0.0)]
    glances: list[float] = []
    next_glance_s = _glance_gap_s(rng) * rng.uniform(0.3, 1.0)

    def jump_to(target: Curve) -> None:
        nonlocal look
        size_deg = float(np.hypot(*(target - look)))
        points.append((now_s, *look))
        points.append((now_s + _JUMP_S + _JUMP_S_PER_DEG * size_deg, *target))
        look = target

    while now_s < end_s:
        if now_s >= next_glance_s:
            now_s = max(now_s, nearest_moment(good_moments_s, now_s, GLANCE_REACH_S))
            away, size = _direction(rng), min(1.2, liveliness) * wander
            far_deg, stay_s = size * _glance_deg(rng), rng.uniform(*GLANCE_S)
            goes_on, on, on_s = rng.random() < SECOND_SHARE, _direction(rng), rng.uniform(*SECOND_S)
            if wander > 0:
                glances.append(now_s)
            jump_to(far_deg * away)
            now_s += stay_s
            if goes_on and now_s + on_s < end_s:
                jump_to(_near(far_deg * away + SECOND_SIZE * far_deg * on, size * GLANCE_LIMITS_DEG[1]))
                now_s += on_s
            jump_to(np.zeros(2))
            next_glance_s = now_s + _glance_gap_s(rng)
        else:
            span = SCAN_DEG if rng.random() < SCAN_SHARE else MICRO_DEG
            jump_to(_direction(rng) * rng.uniform(*span) * min(1.2, liveliness))
        now_s += rng.uniform(*MICRO_GAP_S)
    return Gaze(
        x_deg=through(rows, [(time_s, x) for time_s, x, _ in points]),
        y_deg=through(rows, [(time_s, y) for time_s, _, y in points]),
        glances_s=tuple(glances),
    )


def _direction(rng: np.random.Generator) -> Curve:
    eighth = rng.choice(8, p=_DIRECTION_SHARES / _DIRECTION_SHARES.sum())
    angle = eighth * np.pi / 4 + rng.uniform(-np.pi / 8, np.pi / 8)
    # Counted from the viewer's right towards up; down is positive here.
    return np.array([np.cos(angle), -VERTICAL_SHARE * np.sin(angle)])


def _near(look: Curve, most_deg: float) -> Curve:
    """A look, no farther out than most_deg."""
    far_deg = float(np.hypot(*look))
    return look if far_deg <= most_deg else look * (most_deg / far_deg)


def _glance_gap_s(rng: np.random.Generator) -> float:
    gap_s = GLANCE_GAP_MEDIAN_S * float(np.exp(GLANCE_GAP_SIGMA * rng.standard_normal()))
    return min(GLANCE_GAP_S[1], max(GLANCE_GAP_S[0], gap_s))


def _glance_deg(rng: np.random.Generator) -> float:
    size_deg = GLANCE_MEDIAN_DEG * float(np.exp(GLANCE_SIGMA * rng.standard_normal()))
    return min(GLANCE_LIMITS_DEG[1], max(GLANCE_LIMITS_DEG[0], size_deg))
