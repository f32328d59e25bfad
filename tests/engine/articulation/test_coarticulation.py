"""Neighbouring sounds flow into one another, and nothing jumps."""

from __future__ import annotations

import time

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lipwright.engine.articulation.coarticulation import blend
from lipwright.engine.articulation.curves import CHANNEL_RANGES, ArticulationCurves, Mouth, smooth
from lipwright.engine.articulation.segments import segments_of
from lipwright.engine.articulation.visemes import VISEMES, viseme_of
from lipwright.engine.speech.values import PhoneTimeline
from tests.engine.articulation.speech_builders import SENTENCE, rows_of, timeline

sounds = st.lists(
    st.tuples(st.sampled_from(sorted(VISEMES)), st.floats(0.02, 0.9)), min_size=0, max_size=30
).map(lambda pairs: timeline(" ".join(f"{symbol} {length:.3f}" for symbol, length in pairs)))


def curves_of(phones: PhoneTimeline) -> ArticulationCurves:
    return smooth(blend(segments_of(phones), max(1, rows_of(phones) if phones.phones else 50)))


def at(curves: ArticulationCurves, time_s: float, channel: Mouth) -> float:
    return float(curves.sample(np.array([time_s]))[0, channel])


def test_no_phones_at_all_are_a_mouth_at_rest() -> None:
    curves = curves_of(PhoneTimeline(phones=()))
    np.testing.assert_allclose(curves.values, ArticulationCurves.at_rest(0.5).values, atol=1e-5)


@given(sounds)
@settings(max_examples=40, deadline=None)
def test_curves_are_finite_and_inside_their_ranges_whatever_is_said(phones: PhoneTimeline) -> None:
    curves = curves_of(phones)
    assert np.isfinite(curves.values).all()
    for channel, (low, high) in CHANNEL_RANGES.items():
        assert curves.channel(channel).min() >= low - 1e-6
        assert curves.channel(channel).max() <= high + 1e-6


@given(sounds)
@settings(max_examples=40, deadline=None)
def test_no_opening_is_wider_than_the_widest_shape_that_was_asked_for(phones: PhoneTimeline) -> None:
    segments = segments_of(phones)
    blended = blend(segments, max(1, rows_of(phones) if phones.phones else 50))
    assert blended.channel(Mouth.APERTURE).max() <= segments.targets[:, Mouth.APERTURE].max() + 1e-5


def test_a_long_vowel_reaches_its_own_shape() -> None:
    curves = curves_of(timeline("SIL 0.4 AA 0.5 SIL 0.4"))
    assert abs(at(curves, 0.65, Mouth.APERTURE) - VISEMES["AA"].shape.aperture) < 0.05


def test_the_lips_of_two_are_round_during_its_t() -> None:
    round_t = at(curves_of(timeline("SIL 0.3 T 0.08 UW 0.3 SIL 0.3")), 0.34, Mouth.PUCKER)
    spread_t = at(curves_of(timeline("SIL 0.3 T 0.08 IY 0.3 SIL 0.3")), 0.34, Mouth.PUCKER)
    assert round_t > 0.25
    assert spread_t < 0.05


def test_rounded_lips_may_shut_and_stay_round() -> None:
    curves = curves_of(timeline("SIL 0.3 UW 0.2 B 0.08 UW 0.2 SIL 0.3"))
    assert at(curves, 0.54, Mouth.PUCKER) > 0.3


def test_a_diphthong_changes_after_its_first_half() -> None:
    curves = curves_of(timeline("SIL 0.3 AW 0.4 SIL 0.4"))
    assert at(curves, 0.38, Mouth.APERTURE) > 0.9
    assert at(curves, 0.66, Mouth.APERTURE) < 0.5
    assert at(curves, 0.66, Mouth.PUCKER) > at(curves, 0.38, Mouth.PUCKER) + 0.2


def test_the_tongue_rises_for_l_and_shows_between_the_teeth_for_th() -> None:
    curves = curves_of(timeline("SIL 0.3 AA 0.2 L 0.12 AA 0.2 TH 0.12 AA 0.2 SIL 0.3"))
    assert at(curves, 0.56, Mouth.TONGUE_UP) > 0.6
    assert at(curves, 0.88, Mouth.TONGUE_OUT) > 0.6
    assert at(curves, 0.72, Mouth.TONGUE_OUT) < 0.35


def test_a_gap_within_a_sentence_holds_the_shape_before_it() -> None:
    curves = curves_of(timeline("SIL 0.3 AA 0.3 SIL 0.08 AA 0.3 SIL 0.3"))
    assert at(curves, 0.64, Mouth.APERTURE) > 0.8


def test_a_short_pause_relaxes_the_mouth_and_a_long_one_shuts_it() -> None:
    short = curves_of(timeline("SIL 0.3 AA 0.3 SIL 0.25 AA 0.3 SIL 0.3"))
    long = curves_of(timeline("SIL 0.3 AA 0.3 SIL 0.8 AA 0.3 SIL 0.3"))
    assert 0.2 < at(short, 0.72, Mouth.APERTURE) < 0.75
    assert at(long, 1.0, Mouth.APERTURE) < 0.05


def test_the_same_shape_twice_is_one_long_shape() -> None:
    segments = segments_of(timeline("SIL 0.2 P 0.08 B 0.08 AA 0.2 SIL 0.2"))
    assert len(segments) == 4


def test_an_h_takes_the_shape_of_the_vowel_after_it() -> None:
    assert segments_of(timeline("HH 0.1 AA 0.2")).targets[0, Mouth.APERTURE] == viseme_of("AA").shape.aperture
    assert segments_of(timeline("HH 0.1 UW 0.2")).targets[0, Mouth.PUCKER] == np.float32(
        viseme_of("UW").shape.pucker
    )


def test_smoothing_shifts_nothing_in_time() -> None:
    values = ArticulationCurves.at_rest(2.0).values.copy()
    times_s = np.arange(200) / 100
    values[:, Mouth.APERTURE] = 0.5 + 0.4 * np.sin(2 * np.pi * 3 * times_s)
    before = ArticulationCurves(values=values)
    after = smooth(before).channel(Mouth.APERTURE)[50:150]
    original = values[50:150, Mouth.APERTURE]
    shifts = [np.corrcoef(np.roll(after, shift)[10:-10], original[10:-10])[0, 1] for shift in (-1, 0, 1)]
    assert int(np.argmax(shifts)) == 1
    assert after.max() > 0.85  # speech rhythm passes


def test_smoothing_takes_away_what_trembles() -> None:
    values = ArticulationCurves.at_rest(2.0).values.copy()
    values[:, Mouth.APERTURE] = 0.5 + 0.4 * np.sin(2 * np.pi * 20 * np.arange(200) / 100)
    after = smooth(ArticulationCurves(values=values)).channel(Mouth.APERTURE)[50:150]
    assert np.ptp(after) < 0.05


def test_an_hour_of_speech_is_blended_within_seconds() -> None:
    one = timeline(SENTENCE)
    lengths = " ".join(f"{phone.symbol} {phone.end_s - phone.start_s:.3f}" for phone in one.phones)
    hour = timeline(" ".join([lengths] * int(3600 / one.phones[-1].end_s)))
    started_s = time.perf_counter()
    curves = curves_of(hour)
    # Measured 1.2 s on one core; ten times that means somebody put a loop over points back in.
    assert time.perf_counter() - started_s < 12
    assert len(curves.values) > 350_000
