"""Lips shut where the sound and the driver both say so."""

from __future__ import annotations

import numpy as np
import pytest

from lipwright.engine.articulation.acoustic_closures import close_lips_on_stops, find_deep_stops
from lipwright.engine.articulation.curves import ArticulationCurves, Mouth
from lipwright.engine.media.values import SpeechSound
from tests.engine.articulation.speech_builders import buzz, wide_open

ROWS = 150


def speech_with_gap(gap_s: float, left_in_gap: float = 0.0, hum: float = 0.0) -> SpeechSound:
    """A voice with a gap at 0.7 s; hum: level of a deep tone that goes on through the gap."""
    envelope = np.ones(ROWS, dtype=np.float32)
    envelope[:5] = envelope[-5:] = 0
    gap = round(gap_s * 100)
    envelope[70 : 70 + gap] = left_in_gap
    samples = buzz(envelope).samples
    times_s = np.arange(len(samples)) / 16_000
    return SpeechSound(samples=samples + (hum * np.sin(2 * np.pi * 120 * times_s)).astype(np.float32))


def narrowing() -> ArticulationCurves:
    """A mouth that narrows around 0.74 s without closing, as a cautious driver's does at a b."""
    values = wide_open(ROWS).values.copy()
    values[68:82, Mouth.APERTURE] = 0.18
    return ArticulationCurves(values=values)


def test_a_stop_with_a_hum_behind_it_shuts_lips_that_narrow() -> None:
    humming = speech_with_gap(0.08, hum=0.005)
    (stop,) = find_deep_stops(humming, ROWS)
    assert stop.start_s == pytest.approx(0.70, abs=0.02)
    assert stop.end_s == pytest.approx(0.78, abs=0.02)
    aperture = close_lips_on_stops(narrowing(), humming).channel(Mouth.APERTURE)
    assert aperture[72:77].max() < 0.02
    assert aperture[40] == pytest.approx(1.1)


def test_lips_that_the_driver_keeps_wide_stay_open() -> None:
    curves = close_lips_on_stops(wide_open(ROWS), speech_with_gap(0.08, hum=0.005))
    assert curves.channel(Mouth.APERTURE).min() == pytest.approx(1.1)


def test_a_silent_stop_may_be_the_tongues_and_shuts_nothing() -> None:
    assert find_deep_stops(speech_with_gap(0.08), ROWS) == ()


@pytest.mark.parametrize("gap_s", [0.0, 0.02, 0.3])
def test_what_is_too_short_or_too_long_for_a_stop_is_none(gap_s: float) -> None:
    assert find_deep_stops(speech_with_gap(gap_s, hum=0.005), ROWS) == ()


def test_a_softer_syllable_is_no_stop() -> None:
    assert find_deep_stops(speech_with_gap(0.08, left_in_gap=0.5), ROWS) == ()


def test_silence_and_steady_noise_hold_no_stops() -> None:
    noise = np.random.default_rng(0).standard_normal(24_000).astype(np.float32) * 0.1
    assert find_deep_stops(SpeechSound(samples=noise), ROWS) == ()
    assert find_deep_stops(SpeechSound(samples=np.zeros(24_000, dtype=np.float32)), ROWS) == ()


def test_a_sound_shorter_than_a_window_holds_no_stops() -> None:
    assert find_deep_stops(SpeechSound(samples=np.zeros(1, dtype=np.float32)), 1) == ()
