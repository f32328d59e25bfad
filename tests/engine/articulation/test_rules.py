"""What a mouth must do holds over the curves of any driver, and at any frame rate."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lipwright.engine.articulation.coarticulation import blend
from lipwright.engine.articulation.curves import ArticulationCurves, Mouth, smooth
from lipwright.engine.articulation.rules import FASTEST_APERTURE_PER_S, keep_sounds_visible, limit_speed
from lipwright.engine.articulation.segments import segments_of
from lipwright.engine.articulation.width import visible_width
from lipwright.engine.timeline import frame_times_s
from tests.engine.articulation.speech_builders import SENTENCE, end_s, rows_of, timeline, wide_open

FRAME_RATES = [Fraction(24), Fraction(24000, 1001), Fraction(25), Fraction(30), Fraction(60)]
SHUT = 0.02
lengths = st.floats(0.05, 0.3)


def spoken(text: str) -> ArticulationCurves:
    phones = timeline(text)
    return keep_sounds_visible(smooth(blend(segments_of(phones), rows_of(phones))), phones)


@pytest.mark.parametrize("symbol", ["P", "B", "M"])
@given(before_s=lengths, sound_s=st.floats(0.026, 0.2), after_s=lengths)
@settings(max_examples=25, deadline=None)
def test_lips_are_shut_just_after_a_lip_sound_begins(
    symbol: str, before_s: float, sound_s: float, after_s: float
) -> None:
    curves = spoken(f"SIL 0.3 AA {before_s} {symbol} {sound_s} AA {after_s} SIL 0.3")
    start_s = 0.3 + before_s
    window = curves.sample(np.linspace(start_s, start_s + 0.04, 9))[:, Mouth.APERTURE]
    assert window.min() <= SHUT
    around = curves.sample(np.linspace(start_s - 0.2, start_s + 0.2, 81))[:, Mouth.APERTURE]
    assert around.min() >= window.min() - 1e-6


@pytest.mark.parametrize("frame_rate", FRAME_RATES, ids=str)
@given(before_s=st.floats(0.05, 0.4), symbol=st.sampled_from(["P", "B", "M"]))
@settings(max_examples=25, deadline=None)
def test_some_frame_shows_the_lips_shut_at_every_frame_rate(
    frame_rate: Fraction, before_s: float, symbol: str
) -> None:
    phones = timeline(f"SIL 0.31 AA {before_s} {symbol} 0.07 AE 0.2 SIL 0.3")
    curves = keep_sounds_visible(wide_open(rows_of(phones)), phones)
    times_s = frame_times_s(int(end_s(phones) * frame_rate), frame_rate)
    near = np.abs(times_s - (0.31 + before_s + 0.02)) <= 0.04
    assert curves.sample(times_s[near])[:, Mouth.APERTURE].min() <= SHUT


def test_lips_meet_even_when_the_driver_gapes() -> None:
    phones = timeline("AA 0.3 M 0.08 AA 0.3")
    curves = keep_sounds_visible(wide_open(rows_of(phones)), phones)
    assert curves.channel(Mouth.APERTURE)[30:33].max() <= SHUT
    assert curves.channel(Mouth.PRESS)[31] > 0.3
    assert curves.channel(Mouth.APERTURE)[10] == pytest.approx(1.1)


def test_the_mouth_opens_between_two_lip_sounds() -> None:
    curves = spoken("SIL 0.3 M 0.08 AA 0.16 M 0.08 AA 0.16 SIL 0.3")
    assert curves.channel(Mouth.APERTURE)[38:54].max() > 0.3


def test_a_label_of_a_few_milliseconds_shuts_nothing() -> None:
    phones = timeline("AA 0.3 P 0.015 AA 0.3")
    curves = keep_sounds_visible(wide_open(rows_of(phones)), phones)
    assert curves.channel(Mouth.APERTURE).min() > 1.0


@pytest.mark.parametrize("symbol", ["F", "V"])
@given(before_s=lengths, sound_s=st.floats(0.03, 0.2))
@settings(max_examples=25, deadline=None)
def test_the_lower_lip_meets_the_teeth_on_f_and_v(symbol: str, before_s: float, sound_s: float) -> None:
    phones = timeline(f"SIL 0.3 AA {before_s} {symbol} {sound_s} AA 0.2 SIL 0.3")
    for curves in (
        keep_sounds_visible(wide_open(rows_of(phones)), phones),
        keep_sounds_visible(smooth(blend(segments_of(phones), rows_of(phones))), phones),
    ):
        at_start = curves.sample(np.linspace(0.3 + before_s, 0.3 + before_s + 0.03, 4))
        assert at_start[:, Mouth.TUCK].min() >= 0.7
        assert at_start[:, Mouth.APERTURE].max() <= 0.25


def test_the_vowel_after_an_f_lets_the_lip_go() -> None:
    curves = spoken("SIL 0.3 F 0.1 AY 0.22 V 0.07 SIL 0.3")
    assert curves.channel(Mouth.TUCK)[50:54].min() < 0.15
    assert curves.channel(Mouth.APERTURE)[46:56].max() > 0.6


@pytest.mark.parametrize("symbol", ["S", "Z", "SH", "ZH", "CH", "JH"])
def test_hisses_bring_the_teeth_together_and_part_the_lips(symbol: str) -> None:
    phones = timeline(f"AA 0.3 {symbol} 0.12 AA 0.3")
    curves = keep_sounds_visible(wide_open(rows_of(phones)), phones)
    assert curves.channel(Mouth.JAW)[31:38].max() < 0.2
    shut = keep_sounds_visible(ArticulationCurves.at_rest(0.72), phones)
    assert shut.channel(Mouth.APERTURE)[31:38].min() > 0.2


@pytest.mark.parametrize("symbol", ["UW", "W", "OW", "AO", "SH"])
def test_rounding_runs_ahead_of_its_sound(symbol: str) -> None:
    phones = timeline(f"SIL 0.2 T 0.1 {symbol} 0.2 SIL 0.3")
    curves = keep_sounds_visible(ArticulationCurves.at_rest(0.8), phones)
    rounding = np.maximum(curves.channel(Mouth.PUCKER), curves.channel(Mouth.FUNNEL))
    assert rounding[30] > 0.9 * rounding[32:45].max()
    assert rounding[22] > 0.1
    assert rounding[5] == 0


@pytest.mark.parametrize("symbol", ["UW", "W", "UE"])
def test_lips_are_round_even_when_the_driver_smiles(symbol: str) -> None:
    phones = timeline(f"IY 0.3 {symbol} 0.2 IY 0.3")
    smile = ArticulationCurves.at_rest(0.8).values.copy()
    smile[:, Mouth.WIDTH] = 1.15
    curves = keep_sounds_visible(ArticulationCurves(values=smile), phones)
    width = visible_width(curves.values)
    assert width[32:42].max() < 0.88
    assert width[10] == pytest.approx(1.15)


def test_shut_lips_roll_in_and_let_the_lower_lip_up() -> None:
    curves = spoken("IY 0.3 P 0.08 IY 0.3")
    assert curves.channel(Mouth.ROLL)[31] > 0.2
    assert curves.channel(Mouth.LOWER)[31] < 0.02


def test_spread_sounds_stay_spread() -> None:
    curves = spoken("SIL 0.2 S 0.1 IY 0.3 SIL 0.3")
    assert max(curves.channel(Mouth.PUCKER).max(), curves.channel(Mouth.FUNNEL).max()) < 0.1
    assert visible_width(curves.values)[45] > 1.1


def test_no_opening_between_two_shut_moments_is_a_flicker() -> None:
    aperture = spoken(SENTENCE).channel(Mouth.APERTURE)
    is_open = aperture > 0.15
    edges = np.flatnonzero(np.diff(is_open.astype(int)))
    shortest = np.diff(edges)[0::2].min()  # from an opening to its closing
    assert shortest >= 7


def test_a_timeline_without_special_sounds_leaves_the_curves_alone() -> None:
    phones = timeline("SIL 0.2 AA 0.3 N 0.1 EH 0.2 SIL 0.2")
    before = wide_open(rows_of(phones))
    np.testing.assert_array_equal(keep_sounds_visible(before, phones).values, before.values)


@given(st.lists(st.floats(0, 1.2), min_size=1, max_size=200))
@settings(max_examples=50, deadline=None)
def test_no_mouth_moves_faster_than_lips_can_and_none_opens_further_for_it(apertures: list[float]) -> None:
    values = ArticulationCurves.at_rest(len(apertures) / 100).values.copy()
    values[:, Mouth.APERTURE] = apertures
    limited = limit_speed(ArticulationCurves(values=values)).channel(Mouth.APERTURE)
    assert np.abs(np.diff(limited)).max(initial=0) * 100 <= FASTEST_APERTURE_PER_S * 1.001
    assert (limited <= values[:, Mouth.APERTURE] + 1e-6).all()


def test_slow_movements_pass_the_speed_limit_unchanged() -> None:
    values = ArticulationCurves.at_rest(2.0).values.copy()
    values[:, Mouth.APERTURE] = 0.5 + 0.4 * np.sin(2 * np.pi * 3 * np.arange(200) / 100)
    limited = limit_speed(ArticulationCurves(values=values))
    np.testing.assert_allclose(limited.values, values, atol=1e-5)
