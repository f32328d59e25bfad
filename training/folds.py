"""Whole people left out by turns: ears that never met them, and how well these follow them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from training.ear import Ear, answers
from training.examples import FilmedExample
from training.mouth_clips import RIG_SPEAKER
from training.teacher_ridge import TeacherRidge

FOLDS = 5
# Half of its sound, so that not one fold has nearly all.
_LARGE = ("grid_s1", "grid_lwbsza_woman", RIG_SPEAKER)


def fold_of(speakers: Sequence[str]) -> dict[str, int]:
    """The fold in which each speaker is left out, the same on every machine."""
    names = sorted(set(speakers), key=lambda name: (name not in _LARGE, name))
    return {name: place % FOLDS for place, name in enumerate(names)}


def without(fold: int, filmed: Sequence[FilmedExample]) -> list[FilmedExample]:
    """The examples of everybody who is not left out in a fold."""
    folds = fold_of([one.speaker for one in filmed])
    return [one for one in filmed if folds[one.speaker] != fold]


def told_of_strangers(
    ears: Sequence[Sequence[Ear]], filmed: Sequence[FilmedExample]
) -> dict[str, NDArray[np.float32]]:
    """What the ears of every fold, averaged, tell of the clips that they have not met, by name.

    ears: by fold. Only clips as they are (version 0). float32 (row / 2, len(MouthMeasure)).
    """
    folds = fold_of([one.speaker for one in filmed])
    told: dict[str, NDArray[np.float32]] = {}
    for one in filmed:
        if one.version == 0 and one.speaker != RIG_SPEAKER:
            each = [answers(ear, one.features)[0] for ear in ears[folds[one.speaker]]]
            told[one.name] = np.mean(each, axis=0).astype(np.float32)
    return told


def told_by_ridge(filmed: Sequence[FilmedExample]) -> dict[str, NDArray[np.float32]]:
    """The same by a regression from the teacher's components: what an ear can get to."""
    folds = fold_of([one.speaker for one in filmed])
    ridges = [TeacherRidge.fit(without(fold, filmed)) for fold in range(FOLDS)]
    return {
        one.name: ridges[folds[one.speaker]].tell(one.teacher)
        for one in filmed
        if one.version == 0 and one.speaker != RIG_SPEAKER
    }


def agreements(
    told: Mapping[str, NDArray[np.float32]], filmed: Sequence[FilmedExample]
) -> dict[tuple[bool, str], NDArray[np.float64]]:
    """Mean correlation of every measure over each speaker's clips, by (is_laboratory, speaker)."""
    found: dict[tuple[bool, str], list[list[float]]] = {}
    for one in filmed:
        if one.version or one.name not in told:
            continue
        seen = one.seen[:, 0] > 0
        rows = np.stack([told[one.name][seen], one.mouth[seen]])
        r = [float(np.corrcoef(rows[0, :, part], rows[1, :, part])[0, 1]) for part in range(rows.shape[2])]
        found.setdefault((one.is_laboratory, one.speaker), []).append(r)
    return {key: np.mean(rows, axis=0) for key, rows in found.items()}


def medians(by_speaker: Mapping[tuple[bool, str], NDArray[np.float64]]) -> str:
    """A line: medians over the speakers of the laboratory, and over those of the wild."""
    parts = [
        np.median([rows for (is_laboratory, _), rows in by_speaker.items() if is_laboratory == kind], axis=0)
        for kind in (True, False)
    ]
    return " | ".join("/".join(f"{value:.2f}" for value in part[:4]) for part in parts)
