"""The embedded voices."""

# ruff: noqa: RUF001 (letters of many scripts)
from __future__ import annotations

import threading

import numpy as np
import pytest

from lipwright.engine.errors import BadParameters, EngineError, TextTooLong, UnknownVoice, VoiceUnavailable
from lipwright.engine.speech.espeak import library as espeak
from lipwright.engine.speech.phones import BILABIAL, SILENCE, VOWEL
from lipwright.engine.speech.voices.speak import find_voice, list_voices, speak
from lipwright.engine.speech.words.text import LONGEST_TEXT_CHARS
from tests.engine.speech.speech_sounds import check_whole, said

# One greeting in each script and family of sounds.
GREETINGS = {
    "en-us": "Good morning",
    "en-gb": "Good morning",
    "de": "Guten Morgen",
    "fr": "Bonjour à tous",
    "es": "Buenos días",
    "it": "Buongiorno a tutti",
    "pt-br": "Bom dia",
    "ru": "Доброе утро",
    "zh": "你好，朋友",
    "hi": "नमस्ते",
    "ar": "مرحبا",
    "ja": "こんにちは",
    "ko": "안녕하세요",
    "pl": "Dzień dobry",
    "nl": "Goedemorgen",
    "tr": "Günaydın",
    "sv": "God morgon",
    "el": "Καλημέρα",
}


@pytest.mark.parametrize(("language", "text"), GREETINGS.items())
def test_a_greeting_is_said_in_its_language(language: str, text: str) -> None:
    spoken = speak(text, f"{language}-female")
    check_whole(spoken.phones, spoken.duration_s)
    symbols = {phone.symbol for phone in spoken.phones.phones}
    assert symbols & VOWEL
    assert 0.3 < spoken.duration_s < 3
    assert 0.2 < float(np.abs(spoken.samples).max()) <= 1.0


def test_the_lips_are_shut_in_the_silence_before_a_p_bursts() -> None:
    spoken = said("A papa.")
    second = [phone for phone in spoken.phones.phones if phone.symbol == "P"][1]
    start = round(second.start_s * spoken.sample_rate_hz)
    closure = spoken.samples[start : start + round(0.02 * spoken.sample_rate_hz)]
    # The closure is counted to the p, so its first 20 ms are far quieter than the vowels.
    assert float(np.abs(closure).max()) < 0.1 * float(np.abs(spoken.samples).max())


def test_phones_are_heard_where_the_voice_says_they_are() -> None:
    spoken = said("See. Sea. See.")
    power = spoken.samples**2
    rate = spoken.sample_rate_hz
    vowels = [phone for phone in spoken.phones.phones if phone.symbol == "IY"]
    silences = [phone for phone in spoken.phones.phones if phone.symbol == SILENCE]
    assert len(vowels) == 3
    quietest_vowel = min(power[round(p.start_s * rate) : round(p.end_s * rate)].mean() for p in vowels)
    middle = [p for p in silences if p.end_s - p.start_s > 0.1]
    assert len(middle) >= 2
    for pause in middle:
        inside = slice(round((pause.start_s + 0.05) * rate), round((pause.end_s - 0.02) * rate))
        assert power[inside].mean() < 0.01 * quietest_vowel


def test_stress_marks_are_kept() -> None:
    stressed = [p.stress for p in said("Banana").phones.phones if p.symbol in VOWEL]
    assert stressed == [0, 1, 0]


def test_words_are_told_with_their_times() -> None:
    spoken = said("Big money, maybe.")
    assert [word.text for word in spoken.words] == ["Big", "money", "maybe"]
    first_m = next(phone for phone in spoken.phones.phones if phone.symbol == "M")
    assert spoken.words[1].start_s == pytest.approx(first_m.start_s, abs=0.05)
    assert spoken.words[0].end_s <= spoken.words[1].start_s + 1e-9


def test_the_same_text_is_the_same_sound() -> None:
    assert np.array_equal(said().samples, said().samples)


