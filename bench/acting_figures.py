"""Figures of motion, the same for people who were tracked and for faces that are drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter
from scipy.signal import welch

from bench.head_judge import RATE_HZ, smoothed
from lipwright.engine.arrays import true_runs
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.gesture.curves import (
    BROWS_DOWN,
    BROWS_INNER_UP,
    BROWS_OUTER_UP,
    CHEEK_SQUINTS,
    FROWNS,
    SMILES,
    Gesture,
    GestureCurves,
)
from training.motion.tracking import PersonMotion, Series

# How far a weight of 1 moves brows, corners and cheeks, face heights, read by the tracker.
BROW_PER_WEIGHT, CORNER_PER_WEIGHT, CHEEK_PER_WEIGHT = 0.024, 0.040, 0.020
# How far a turn moves the middle of a face by itself, face heights a degree: the shift of people holds it.
SHIFT_X_PER_YAW, SHIFT_X_PER_ROLL, SHIFT_Y_PER_PITCH = 0.0055, 0.0050, 0.0074
# The tracker sees a look to the side about half as far as it is.
GAZE_SEEN = 0.55
BLINK_SHARE, LONGEST_BLINK_S = 0.5, 0.6
# A jump of the eyes that stands out of the tracker's noise: degrees, as read, within 80 ms.
JUMP_DEG, JUMP_ROWS, STEADY_ROWS = 4.0, 2, 3
# Clips and pieces shorter than this tell no spread.
PIECE_S, SHORTEST_S = 10.0, 5.0

HEADINGS = (
    "yaw SD, °",
    "pitch SD, °",
    "roll SD, °",
    "speed, °/s",
    "p90",
    "below 4 °/s",
    "kurtosis",
    "below 0.5 Hz",
    "0.5-1",
    "1-2",
    "2-4",
    "yaw beyond 6°",
    "shift SD x, fh",
    "brow SD, fh",
    "corner SD, fh",
    "cheek SD, fh",
    "gaze SD, °",
    "jumps of the eyes a minute",
    "blinks a minute",
    "blink, ms",
)
DIGITS = (1, 1, 1, 1, 1, 2, 1, 2, 2, 2, 2, 2, 3, 4, 4, 4, 1, 0, 0, 0)


def turns_of(motion: PersonMotion, *, brows: bool = False) -> NDArray[np.float64]:
    """Yaw, pitch, roll, degrees, and where asked brows in thousandths of a face height: (time, 3 or 4)."""
    columns = [motion.yaw_deg, motion.pitch_deg, motion.roll_deg]
    return np.stack([*columns, 1000 * motion.brow] if brows else columns, axis=1)


def motion_of_curves(curves: GestureCurves) -> PersonMotion:
    """Gestures as the tracker would see them in a drawing without error."""
    rows = curves.values[:: CURVE_RATE_HZ // RATE_HZ].astype(np.float64)

    def mean(channels: Sequence[Gesture]) -> Series:
        return np.asarray(rows[:, list(channels)].mean(axis=1))

    def brow(side: int) -> Series:
        up = (rows[:, BROWS_INNER_UP[side]] + rows[:, BROWS_OUTER_UP[side]]) / 2
        return np.asarray(BROW_PER_WEIGHT * (up - rows[:, BROWS_DOWN[side]]))

    yaw, pitch, roll = rows[:, Gesture.YAW], rows[:, Gesture.PITCH], rows[:, Gesture.ROLL]
    return PersonMotion(
        yaw_deg=yaw.copy(),
        pitch_deg=pitch.copy(),
        roll_deg=roll.copy(),
        shift_x=rows[:, Gesture.SHIFT_X] + SHIFT_X_PER_YAW * yaw + SHIFT_X_PER_ROLL * roll,
        shift_y=rows[:, Gesture.SHIFT_Y] + SHIFT_Y_PER_PITCH * pitch,
        nearness=rows[:, Gesture.NEARNESS].copy(),
        brow=(brow(0) + brow(1)) / 2,
        brow_left=brow(0),
        brow_right=brow(1),
        corner=CORNER_PER_WEIGHT * (mean(SMILES) - mean(FROWNS)),
        cheek=CHEEK_PER_WEIGHT * mean(CHEEK_SQUINTS),
        lids=1 - rows[:, Gesture.EYE_BLINK_LEFT],
        gaze_x_deg=GAZE_SEEN * rows[:, Gesture.GAZE_X],
        gap=np.zeros(len(rows)),
    )


def pieces(motion: PersonMotion) -> list[PersonMotion]:
    """A motion in pieces as long as people's clips; what is left at the end is dropped."""
    count = round(PIECE_S * RATE_HZ)
    names = PersonMotion.__slots__
    return [
        PersonMotion(**{name: getattr(motion, name)[start : start + count] for name in names})
        for start in range(0, len(motion.yaw_deg) - count + 1, count)
    ]


