"""Mouths that a regression tells from what the teacher hears."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

torch = pytest.importorskip("torch")

from lipwright.engine.articulation.drivers.learned_features import FEATURE_COUNT  # noqa: E402
from lipwright.engine.articulation.drivers.learned_mouth import MouthMeasure  # noqa: E402
from training.examples import FilmedExample  # noqa: E402
from training.folds import fold_of, told_by_ridge, without  # noqa: E402
from training.teacher import COMPONENTS  # noqa: E402
from training.teacher_ridge import TeacherRidge  # noqa: E402

ROWS = 300


def components(seed: int) -> NDArray[np.float32]:
    return np.random.default_rng(seed).standard_normal((ROWS, COMPONENTS)).astype(np.float32)


def mouth_of(told: NDArray[np.float32]) -> NDArray[np.float32]:
    """Four rows (80 ms) later than the first component, and a little of the second."""
    late = np.roll(told[:, 0], 4) + 0.3 * told[:, 1] + 0.5
    return np.repeat(late[:, None], len(MouthMeasure), axis=1).astype(np.float32)


def filmed(seed: int, *, speaker: str, version: int = 0, sign: float = 1.0) -> FilmedExample:
    told = components(seed)
    mouth = sign * mouth_of(told)
    return FilmedExample(
        name=f"{speaker}_{seed}",
        speaker=speaker,
        is_laboratory=seed % 2 == 0,
        version=version,
        features=np.zeros((2 * ROWS, FEATURE_COUNT), np.float16),
        mouth=mouth,
        seen=np.ones_like(mouth),
        teacher=told,
    )


def test_a_mouth_that_comes_later_than_the_sound_is_found() -> None:
    ridge = TeacherRidge.fit([filmed(seed, speaker=str(seed)) for seed in range(6)])
    strange = components(99)
    told, true = ridge.tell(strange), mouth_of(strange)
    assert told.shape == true.shape
    assert np.corrcoef(told[10:-10, 0], true[10:-10, 0])[0, 1] > 0.97
    assert abs(told[10:-10].mean() - true[10:-10].mean()) < 0.05


def test_disguised_clips_and_unseen_rows_have_no_say() -> None:
    true = [filmed(seed, speaker=str(seed)) for seed in range(4)]
    wrong = filmed(9, speaker="9", version=2, sign=-1.0)
    unseen = filmed(10, speaker="10", sign=-1.0)
    unseen.seen[:] = 0
    alone, beside = TeacherRidge.fit(true), TeacherRidge.fit([*true, wrong, unseen])
    np.testing.assert_allclose(beside.weights, alone.weights)


def test_who_is_left_out_has_no_say_in_what_is_told_of_them() -> None:
    clips = [filmed(seed, speaker=f"p{seed}") for seed in range(10)]
    told = told_by_ridge(clips)
    folds = fold_of([one.speaker for one in clips])
    stranger = clips[3]
    others = without(folds[stranger.speaker], clips)
    assert stranger.speaker not in {one.speaker for one in others}
    np.testing.assert_array_equal(told[stranger.name], TeacherRidge.fit(others).tell(stranger.teacher))
