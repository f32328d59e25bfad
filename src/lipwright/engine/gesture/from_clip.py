"""The gestures of a real clip for a photo: looped to and fro, held inside its limits, eased at the edges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.gesture.curves import (
    BLINKS,
    BROWS_DOWN,
    BROWS_INNER_UP,
    BROWS_OUTER_UP,
    CHEEK_SQUINTS,
    EYE_SQUINTS,
    EYES_WIDE,
    FROWNS,
    SMILES,
    Gesture,
    GestureCurves,
)
from lipwright.engine.gesture.limits import HeadLimits
from lipwright.engine.gesture.shaping import Curve, edges_eased, soft_limit, times_s

# A driven photo leaves the picture's pose and comes back to it within this time, as one that moves of its
# own.
EASE_S = 0.8
# A clip that is played to and fro turns within this time: its speed passes through 0. Less is a bounce; more
# is seen as a pause.
TURN_S = 0.5
# How far a head goes aside, up and down or nearer, face heights and change of scale: farther, the neck
# stretches.
MOST_SHIFT, MOST_NEARER = 0.08, 0.08
# Brows and smiles that go beyond a whole shape are bent towards this weight and stop at 1: with 1 for a limit
# all of them are flattened from a half on.
SHAPE_LIMIT = 1.3
# How far eyes turn in the head, degrees.
MOST_GAZE_DEG = 22.0
# Of a nod the eyes turn back this share. The clip does not show it: up and down cannot be read from a mesh.
GAZE_HOLD_SHARE = 0.85
# A blink that would begin or end this near to an edge of the video is left out: the photo's own eyes are
# there.
QUIET_EDGE_S = 0.15

_TURNS = (Gesture.YAW, Gesture.PITCH, Gesture.ROLL)
_SHIFTS = (Gesture.SHIFT_X, Gesture.SHIFT_Y, Gesture.NEARNESS)
_SHAPES = (
    *(*BROWS_INNER_UP, *BROWS_OUTER_UP, *BROWS_DOWN, *SMILES, *FROWNS),
    *(*CHEEK_SQUINTS, *EYE_SQUINTS, *EYES_WIDE),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClipBlink:
    """A blink of a clip: how far the lids are shut, float64 (time,) at CURVE_RATE_HZ, from start_s on.

    side: 0 or 1 for a wink of the viewer's left or right eye; None is both.
    """

    start_s: float
    closure: NDArray[np.float64]
    side: int | None = None

    def __post_init__(self) -> None:
        check_array(self, "closure", np.float64, ("time",))

    @property
    def middle_s(self) -> float:
        """The middle of its time."""
        return self.start_s + len(self.closure) / CURVE_RATE_HZ / 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClipGestures:
    """What the person of a clip does, as deviations from how that person mostly looks.

    values: float64 (time, len(Gesture)) at CURVE_RATE_HZ, not limited, without blinks. blinks: in order.
    unseen_share: of the clip's time, how much shows no face and was bridged.
    """

    values: NDArray[np.float64]
    blinks: tuple[ClipBlink, ...]
    unseen_share: float

    def __post_init__(self) -> None:
        check_array(self, "values", np.float64, ("time", len(Gesture)))

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.values) / CURVE_RATE_HZ


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipFollowing:
    """How far a photo follows the clip that drives it.

    beyond_yaw_share, beyond_pitch_share, beyond_roll_share, beyond_shift_share: of the video's time, how much
    of it the clip's head is farther out than the picture bears; there it is held back. unseen_share: as in
    ClipGestures. turns: how often the clip was turned round to fill a longer sound.
    """

    beyond_yaw_share: float = 0.0
    beyond_pitch_share: float = 0.0
    beyond_roll_share: float = 0.0
    beyond_shift_share: float = 0.0
    unseen_share: float = 0.0
    turns: int = 0


def driven_gestures(
    clip: ClipGestures,
    base: GestureCurves,
    *,
    limits: HeadLimits | None,
    head_scale: float = 1.0,
    expression_scale: float = 1.0,
    blinks: bool = True,
    eyes_open_s: float = 0.0,
) -> tuple[GestureCurves, ClipFollowing]:
    """The clip's gestures over the length of `base`, added to what it holds, and how far they are followed.

    limits: kept softly; None leaves the head where it is. eyes_open_s: until then nobody blinks.
    The result begins and ends as `base` does.
    """
    rows = len(base.values)
    moved = _at(clip.values, to_and_fro_s(rows, clip.duration_s))
    moved *= edges_eased(rows, EASE_S, EASE_S)[:, None]
    values = base.values.astype(np.float64)
    shares = dict.fromkeys(("yaw", "pitch", "roll", "shift"), 0.0)
    if limits is not None:
        shares = _add_head(values, head_scale * moved, limits)
    drawn = values - base.values
    # The eyes look where the clip's look, also where the head turns less than the clip's.
    look_deg = moved[:, Gesture.GAZE_X] + moved[:, Gesture.YAW] - drawn[:, Gesture.YAW]
    values[:, Gesture.GAZE_X] += expression_scale * look_deg
    values[:, Gesture.GAZE_Y] -= GAZE_HOLD_SHARE * drawn[:, Gesture.PITCH]
    for channel in (Gesture.GAZE_X, Gesture.GAZE_Y):
        values[:, channel] = soft_limit(values[:, channel], MOST_GAZE_DEG)
    shapes = np.maximum(values[:, _SHAPES] + expression_scale * moved[:, _SHAPES], 0)
    values[:, _SHAPES] = np.minimum(soft_limit(shapes, SHAPE_LIMIT), 1)
    if blinks:
        lids = blink_curve(clip, rows, earliest_s=max(QUIET_EDGE_S, eyes_open_s))
        values[:, BLINKS] = np.maximum(values[:, BLINKS], lids)
    following = ClipFollowing(
        beyond_yaw_share=shares["yaw"],
        beyond_pitch_share=shares["pitch"],
        beyond_roll_share=shares["roll"],
        beyond_shift_share=shares["shift"],
        unseen_share=clip.unseen_share,
        turns=len(_turns(rows, clip.duration_s)),
    )
    return GestureCurves(values=values.astype(np.float32)), following


def to_and_fro_s(rows: int, clip_s: float) -> Curve:
    """Which second of a clip is shown at every curve point: forwards, and where it is too short back and on.

    Without a jump in place or speed: it slows down before it turns, within TURN_S.
    """
    time_s = times_s(rows)
    if rows <= clip_s * CURVE_RATE_HZ:
        return time_s
    turn_s = min(TURN_S, clip_s / 2)
    # A turn begins and ends this far from the end of the clip.
    edge_s = turn_s / 4
    run_s = clip_s - 2 * edge_s
    phase_s = np.mod(time_s - edge_s, 2 * (run_s + turn_s))
    back = phase_s >= run_s + turn_s
    within_s = np.where(back, phase_s - run_s - turn_s, phase_s)
    turning_s = np.maximum(within_s - run_s, 0)
    forward_s = edge_s + np.minimum(within_s, run_s) + turning_s - turning_s**2 / max(turn_s, 1e-9)
    shown_s = np.where(back, clip_s - forward_s, forward_s)
    return np.asarray(np.where(time_s < edge_s, time_s, shown_s))


def blink_curve(clip: ClipGestures, rows: int, *, earliest_s: float) -> Curve:
    """How far the lids are down at every curve point, 0 to 1, float64 (rows, side).

    Lids close faster than they open, so that a blink is shown forwards also where the clip runs backwards.
    One that falls into a turn of the clip, or would be cut by an edge of the video, is left out.
    """
    curve = np.zeros((rows, 2))
    clock_s = to_and_fro_s(rows, clip.duration_s)
    at_full_speed = np.abs(np.abs(np.gradient(clock_s)) * CURVE_RATE_HZ - 1) < 0.01 if rows > 1 else [False]
    latest_s = rows / CURVE_RATE_HZ - QUIET_EDGE_S
    for blink in clip.blinks:
        for middle in _crossings(clock_s, blink.middle_s):
            start = middle - len(blink.closure) // 2
            stop = start + len(blink.closure)
            if (
                start < earliest_s * CURVE_RATE_HZ
                or stop > latest_s * CURVE_RATE_HZ
                or not at_full_speed[middle]
            ):
                continue
            for lid in curve.T if blink.side is None else (curve[:, blink.side],):
                lid[start:stop] = np.maximum(lid[start:stop], blink.closure)
    return curve


def _add_head(values: Curve, moved: Curve, limits: HeadLimits) -> dict[str, float]:
    """Add the head of `moved` to values in place, inside the limits; the shares of time beyond them."""
    most = (limits.yaw_deg, limits.pitch_deg, limits.roll_deg, MOST_SHIFT, MOST_SHIFT, MOST_NEARER)
    beyond = []
    for channel, limit in zip((*_TURNS, *_SHIFTS), most, strict=True):
        asked = values[:, channel] + moved[:, channel]
        values[:, channel] = soft_limit(asked, limit)
        beyond.append(np.abs(asked) > limit)
    yaw, pitch, roll = (float(axis.mean()) for axis in beyond[:3])
    return {"yaw": yaw, "pitch": pitch, "roll": roll, "shift": float(np.any(beyond[3:], axis=0).mean())}


def _at(values: Curve, moments_s: Curve) -> Curve:
    """Rows of curves at times, by lines between their points."""
    position = np.clip(moments_s * CURVE_RATE_HZ, 0, len(values) - 1)
    low = np.floor(position).astype(np.intp)
    share = (position - low)[:, None]
    return np.asarray(values[low] * (1 - share) + values[np.minimum(low + 1, len(values) - 1)] * share)


def _crossings(clock_s: Curve, moment_s: float) -> list[int]:
    """The curve points at which a clip shows one of its moments."""
    before = clock_s - moment_s
    return [int(point) for point in np.flatnonzero((before[:-1] < 0) != (before[1:] < 0))]


def _turns(rows: int, clip_s: float) -> list[int]:
    """The curve points at which a clip turns round."""
    steps = np.diff(to_and_fro_s(rows, clip_s))
    return [int(point) for point in np.flatnonzero((steps[:-1] > 0) != (steps[1:] > 0))]
