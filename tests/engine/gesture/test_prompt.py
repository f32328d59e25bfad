"""A prompt's words do what the documentation says, and unknown ones are told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lipwright.engine.gesture.mood import Mood
from lipwright.engine.gesture.prompt import is_direction, read_prompt
from lipwright.engine.gesture.prompt_words import DEGREES, NEGATIONS, PROMPT_WORDS, PromptWord


def test_an_empty_prompt_asks_for_nothing() -> None:
    assert read_prompt("").mood == Mood()
    assert read_prompt(" ,.;!? ").unknown_words == ()


@pytest.mark.parametrize("word", PROMPT_WORDS, ids=lambda word: word.name)
def test_every_documented_word_and_every_other_way_to_say_it_does_the_same(word: PromptWord) -> None:
    meant = read_prompt(word.name)
    assert meant.mood != Mood()
    assert meant.unknown_words == ()
    for way in word.also:
        assert read_prompt(way) == meant, way


def test_no_way_to_say_something_means_two_things() -> None:
    ways = [way for word in PROMPT_WORDS for way in (word.name, *word.also)]
    assert len(ways) == len(set(ways))


@pytest.mark.parametrize(
    "prompt", ["SMILING", "smiling.", "  Smiling!!", "\u201csmiling\u201d", "(smiling)", "smi\u0301ling"]
)
def test_case_punctuation_and_accents_do_not_count(prompt: str) -> None:
    assert read_prompt(prompt).mood == read_prompt("smiling").mood


def test_british_and_american_forms_are_the_same() -> None:
    assert read_prompt("energised") == read_prompt("energized")


def test_a_sentence_around_the_words_is_no_trouble() -> None:
    reading = read_prompt("The woman is smiling and nodding while she is looking at the camera, please.")
    assert reading.mood.smile > 0
    assert reading.mood.nods > 0
    assert reading.mood.wander == 0
    assert reading.unknown_words == ()


def test_his_and_her_heads_shake_alike() -> None:
    assert read_prompt("shaking his head") == read_prompt("Shaking her head") == read_prompt("shaking head")


def test_unknown_words_are_told_once_and_in_order() -> None:
    reading = read_prompt("smiling like a zebra, juggling, zebra")
    assert reading.unknown_words == ("zebra", "juggling")
    assert reading.mood.smile > 0


def test_very_is_more_and_slightly_is_less() -> None:
    slightly, plain, very = (
        read_prompt(f"{degree} smiling").mood.smile for degree in ("slightly", "", "very")
    )
    assert 0 < slightly < plain < very


def test_slightly_calm_is_between_calm_and_plain() -> None:
    assert read_prompt("calm").mood.energy < read_prompt("slightly calm").mood.energy < 1


def test_a_weight_is_how_strongly_a_word_counts() -> None:
    full = read_prompt("happy").mood.smile
    assert read_prompt("happy:0.4").mood.smile == pytest.approx(0.4 * full)
    assert read_prompt("happy: .4, nodding").mood == read_prompt("nodding, happy:0.40").mood
    assert read_prompt("happy:1.3").mood.smile > full
    assert read_prompt("calm:0.5").mood.energy == pytest.approx(read_prompt("calm").mood.energy ** 0.5)
    assert read_prompt("happy:0").mood == read_prompt("still:0").mood == Mood()
    assert read_prompt("happy:0.4").unknown_words == ()


def test_a_weight_and_a_degree_multiply() -> None:
    assert read_prompt("slightly sad:0.5").mood.smile == pytest.approx(0.25 * read_prompt("sad").mood.smile)


@pytest.mark.parametrize("prompt", ["happy:99999999999999999999", "happy:1e9", ":0.4", "10:30", "happy::0.4"])
def test_no_weight_breaks_a_face(prompt: str) -> None:
    assert -1 <= read_prompt(prompt).mood.smile <= 1


def test_two_moods_mixed_lie_between_them() -> None:
    happy, sad, both = (read_prompt(words).mood for words in ("happy", "sad", "happy:0.5, sad:0.5"))
    assert sad.smile < both.smile < happy.smile
    assert sad.energy < both.energy < happy.energy
    assert 0 < both.brow_inner < sad.brow_inner


def test_further_prompts_are_mixed_with_the_first() -> None:
    assert read_prompt("warm", "nodding:0.5").mood == read_prompt("warm, nodding:0.5").mood
    # A degree at the end of one does not reach into the next.
    assert read_prompt("very", "happy").mood == read_prompt("happy").mood


def test_only_words_of_the_list_make_a_direction() -> None:
    for words in ("happy", "Sad:0.5", "very happy, looking left", "not smiling", "normal"):
        assert is_direction(words), words
    for words in ("", "1", "sic", "John", "happy zebra", "the", "and", "talking"):
        assert not is_direction(words), words


def test_a_degree_counts_for_the_next_word_only() -> None:
    assert read_prompt("very happy, nodding").mood.nods == read_prompt("nodding").mood.nods


@pytest.mark.parametrize("negation", sorted(NEGATIONS))
def test_a_negated_word_does_nothing(negation: str) -> None:
    assert read_prompt(f"{negation} smiling").mood == Mood()


def test_not_moving_and_no_blinking_are_wishes_of_their_own() -> None:
    assert read_prompt("not moving").mood.still
    assert read_prompt("no blinking").mood.blink_rate == 0


def test_a_word_said_twice_counts_once_as_strongly_as_it_was_said() -> None:
    assert read_prompt("smiling, smile, very smiling") == read_prompt("very smiling")


def test_the_longest_expression_wins() -> None:
    assert read_prompt("looking left").mood.gaze_x_deg < 0
    assert read_prompt("glancing").mood.wander > 1
    assert read_prompt("glancing left").mood.gaze_x_deg < 0


@given(st.text(max_size=300))
def test_no_text_whatever_is_refused(prompt: str) -> None:
    mood = read_prompt(prompt).mood
    assert -1 <= mood.smile <= 1
    assert 0 <= mood.blink_rate <= 2.5


@given(
    st.lists(
        st.sampled_from([word.name for word in PROMPT_WORDS] + sorted(DEGREES) + ["not"]), max_size=40
    ).map(" ".join)
)
def test_however_many_words_pile_up_the_face_stays_a_face(prompt: str) -> None:
    reading = read_prompt(prompt)
    # A degree may take a word's first half with it: of "more blinking rarely" the last word is left over.
    assert set(reading.unknown_words) <= {part for word in PROMPT_WORDS for part in word.name.split()}
    assert abs(reading.mood.yaw_deg) <= 9
    assert abs(reading.mood.pitch_deg) <= 5
    assert 0.2 <= reading.mood.energy <= 2.5
