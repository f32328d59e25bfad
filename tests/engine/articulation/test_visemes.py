"""The table of mouth shapes holds what the lips of every sound must do."""

from __future__ import annotations

import numpy as np
import pytest

from lipwright.engine.articulation.curves import CHANNEL_RANGES, Mouth
from lipwright.engine.articulation.visemes import REST, VISEMES, MouthShape, viseme_of
from lipwright.engine.articulation.width import visible_width
from lipwright.engine.speech import phones
from tests.engine.articulation.speech_builders import row_of

SIBILANTS = {"S", "Z", "SH", "ZH", "CH", "JH"}
ROUNDED = {"AO", "OW", "OY", "UH", "UW", "UE", "OE", "W", "SH", "ZH", "CH", "JH"}


def test_every_phone_has_a_shape_and_no_shape_lacks_a_phone() -> None:
    assert set(VISEMES) == set(phones.SYMBOLS)


@pytest.mark.parametrize("symbol", sorted(VISEMES))
def test_every_shape_lies_inside_the_range_of_its_channels(symbol: str) -> None:
    viseme = VISEMES[symbol]
    for shape in filter(None, (viseme.shape, viseme.glide_to)):
        for channel, value in zip(Mouth, shape.as_row(), strict=True):
            low, high = CHANNEL_RANGES[channel]
            assert low <= value <= high


@pytest.mark.parametrize(
    ("symbols", "narrowest", "widest"),
    [
        # Corner to corner over the width at rest, as people who speak clearly show them.
        (("UW", "W", "UE"), 0.72, 0.80),
        (("AO", "OW", "OY", "OE", "SH", "ZH", "CH", "JH"), 0.80, 0.92),
        (("R", "ER"), 0.90, 0.96),
        (("P", "B", "M"), 1.0, 1.0),
        (("AA", "AH", "T", "D", "L"), 1.02, 1.06),
        (("S", "Z", "EH", "EY", "AE"), 1.07, 1.11),
        (("IY",), 1.12, 1.15),
    ],
)
def test_round_sounds_look_narrow_and_spread_ones_wide(
    symbols: tuple[str, ...], narrowest: float, widest: float
) -> None:
    for symbol in symbols:
        width = float(visible_width(row_of(VISEMES[symbol].shape)))
        assert narrowest - 1e-4 <= width <= widest + 1e-4, symbol


def test_u_and_w_pucker_while_o_and_sh_are_funnels() -> None:
    for symbol in ("UW", "W", "UE"):
        assert VISEMES[symbol].shape.pucker > 0.7 > VISEMES[symbol].shape.funnel + 0.5
    for symbol in ("AO", "OW", "OY", "SH", "ZH", "CH", "JH"):
        assert VISEMES[symbol].shape.funnel > 0.5 > VISEMES[symbol].shape.pucker + 0.2


def test_the_chin_drops_two_fifths_of_the_gap_on_vowels() -> None:
    shares = [VISEMES[symbol].shape.jaw / VISEMES[symbol].shape.aperture for symbol in phones.VOWEL]
    assert 0.38 <= np.mean(shares) <= 0.42


def test_ee_and_s_draw_the_lower_lip_off_the_teeth() -> None:
    assert min(VISEMES[symbol].shape.lower for symbol in ("IY", "S", "Z")) > 0.3
    assert VISEMES["AA"].shape.lower == VISEMES["UW"].shape.lower == 0


def test_only_p_b_m_and_silence_shut_the_lips() -> None:
    shut = {symbol for symbol, viseme in VISEMES.items() if viseme.shape.aperture < 0.02}
    assert shut == phones.BILABIAL | {phones.SILENCE}


def test_only_f_and_v_tuck_the_lower_lip() -> None:
    tucked = {symbol for symbol, viseme in VISEMES.items() if viseme.shape.tuck > 0}
    assert tucked == {"F", "V"}


def test_hisses_keep_the_jaw_nearly_shut() -> None:
    widest_hiss = max(VISEMES[symbol].shape.jaw for symbol in SIBILANTS)
    narrowest_vowel = min(VISEMES[symbol].shape.jaw for symbol in phones.VOWEL)
    assert widest_hiss < narrowest_vowel


def test_the_sounds_that_the_language_calls_rounded_are_rounded_here() -> None:
    assert {symbol for symbol, viseme in VISEMES.items() if viseme.is_rounded} == ROUNDED | {"AW"}


def test_a_sound_that_the_table_lacks_neither_shuts_nor_opens_the_mouth_wide() -> None:
    strange = viseme_of("QX")
    assert 0.2 < strange.shape.aperture < 0.7
    assert strange.opening_dominance < min(VISEMES[symbol].opening_dominance for symbol in phones.VOWEL)


def test_a_shape_turns_into_a_row_in_the_order_of_the_channels() -> None:
    row = MouthShape(aperture=0.5, jaw=0.1, width=1.05, tuck=0.7).as_row()
    assert row[Mouth.APERTURE] == 0.5
    assert row[Mouth.WIDTH] == 1.05
    assert row[Mouth.TUCK] == 0.7
    assert np.count_nonzero(REST.as_row()) == 1  # the width, which rests at 1
