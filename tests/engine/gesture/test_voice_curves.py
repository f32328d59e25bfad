"""What a face takes from the voice: it wakes before words, and warms slowly with energy and melody."""

from __future__ import annotations

import numpy as np

from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.gesture.voice_curves import voice_curves
from lipwright.engine.speech.values import Accent, Prosody, SpeechActivity, Stretch
from tests.engine.gesture.gesture_builders import quiet, talk

SILENT = Prosody(accents=(), phrases=(), pauses=())


def test_silence_is_neither_awake_nor_loud_nor_warm() -> None:
    voice = voice_curves(quiet(10), SILENT, 1000)
    for curve in (voice.awake, voice.loud, voice.warmth):
        assert np.abs(curve).max() < 1e-9


def test_a_face_is_awake_in_speech_and_rests_in_pauses() -> None:
    speaking = np.zeros(1000, np.float32)
    speaking[300:600] = 1
    activity = SpeechActivity(speaking=speaking, loudness_db=np.full(1000, -30, np.float32))
    phrase = Prosody(accents=(), phrases=(Stretch(start_s=3, end_s=6),), pauses=())
    awake = voice_curves(activity, phrase, 1000).awake
    assert awake[:250].max() == 0
    assert awake[450:580].min() > 0.9
    assert awake[900:].max() < 0.01


def test_a_voice_that_grows_louder_and_livelier_is_warm_for_a_while() -> None:
    rows = 3000
    speaking = np.ones(rows, np.float32)
    loudness_db = np.full(rows, -30, np.float32)
    loudness_db[1500:2100] = -24
    accents = tuple(Accent(time_s=15 + 0.4 * place, strength=0.9) for place in range(15))
    phrase = Stretch(start_s=0, end_s=rows / CURVE_RATE_HZ)
    voice = voice_curves(
        SpeechActivity(speaking=speaking, loudness_db=loudness_db),
        Prosody(accents=accents, phrases=(phrase,), pauses=()),
        rows,
    )
    assert abs(voice.warmth[1400]) < 0.1
    assert voice.warmth[1750] > 0.5
    assert voice.warmth[2500] < 0.1
    assert voice.loud[1600] > 0.4


def test_warmth_does_not_twitch_with_the_words() -> None:
    activity, prosody = talk(120)
    warmth = voice_curves(activity, prosody, 12_000).warmth
    assert np.abs(np.diff(warmth)).max() * CURVE_RATE_HZ < 2.5
    assert warmth.std() > 0.1


def test_what_comes_a_second_later_does_not_count() -> None:
    activity, prosody = talk(20)
    longer, more = talk(40)
    short = voice_curves(activity, prosody, 2000)
    long = voice_curves(longer, more, 4000)
    for name in ("awake", "loud", "warmth"):
        np.testing.assert_allclose(getattr(short, name)[:1900], getattr(long, name)[:1900], atol=1e-9)
