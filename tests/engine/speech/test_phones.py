"""The symbols of phones and the building of timelines."""

# ruff: noqa: RUF001 (letters of the phonetic alphabet look like others)
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lipwright.engine.speech import phones
from lipwright.engine.speech.phones import SILENCE, SYMBOLS, fill_timeline
from lipwright.engine.speech.values import Phone
from lipwright.engine.speech.words.ipa import sounds_of_ipa
from tests.engine.speech.speech_sounds import check_whole


def phone(symbol: str, start_s: float, end_s: float) -> Phone:
    return Phone(symbol=symbol, start_s=start_s, end_s=end_s)


def test_an_empty_timeline_is_one_silence() -> None:
    assert fill_timeline([], 2.0).phones == (phone(SILENCE, 0.0, 2.0),)


def test_gaps_between_phones_become_silence() -> None:
    filled = fill_timeline([phone("P", 0.5, 0.6), phone("AA", 0.8, 1.0)], 1.2).phones
    assert [entry.symbol for entry in filled] == ["SIL", "P", "SIL", "AA", "SIL"]
    check_whole(fill_timeline([phone("P", 0.5, 0.6)], 1.2), 1.2)


def test_silences_that_touch_are_one() -> None:
    filled = fill_timeline([phone(SILENCE, 0.0, 0.3), phone(SILENCE, 0.3, 0.5), phone("M", 0.5, 1.0)], 1.0)
    assert [entry.symbol for entry in filled.phones] == ["SIL", "M"]


@given(
    st.lists(st.tuples(st.sampled_from(sorted(SYMBOLS)), st.floats(-1, 5), st.floats(0, 1)), max_size=12),
    st.floats(0.1, 6),
)
def test_any_phones_make_a_timeline_without_gap_or_overlap(
    entries: list[tuple[str, float, float]], duration_s: float
) -> None:
    found = [
        phone(symbol, start_s, start_s + length_s)
        for symbol, start_s, length_s in sorted(entries, key=lambda e: e[1])
    ]
    check_whole(fill_timeline(found, duration_s), duration_s)


def test_every_class_is_made_of_known_symbols() -> None:
    classes = [value for value in vars(phones).values() if isinstance(value, frozenset)]
    assert len(classes) > 5
    assert all(group <= SYMBOLS for group in classes)


@pytest.mark.parametrize(
    ("ipa", "language", "symbols"),
    [
        ("", "", []),
        ("ˈaɪɚ", "en-us", ["AY", "ER"]),
        ("əl", "en-us", ["AH", "L"]),
        ("dʒ", "en-us", ["JH"]),
        ("t͡ʃ", "", ["CH"]),  # with a tie
        ("yː", "de", ["UE"]),
        ("ˈøː", "de", ["OE"]),
        ("ts", "de", ["T", "S"]),
        ("ʁ", "fr", ["HH"]),
        ("ˈɑ̃", "fr", ["AA"]),
        ("ˈy", "ru", ["IH"]),  # the Russian vowel that eSpeak writes y is not rounded
        ("tʲ", "ru", ["T"]),
        ("ts.h", "zh", ["CH"]),
        ("ˈuei", "zh", ["W", "EY"]),
        ("(en)", "zh", []),  # a change of voice, not a sound
        ("ɯᵝ", "ja", ["IH"]),
        ("β", "es", ["V"]),
        ("❤", "", []),  # no sound at all
    ],
)
def test_ipa_becomes_the_symbols_whose_lips_look_alike(ipa: str, language: str, symbols: list[str]) -> None:
    assert [part.symbol for part in sounds_of_ipa(ipa, language)] == symbols


def test_a_stress_mark_goes_to_the_vowel_after_it() -> None:
    assert [(part.symbol, part.stress) for part in sounds_of_ipa("ˈstɹiː", "en-us")] == [
        ("S", 0),
        ("T", 0),
        ("R", 0),
        ("IY", 1),
    ]


@given(st.text(max_size=20))
def test_no_text_stops_the_reading_of_ipa(text: str) -> None:
    assert all(part.symbol in SYMBOLS for part in sounds_of_ipa(text, "en"))
