"""Words, figures and how they are pronounced."""

# ruff: noqa: RUF001 (letters of many scripts)
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lipwright.engine.speech.espeak import library as espeak
from lipwright.engine.speech.phones import SYMBOLS
from lipwright.engine.speech.words.numerals import number_words, spell_out
from lipwright.engine.speech.words.pronunciation import pronounce, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("0", "zero"),
        ("21 of 105", "twenty one of one hundred five"),
        ("1,234,567", "one million two hundred thirty four thousand five hundred sixty seven"),
        ("1961", "nineteen sixty one"),
        ("1905", "nineteen oh five"),
        ("2024", "two thousand twenty four"),
        ("007", "zero zero seven"),
        ("3.14", "three point one four"),
        ("$3.50", "three dollars fifty"),
        ("50%", "fifty percent"),
        ("the 22nd", "the twenty second"),
        ("20th", "twentieth"),
        ("10:30", "ten thirty"),
        ("9:00", "nine o'clock"),
    ],
)
def test_figures_become_words(text: str, words: str) -> None:
    assert " ".join(spell_out(text).split()) == words


def test_a_negative_number_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        number_words(-1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don’t stop!", ["don't", "stop"]),
        ("the 'big' one", ["the", "big", "one"]),
        ("naïve café", ["naive", "cafe"]),
        ("an XQZ box", ["an", "x.", "q.", "z.", "box"]),
        ("well-known", ["well", "known"]),
        ("…", []),
    ],
)
def test_a_text_is_cut_into_words_as_they_are_said(text: str, words: list[str]) -> None:
    assert list(words_of(text)) == words


@pytest.mark.parametrize(
    ("word", "phones"),
    [
        ("boat", "B OW T"),
        ("x.", "EH K S"),
        ("boat's", "B OW T S"),
    ],
)
def test_known_words_come_from_the_dictionary(word: str, phones: str) -> None:
    assert " ".join(pronounce(word))[: len(phones) - 1] == phones[:-1]


@pytest.mark.parametrize("is_voice_installed", [True, False])
def test_a_name_that_no_dictionary_knows_is_pronounced(
    monkeypatch: pytest.MonkeyPatch, is_voice_installed: bool
) -> None:
    monkeypatch.setattr(espeak, "is_installed", lambda: is_voice_installed)
    pronounce.cache_clear()
    phones = pronounce("zblompkin")
    pronounce.cache_clear()
    assert {"B", "M", "P", "K", "N"} <= set(phones)


@given(st.text(max_size=80))
def test_every_text_has_words_that_can_be_pronounced(text: str) -> None:
    for word in words_of(text):
        phones = pronounce(word)
        assert phones
        assert set(phones) <= SYMBOLS
