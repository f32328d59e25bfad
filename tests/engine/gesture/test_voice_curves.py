"""What a face takes from the voice: it wakes before words, and warms slowly with energy and melody."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.gesture.voice_curves import voice_curves
from lipwright.engine.speech.values import Accent, Prosody, SpeechActivity, Stretch
from tests.engine.gesture.gesture_builders import quiet, talk

SILENT = Prosody(accents=(), phrases=(), pauses=())


def test_silence_is_neither_awake_nor_loud_nor_warm() -> None:
    voice = voice_curves(quiet(10), SILENT, 1000)
    for curve in (voice.awake, voice.loud, voice.warmth, voice.arousal):
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
    for name in ("awake", "loud", "warmth", "arousal"):
        np.testing.assert_allclose(getattr(short, name)[:1900], getattr(long, name)[:1900], atol=1e-9)


def test_a_wide_melody_and_a_quick_pace_are_stirred_and_a_flat_slow_voice_is_not() -> None:
    activity, prosody = talk(40)
    time_s = np.arange(4000) / CURVE_RATE_HZ

    def arousal(range_st: float, syllable_s: float) -> float:
        tone = 90 + range_st * np.sign(np.sin(2 * np.pi * 0.7 * time_s))
        heard = replace(
            prosody,
            tone=np.where(activity.speaking > 0, tone, np.nan).astype(np.float32),
            syllables_s=tuple(np.arange(0, 40, syllable_s).tolist()),
        )
        curve = voice_curves(activity, heard, 4000).arousal
        return float(curve[1000:][activity.speaking[1000:] > 0].mean())

    usual = arousal(3.7, 0.38)
    assert abs(usual) < 0.25
    assert arousal(5.5, 0.38) > usual + 0.2
    assert arousal(3.7, 0.28) > usual + 0.2
    assert arousal(1.5, 0.38) < usual - 0.2
    assert arousal(3.7, 0.60) < usual - 0.2
