"""The natural voice that comes with Lipwright."""

# ruff: noqa: RUF001 (letters of many scripts)
from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from lipwright.engine.errors import BadParameters, EngineError, TextTooLong
from lipwright.engine.speech.phones import BILABIAL, SILENCE
from lipwright.engine.speech.values import SpokenText
from lipwright.engine.speech.voices.level import PEAK, SPEECH_RMS
from lipwright.engine.speech.voices.manner import SpeakingManner
from lipwright.engine.speech.voices.speak import DEFAULT_VOICE, find_voice, list_voices, speak, speak_parts
from lipwright.engine.speech.words.acted_text import read_acted_text
from tests.engine.speech.speech_sounds import check_whole

TEXT = "Bob may pop by. Then we see the big map."


def said(text: str, rate: float = 1.0) -> SpokenText:
    acted = read_acted_text(text, lambda _: False)
    return speak(acted, DEFAULT_VOICE, SpeakingManner(rate=rate))


def symbols(spoken: SpokenText) -> list[str]:
    return [phone.symbol for phone in spoken.phones.phones if phone.symbol != SILENCE]


def level_db(spoken: SpokenText, start_s: float, end_s: float) -> float:
    rate = spoken.sample_rate_hz
    part = spoken.samples[round(start_s * rate) : round(end_s * rate)]
    return float(10 * np.log10(np.mean(part**2) + 1e-12))


def pitch_hz(spoken: SpokenText, word: str) -> float:
    from lipwright.engine.speech.features import track_pitch
    from tests.engine.speech.speech_sounds import sound_of

    found = next(each for each in spoken.words if each.text.lower() == word)
    f0_hz = track_pitch(sound_of(spoken)).f0_hz[round(found.start_s * 100) : round(found.end_s * 100)]
    return float(np.median(f0_hz[f0_hz > 0]))


def test_every_closure_of_the_lips_in_the_text_is_in_the_phones() -> None:
    assert [symbol for symbol in symbols(said("Bob may pop by.")) if symbol in BILABIAL] == list("BBMPPB")


def test_the_times_cover_the_sound() -> None:
    spoken = said(TEXT)
    check_whole(spoken.phones, spoken.duration_s)
    assert spoken.phones.confidence == 1.0
    assert [word.text for word in spoken.words] == TEXT.replace(".", "").split()
    assert all(0 <= word.start_s < word.end_s <= spoken.duration_s for word in spoken.words)


def test_a_pause_is_silent_and_a_vowel_is_not() -> None:
    spoken = said(TEXT)
    pause = next(
        phone for phone in spoken.phones.phones[1:] if phone.symbol == SILENCE and phone.start_s > 0.2
    )
    vowels = [phone for phone in spoken.phones.phones if phone.symbol in ("AA", "EY", "AY", "IY")]
    quietest = min(level_db(spoken, phone.start_s, phone.end_s) for phone in vowels)
    assert level_db(spoken, pause.start_s + 0.03, pause.end_s) < quietest - 25


