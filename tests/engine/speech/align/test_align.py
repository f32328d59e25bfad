"""A known text against the sound, and phones without one."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from lipwright.engine.errors import BadParameters, BadTranscript, Cancelled
from lipwright.engine.media.values import SpeechSound
from lipwright.engine.progress import JobContext
from lipwright.engine.speech.align.pieces import LONGEST_PIECE_S, SHORTEST_PIECE_S, cut_at_pauses
from lipwright.engine.speech.align.recognize import recognize_phones
from lipwright.engine.speech.align.transcript import LONGEST_TRANSCRIPT_CHARS, align_transcript
from lipwright.engine.speech.espeak import library as espeak
from lipwright.engine.speech.espeak.languages import find_language
from lipwright.engine.speech.phones import BILABIAL, SILENCE, fill_timeline
from lipwright.engine.speech.values import SpokenText
from lipwright.engine.speech.words.espeak_times import phones_of_speech
from tests.engine.speech.speech_sounds import (
    SENTENCE,
    check_whole,
    chords,
    misses_s,
    mixed,
    said,
    share_alike,
    silence,
    sound_of,
    starts_of,
)

# A closure that begins within this of the truth is seen with its sound: one frame at 25 frames a second.
ONE_FRAME_S = 0.04
OTHER_TEXT = (
    "Nothing in this paragraph was ever spoken into the microphone, and every listener would agree that "
    "these phrases describe quite a different scene with horses, rivers and very old castles."
)

# Spoken by one voice and aligned through another at another pace.
FOREIGN = {
    "fr": "Un bon vin blanc pour mon ami Philippe. Nous partons demain matin pour Paris.",
    "de": "Wir fahren morgen nach Berlin und besuchen meine Familie am Bahnhof.",
    "es": "Mi abuela prepara una buena comida para toda la familia.",
    "it": "Mia mamma prepara una buona pasta per tutta la famiglia.",
    "ru": "Мой папа был большим любителем музыки и пения.",
    "zh": "我的朋友们今天一起去北京看妈妈。",
}


def said_fast(text: str, language: str) -> SpokenText:
    """A text faster than an embedded voice speaks by itself, as another voice says it."""
    entry = find_language(language)
    assert entry is not None
    speech = espeak.synthesize(text, voice=f"{entry.espeak_name}+m6", rate_wpm=186, pitch=38, pitch_range=55)
    phones = phones_of_speech(speech, entry.tag)
    return SpokenText(
        samples=speech.samples,
        sample_rate_hz=speech.sample_rate_hz,
        phones=fill_timeline(phones, len(speech.samples) / speech.sample_rate_hz),
        words=(),
    )


def test_english_words_are_found_within_a_frame() -> None:
    spoken = said()
    found = align_transcript(sound_of(spoken), SENTENCE)
    check_whole(found, sound_of(spoken).duration_s)
    misses = misses_s(starts_of(found, *BILABIAL), starts_of(spoken.phones, *BILABIAL))
    assert np.percentile(misses, 90) < ONE_FRAME_S
    assert 0.2 < found.confidence <= 1


@pytest.mark.parametrize(("language", "text"), FOREIGN.items())
def test_other_languages_are_found_within_a_frame(language: str, text: str) -> None:
    spoken = said_fast(text, language)
    found = align_transcript(sound_of(spoken, silence_s=0.5), text, language)
    true = starts_of(spoken.phones, *BILABIAL) + 0.5
    assert np.percentile(misses_s(starts_of(found, *BILABIAL), true), 90) < ONE_FRAME_S
    assert found.confidence > 0.3


def test_silence_around_the_words_stays_silence() -> None:
    found = align_transcript(sound_of(said(), silence_s=0.8), SENTENCE)
    assert found.phones[0].symbol == SILENCE
    assert found.phones[0].end_s == pytest.approx(0.8, abs=0.1)
    assert found.phones[-1].symbol == SILENCE


def test_music_under_the_voice_does_not_move_the_words() -> None:
    spoken = said()
    found = align_transcript(mixed(sound_of(spoken), chords(5), below_db=10), SENTENCE)
    misses = misses_s(starts_of(found, *BILABIAL), starts_of(spoken.phones, *BILABIAL))
    assert np.median(misses) < ONE_FRAME_S


def test_figures_are_read_as_people_say_them() -> None:
    spoken = said("On May third nineteen sixty one I paid three dollars fifty for twelve maps.")
    found = align_transcript(sound_of(spoken), "On May 3rd, 1961 I paid $3.50 for 12 maps!")
    assert share_alike(found, spoken.phones) > 0.5


def test_unknown_names_do_not_stop_an_alignment() -> None:
    text = "Mister Zblorpkin and Lipwright met Xqvzzt by the big boat."
    check_whole(align_transcript(sound_of(said(text)), text), sound_of(said(text)).duration_s)


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_transcript_of_something_else_is_refused(language: str) -> None:
    spoken = said(FOREIGN["de"], "de-male") if language == "de" else said()
    with pytest.raises(BadTranscript, match="does not fit"):
        align_transcript(sound_of(spoken), OTHER_TEXT, language)


def test_a_few_words_of_a_long_speech_are_refused() -> None:
    with pytest.raises(BadTranscript, match="does not fit"):
        align_transcript(sound_of(said(SENTENCE + " " + OTHER_TEXT)), "Peter and Mary")


@pytest.mark.parametrize("transcript", ["", " \n ", "?!", "x" * (LONGEST_TRANSCRIPT_CHARS + 1)])
def test_a_transcript_without_words_or_without_end_is_refused(transcript: str) -> None:
    with pytest.raises(BadTranscript):
        align_transcript(sound_of(said()), transcript)


def test_no_transcript_fits_silence() -> None:
    with pytest.raises(BadTranscript, match="silent"):
        align_transcript(silence(2.0), SENTENCE)


def test_a_language_that_no_voice_speaks_is_refused_with_its_name() -> None:
    with pytest.raises(BadParameters, match="tlh"):
        align_transcript(sound_of(said()), SENTENCE, "tlh")


def test_an_alignment_can_be_cancelled() -> None:
    context = JobContext()
    context.cancel()
    for language in ("en", "de"):
        with pytest.raises(Cancelled):
            align_transcript(sound_of(said()), SENTENCE, language, context)


def test_phones_are_heard_without_a_text() -> None:
    spoken = said("My mother may buy more money.", "en-us-female-2")
    found = recognize_phones(sound_of(spoken))
    check_whole(found, sound_of(spoken).duration_s)
    true = starts_of(spoken.phones, *BILABIAL)
    near = misses_s(starts_of(found, *BILABIAL), true) < 0.08
    # No recognizer of people understands this voice well; by chance one in five would be near.
    assert np.mean(near) >= 0.5
    assert 0 < found.confidence < 1


def test_silence_has_no_phones() -> None:
    found = recognize_phones(silence(3.0))
    assert [phone.symbol for phone in found.phones] == [SILENCE]
    assert found.confidence == 0


def test_pieces_cover_a_long_sound_and_are_cut_in_its_pauses() -> None:
    loud = np.full(6_000, -20.0, dtype=np.float32)
    pauses = [1_100, 2_500, 3_900, 5_000]
    for pause in pauses:
        loud[pause - 20 : pause + 20] = -70
    pieces = cut_at_pauses(loud)
    assert pieces[0][0] == 0
    assert pieces[-1][1] == 6_000
    for (_, after), (first, _) in pairwise(pieces):
        assert after == first
        assert min(abs(first - pause) for pause in pauses) <= 20
    assert all(SHORTEST_PIECE_S * 100 <= after - first <= LONGEST_PIECE_S * 100 for first, after in pieces)


def test_a_long_sound_is_aligned_in_pieces_without_drift() -> None:
    spoken = said(f"{SENTENCE} {OTHER_TEXT} " * 3)
    sound = sound_of(spoken)
    assert sound.duration_s > 2 * LONGEST_PIECE_S
    found = align_transcript(sound, f"{SENTENCE} {OTHER_TEXT} " * 3)
    misses = misses_s(starts_of(found, *BILABIAL), starts_of(spoken.phones, *BILABIAL))
    assert np.percentile(misses[-10:], 80) < ONE_FRAME_S


def test_the_sound_is_left_as_it_was() -> None:
    sound = sound_of(said())
    before = sound.samples.copy()
    align_transcript(sound, SENTENCE)
    recognize_phones(SpeechSound(samples=sound.samples))
    assert np.array_equal(sound.samples, before)