def figures(motion: PersonMotion) -> list[float]:
    """The figures of HEADINGS."""
    turns = smoothed(turns_of(motion))
    speed = np.diff(turns, axis=0) * RATE_HZ
    pace = np.linalg.norm(speed, axis=1)
    kurtosis = ((speed - speed.mean(axis=0)) ** 4).mean(axis=0) / (speed.var(axis=0) ** 2 + 1e-9)
    frequency_hz, power = welch(turns, RATE_HZ, nperseg=min(128, len(turns)), axis=0)
    share = power / (power[frequency_hz < 4].sum(axis=0) + 1e-9)
    bands = [
        float(share[(frequency_hz >= low) & (frequency_hz < high)].sum(axis=0).mean())
        for low, high in ((0, 0.5), (0.5, 1), (1, 2), (2, 4))
    ]
    minutes = len(turns) / RATE_HZ / 60
    shut = true_runs(motion.lids < BLINK_SHARE)
    blinks = [after - first for first, after in shut if after - first <= LONGEST_BLINK_S * RATE_HZ]
    gaze_deg = median_filter(motion.gaze_x_deg, STEADY_ROWS)
    far = np.abs(gaze_deg[JUMP_ROWS:] - gaze_deg[:-JUMP_ROWS]) > JUMP_DEG
    return [
        *turns.std(axis=0).tolist(),
        float(pace.mean()),
        float(np.percentile(pace, 90)),
        float((pace < 4).mean()),
        float(kurtosis.mean()),
        *bands,
        float((np.abs(turns[:, 0] - np.median(turns[:, 0])) > 6).mean()),
        *(float(smoothed(series[:, None]).std()) for series in (motion.shift_x, motion.brow)),
        *(float(smoothed(series[:, None]).std()) for series in (motion.corner, motion.cheek)),
        float(motion.gaze_x_deg.std()),
        len(true_runs(far)) / minutes,
        len(blinks) / minutes,
        1000 * float(np.mean(blinks)) / RATE_HZ if blinks else float("nan"),
    ]


def effect(
    curve: Series, times_s: Sequence[float], measure: Callable[[Series, NDArray[np.float64]], float]
) -> tuple[float, float]:
    """What a measure finds in a curve at moments, and the most that 95 of 100 shuffles of them show."""
    rng = np.random.default_rng(0)
    length_s = len(curve) / CURVE_RATE_HZ
    moments = np.array([time_s for time_s in times_s if 1.5 < time_s < length_s - 1.5])
    found = measure(curve, moments)
    chance = [
        abs(measure(curve, 1.5 + (moments - 1.5 + rng.uniform(0, length_s)) % (length_s - 3)))
        for _ in range(200)
    ]
    return found, float(np.percentile(chance, 95))


def louder(speed: Series, loud: Series, spoken: NDArray[np.bool_]) -> tuple[float, float]:
    """How much faster it goes in the loudest third of speech than in the softest, and the most that 95 of 100
    shifts of the one against the other show. loud: how loud it is against the seconds before.
    """
    edge = round(1.5 * CURVE_RATE_HZ)
    fast, loudness = speed[edge:-edge], loud[edge:-edge]
    low, high = np.percentile(loudness[spoken[edge:-edge]], (100 / 3, 200 / 3))
    soft, strong = spoken[edge:-edge] & (loudness < low), spoken[edge:-edge] & (loudness > high)
    rng = np.random.default_rng(0)

    def more(curve: Series) -> float:
        return float(curve[strong].mean() - curve[soft].mean())

    shifts = rng.integers(CURVE_RATE_HZ, len(fast) - CURVE_RATE_HZ, 200)
    return more(fast), float(np.percentile([abs(more(np.roll(fast, shift))) for shift in shifts], 95))


def at(curve: Series, moments_s: NDArray[np.float64], after_s: float) -> float:
    """The mean of a curve so long after some moments."""
    rows = np.clip(np.round((moments_s + after_s) * CURVE_RATE_HZ).astype(int), 0, len(curve) - 1)
    return float(curve[rows].mean())


def autocorrelation(curve: Series, other: Series, *, least_lag_s: float) -> float:
    """The largest correlation of a curve with another of its length, shifted by at least a lag.

    By at most half their length: a few seconds that overlap are alike by chance.
    """
    a, b = ((each - each.mean()) / (each.std() + 1e-9) for each in (curve, other))
    lags = range(round(least_lag_s * RATE_HZ), len(a) // 2)
    return float(max(np.mean(a[lag:] * b[: len(b) - lag]) for lag in lags))


def likeness(curves: Series, others: Series, *, least_lag_s: float = 0.0) -> float:
    """The largest correlation of any 4 s of one curve with any 4 s of another, at least a lag away."""
    count, step = 4 * RATE_HZ, 5
    rows = [
        np.stack([series[start : start + count] for start in range(0, len(series) - count, step)])
        for series in (curves, others)
    ]
    units = [(each - each.mean(axis=1, keepdims=True)) for each in rows]
    units = [each / (np.linalg.norm(each, axis=1, keepdims=True) + 1e-9) for each in units]
    together = units[0] @ units[1].T
    if least_lag_s:
        place = np.arange(len(together))
        apart = np.abs(place[:, None] - place[None]) * step / RATE_HZ >= least_lag_s
        together = np.where(apart, together, -1)
    return float(together.max())
