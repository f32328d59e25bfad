"""The first network goes into a file of weights and comes out of it unchanged."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from lipwright.engine.articulation.drivers.learned import WEIGHTS_PATH  # noqa: E402
from lipwright.engine.articulation.drivers.learned_features import FEATURE_COUNT, broad  # noqa: E402
from lipwright.engine.articulation.drivers.learned_network import MouthNetwork  # noqa: E402
from training.network import log_phones, read_speech_network, speech_arrays  # noqa: E402


def test_the_packages_network_is_written_again_as_it_was_read() -> None:
    written = speech_arrays(read_speech_network(WEIGHTS_PATH))
    with np.load(WEIGHTS_PATH) as stored:
        names = [name for name in stored.files if name.startswith("speech_")]
        assert names
        for name in names:
            np.testing.assert_array_equal(written[name], stored[name])


def test_it_hears_the_phones_that_the_package_hears() -> None:
    features = 0.3 * np.random.default_rng(1).standard_normal((80, FEATURE_COUNT)).astype(np.float32)
    package = MouthNetwork.load(WEIGHTS_PATH)
    told = package.speech.hear(broad(features))[:, : len(package.symbols)]
    shares = np.exp(log_phones(read_speech_network(WEIGHTS_PATH), features))
    wanted = np.exp(told - told.max(axis=1, keepdims=True))
    np.testing.assert_allclose(shares, wanted / wanted.sum(axis=1, keepdims=True), atol=1e-3)