def test_several_threads_may_speak_at_once() -> None:
    alone = {name: speak("One for all.", name).samples for name in ("de-male", "fr-female")}
    heard: list[tuple[str, bool]] = []

    def talk(name: str) -> None:
        heard.extend(
            (name, np.array_equal(speak("One for all.", name).samples, alone[name])) for _ in range(5)
        )

    threads = [threading.Thread(target=talk, args=(name,)) for name in alone]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(heard) == 10
    assert all(is_same for _, is_same in heard)


def test_markup_is_read_as_text() -> None:
    plain = said("hello")
    marked = said("<speak><break time='10s'/>hello</speak>")
    assert [word.text for word in marked.words if "hello" in word.text] == ["hello"]
    assert marked.duration_s < plain.duration_s + 8


def test_phoneme_brackets_are_read_as_text() -> None:
    # The library has an input mode for its own phonemes; a text must not switch it on.
    assert [word.text for word in said("[[test]]").words] == ["test"]


def test_control_characters_are_passed_over() -> None:
    assert [word.text for word in said("big\x00 \x07boat\ud800").words] == ["big", "boat"]


@pytest.mark.parametrize("text", ["", "  \n\t", "...", "\x00\x01"])
def test_a_text_without_words_is_refused(text: str) -> None:
    with pytest.raises(BadParameters, match="nothing to say"):
        said(text)


def test_a_text_that_is_too_long_is_refused_with_the_limit() -> None:
    with pytest.raises(TextTooLong, match=str(LONGEST_TEXT_CHARS)):
        said("a" * (LONGEST_TEXT_CHARS + 1))


def test_a_script_that_the_voice_cannot_read_is_refused_with_its_name() -> None:
    with pytest.raises(BadParameters, match="Cyrillic"):
        speak("доброе утро", "de-female")


def test_a_foreign_name_in_a_sentence_is_let_through() -> None:
    assert speak("Her name is Мария and she is from Moscow.", "en-us-female").duration_s > 1


def test_an_unknown_voice_is_answered_with_near_names() -> None:
    with pytest.raises(UnknownVoice, match="en-us-female"):
        speak("hello", "en-us-femal")


def test_a_hostile_voice_name_is_only_unknown() -> None:
    for name in ("", "../../etc/passwd", "en-us+f5", "x" * 10_000, "\x00"):
        with pytest.raises(UnknownVoice):
            find_voice(name)


def test_a_language_alone_means_its_first_voice() -> None:
    assert find_voice("DE").name == "de-female"


def test_voice_names_are_unique_and_begin_with_their_language() -> None:
    voices = list_voices()
    assert len({voice.name for voice in voices}) == len(voices) > 100
    assert all(voice.name.startswith(voice.language) for voice in voices)


def test_without_the_library_the_voices_are_listed_but_not_available(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(espeak, "is_installed", lambda: False)
    assert not any(voice.is_available for voice in list_voices() if not voice.is_natural)
    with pytest.raises(VoiceUnavailable, match="voice"):
        speak("hello", "en-us-female")


def test_no_text_crashes_a_voice() -> None:
    rng = np.random.default_rng(3)
    for _ in range(40):
        text = "".join(map(chr, rng.integers(1, 0x3000, rng.integers(1, 60))))
        try:
            spoken = speak(text, str(rng.choice(["en-us-male", "zh-female", "ar-male-2", "hi-female-2"])))
        except EngineError:
            continue
        check_whole(spoken.phones, spoken.duration_s)


def test_women_speak_higher_than_men() -> None:
    from lipwright.engine.speech.features import track_pitch
    from tests.engine.speech.speech_sounds import sound_of

    def pitch_hz(voice_name: str) -> float:
        f0_hz = track_pitch(sound_of(said(voice_name=voice_name))).f0_hz
        return float(np.median(f0_hz[f0_hz > 0]))

    assert 80 < pitch_hz("en-us-male") < 150 < pitch_hz("en-us-female") < 260


def test_every_closure_of_the_lips_in_the_text_is_in_the_phones() -> None:
    spoken = said("Bob may pop by.")
    assert [p.symbol for p in spoken.phones.phones if p.symbol in BILABIAL] == list("BBMPPB")
