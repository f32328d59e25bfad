"""Who speaks a text when its voice, or its language, is not named."""

from __future__ import annotations

from pathlib import Path

import pytest

from lipwright.engine.errors import BadParameters, UnknownVoice, VoiceUnavailable
from lipwright.engine.speech.espeak import library as espeak
from lipwright.engine.speech.voices.choose import choose_voice
from lipwright.engine.speech.voices.folder import VOICES_PATH_VARIABLE
from lipwright.engine.speech.voices.speak import DEFAULT_VOICE
from lipwright.engine.speech.words.acted_text import ActedText, read_acted_text

ENGLISH = ActedText(spoken="Good morning to all of you.")
GERMAN = ActedText(spoken="Guten Morgen, wie geht es Ihnen heute?")


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VOICES_PATH_VARIABLE, str(tmp_path))


@pytest.fixture
def no_espeak(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(espeak, "is_installed", lambda: False)


def test_english_is_spoken_by_the_natural_voice_without_a_word() -> None:
    chosen = choose_voice(ENGLISH, None, None)
    assert (chosen.voice.name, chosen.notes) == (DEFAULT_VOICE, ())


def test_another_language_is_heard_and_told() -> None:
    chosen = choose_voice(GERMAN, None, None)
    assert chosen.voice.name == "de-female"
    assert "German" in chosen.notes[0]


def test_a_wrong_guess_is_overridden_by_naming_the_language_or_the_voice() -> None:
    assert choose_voice(GERMAN, None, "en").voice.name == DEFAULT_VOICE
    assert choose_voice(GERMAN, None, "en").notes == ()
    assert choose_voice(ENGLISH, None, "fr").voice.name == "fr-female"
    assert choose_voice(ENGLISH, "fr-male", None).voice.name == "fr-male"


def test_a_voice_reads_another_language_with_a_word() -> None:
    assert "German" in choose_voice(GERMAN, DEFAULT_VOICE, None).notes[0]


@pytest.mark.usefixtures("no_espeak")
def test_a_language_that_nothing_here_speaks_says_what_to_install() -> None:
    for language in (None, "de"):
        with pytest.raises(VoiceUnavailable, match=r"German.*lipwright\[voice\]"):
            choose_voice(GERMAN, None, language)


@pytest.mark.usefixtures("no_espeak")
def test_a_doubtful_guess_stops_nobody() -> None:
    chosen = choose_voice(ActedText(spoken="Guten Morgen!"), None, None)
    assert chosen.voice.name == DEFAULT_VOICE
    assert "German" in chosen.notes[0]


def test_a_voice_and_a_language_that_do_not_fit_are_refused() -> None:
    with pytest.raises(BadParameters, match=r"speaks American English, not German"):
        choose_voice(ENGLISH, DEFAULT_VOICE, "de")


def test_an_unknown_language_or_voice_is_refused() -> None:
    with pytest.raises(BadParameters, match="tlh"):
        choose_voice(ENGLISH, None, "tlh")
    with pytest.raises(UnknownVoice):
        choose_voice(ENGLISH, "nobody", None)


def test_a_variety_of_english_falls_back_to_the_voice_that_is_there(no_espeak: None) -> None:  # noqa: ARG001
    assert choose_voice(ENGLISH, None, "en-gb").voice.name == DEFAULT_VOICE


def test_a_pronunciation_that_a_voice_cannot_take_is_told() -> None:
    text = read_acted_text("[Nguyen](/W IH1 N/) may go with all of you.", lambda _: False)
    assert choose_voice(text, DEFAULT_VOICE, None).notes == ()
    assert "pronunciations" in choose_voice(text, "en-us-male", None).notes[0]
