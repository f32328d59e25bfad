"""Whether the judge and the driver err alike: beyond the true mouth, do two listeners have more in common?"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from lipwright.engine.articulation.articulate import ArticulationStyle, articulate
from lipwright.engine.articulation.curves import Mouth
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.quality.sync import FASTEST_S, SLOWEST_S, correlation
from lipwright.engine.speech.activity import detect_activity
from training.judge_clips import JudgeClip

# What a third listener hears is heard at this rate, with so many rows of it around each one.
TEACHER_RATE_HZ, TEACHER_REACH, TEACHER_SHRINKAGE = 25, 4, 10.0

Curve = NDArray[np.float64]


def kinship_table(
    clips: Sequence[JudgeClip],
    expected: Callable[[JudgeClip], NDArray[np.float32]],
    offset_s: Callable[[JudgeClip], float],
    teacher: Path,
) -> Iterator[str]:
    """The pairs of listeners, medians over people. expected: the judge's, in step with the mouth.

    teacher: the folder of a listener that others made; left out where it does not run.
    """
    mouths = [_lively(clip.mouth[:, 0]) for clip in clips]
    heard = {
        "judge": [_lively(expected(clip)[:, 0]) for clip in clips],
        "driver": [_lively(_late(_driven(clip), offset_s(clip))) for clip in clips],
    }
    third = _taught(clips, offset_s, teacher)
    if third is not None:
        heard["listener of others"] = third
    yield "| listeners | follows the mouth, r | | have in common, r | beyond the true mouth, r |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    names = list(heard)
    for place, first in enumerate(names):
        for second in names[place + 1 :]:
            rows = [
                _pair(mouth, one, other)
                for mouth, one, other in zip(mouths, heard[first], heard[second], strict=True)
            ]
            people = sorted({clip.person for clip in clips})
            found = np.median(
                [
                    np.median(
                        [row for row, clip in zip(rows, clips, strict=True) if clip.person == who], axis=0
                    )
                    for who in people
                ],
                axis=0,
            )
            yield f"| {first} and {second} | " + " | ".join(f"{value:.2f}" for value in found) + " |"


def _pair(mouth: Curve, first: Curve, second: Curve) -> tuple[float, float, float, float]:
    """How two follow a mouth, what they have in common, and the same with the mouth partialled out."""
    length = min(len(mouth), len(first), len(second))
    mouth, first, second = mouth[:length], first[:length], second[:length]
    one, other, both = correlation(first, mouth), correlation(second, mouth), correlation(first, second)
    left = np.sqrt(max(1e-9, (1 - one**2) * (1 - other**2)))
    return one, other, both, (both - one * other) / float(left)


def _driven(clip: JudgeClip) -> NDArray[np.float64]:
    """The opening that the engine draws for a clip's sound."""
    curves = articulate(clip.sound, detect_activity(clip.sound), None, ArticulationStyle())
    return np.asarray(curves.channel(Mouth.APERTURE), np.float64)


def _late(curve: NDArray[np.float64], offset_s: float) -> NDArray[np.float64]:
    late = round(offset_s * CURVE_RATE_HZ)
    return curve[late:] if late >= 0 else np.concatenate([np.repeat(curve[:1], -late), curve])


def _lively(curve: NDArray[np.floating]) -> Curve:
    """As measure_sync compares curves."""
    fast, slow = (
        gaussian_filter1d(curve.astype(np.float64), spread_s * CURVE_RATE_HZ, mode="nearest")
        for spread_s in (FASTEST_S, SLOWEST_S)
    )
    return np.asarray(fast - slow, np.float64)


def _taught(
    clips: Sequence[JudgeClip], offset_s: Callable[[JudgeClip], float], folder: Path
) -> list[Curve] | None:
    """The opening by a ridge regression from what somebody else's network hears, each person left out."""
    hears = _module(folder / "predict.py")
    if hears is None:
        return None
    rows, targets = [], []
    for clip in clips:
        parts = hears.predict((clip.sound.samples * 32767).astype(np.int16))
        padded = np.pad(parts, ((TEACHER_REACH, TEACHER_REACH), (0, 0)), mode="edge")
        rows.append(np.hstack([padded[i : i + len(parts)] for i in range(2 * TEACHER_REACH + 1)]))
        at_s = (np.arange(len(parts)) + 0.5) / TEACHER_RATE_HZ - offset_s(clip)
        mouth = _lively(clip.mouth[:, 0])
        seen = np.interp(at_s, (np.arange(len(mouth)) + 0.5) / CURVE_RATE_HZ, mouth)
        targets.append(seen / (mouth.std() + 1e-6))
    everything = np.concatenate(rows)
    mean, scale = everything.mean(axis=0), everything.std(axis=0) + 1e-6
    rows = [(each - mean) / scale for each in rows]
    weights = [len(each) ** -0.5 for each in rows]
    squares = [weight * each.T @ each for each, weight in zip(rows, weights, strict=True)]
    products = [weight * each.T @ goal for each, goal, weight in zip(rows, targets, weights, strict=True)]
    heard = []
    for clip, each in zip(clips, rows, strict=True):
        others = [i for i, other in enumerate(clips) if other.person != clip.person]
        square = sum(squares[i] for i in others) + TEACHER_SHRINKAGE * np.eye(each.shape[1])
        curve = each @ np.linalg.solve(square, sum(products[i] for i in others))
        times_s = (np.arange(int(clip.sound.duration_s * CURVE_RATE_HZ)) + 0.5) / CURVE_RATE_HZ
        fine = np.interp(times_s, (np.arange(len(curve)) + 0.5) / TEACHER_RATE_HZ, curve)
        heard.append(_lively(_late(fine, offset_s(clip))))
    return heard


def _module(path: Path) -> ModuleType | None:
    spec = importlib.util.spec_from_file_location("teacher", path) if path.is_file() else None
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except ModuleNotFoundError:  # it needs a package that nothing else here does
        return None
    return module
