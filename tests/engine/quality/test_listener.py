"""The judge hears a sound with means of its own, whatever its level and length."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.media.values import SPEECH_RATE_HZ, SpeechSound
from lipwright.engine.quality import listener
from lipwright.engine.quality.listener import regression as regression_module
from lipwright.engine.quality.listener.bands import BANDS, FEATURES, heard_bands
from lipwright.engine.quality.listener.expectation import expected_mouth
from lipwright.engine.quality.listener.regression import (
    CHANNELS,
    CONTEXT_ROWS,
    WEIGHTS_PATH,
    ListenerRegression,
    packaged_regression,
    read_regression,
    write_regression,
)
from tests.support.sounds import voice

MOST_WEIGHTS_BYTES = 500_000


def speech(duration_s: float = 3.0, gain: float = 1.0) -> SpeechSound:
    import soxr

    from tests.support.sounds import SOUND_RATE_HZ

    samples = soxr.resample(voice(duration_s), SOUND_RATE_HZ, SPEECH_RATE_HZ)
    return SpeechSound(samples=(gain * samples).astype(np.float32))


def tone(frequency_hz: float) -> SpeechSound:
    times_s = np.arange(SPEECH_RATE_HZ) / SPEECH_RATE_HZ
    # The second half is ten times as loud, because every band is heard beside its own mean.
    samples = 0.05 * np.sin(2 * np.pi * frequency_hz * times_s) * np.where(times_s < 0.5, 0.1, 1)
    return SpeechSound(samples=samples.astype(np.float32))


def random_regression(units: int = 20, parts: int = 8) -> ListenerRegression:
    rng = np.random.default_rng(0)

    def some(*shape: int) -> NDArray[np.float32]:
        return rng.normal(0, 0.3, shape).astype(np.float16).astype(np.float32)

    return ListenerRegression(
        mean=some(FEATURES),
        scale=1 + abs(some(FEATURES)),
        components=some(len(CONTEXT_ROWS) * FEATURES, parts),
        centre=some(parts),
        mixing=some(parts, units),
        thresholds=some(units),
        readout=some(units + parts + 1, len(CHANNELS)),
    )


def test_the_level_of_a_sound_is_not_heard() -> None:
    assert heard_bands(speech(gain=0.05)) == pytest.approx(heard_bands(speech()), abs=0.01)


def test_a_higher_tone_sounds_in_a_higher_band() -> None:
    bands = [heard_bands(tone(hz))[:, :BANDS].std(axis=0).argmax() for hz in (200, 800, 3000)]
    assert bands == sorted(set(bands))


def test_silence_asks_for_nothing() -> None:
    expected = expected_mouth(SpeechSound(samples=np.zeros(2 * SPEECH_RATE_HZ, np.float32)))
    assert np.ptp(expected, axis=0).max() < 1e-6


def test_the_end_of_a_sound_is_heard_as_well_as_its_middle() -> None:
    assert len(expected_mouth(speech(1.0))) == 100
    assert np.isfinite(expected_mouth(SpeechSound(samples=np.zeros(1, np.float32)))).all()


def test_long_sounds_are_heard_in_blocks_as_if_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    bands = np.random.default_rng(1).normal(1, 0.3, (300, FEATURES)).astype(np.float32)
    at_once = random_regression().expected(bands)
    monkeypatch.setattr(regression_module, "_BLOCK_ROWS", 70)
    assert random_regression().expected(bands) == pytest.approx(at_once, abs=1e-4)


def test_a_regression_is_read_as_it_was_written(tmp_path: Path) -> None:
    bands = heard_bands(speech(1.0))
    write_regression(random_regression(), tmp_path / "weights.npz")
    read = read_regression(tmp_path / "weights.npz")
    assert read.expected(bands) == pytest.approx(random_regression().expected(bands), abs=1e-4)


def test_the_weights_are_small_and_expect_a_mouth_that_moves() -> None:
    assert WEIGHTS_PATH.stat().st_size < MOST_WEIGHTS_BYTES
    moving = packaged_regression().expected(heard_bands(speech()))
    assert moving[:, 0].std() > 0.003


def test_the_listener_shares_nothing_with_the_drivers() -> None:
    for path in Path(listener.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                room = (node.module or "").removeprefix("lipwright.engine.").split(".")[0]
                assert room not in ("articulation", "speech"), f"{path.name} imports {node.module}"
