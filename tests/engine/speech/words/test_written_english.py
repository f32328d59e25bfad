"""Texts are read aloud as a person would."""

from __future__ import annotations

import re

import pytest

from lipwright.engine.speech.voices.natural.reading import read_sentence
from lipwright.engine.speech.words.acted_text import ActedText, TextSpan
from lipwright.engine.speech.words.written_english import as_read_aloud
from tests.engine.speech.words.written_and_said import WRITTEN_AND_SAID

_SIGNS = frozenset("AIOQWYiɪᵻeɛæaɑɒɔoʊuʌəɐᵊɜpbmfvθðszʃʒtTdnlkɡŋɹjwhʤʧ ")  # noqa: RUF001


def sounds_of(text: str) -> str:
    """The sounds of a text, without the stress and the weak vowels in which two readings of a word differ."""
    readings = read_sentence(
        ActedText(spoken=text), TextSpan(first=0, after=len(text)), _SIGNS, is_british=False
    )
    signs = "".join(reading.signs for reading in readings)
    return re.sub(r"\s", "", signs).replace("ᵻ", "ɪ").replace("ɐ", "ə")  # noqa: RUF001


@pytest.mark.parametrize(("written", "said"), WRITTEN_AND_SAID, ids=[row[0] for row in WRITTEN_AND_SAID])
def test_a_text_is_read_as_a_person_reads_it(written: str, said: str) -> None:
    assert sounds_of(written) == sounds_of(said)


def test_plain_words_stay_as_they_are() -> None:
    text = "When the sunlight strikes raindrops in the air, they act as a prism and form a rainbow. "
    assert as_read_aloud(text) == text
