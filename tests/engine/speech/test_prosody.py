"""Accents, phrases and pauses."""

from __future__ import annotations

import numpy as np
import pytest

from lipwright.engine.media.values import SpeechSound
from lipwright.engine.speech.activity import detect_activity
from lipwright.engine.speech.phones import VOWEL
from lipwright.engine.speech.prosody import find_prosody
from lipwright.engine.speech.values import Prosody, SpokenText
from tests.engine.speech.speech_sounds import said, silence, sound_of, white_noise

TEXT = "We never wanted to go there. But you, my dear friend, simply had to see the mountains."


def prosody_of(spoken: SpokenText, with_phones: bool) -> Prosody:
    sound = sound_of(spoken)
    return find_prosody(sound, detect_activity(sound), spoken.phones if with_phones else None)


@pytest.mark.parametrize(
    "sound", [silence(0.0), silence(2.0), white_noise(2.0)], ids=["none", "silence", "noise"]
)
def test_where_nobody_speaks_there_is_one_pause(sound: SpeechSound) -> None:
    prosody = find_prosody(sound, detect_activity(sound))
    assert prosody.accents == ()
    assert prosody.phrases == ()
    assert sum(pause.duration_s for pause in prosody.pauses) == pytest.approx(sound.duration_s)


@pytest.mark.parametrize("with_phones", [True, False])
def test_people_accent_one_or_two_syllables_a_second(with_phones: bool) -> None:
    spoken = said(TEXT)
    accents = prosody_of(spoken, with_phones).accents
    assert 0.4 < len(accents) / spoken.duration_s < 2.2
    assert all(0 <= accent.strength <= 1 for accent in accents)
    assert list(accents) == sorted(accents, key=lambda accent: accent.time_s)


def test_accents_fall_on_vowels_and_mostly_on_stressed_ones() -> None:
    spoken = said(TEXT)
    vowels = [phone for phone in spoken.phones.phones if phone.symbol in VOWEL]
    under = [
        next(phone for phone in vowels if phone.start_s <= accent.time_s <= phone.end_s)
        for accent in prosody_of(spoken, with_phones=True).accents
    ]
    usual = float(np.mean([phone.stress == 1 for phone in vowels]))
    assert np.mean([phone.stress == 1 for phone in under]) > max(usual, 0.6)


def test_a_louder_and_higher_syllable_is_accented() -> None:
    spoken = said("Ba ba ba ba ba ba ba.", voice_name="en-us-male")
    sound = sound_of(spoken)
    vowels = [phone for phone in spoken.phones.phones if phone.symbol in VOWEL]
    samples = sound.samples * np.float32(0.4)
    third = slice(round(vowels[2].start_s * 16_000), round(vowels[2].end_s * 16_000))
    samples[third] *= 2.5
    louder = SpeechSound(samples=samples)
    accents = find_prosody(louder, detect_activity(louder), spoken.phones).accents
    strongest = max(accents, key=lambda accent: accent.strength)
    assert vowels[2].start_s <= strongest.time_s <= vowels[2].end_s


def test_a_pause_parts_two_phrases() -> None:
    one = sound_of(said("This is the first sentence."), silence_s=0.4)
    two = sound_of(said("And here comes the second."), silence_s=0.4)
    sound = SpeechSound(samples=np.concatenate([one.samples, two.samples]))
    prosody = find_prosody(sound, detect_activity(sound))
    assert len(prosody.phrases) == 2
    assert len(prosody.pauses) == 3
    assert prosody.pauses[1].start_s < one.duration_s < prosody.pauses[1].end_s
    edges = sorted(
        edge for part in (*prosody.phrases, *prosody.pauses) for edge in (part.start_s, part.end_s)
    )
    assert edges[0] == 0.0
    assert edges[-1] == pytest.approx(sound.duration_s)
