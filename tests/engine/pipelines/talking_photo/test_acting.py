"""A photo acts at the times of its text, spoken by a voice or heard in a recording."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lipwright.engine.articulation.curves import Mouth
from lipwright.engine.gesture.cue import Cue
from lipwright.engine.gesture.curves import BROWS_INNER_UP, BROWS_OUTER_UP, FROWNS, SMILES, GestureCurves
from lipwright.engine.gesture.limits import HeadLimits
from lipwright.engine.media.reading.sound import write_wav
from lipwright.engine.media.values import SoundClip
from lipwright.engine.pipelines.modes import PhotoMode
from lipwright.engine.pipelines.options import SpokenLine, TalkingPhotoOptions
from lipwright.engine.pipelines.photo_acting import plan_acting
from lipwright.engine.pipelines.speech_input import SpeechInput, load_voice_track
from lipwright.engine.pipelines.text_marks import read_marks
from lipwright.engine.progress import JobContext
from lipwright.engine.speech.values import TextActs
from lipwright.engine.speech.voices.speak import DEFAULT_VOICE, speak

pytest.importorskip("espeakng_loader")

PLAIN = "Good morning, everybody here. The bad news is that it rains again. Is that what you wanted?"
MARKED = (
    "[happy] Good morning, everybody here. [sad] The bad news is that it rains *again*. "
    "[normal] Is that what you wanted?"
)


def heard_of(line: SpokenLine) -> SpeechInput:
    with load_voice_track(line, transcript=None, language=None, context=JobContext()) as heard:
        return heard


def face(options: TalkingPhotoOptions, heard: SpeechInput) -> GestureCurves:
    return plan_acting(options, heard).gestures(HeadLimits(), opens_eyes=False, is_driven=False)


def smile(curves: GestureCurves, time_s: float) -> float:
    row = curves.values[round(100 * time_s)]
    return float(row[list(SMILES)].mean() - row[list(FROWNS)].mean())


@pytest.fixture(scope="module")
def marked() -> SpeechInput:
    return heard_of(SpokenLine(text=MARKED))


def test_marks_of_a_text_change_the_mood_at_their_words(marked: SpeechInput) -> None:
    spoken = speak(read_marks(MARKED), DEFAULT_VOICE)
    starts_s = {word.text: word.start_s for word in spoken.words}
    happy, sad, normal = marked.acts.directions
    assert happy.start_s == 0
    assert sad.start_s == happy.end_s == pytest.approx(starts_s["The"], abs=0.03)
    assert normal.start_s == pytest.approx(starts_s["Is"], abs=0.03)
    curves = face(TalkingPhotoOptions(), marked)
    assert smile(curves, sad.start_s - 0.5) > 0.3
    assert smile(curves, sad.start_s + 0.5) < -0.2
    plain = face(TalkingPhotoOptions(), replace(marked, acts=replace(marked.acts, directions=())))
    for time_s in (normal.start_s + 0.5, normal.start_s + 0.8):
        assert smile(curves, time_s) == pytest.approx(smile(plain, time_s), abs=0.02)


def test_a_recording_is_acted_by_the_marks_of_its_transcript(tmp_path: Path) -> None:
    spoken = speak(PLAIN, "en-us-male")
    write_wav(tmp_path / "voice.wav", spoken.samples, spoken.sample_rate_hz)
    with load_voice_track(
        SoundClip(path=tmp_path / "voice.wav"), transcript=MARKED, language=None, context=JobContext()
    ) as heard:
        acts = heard.acts
    starts_s = {word.text: word.start_s for word in spoken.words}
    ends_s = {word.text: word.end_s for word in spoken.words}
    assert [each.words for each in acts.directions] == ["happy", "sad", "normal"]
    assert acts.directions[1].start_s == pytest.approx(starts_s["The"], abs=0.15)
    assert acts.directions[2].start_s == pytest.approx(starts_s["Is"], abs=0.15)
    assert acts.stresses[0].start_s == pytest.approx(starts_s["again"], abs=0.15)
    assert acts.questions[0].end_s == pytest.approx(ends_s["wanted"], abs=0.2)
    assert heard.phones is not None
    assert heard.phones.confidence > 0.3


def test_marks_are_not_counted_as_words_in_alignment(tmp_path: Path) -> None:
    spoken = speak(PLAIN, "en-us-male")
    write_wav(tmp_path / "voice.wav", spoken.samples, spoken.sample_rate_hz)
    phones = []
    for transcript in (PLAIN, MARKED):
        with load_voice_track(
            SoundClip(path=tmp_path / "voice.wav"), transcript=transcript, language=None, context=JobContext()
        ) as heard:
            assert heard.phones is not None
            phones.append([phone.symbol for phone in heard.phones.phones])
    assert phones[0] == phones[1]


def test_a_question_raises_the_brows_and_a_statement_does_not() -> None:
    asked, told = (heard_of(SpokenLine(text=f"You have been there before{end}")) for end in "?.")
    (question,) = asked.acts.questions
    assert told.acts.questions == ()
    row = round(100 * (question.end_s - 0.15))
    brows = [*BROWS_INNER_UP, *BROWS_OUTER_UP]
    without = face(TalkingPhotoOptions(), replace(asked, acts=TextActs()))
    with_it = face(TalkingPhotoOptions(), asked)
    assert with_it.values[row, brows].mean() > without.values[row, brows].mean() + 0.1


def test_directions_hold_in_every_mode_and_the_prompt_in_prompted_only() -> None:
    heard = heard_of(SpokenLine(text="It is what it is, and nothing can be done about it now."))
    direction = (Cue(start_s=1.0, end_s=2.5, prompt="very happy"),)
    realistic = face(TalkingPhotoOptions(direction=direction, prompt="very sad"), heard)
    assert smile(realistic, 1.9) > 0.4
    prompted = face(
        TalkingPhotoOptions(mode=PhotoMode.PROMPTED, direction=direction, prompt="very sad"), heard
    )
    assert smile(prompted, 1.9) < smile(realistic, 1.9) - 0.4


def test_whispering_moves_the_mouth_less_while_it_lasts() -> None:
    heard = heard_of(SpokenLine(text="All the way around the house and all the way around the yard."))
    plain = plan_acting(TalkingPhotoOptions(), heard).mouth().channel(Mouth.APERTURE)
    whispered = (
        plan_acting(TalkingPhotoOptions(direction=(Cue(start_s=1.5, prompt="whispering"),)), heard)
        .mouth()
        .channel(Mouth.APERTURE)
    )
    assert np.array_equal(whispered[:110], plain[:110])
    assert whispered[180:350].max() < 0.9 * plain[180:350].max()


def test_nothing_asked_for_is_the_face_of_before_bit_for_bit() -> None:
    heard = heard_of(SpokenLine(text="A plain sentence without anything."))
    acting = plan_acting(TalkingPhotoOptions(), heard)
    assert len(acting.direction.moods) == 1
    curves = acting.gestures(HeadLimits(), opens_eyes=False, is_driven=False)
    again = plan_acting(TalkingPhotoOptions(direction=(Cue(start_s=1, prompt="normal"),)), heard)
    assert np.array_equal(
        curves.values, again.gestures(HeadLimits(), opens_eyes=False, is_driven=False).values
    )


def test_words_and_brackets_that_are_not_known_are_told() -> None:
    heard = heard_of(SpokenLine(text="[hapy] Hello there. [happy] Good to see you."))
    assert any("[hapy]" in warning for warning in heard.warnings)
    options = TalkingPhotoOptions(direction=(Cue(start_s=0, prompt="zorp"),))
    assert plan_acting(options, heard).direction.unknown_words == ("zorp",)
