"""Sounds that are plainly heard without words, and what they do to a mouth."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.articulation.articulate import articulate
from lipwright.engine.articulation.curves import Mouth
from lipwright.engine.articulation.plain_sounds import (
    CLOSURE,
    NARROWEST,
    PLAIN_SOUNDS,
    USUAL_SHARE,
    calibrated,
    narrowing_of,
    plain_sounds,
)
from lipwright.engine.articulation.rules import SPEAKING_SLIT, calm_lips, part_lips, shape_plain_sounds
from lipwright.engine.articulation.width import visible_width
from lipwright.engine.speech.activity import detect_activity
from lipwright.engine.speech.phones import BILABIAL, SILENCE
from lipwright.engine.speech.values import Phone
from tests.engine.articulation.speech_builders import wide_open
from tests.engine.speech.speech_sounds import said, sound_of

# Seen as shut: .008 of the face height in apertures.
SHUT = 0.084
PLACES = {kind.symbol: place for place, kind in enumerate(PLAIN_SOUNDS)}
TEXTS = {
    "en-us": "My mother made a big apple pie, but Bob broke the plate. Five very fine villagers laughed.",
    "de": "Meine Mutter backt morgen einen Apfelkuchen. Fünf Vögel flogen früh über das feuchte Feld.",
    "es": "Mi madre preparó una tarta, pero mi primo rompió un plato. La familia fue a ver el faro.",
    "it": "Mia mamma ha preparato una bella torta. Favole vecchie fanno felici i figli di Vera.",
}


def certainty(rows: int, **heard: tuple[int, int]) -> NDArray[np.float32]:
    """Twice the threshold of a kind between two rows."""
    values = np.zeros((rows, len(PLAIN_SOUNDS)), np.float32)
    for symbol, (first, last) in heard.items():
        values[first:last, PLACES[symbol]] = 2 * PLAIN_SOUNDS[PLACES[symbol]].threshold
    return values


def told(values: NDArray[np.float32], awake: float = 1.0) -> list[Phone]:
    timeline = plain_sounds(values, np.full(len(values), awake, np.float32))
    return [phone for phone in timeline.phones if phone.symbol != SILENCE]


def test_what_exceeds_its_threshold_is_a_sound_with_a_place_in_time() -> None:
    sounds = told(certainty(100, S=(20, 30), B=(50, 58)))
    assert [sound.symbol for sound in sounds] == ["S", "B"]
    assert sounds[0].start_s == pytest.approx(0.2)
    assert sounds[1].end_s == pytest.approx(0.58)


def test_a_short_closure_began_before_it_was_heard() -> None:
    (sound,) = told(certainty(100, B=(50, 53)))
    assert sound.start_s < 0.48
    assert sound.end_s == pytest.approx(0.53)


def test_one_row_is_chance_and_a_dip_of_one_is_the_same_sound() -> None:
    assert told(certainty(100, B=(50, 51))) == []
    both = np.maximum(certainty(100, S=(20, 26)), certainty(100, S=(27, 33)))
    assert len(told(both)) == 1


def test_nothing_is_plain_to_a_mouth_that_sleeps() -> None:
    assert told(certainty(100, B=(50, 58)), awake=0.3) == []


def test_every_plain_sound_takes_its_shape() -> None:
    heard = certainty(300, B=(30, 38), F=(80, 88), TH=(130, 138), S=(180, 190), UW=(230, 245), IY=(270, 285))
    timeline = plain_sounds(heard, np.ones(300, np.float32))
    values = shape_plain_sounds(wide_open(300), timeline).values
    assert values[33, Mouth.APERTURE] < SHUT
    assert values[33, Mouth.PRESS] > 0.3
    assert values[84, Mouth.TUCK] > 0.6
    assert values[134, Mouth.TONGUE_OUT] > 0.8
    assert values[185, Mouth.JAW] < 0.2
    assert visible_width(values)[237] < 0.8
    assert visible_width(values)[277] > 1.05
    assert values[60, Mouth.APERTURE] > 1


def test_lips_narrow_where_a_closure_is_likely_and_not_plain() -> None:
    heard = np.zeros((100, len(PLAIN_SOUNDS)), np.float32)
    heard[40:60, CLOSURE] = 0.9 * PLAIN_SOUNDS[CLOSURE].threshold
    share = narrowing_of(heard)
    assert 0.4 < share[50] <= NARROWEST
    assert share[20] == 0


def closures(seconds: int, share: float, height: float) -> NDArray[np.float32]:
    """Certainty of p b m that comes to so many thresholds in a share of the rows, evenly over time."""
    values = np.zeros((100 * seconds, len(PLAIN_SOUNDS)), np.float32)
    rows = np.arange(len(values)) % 50 < 50 * share
    values[rows, CLOSURE] = height * PLAIN_SOUNDS[CLOSURE].threshold
    return values


def test_the_closures_of_an_unclear_voice_count_for_more() -> None:
    threshold = PLAIN_SOUNDS[CLOSURE].threshold
    unclear = closures(12, 1.2 * USUAL_SHARE, 0.8)
    unclear[:, CLOSURE] *= np.where(np.arange(len(unclear)) // 50 % 2, 1.1, 1.0)
    assert told(unclear) == []
    heard = calibrated(unclear, np.ones(len(unclear), np.float32))
    assert 0.9 * threshold < heard[:9, CLOSURE].max() < threshold
    assert len(told(heard)) == 12


def test_a_clear_voice_and_one_that_says_nothing_stay_as_they_are() -> None:
    clear = closures(12, 1.2 * USUAL_SHARE, 2.0)
    np.testing.assert_array_equal(calibrated(clear, np.ones(len(clear), np.float32)), clear)
    np.testing.assert_array_equal(calibrated(clear, np.zeros(len(clear), np.float32)), clear)


def test_a_short_word_says_little_of_its_voice() -> None:
    words = {seconds: closures(seconds, 1.2 * USUAL_SHARE, 0.8) for seconds in (1, 12)}
    short, long = (calibrated(word, np.ones(len(word), np.float32)).max() for word in words.values())
    assert short < long


def test_lips_flutter_no_faster_than_peoples_and_still_shut_for_a_moment() -> None:
    values = wide_open(300).values.copy()
    values[:, Mouth.APERTURE] = 0.5 + 0.3 * np.sin(2 * np.pi * 14 * np.arange(300) / 100)
    fluttering = wide_open(300).with_values(values)
    calm = calm_lips(fluttering).channel(Mouth.APERTURE)
    assert calm[50:250].std() < 0.15 * fluttering.channel(Mouth.APERTURE)[50:250].std()
    shut = shape_plain_sounds(
        fluttering, plain_sounds(certainty(300, B=(150, 158)), np.ones(300, np.float32))
    )
    assert shut.channel(Mouth.APERTURE)[145:160].min() < SHUT


def test_lips_that_speak_hang_a_slit_apart_and_resting_ones_do_not() -> None:
    shut = wide_open(100)
    values = shut.values.copy()
    values[:, Mouth.APERTURE] = 0
    talking = np.repeat(np.array([0, 1], np.float32), 50)
    aperture = part_lips(shut.with_values(values), talking).channel(Mouth.APERTURE)
    assert aperture[:50].max() == 0
    assert aperture[60] == pytest.approx(SPEAKING_SLIT)
    assert aperture[60] > SHUT


@cache
def spoken(language: str) -> tuple[NDArray[np.float32], tuple[Phone, ...]]:
    speech = said(TEXTS[language], f"{language}-female")
    sound = sound_of(speech)
    return articulate(sound, detect_activity(sound)).values, speech.phones.phones


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_lips_shut_at_p_b_m_and_seldom_elsewhere_without_words(language: str) -> None:
    values, phones = spoken(language)
    found, wrong = [], []
    for phone in phones:
        middle = min(len(values) - 1, round(50 * (phone.start_s + phone.end_s)))
        around = slice(max(0, round(100 * phone.start_s) - 6), round(100 * phone.end_s) + 6)
        if phone.symbol in BILABIAL:
            found.append(values[around, Mouth.APERTURE].min() < SHUT)
        elif phone.symbol != SILENCE:
            wrong.append(values[middle, Mouth.APERTURE] < SHUT)
    assert np.mean(found) >= 0.85
    assert np.mean(wrong) <= 0.15


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_the_lower_lip_is_at_the_teeth_at_f_and_v_without_words(language: str) -> None:
    values, phones = spoken(language)
    tucked = [
        values[max(0, round(100 * phone.start_s) - 4) : round(100 * phone.end_s) + 4, Mouth.TUCK].max()
        for phone in phones
        if phone.symbol in ("F", "V")
    ]
    # Between vowels a Spanish b is written as v and shuts the lips of many speakers.
    assert np.mean(np.array(tucked) > 0.6) >= (0.5 if language == "es" else 0.7)
