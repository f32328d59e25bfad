"""Marks, stresses, paragraphs and punctuation of a text are found, timed and not spoken."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lipwright.engine.gesture.prompt import is_direction
from lipwright.engine.speech.values import Phone, PhoneTimeline, SpokenWord
from lipwright.engine.speech.voices.speak import speak
from lipwright.engine.speech.words.acted_text import ActedText, TextSpan, read_acted_text
from lipwright.engine.speech.words.text import clean_text
from lipwright.engine.speech.words.timed_text import time_text

VOICE = "en-us-female"


def acted(text: str) -> ActedText:
    return read_acted_text(text, is_direction)


def said(text: ActedText, span: TextSpan) -> str:
    return text.spoken[span.first : span.after]


def evenly(*texts: str) -> tuple[SpokenWord, ...]:
    return tuple(
        SpokenWord(text=text, start_s=0.5 * index, end_s=0.5 * index + 0.4)
        for index, text in enumerate(texts)
    )


NO_PHONES = PhoneTimeline(phones=())


def test_marks_are_taken_out_and_hold_from_the_next_word_on() -> None:
    text = acted("[happy] Good morning. [sad:0.5] Bad news.[normal]")
    assert text.spoken == "Good morning. Bad news."
    assert [(mark.words, text.spoken[mark.place :]) for mark in text.marks] == [
        ("happy", "Good morning. Bad news."),
        ("sad:0.5", "Bad news."),
        ("normal", ""),
    ]


@pytest.mark.parametrize(
    "text", ["He [John] said so.", "Quite so [sic].", "See [1] and [12].", "[] a", "[happy"]
)
def test_a_bracket_that_is_no_mark_is_spoken_as_it_stands(text: str) -> None:
    assert acted(text).spoken == text
    assert not acted(text).has_markup


def test_what_may_have_been_meant_as_a_mark_is_told() -> None:
    assert acted("[hapy] Hello [sic] and [sic].").brackets == ("[hapy]", "[sic]")


def test_a_backslash_lets_a_bracket_and_an_asterisk_be_spoken() -> None:
    assert acted(r"Press \[happy] or \*this*.").spoken == "Press [happy] or *this*."
    assert acted(r"Press \[happy].").marks == ()


def test_asterisks_stress_what_stands_between_them() -> None:
    text = acted("I did *not* say **that thing**, *really*!")
    assert text.spoken == "I did not say that thing, really!"
    assert [said(text, span) for span in text.stresses] == ["not", "that thing", "really"]


@pytest.mark.parametrize("text", ["3 * 4 * 5", "3*4*5", "a * b", "*", "**", "* one\n* two", "f*** off"])
def test_other_asterisks_stay(text: str) -> None:
    assert acted(text).stresses == ()
    assert acted(text).spoken == clean_text(text)


def test_an_empty_line_begins_a_paragraph() -> None:
    text = acted("One.\nStill one.\n\n  Two.\r\n\r\nThree.\n\n")
    assert text.lines == "One. Still one.\nTwo.\nThree."
    assert len(text.paragraphs) == 2


def test_sentences_and_quotes_are_found() -> None:
    text = acted('Is it? She said: "I am not so sure." Oh! A "word" only.')
    assert [said(text, span) for span in text.sentences] == [
        "Is it?",
        'She said: "I am not so sure."',
        "Oh!",
        'A "word" only.',
    ]
    assert [said(text, span) for span in text.quotes] == ['"I am not so sure."']


@given(st.text(alphabet="ab [*]\\\n.?:happysad05", max_size=60))
def test_no_text_breaks_and_no_place_lies_outside(text: str) -> None:
    found = acted(text)
    assert all(0 <= mark.place <= len(found.spoken) + 1 for mark in found.marks)
    assert all(0 <= span.first <= span.after <= len(found.spoken) for span in found.stresses)
    assert all(0 < place < len(found.spoken) for place in found.paragraphs)
    time_text(found, evenly("a", "b"), NO_PHONES)


def test_what_is_written_gets_the_times_of_its_words() -> None:
    text = acted('[happy] One two. [sad] Is *three* it? "four five six"!\n\nSeven.')
    acts = time_text(
        text, evenly("One", "two", "Is", "three", "it", "four", "five", "six", "Seven"), NO_PHONES
    )
    assert [(each.start_s, each.end_s, each.words) for each in acts.directions] == [
        (0.0, 1.0, "happy"),
        (1.0, None, "sad"),
    ]
    assert [(each.start_s, each.end_s) for each in acts.questions] == [(1.0, 2.4)]
    assert [(each.start_s, each.end_s) for each in acts.exclamations] == [(2.5, 3.9)]
    assert [(each.start_s, each.end_s) for each in acts.quotes] == [(2.5, 3.9)]
    assert [(each.start_s, each.end_s) for each in acts.stresses] == [(1.5, 1.9)]
    assert acts.paragraphs_s == (4.0,)


def test_figures_that_are_said_as_words_hold_no_mark_up() -> None:
    text = acted("I paid [sad] $3.50 for [happy] 12 maps.")
    words = evenly("i", "paid", "three", "dollars", "fifty", "for", "twelve", "maps")
    starts_s = [each.start_s for each in time_text(text, words, NO_PHONES).directions]
    assert starts_s == pytest.approx([1.0, 3.0])


def test_without_words_the_text_is_spread_over_the_speech() -> None:
    phones = PhoneTimeline(
        phones=(
            Phone(symbol="SIL", start_s=0, end_s=1),
            Phone(symbol="AA", start_s=1, end_s=3),
            Phone(symbol="SIL", start_s=3, end_s=4),
        )
    )
    (sad,) = time_text(acted("aaaa [sad] bbbb"), (), phones).directions
    assert sad.start_s == pytest.approx(2.0, abs=0.2)
    assert time_text(acted("[sad] a"), (), NO_PHONES).directions == ()


def test_marks_are_not_spoken() -> None:
    marked = speak(acted("[happy] Good morning. [sad:0.5] Bad news."), VOICE)
    plain = speak("Good morning. Bad news.", VOICE)
    assert np.array_equal(marked.samples, plain.samples)
    assert marked.words == plain.words


def test_a_stressed_word_is_louder_and_longer_and_the_others_are_as_before() -> None:
    plain, stressed = (
        speak(acted("We will not go there."), VOICE),
        speak(acted("We will *not* go there."), VOICE),
    )

    def of_word(spoken: object, name: str) -> tuple[float, float]:
        word = next(word for word in spoken.words if word.text == name)  # type: ignore[attr-defined]
        rate_hz = spoken.sample_rate_hz  # type: ignore[attr-defined]
        samples = spoken.samples[round(word.start_s * rate_hz) : round(word.end_s * rate_hz)]  # type: ignore[attr-defined]
        return word.end_s - word.start_s, float(np.sqrt(np.mean(samples**2)))

    assert [word.text for word in stressed.words] == [word.text for word in plain.words]
    assert of_word(stressed, "not")[0] > 1.2 * of_word(plain, "not")[0]
    share = of_word(stressed, "not")[1] / of_word(stressed, "there")[1]
    assert share > 1.3 * of_word(plain, "not")[1] / of_word(plain, "there")[1]


def test_markup_of_other_languages_is_read_out_beside_a_stress() -> None:
    spoken = speak(acted("Is 3 < 4 & *true* </speak> indeed?"), VOICE)
    assert "indeed" in [word.text for word in spoken.words]


def test_the_pause_before_a_paragraph_is_longer() -> None:
    def gap_s(text: str) -> float:
        first, second = speak(acted(text), VOICE).words
        return second.start_s - first.end_s

    assert gap_s("Yes.\n\nNo.") > gap_s("Yes. No.") + 0.25


def test_a_word_may_say_how_it_sounds() -> None:
    acted = read_acted_text("Mr. [Nguyen](/W IH1 N/) of [happy] [Llanelli](not this).", lambda _: False)
    assert acted.spoken == "Mr. Nguyen of [happy] [Llanelli](not this)."
    (own,) = acted.pronunciations
    assert acted.spoken[own.first : own.after] == "Nguyen"
    assert own.sounds == "W IH1 N"
    assert acted.has_markup
