"""Tells drawn heads from real ones: ridge logistic regression on features of 2 s windows.

The features are what gives motion away: sizes, speeds, how they are spread, bands, turns, couplings of the
channels. Windows of people and of generated clips on which it is tested were never in its training, nor
anything else of the same person or clip. 0.5 is not to be told apart.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.stats import rankdata

RATE_HZ = 25
WINDOW_ROWS, STEP_ROWS = 50, 25
# Both sides pass the same filter, so that the tracker's noise does not tell the real ones.
SMOOTHING_SIGMA_S = 0.08
FOLDS = 5
# Weight of the ridge; features are in deviations, cut off at 4.
RIDGE, MOST_DEVIATIONS = 3.0, 4.0
BANDS_HZ = ((0, 0.75), (0.75, 1.5), (1.5, 2.5), (2.5, 4))
_NEWTON_STEPS = 30

Motion = NDArray[np.float64]
# Who moves (one name for each person or generated clip), and the windows of the motion.
Seen = tuple[str, NDArray[np.float64]]


def smoothed(motion: Motion) -> Motion:
    """A motion (time, channel) as it is judged."""
    return np.asarray(gaussian_filter1d(motion, SMOOTHING_SIGMA_S * RATE_HZ, axis=0, mode="nearest"))


def windows(motion: Motion, *, sizes: bool = True) -> NDArray[np.float64]:
    """The features of every window of a motion (time, channel), turns first: float64 (window, feature).

    sizes: whether how far and how fast it moves is among them.
    """
    smooth = smoothed(motion)
    starts = range(0, len(smooth) - WINDOW_ROWS + 1, STEP_ROWS)
    return np.array([_features(smooth[start : start + WINDOW_ROWS], sizes) for start in starts])


def judged(
    real: Sequence[Seen], drawn: Sequence[Seen], seed: int = 0, *, asked: Collection[str] | None = None
) -> float:
    """The area under the curve of real against drawn, mean of FOLDS.

    asked: of the real ones only these are asked about; the others are for learning. None is all.
    """
    rng = np.random.default_rng(seed)
    features, labels, folds, counts = [], [], [], []
    for label, clips in ((1, real), (0, drawn)):
        names = sorted({name for name, _ in clips})
        order = {str(name): place % FOLDS for place, name in enumerate(rng.permutation(names))}
        for name, seen in clips:
            features += list(seen)
            labels += [label] * len(seen)
            folds += [order[name]] * len(seen)
            counts += [label == 0 or asked is None or name in asked] * len(seen)
    x, y, fold, counted = np.array(features), np.array(labels), np.array(folds), np.array(counts)
    areas = []
    for each in range(FOLDS):
        learnt, test = fold != each, (fold == each) & counted
        if len(set(y[test].tolist())) == 2:
            areas.append(_area(_learned(x[learnt], y[learnt], x[test]), y[test]))
    return float(np.mean(areas))


def _features(window: Motion, with_sizes: bool) -> Motion:
    speed = np.diff(window, axis=0) * RATE_HZ
    jerk = np.diff(speed, axis=0) * RATE_HZ
    time = np.linspace(-1, 1, len(window))
    found: list[float] = []
    sizes: list[float] = []
    for x, v, a in zip(window.T, speed.T, jerk.T, strict=True):
        sd, quick, sharp = x.std() + 1e-4, v.std() + 1e-3, a.std() + 1e-2
        sizes += [np.log(sd), np.log(quick), np.log(sharp)]
        level = x - np.polyval(np.polyfit(time, x, 1), time)
        power = np.abs(np.fft.rfft(level * np.hanning(len(x)), 128)) ** 2
        frequency_hz = np.fft.rfftfreq(128, 1 / RATE_HZ)
        total = power[frequency_hz < 5].sum() + 1e-9
        found += [
            np.log(quick / sd),
            np.log(sharp / quick),
            np.log((np.abs(v) < 0.3 * quick).mean() + 0.02),
            np.abs(v).max() / quick,
            ((v - v.mean()) ** 4).mean() / quick**4,
            (np.diff(np.sign(v)) != 0).mean(),
            np.ptp(x) / sd,
            np.corrcoef(time, x)[0, 1] ** 2 if sd > 1e-3 else 0.0,
        ]
        for low, high in BANDS_HZ:
            here = (frequency_hz >= low) & (frequency_hz < high)
            found.append(np.log(power[here].sum() / total + 1e-4))
    turn = np.linalg.norm(speed[:, :3], axis=1)
    mean = turn.mean() + 1e-2
    sizes.append(np.log(mean))
    found += [
        np.log(turn + 0.02 * mean).std(),
        turn.min() / mean,
        np.percentile(turn, 90) / mean,
        turn.max() / mean,
        (turn < 0.35 * mean).mean(),
        ((turn[1:-1] < turn[:-2]) & (turn[1:-1] <= turn[2:])).sum(),
        np.log(turn[: len(turn) // 2].mean() / turn[len(turn) // 2 :].mean() + 1e-6) ** 2,
    ]
    together = np.atleast_2d(np.corrcoef(speed.T))[np.triu_indices(window.shape[1], 1)]
    spread = np.linalg.eigvalsh(np.atleast_2d(np.cov(speed[:, :3].T)))[::-1]
    found += [*together, *np.abs(together), spread[0] / spread.sum(), np.log(spread[2] / spread.sum() + 1e-4)]
    return np.asarray(np.nan_to_num(np.array([*found, *sizes] if with_sizes else found)))


def _learned(x: Motion, y: NDArray[np.int_], asked: Motion) -> Motion:
    """What the regression learned from x and y says about others: higher is more likely real."""
    mean, sd = x.mean(axis=0), x.std(axis=0) + 1e-6

    def scaled(rows: Motion) -> Motion:
        unit = np.clip((rows - mean) / sd, -MOST_DEVIATIONS, MOST_DEVIATIONS)
        return np.column_stack([unit, np.ones(len(rows))])

    design, weights = scaled(x), np.zeros(x.shape[1] + 1)
    # Both kinds count alike, however many windows they have.
    counts = np.where(y == 1, 0.5 / (y == 1).mean(), 0.5 / (y == 0).mean())
    ridge = np.append(np.full(x.shape[1], RIDGE), 1e-6)
    for _ in range(_NEWTON_STEPS):
        likely = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        slope = design.T @ (counts * (likely - y)) + ridge * weights
        bend = (design * (counts * np.maximum(likely * (1 - likely), 1e-4))[:, None]).T @ design
        step = np.linalg.solve(bend + np.diag(ridge), slope)
        weights -= step
        if np.abs(step).max() < 1e-4:
            break
    return np.asarray(scaled(asked) @ weights)


def _area(score: Motion, y: NDArray[np.int_]) -> float:
    positive = int((y == 1).sum())
    ranks = rankdata(score)[y == 1].sum() - positive * (positive + 1) / 2
    return float(ranks / (positive * (len(y) - positive)))
