"""The whole mouth in numbers: how far, how fast, how wide and how round it is drawn, beside real people."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.articulation.articulate import ArticulationStyle, articulate
from lipwright.engine.articulation.curves import Mouth
from lipwright.engine.articulation.width import visible_width
from lipwright.engine.media.reading.sound import load_speech
from lipwright.engine.media.values import SoundClip, SpeechSound
from lipwright.engine.speech.activity import detect_activity
from lipwright.engine.speech.values import Phone, PhoneTimeline
from tests.engine.speech.speech_sounds import said, sound_of

# Face heights at aperture 1.
FULL_GAP = 0.095
# Seen as closed; quality/mouth.py.
CLOSED_GAP = 0.008
ROUND = "Who would choose to show you two blue moons?"
SPREAD = "We see these three sheep eat green peas each week."
PLAIN = "My mother made a big apple pie, but Bob broke the plate before Anna came back with the jam."


@cache
def spoken(text: str, with_words: bool) -> tuple[NDArray[np.float32], PhoneTimeline]:
    """Curves of an embedded voice, with its phones or from the sound alone, and the phones."""
    speech = said(text)
    sound = sound_of(speech)
    curves = articulate(sound, detect_activity(sound), speech.phones if with_words else None)
    return curves.values, speech.phones


def rows_of(phone: Phone) -> slice:
    return slice(round(phone.start_s * 100), max(round(phone.start_s * 100) + 1, round(phone.end_s * 100)))


def widths_of(text: str, with_words: bool, *symbols: str) -> list[NDArray[np.float32]]:
    """The visible width over every sound of a kind that lasts for long enough to be seen."""
    values, phones = spoken(text, with_words)
    width = visible_width(values)
    return [
        width[rows_of(phone)]
        for phone in phones.phones
        if phone.symbol in symbols and phone.end_s - phone.start_s >= 0.06
    ]


@pytest.mark.parametrize("with_words", [True, False], ids=["words", "sound alone"])
def test_u_and_w_are_seen_round_and_ee_is_seen_wide(with_words: bool) -> None:
    narrowest = [width.min() for width in widths_of(ROUND, with_words, "UW", "W")]
    widest = [width.max() for width in widths_of(SPREAD, with_words, "IY")]
    assert np.median(narrowest) < (0.84 if with_words else 0.9)
    assert np.median(widest) > 1.08


def test_o_and_sh_are_seen_round_where_the_words_are_known() -> None:
    narrowest = [width.min() for width in widths_of(ROUND, True, "OW", "SH", "CH")]
    assert max(narrowest) < 0.9


@pytest.mark.parametrize("with_words", [True, False], ids=["words", "sound alone"])
def test_the_chin_drops_as_far_as_peoples_do(with_words: bool) -> None:
    values, _ = spoken(PLAIN, with_words)
    gap, chin = values[:, Mouth.APERTURE], values[:, Mouth.JAW]
    assert 0.3 < np.polyfit(gap, chin, 1)[0] < 0.45
    open_vowel = gap > 0.8
    assert 0.35 < (chin[open_vowel] / gap[open_vowel]).mean() < 0.45


@pytest.mark.parametrize("with_words", [True, False], ids=["words", "sound alone"])
def test_openings_have_the_size_of_peoples(with_words: bool) -> None:
    gap = spoken(PLAIN, with_words)[0][:, Mouth.APERTURE] * FULL_GAP
    assert 0.03 < gap.mean() < 0.06
    assert 0.085 < np.percentile(gap, 95) < 0.125
    assert gap.max() < 0.15
    assert 0.1 < (gap < CLOSED_GAP).mean() < 0.4


def test_lips_meet_at_every_p_b_and_m_of_known_words() -> None:
    values, phones = spoken(PLAIN, True)
    for phone in phones.phones:
        if phone.symbol in ("P", "B", "M") and phone.end_s - phone.start_s > 0.025:
            around = slice(max(0, round(phone.start_s * 100) - 6), round(phone.end_s * 100) + 6)
            assert values[around, Mouth.APERTURE].min() < 0.02


def test_open_mouths_are_wider_than_narrow_ones() -> None:
    values, _ = spoken(PLAIN, False)
    assert np.corrcoef(values[:, Mouth.APERTURE], visible_width(values))[0, 1] > 0.1


VOICES = (
    "en_ivr_congrats.wav",
    "en_ivr_monkeys_short.wav",
    "en_jfk_11s.flac",
    "en_news_RD_Radio31.wav",
    "es_ivr_congrats.wav",
    "fr_ivr_congrats.wav",
    "zh_poem1.wav",
    "two_speakers_stereo.wav",
)


@pytest.mark.assets
def test_recorded_voices_move_the_mouth_within_the_ranges_of_people(assets: Path) -> None:
    heard = []
    for name in VOICES:
        sound = load_speech(SoundClip(path=assets / "audio" / name))
        sound = SpeechSound(samples=sound.samples[: 15 * 16_000])
        heard.append(articulate(sound, detect_activity(sound)).values)
    gaps = [values[:, Mouth.APERTURE] * FULL_GAP for values in heard]
    widths = [visible_width(values) for values in heard]
    assert 0.035 < np.median([gap.mean() for gap in gaps]) < 0.055
    assert 0.085 < np.median([np.percentile(gap, 95) for gap in gaps]) < 0.11
    assert 0.10 < np.median([gap.max() for gap in gaps]) < 0.14
    assert 0.1 < np.median([(gap < CLOSED_GAP).mean() for gap in gaps]) < 0.35
    assert 0.05 < np.median([width.std() for width in widths]) < 0.1
    assert np.median([np.percentile(width, 5) for width in widths]) < 0.93
    assert np.median([np.percentile(width, 95) for width in widths]) > 1.08
    ties = [np.corrcoef(gap, width)[0, 1] for gap, width in zip(gaps, widths, strict=True)]
    assert np.median(ties) > 0.25
    assert min(ties) > 0


@pytest.mark.assets
def test_a_large_mouth_reaches_a_shout(assets: Path) -> None:
    sound = load_speech(SoundClip(path=assets / "audio" / "en_ivr_congrats.wav"))
    sound = SpeechSound(samples=sound.samples[: 8 * 16_000])
    curves = articulate(sound, detect_activity(sound), None, ArticulationStyle(mouth_scale=1.6))
    assert curves.channel(Mouth.APERTURE).max() * FULL_GAP > 0.165
