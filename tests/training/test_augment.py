"""Sounds for training as telephones and codecs of few bits leave them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from lipwright.engine.media.values import SPEECH_RATE_HZ
from tests.support.sounds import voice
from training.augment import (
    BAND_EDGES_HZ,
    Beds,
    Samples,
    augment,
    narrowed,
    through_mp3,
    through_telephone,
    with_holes,
)


@pytest.mark.parametrize("edge_hz", BAND_EDGES_HZ)
def test_nothing_is_left_above_the_edge_and_nothing_moves(edge_hz: float) -> None:
    samples = np.random.default_rng(1).standard_normal(SPEECH_RATE_HZ).astype(np.float32)
    narrow = narrowed(samples, edge_hz)
    assert len(narrow) == len(samples)
    power = np.abs(np.fft.rfft(narrow * np.hanning(len(narrow)))) ** 2
    assert power[round(edge_hz * 1.05) :].sum() < 1e-6 * power.sum()
    assert np.argmax(np.correlate(narrow, samples[100:-100], "valid")) == 100


@pytest.mark.parametrize("below_db", [35.0, 60.0])
def test_holes_take_what_is_soft_and_keep_the_voice(below_db: float) -> None:
    samples = voice(1.0, SPEECH_RATE_HZ)
    found = with_holes(samples, below_db)
    assert len(found) == len(samples)
    assert np.corrcoef(samples, found)[0, 1] > 0.99


@pytest.mark.parametrize("line", [through_telephone, lambda samples: through_mp3(samples, 16_000)])
def test_lines_of_few_bits_keep_the_time_of_a_voice(line: Callable[[Samples], Samples]) -> None:
    samples = voice(1.5, SPEECH_RATE_HZ)
    found = line(samples)
    assert len(found) == len(samples)
    assert np.corrcoef(samples, found)[0, 1] > 0.9
    assert np.abs(found - samples).max() > 0


def test_every_augmented_sound_keeps_its_length_and_is_finite() -> None:
    samples = voice(1.3, SPEECH_RATE_HZ)
    beds = Beds(music=[voice(2.0, SPEECH_RATE_HZ, seed=1)], voices=[voice(2.0, SPEECH_RATE_HZ, seed=2)])
    for seed in range(60):
        found = augment(np.random.default_rng(seed), samples, beds)
        assert found.shape == samples.shape
        assert found.dtype == np.float32
        assert np.isfinite(found).all()
