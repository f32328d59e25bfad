"""Who raises the voice opens wider, who murmurs less; a whisper moves the lips like any speech."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.articulation.articulate import articulate
from lipwright.engine.articulation.curves import Mouth
from lipwright.engine.articulation.effort import effort_gain, with_effort
from lipwright.engine.media.values import SPEECH_RATE_HZ, SpeechSound
from lipwright.engine.speech.activity import detect_activity
from lipwright.engine.speech.values import SpeechActivity
from tests.engine.articulation.speech_builders import wide_open
from tests.engine.speech.speech_sounds import said, silence, sound_of
from tests.support.whisper import whispered

SYLLABLES = np.tile(np.repeat(np.array([1, 0.1], np.float32), 12), 50)


def activity_at(
    loudness_db: NDArray[np.floating], f0_hz: float | NDArray[np.floating] = 0.0
) -> SpeechActivity:
    rows = len(loudness_db)
    return SpeechActivity(
        speaking=np.ones(rows, np.float32),
        loudness_db=loudness_db.astype(np.float32),
        f0_hz=np.broadcast_to(f0_hz, rows).astype(np.float32),
    )


def test_a_phrase_that_is_louder_opens_wider_and_a_softer_one_less() -> None:
    ripple = 6 * SYLLABLES - 30
    louder = np.repeat(np.array([0, 0, 9], np.float32), 400)
    softer = np.repeat(np.array([0, 0, -10], np.float32), 400)
    for change, low, high in ((louder, 1.05, 1.3), (softer, 0.75, 0.95)):
        gain = effort_gain(activity_at(ripple + change), 1200)
        assert gain[100:700] == pytest.approx(1, abs=0.06)
        assert low < gain[1000:1150].mean() < high


def test_a_phrase_that_is_higher_opens_wider() -> None:
    pitch_hz = np.repeat([120.0, 180.0], [800, 400])
    gain = effort_gain(activity_at(6 * SYLLABLES - 30, pitch_hz), 1200)
    assert gain[1000:1150].mean() > gain[100:700].mean() + 0.04


def test_who_hurries_opens_less_than_who_takes_time() -> None:
    fast = np.tile(np.repeat(np.array([1, 0], np.float32), 6), 100)
    slow = np.tile(np.repeat(np.array([1, 0], np.float32), 20), 30)
    gains = [effort_gain(activity_at(12 * each - 30), 1200).mean() for each in (fast, slow)]
    assert gains[0] < 0.95 < 1.0 < gains[1]


def test_silence_changes_nothing() -> None:
    quiet = silence(3.0)
    curves = wide_open(300)
    np.testing.assert_array_equal(with_effort(curves, detect_activity(quiet)).values, curves.values)


@pytest.mark.parametrize("voice", ["en-us-female", "de-male"])
def test_a_whisper_moves_the_lips_like_the_same_words_aloud(voice: str) -> None:
    text = {"en-us-female": "My mother made a big apple pie.", "de-male": "Meine Mutter backt einen Kuchen."}
    aloud = sound_of(said(text[voice], voice), silence_s=0.3)
    soft = SpeechSound(samples=whispered(aloud.samples))
    loud_gap, soft_gap = (
        articulate(sound, detect_activity(sound)).channel(Mouth.APERTURE) for sound in (aloud, soft)
    )
    assert np.percentile(soft_gap, 95) > 0.6
    assert np.corrcoef(loud_gap, soft_gap)[0, 1] > 0.6
    assert len(soft_gap) == round(100 * len(soft.samples) / SPEECH_RATE_HZ)