def test_hisses_are_heard_where_the_phones_say() -> None:
    spoken = said("A sea, a sea, a sea.")
    rate = spoken.sample_rate_hz
    bright = np.diff(spoken.samples, n=2)
    power = np.convolve(bright**2, np.ones(rate // 200) / (rate // 200), mode="same")
    for phone in (each for each in spoken.phones.phones if each.symbol == "S"):
        middle, reach = round((phone.start_s + phone.end_s) / 2 * rate), round(0.1 * rate)
        around = power[middle - reach : middle + reach]
        onset_s = (middle - reach + int(np.argmax(around > 0.1 * around.max()))) / rate
        assert abs(onset_s - phone.start_s) < 0.045


def test_the_same_text_is_the_same_sound() -> None:
    assert np.array_equal(said(TEXT).samples, said(TEXT).samples)


@pytest.mark.parametrize("rate", [0.5, 2.0])
def test_the_rate_changes_the_length_and_no_word(rate: float) -> None:
    usual, other = said(TEXT), said(TEXT, rate)
    assert other.duration_s == pytest.approx(usual.duration_s / rate, rel=0.25)
    assert symbols(other) == symbols(usual)


@pytest.mark.parametrize("rate", [0.49, 2.01, float("nan"), float("inf"), 0.0, -1.0])
def test_a_rate_that_nobody_speaks_at_is_refused(rate: float) -> None:
    with pytest.raises(BadParameters, match="rate"):
        SpeakingManner(rate=rate)


def test_paragraphs_are_further_apart_than_sentences_and_sentences_than_words() -> None:
    def gap_s(text: str) -> float:
        words = said(text).words
        return words[1].start_s - words[0].end_s

    assert gap_s("One two.") < 0.1 < gap_s("One. Two.") < gap_s("One.\n\nTwo.")
    assert gap_s("One. Two.") > 0.3


def test_a_title_ends_no_sentence() -> None:
    words = said("Dr. Brown and Mr. Green met J. K. Rowling.").words
    assert max(b.start_s - a.end_s for a, b in pairwise(words)) < 0.25


def test_a_stressed_word_is_higher_and_louder() -> None:
    plain, stressed = said("That is not what I said."), said("That is *not* what I said.")
    assert pitch_hz(stressed, "not") > 1.05 * pitch_hz(plain, "not")

    def against_the_rest_db(spoken: SpokenText) -> float:
        word = next(each for each in spoken.words if each.text == "not")
        last = spoken.words[-1]
        return level_db(spoken, word.start_s, word.end_s) - level_db(spoken, last.start_s, last.end_s)

    assert against_the_rest_db(stressed) > against_the_rest_db(plain) + 1.5
    # A stressed vowel is known to be one, for the nod that goes with it.
    vowel = next(phone for phone in stressed.phones.phones if phone.symbol == "AA")
    assert vowel.stress == 1


@pytest.mark.parametrize("sounds", ["wɪn", "W IH1 N", "ˈwɪn"])
def test_a_word_sounds_as_is_said_of_it(sounds: str) -> None:
    assert symbols(said(f"[Nguyen](/{sounds}/) may go."))[:3] == ["W", "IH", "N"]
    assert said(f"[Nguyen](/{sounds}/) may go.").words[0].text == "Nguyen"


@pytest.mark.parametrize("sounds", ["ɬə", "W XX1 N", "123", "ˈ"])
def test_a_pronunciation_in_unknown_signs_is_refused(sounds: str) -> None:
    with pytest.raises(BadParameters, match="pronunciation"):
        said(f"[Llan](/{sounds}/) may go.")


def test_every_sentence_is_at_the_level_of_broadcast_speech() -> None:
    for part in speak_parts("I am here. Where are you? Go home now, all of you.", DEFAULT_VOICE):
        samples = part.speech.samples
        heard = samples[np.abs(samples) > 0.01]
        assert float(np.sqrt(np.mean(heard**2))) == pytest.approx(SPEECH_RMS, rel=0.35)
        assert float(np.abs(samples).max()) <= PEAK + 1e-6


def test_a_long_text_comes_sentence_by_sentence_and_counts_its_characters() -> None:
    text = "This is one of many sentences. " * 20
    parts = list(speak_parts(text, DEFAULT_VOICE))
    assert len(parts) == 20
    assert sum(part.characters for part in parts) == len(text.strip())
    assert max(len(part.speech.samples) for part in parts) < 5 * parts[0].speech.sample_rate_hz


def test_one_endless_sentence_is_cut_where_it_may_be() -> None:
    parts = list(speak_parts("and we went on, " * 60, DEFAULT_VOICE))
    assert len(parts) > 1
    assert max(part.speech.duration_s for part in parts) < 40


@pytest.mark.parametrize("text", ["", "   ", "...", "?!", "\x00"])
def test_a_text_without_words_is_refused(text: str) -> None:
    with pytest.raises(BadParameters, match="nothing to say"):
        speak(text, DEFAULT_VOICE)


@pytest.mark.parametrize("text", ["🙂🙂🎉", "\u2014 \u2026 🙂", "🇩🇪"])
def test_signs_alone_are_refused(text: str) -> None:
    with pytest.raises(BadParameters, match="nothing to say"):
        speak(text, DEFAULT_VOICE)


def test_an_emoji_in_a_sentence_is_passed_over() -> None:
    assert symbols(said("Good morning 🙂 to you!")) == symbols(said("Good morning to you!"))


def test_five_thousand_characters_without_a_space_are_refused_with_what_to_do() -> None:
    with pytest.raises(BadParameters, match="spaces"):
        speak("a" * 5000, DEFAULT_VOICE)
    with pytest.raises(TextTooLong):
        speak("a" * 5001, DEFAULT_VOICE)


def test_a_long_word_and_a_long_number_are_read() -> None:
    assert said("a" * 90).duration_s < 60
    # Figure by figure: nineteen words after the first.
    assert len(said("Card 4929123456781234567.").words) == 20


def test_mixed_scripts_are_read_as_far_as_the_voice_can() -> None:
    assert said("Her name is Мария and she is from Moscow.").duration_s > 1
    with pytest.raises(BadParameters, match="Cyrillic"):
        speak("доброе утро, дорогие друзья", DEFAULT_VOICE)
    with pytest.raises(BadParameters, match="Chinese"):
        speak("你好，朋友。 Hi", DEFAULT_VOICE)


def test_markup_is_read_as_text_and_does_nothing() -> None:
    plain = said("hello")
    marked = said("<speak><break time='10s'/>hello</speak>")
    assert "hello" in [word.text for word in marked.words]
    assert marked.duration_s < plain.duration_s + 8


def test_no_text_crashes_the_voice() -> None:
    rng = np.random.default_rng(5)
    for _ in range(40):
        text = "".join(map(chr, rng.integers(1, 0x250, rng.integers(1, 60))))
        try:
            spoken = speak(text, DEFAULT_VOICE)
        except EngineError:
            continue
        check_whole(spoken.phones, spoken.duration_s)


def test_the_voices_say_what_they_are() -> None:
    voices = [voice for voice in list_voices() if voice.is_natural]
    assert voices[0].name == DEFAULT_VOICE
    assert voices[0].is_available
    assert {(voice.gender, voice.language) for voice in voices} >= {
        ("female", "en-us"),
        ("male", "en-us"),
        ("female", "en-gb"),
        ("male", "en-gb"),
    }
    assert all(voice.licence == "Apache-2.0" and voice.accent for voice in voices)


def test_a_natural_voice_is_found_by_its_short_name_and_by_its_language() -> None:
    assert {find_voice(name).name for name in ("heart", "Heart", "en", "en-US")} == {DEFAULT_VOICE}


def test_an_english_text_is_spoken_without_loading_espeak(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from lipwright.engine import SpokenLine, spoken_text\n"
        "spoken_text(SpokenLine(text='Hello there, Zyxwv.'), Path(sys.argv[1]))\n"
        "maps = Path('/proc/self/maps')\n"
        "loaded = ' '.join(sys.modules) + (maps.read_text() if maps.exists() else '')\n"
        "print('espeakng_loader' in loaded or 'libespeak' in loaded)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "hello.wav")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "False", done.stderr
