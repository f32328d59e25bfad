"""Offsets and likeness of two curves are found, and chance is not taken for sync."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from lipwright.engine.quality.sync import measure_sync

# Curves have a point every 10 ms, pictures every 33 to 40.
OFFSET_ERROR_S = 0.01


def syllables(duration_s: float = 8, seed: int = 1) -> NDArray[np.float64]:
    """A mouth that opens about four times a second, never twice alike; at 100 Hz."""
    rng = np.random.default_rng(seed)
    return np.asarray(np.clip(gaussian_filter1d(rng.normal(0, 1, round(duration_s * 100)), 6) * 5, 0, 1))


@pytest.mark.parametrize("offset_s", [-0.4, -0.2, 0.0, 0.04, 0.2])
def test_an_offset_is_found_with_its_sign(offset_s: float) -> None:
    mouth = syllables()
    sync = measure_sync(mouth, np.roll(mouth, round(offset_s * 100)))
    assert sync is not None
    assert sync.offset_s == pytest.approx(offset_s, abs=OFFSET_ERROR_S)
    assert sync.correlation > 0.9


def test_noise_and_another_scale_do_not_move_the_offset() -> None:
    mouth = syllables()
    other = 0.05 * np.roll(mouth, 12) + 0.02 + np.random.default_rng(2).normal(0, 0.01, len(mouth))
    sync = measure_sync(mouth, other)
    assert sync is not None
    assert sync.offset_s == pytest.approx(0.12, abs=2 * OFFSET_ERROR_S)
    assert sync.at_zero < sync.correlation


def test_different_words_do_not_correlate() -> None:
    sync = measure_sync(syllables(seed=1), syllables(seed=9))
    assert sync is not None
    assert sync.correlation < 0.5


def test_frames_without_the_face_are_not_compared() -> None:
    mouth = syllables()
    hidden = np.zeros(len(mouth), bool)
    hidden[200:400] = True
    seen = np.where(hidden, 0.0, mouth)
    sync = measure_sync(seen, np.roll(mouth, 10), ~hidden)
    assert sync is not None
    assert sync.offset_s == pytest.approx(0.1, abs=OFFSET_ERROR_S)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (np.zeros(0), np.zeros(0)),
        (syllables(0.5), syllables(0.5)),  # too short to tell
        (np.full(800, 0.03), syllables()),  # a mouth at rest
        (syllables(), np.zeros(800)),  # silence
    ],
    ids=["nothing", "short", "still", "silent"],
)
def test_nothing_is_said_where_nothing_moves(first: NDArray[np.float64], second: NDArray[np.float64]) -> None:
    assert measure_sync(first, second) is None
