"""The linear map from phones to the mouth: what it reads, and how it is fitted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.drivers.acoustic_model import LEAST_LOG, MODEL_PHONES
from lipwright.engine.articulation.drivers.learned_features import (
    BROAD_BANDS,
    FEATURE_COUNT,
    FEATURE_SCALE_LOG,
    phone_shares,
)
from lipwright.engine.articulation.drivers.linear_mouth import LinearMouth
from training.feature_pool import MouthExample
from training.linear_fit import Sums
from training.mouth_clips import MouthClip

# Correlation of what is told with the mouth. The map is smooth over 60 ms, and the penalty of the regression
# makes it careful with the little sound of this test; by chance it is below .2.
FOUND = 0.75


def features_with(shares: NDArray[np.floating]) -> NDArray[np.float32]:
    """Features in which the phones have these shares, (row, MODEL_PHONES)."""
    features = np.zeros((len(shares), FEATURE_COUNT), np.float32)
    features[:, BROAD_BANDS:] = (np.log(shares) - LEAST_LOG / 2) / FEATURE_SCALE_LOG
    return features


def random_shares(rows: int, seed: int) -> NDArray[np.float64]:
    """Phones that last 60 to 200 ms, one after the other."""
    rng = np.random.default_rng(seed)
    places = np.repeat(rng.integers(0, MODEL_PHONES, rows), rng.integers(6, 20, rows))[:rows]
    shares = np.full((rows, MODEL_PHONES), 0.01)
    shares[np.arange(rows), places] = 1 - 0.01 * (MODEL_PHONES - 1)
    return shares


def example(speaker: str, seed: int, sign: float = 1.0) -> MouthExample:
    """Somebody whose lips are as far apart as phone 3 is likely; with -1, as it is unlikely."""
    shares = random_shares(800, seed)
    gap = sign * shares.reshape(400, 2, -1).mean(axis=1)[:, 3:4].repeat(3, axis=1)
    clip = MouthClip(
        name=speaker,
        speaker=speaker,
        samples=np.zeros(16, np.float32),
        times_s=np.arange(400) / 50,
        mouth=gap.astype(np.float32),
    )
    return MouthExample(
        clip=clip,
        features=features_with(shares).astype(np.float16),
        mouth=clip.deviations(clip.times_s),
        seen=np.ones(400, np.float32),
    )


def test_features_and_shares_are_two_sides_of_the_same() -> None:
    shares = random_shares(50, 1)
    np.testing.assert_allclose(phone_shares(features_with(shares)), shares, rtol=1e-4)


def test_the_map_adds_up_the_phones_around_a_row() -> None:
    kernel = np.zeros((3, MODEL_PHONES, 3), np.float32)
    kernel[0, 5, 0] = 1.0  # 20 ms before
    kernel[2, 7, 1] = 2.0  # 20 ms after
    shares = random_shares(40, 2)
    told = LinearMouth(kernel=kernel, bias=np.array([0, 0, 4], np.float32)).read(features_with(shares))
    coarse = shares.reshape(20, 2, -1).mean(axis=1)
    np.testing.assert_allclose(told[1:, 0], coarse[:-1, 5], atol=1e-4)
    np.testing.assert_allclose(told[:-1, 1], 2 * coarse[1:, 7], atol=1e-4)
    np.testing.assert_allclose(told[:, 2], 4)


def test_beyond_its_ends_a_sound_goes_on() -> None:
    kernel = np.full((9, MODEL_PHONES, 3), 0.1, np.float32)
    steady = np.repeat(random_shares(1, 3), 30, axis=0)
    told = LinearMouth(kernel=kernel, bias=np.zeros(3, np.float32)).read(features_with(steady))
    np.testing.assert_allclose(told, told[:1].repeat(15, axis=0), atol=1e-4)


def test_fitting_finds_what_moves_the_lips() -> None:
    fitted = Sums.over([example(f"person {seed}", seed) for seed in range(4)]).solve()
    unheard = example("somebody else", 99)
    told = fitted.read(unheard.features.astype(np.float32))[:, 0]
    assert np.corrcoef(told, unheard.mouth[:, 0])[0, 1] > FOUND


def test_a_person_who_is_left_out_has_no_say() -> None:
    people = [example(f"person {seed}", seed) for seed in range(3)]
    contrary = [example("contrary", seed, sign=-1.0) for seed in range(20, 30)]
    sums = Sums.over([*people, *contrary])
    unheard = example("somebody else", 99)
    agreed = {
        left_out: np.corrcoef(
            sums.solve(left_out).read(unheard.features.astype(np.float32))[:, 0], unheard.mouth[:, 0]
        )[0, 1]
        for left_out in (None, "contrary")
    }
    assert agreed["contrary"] > FOUND
    assert agreed[None] < 0
