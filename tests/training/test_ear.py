"""The ear as it is trained is the ear that the package runs."""

from __future__ import annotations

from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

torch = pytest.importorskip("torch")

from lipwright.engine.articulation.drivers.learned_features import FEATURE_COUNT  # noqa: E402
from lipwright.engine.articulation.drivers.learned_mouth import MouthMeasure  # noqa: E402
from lipwright.engine.articulation.drivers.learned_network import (  # noqa: E402
    EAR_INPUTS,
    ConvolutionStack,
    ear_inputs,
)
from training.ear import (  # noqa: E402
    Ear,
    FilmedStage,
    HearingStage,
    answers,
    ear_arrays,
    inputs_of,
    learn_filmed,
    learn_hearing,
)
from training.examples import FilmedExample, HeardExample  # noqa: E402
from training.teacher import COMPONENTS  # noqa: E402


def features(rows: int, seed: int) -> NDArray[np.float32]:
    return np.random.default_rng(seed).standard_normal((rows, FEATURE_COUNT)).astype(np.float32)


def test_the_packages_ear_tells_what_the_trained_one_tells() -> None:
    torch.manual_seed(1)
    ear = Ear(24, (1, 2))
    for layer in ear.modules():
        if isinstance(layer, torch.nn.BatchNorm1d):
            layer.running_mean.normal_(0, 0.3)
            layer.running_var.uniform_(0.5, 2)
    stack = ConvolutionStack.read(cast("dict[str, NDArray[np.float16]]", ear_arrays(ear, 0)), "ear0")
    heard = 0.3 * features(120, 2)
    mouth, closure, _ = answers(ear, heard)
    told = stack.hear(ear_inputs(heard))
    np.testing.assert_allclose(told[:, : len(MouthMeasure)], mouth, atol=0.02)
    np.testing.assert_allclose(told[:, len(MouthMeasure)], closure[:, 0], atol=0.02)


def test_training_and_package_hear_the_same() -> None:
    heard = np.minimum(0.5, features(10, 3))
    np.testing.assert_allclose(inputs_of(heard), ear_inputs(heard), rtol=1e-5)
    assert inputs_of(heard).shape == (10, EAR_INPUTS)


def test_an_ear_learns_from_the_teacher_and_then_mouths() -> None:
    """Both follow one band; a net that learned it beats one that did not by far."""

    def heard(seed: int) -> HeardExample:
        rows = features(400, seed)
        rows[:, 0] = np.repeat(rows[::8, 0], 8)
        told = np.repeat(rows[::2, :1], COMPONENTS, axis=1)
        return HeardExample(
            source="test", features=rows.astype(np.float16), teacher=told, symbols=np.zeros(0, np.uint8)
        )

    def filmed(seed: int) -> FilmedExample:
        one = heard(seed)
        mouth = np.repeat(-one.teacher[:, :1], len(MouthMeasure), axis=1)
        return FilmedExample(
            name=str(seed),
            speaker=str(seed % 3),
            is_laboratory=seed % 2 == 0,
            version=0,
            features=one.features,
            mouth=mouth,
            seen=np.ones_like(mouth),
            teacher=one.teacher,
        )

    speech = [heard(seed) for seed in range(8)]
    ear = learn_hearing(speech, HearingStage(steps=30, batch=4, width=16))
    film = [filmed(seed) for seed in range(20, 26)]
    stage = FilmedStage(steps=40, batch=4, heard_batch=2, learning_rate=3e-3)
    learned = learn_filmed(ear, film, speech, stage)
    strange = heard(99)
    mouth, _, teacher = answers(learned, strange.features)
    assert np.corrcoef(teacher[:, 0], strange.teacher[:, 0])[0, 1] > 0.6
    assert np.corrcoef(mouth[:, MouthMeasure.OPENING], -strange.teacher[:, 0])[0, 1] > 0.6
