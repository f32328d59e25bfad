"""The mouth rests when nobody speaks, stays still while it rests and wakes in time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lipwright.engine.articulation.curves import Mouth
from lipwright.engine.articulation.rest import rest_in_silence, silent_spans_s
from lipwright.engine.speech.values import SpeechActivity
from tests.engine.articulation.speech_builders import activity, rows_of, timeline, wide_open

# The speaker's 95th percentile in face heights; turns acceptance figures into units of the curves.
A95_FACE_HEIGHTS = 0.095
RESTING = 0.01 / A95_FACE_HEIGHTS
STILL_PER_S = 0.02 / A95_FACE_HEIGHTS


def aperture_of(text: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    phones = timeline(text)
    return rest_in_silence(wide_open(rows_of(phones)), activity(phones)).channel(Mouth.APERTURE)


def test_a_mouth_that_never_speaks_never_moves() -> None:
    values = rest_in_silence(wide_open(300), activity(timeline("SIL 3.0"))).values
    assert np.ptp(values, axis=0).max() == 0
    assert values[:, Mouth.APERTURE].max() == 0
    assert values[0, Mouth.WIDTH] == 1


@given(pause_s=st.floats(0.4, 3.0))
@settings(max_examples=30, deadline=None)
def test_a_pause_shuts_the_mouth_within_a_fifth_of_a_second_and_keeps_it_still(pause_s: float) -> None:
    aperture = aperture_of(f"AA 1.0 SIL {pause_s:.2f} AA 1.0")
    until = 100 + round((pause_s - 0.3) * 100)
    resting = aperture[120:until]
    if len(resting):
        assert resting.max() < RESTING
    if len(resting) > 1:
        assert np.abs(np.diff(resting)).max() * 100 < STILL_PER_S


def test_a_gap_inside_a_sentence_moves_nothing() -> None:
    assert aperture_of("AA 1.0 SIL 0.1 AA 1.0").min() > 1.0


def test_a_short_pause_lets_the_mouth_relax_a_little() -> None:
    lowest = aperture_of("AA 1.0 SIL 0.22 AA 1.0").min()
    assert 0.3 < lowest < 1.0


def test_the_mouth_is_open_again_when_speech_begins() -> None:
    aperture = aperture_of("SIL 1.0 AA 1.0")
    assert aperture[101] > 1.0
    assert aperture[93] > 0.2
    assert aperture[60] == 0


def test_a_breath_parts_the_lips_before_a_phrase_after_a_long_pause() -> None:
    long = aperture_of("AA 1.0 SIL 1.2 AA 1.0")
    assert 0.01 < long[203] < RESTING
    short = aperture_of("AA 1.0 SIL 0.5 AA 1.0")
    assert short[130] == pytest.approx(0, abs=1e-6)


def test_a_click_in_the_silence_does_not_open_the_mouth() -> None:
    phones = timeline("SIL 1.0 T 0.03 SIL 1.0")
    assert rest_in_silence(wide_open(203), activity(phones)).channel(Mouth.APERTURE).max() == 0


def test_a_clip_ends_at_rest_when_its_sound_ends_in_silence() -> None:
    assert aperture_of("AA 1.0 SIL 0.5")[-1] == 0


def test_speech_up_to_the_last_moment_is_not_cut_short() -> None:
    assert aperture_of("SIL 0.5 AA 1.0")[-1] > 1.0


def test_curves_longer_than_the_activity_rest_beyond_it() -> None:
    short = SpeechActivity(
        speaking=np.ones(100, dtype=np.float32), loudness_db=np.full(100, -20, dtype=np.float32)
    )
    assert rest_in_silence(wide_open(200), short).channel(Mouth.APERTURE)[-1] == 0


def test_the_silences_of_an_activity_are_found_in_order() -> None:
    phones = timeline("SIL 0.5 AA 0.4 SIL 0.2 AA 0.4")
    spans = silent_spans_s(activity(phones), rows_of(phones))
    np.testing.assert_allclose(spans, [[0, 0.5], [0.9, 1.1]], atol=0.011)
