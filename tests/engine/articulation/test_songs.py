"""Singing: heard as a voice over music, vowels held in their shapes, no trembling, rest without a voice."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import soxr
from numpy.typing import NDArray
from scipy import signal

from lipwright.engine.articulation.articulate import articulate
from lipwright.engine.articulation.curves import ArticulationCurves, Mouth
from lipwright.engine.media.reading.sound import load_speech
from lipwright.engine.media.values import SPEECH_RATE_HZ, SoundClip, SpeechSound
from lipwright.engine.speech.activity import detect_activity
from lipwright.engine.speech.values import SpeechActivity
from tests.engine.speech.speech_sounds import said
from tests.support.singing import SONG, WOMAN, band, choir, drums, over, sing, vowel_spans_s

SONGS: dict[str, Callable[[], NDArray[np.float32]]] = {
    "a man alone": lambda: sing(),
    "a woman alone": lambda: sing(tract=WOMAN, transpose=12),
    "without vibrato": lambda: sing(vibrato_semitones=0),
    "over a band": lambda: over(sing(), band(6)),
    "a woman over a band": lambda: over(sing(tract=WOMAN, transpose=12), band(6)),
    "a choir": choir,
    "a choir over a band": lambda: over(choir(), band(6)),
}
# The beats of a vibrato.
VIBRATO_HZ = (4.8, 7.0)
# A tremble of the lips of so much of the usual opening is not seen: less than .006 of the face height.
TREMBLE = 0.06


@cache
def heard(name: str) -> tuple[SpeechActivity, NDArray[np.float32]]:
    sound = SpeechSound(samples=SONGS[name]())
    activity = detect_activity(sound)
    return activity, articulate(sound, activity).values


def held(vowel: str, name: str) -> list[NDArray[np.float32]]:
    values = heard(name)[1]
    return [
        values[round(100 * start_s) + 15 : round(100 * end_s) - 12]
        for each, start_s, end_s in vowel_spans_s()
        if each == vowel
    ]


@pytest.mark.parametrize("name", sorted(SONGS))
def test_who_sings_is_heard(name: str) -> None:
    speaking = heard(name)[0].is_speaking
    sung = [speaking[round(100 * start) : round(100 * end)].mean() for _, start, end in vowel_spans_s()]
    assert np.mean(sung) > 0.8


@pytest.mark.parametrize("name", sorted(SONGS))
def test_vowels_have_their_shapes_for_as_long_as_they_sound(name: str) -> None:
    wide = np.concatenate(held("a", name))[:, Mouth.APERTURE]
    small = np.concatenate([*held("u", name), *held("o", name)])[:, Mouth.APERTURE]
    assert np.median(wide) > 0.3
    assert np.median(wide) > 1.3 * np.median(small)


@pytest.mark.parametrize("name", ["a man alone", "a woman alone", "over a band", "a choir"])
def test_a_vibrato_does_not_tremble_the_lips(name: str) -> None:
    beats = signal.butter(2, VIBRATO_HZ, "bandpass", fs=100, output="sos")
    aperture = heard(name)[1][:, Mouth.APERTURE].astype(np.float64)
    trembling = signal.sosfiltfilt(beats, aperture)
    for _, start_s, end_s in (span for span in vowel_spans_s() if span[2] - span[1] > 0.7):
        assert trembling[round(100 * start_s) + 30 : round(100 * end_s) - 30].std() < TREMBLE


@pytest.mark.parametrize("music", [band(8), drums(8)], ids=["a band", "drums"])
def test_music_without_a_voice_leaves_the_mouth_exactly_at_rest(music: NDArray[np.float32]) -> None:
    sound = SpeechSound(samples=music)
    values = articulate(sound, detect_activity(sound)).values
    np.testing.assert_array_equal(values, np.tile(ArticulationCurves.at_rest(0.01).values, (len(values), 1)))


@pytest.mark.assets
def test_two_seconds_of_music_are_no_song(assets: Path) -> None:
    sound = load_speech(SoundClip(path=assets / "videos" / "walk_landscape_30fps.mp4", end_s=2.0))
    assert articulate(sound, detect_activity(sound)).channel(Mouth.APERTURE).max() == 0


def test_rap_over_drums_is_followed_like_the_words_alone() -> None:
    speech = said("I take the beat and break the frame, my mouth is moving with the flow.", "en-us-male")
    alone = soxr.resample(speech.samples, speech.sample_rate_hz, SPEECH_RATE_HZ).astype(np.float32)
    gaps = []
    for samples in (alone, over(alone, drums(6), above_db=12)):
        sound = SpeechSound(samples=samples)
        gaps.append(articulate(sound, detect_activity(sound)).channel(Mouth.APERTURE))
    assert np.corrcoef(gaps[0], gaps[1])[0, 1] > 0.6


def test_a_song_has_the_length_of_its_notes() -> None:
    assert len(sing()) == pytest.approx(SPEECH_RATE_HZ * sum(note.length_s for note in SONG), abs=10)
