"""A question is heard in the tone of a voice."""

from __future__ import annotations

import pytest

from lipwright.engine.media.values import SpeechSound
from lipwright.engine.speech.activity import detect_activity
from lipwright.engine.speech.prosody import find_prosody
from lipwright.engine.speech.questions import find_questions
from lipwright.engine.speech.values import Stretch
from tests.engine.speech.speech_sounds import said, silence, sound_of

pytest.importorskip("espeakng_loader")


def questions_of(sound: SpeechSound) -> tuple[Stretch, ...]:
    activity = detect_activity(sound)
    return find_questions(sound, activity, find_prosody(sound, activity).phrases)


@pytest.mark.parametrize("voice", ["en-us-female", "en-us-male"])
def test_a_rising_end_is_a_question_and_a_falling_one_is_none(voice: str) -> None:
    assert len(questions_of(sound_of(said("Did they all go home?", voice)))) == 1
    assert questions_of(sound_of(said("They did all go home.", voice))) == ()
    assert questions_of(sound_of(said("We went home, and then to bed.", voice))) == ()


def test_silence_asks_nothing() -> None:
    assert questions_of(silence(2.0)) == ()
