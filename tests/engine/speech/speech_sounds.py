"""Sounds whose truth is known: embedded voices, which tell their own times, and tones and noises."""

from __future__ import annotations

import numpy as np
import soxr
from numpy.typing import NDArray

from lipwright.engine.media.values import SPEECH_RATE_HZ, SpeechSound
from lipwright.engine.speech.values import PhoneTimeline, SpokenText
from lipwright.engine.speech.voices.speak import speak

SENTENCE = "Peter and Mary play by the big blue boat, but the money may be far away."


def sound_of(spoken: SpokenText, silence_s: float = 0.0) -> SpeechSound:
    """What a listener hears of a spoken text, with silence before and after."""
    heard = soxr.resample(spoken.samples, spoken.sample_rate_hz, SPEECH_RATE_HZ).astype(np.float32)
    return SpeechSound(samples=np.pad(heard, round(silence_s * SPEECH_RATE_HZ)))


def said(text: str = SENTENCE, voice_name: str = "en-us-female") -> SpokenText:
    return speak(text, voice_name)


def silence(duration_s: float) -> SpeechSound:
    return SpeechSound(samples=np.zeros(round(duration_s * SPEECH_RATE_HZ), dtype=np.float32))


def white_noise(duration_s: float, level_db: float = -25.0) -> SpeechSound:
    samples = np.random.default_rng(7).standard_normal(round(duration_s * SPEECH_RATE_HZ))
    return SpeechSound(samples=(samples * 10 ** (level_db / 20)).astype(np.float32))


def chords(duration_s: float, level: float = 0.2) -> SpeechSound:
    """Music of the plainest kind: four chords, each held for half a second, with overtones that die away."""
    times_s = np.arange(round(duration_s * SPEECH_RATE_HZ)) / SPEECH_RATE_HZ
    roots_hz = np.array([220.0, 174.6, 261.6, 196.0])[(times_s / 0.5).astype(int) % 4]
    decay = np.exp(-2.0 * (times_s % 0.5))
    samples = np.zeros(len(times_s))
    for interval in (1.0, 1.25, 1.5):
        for overtone in (1, 2, 3, 4):
            samples += np.sin(2 * np.pi * roots_hz * interval * overtone * times_s) / overtone
    return SpeechSound(samples=(level * decay * samples / 4).astype(np.float32))


def mixed(voice: SpeechSound, other: SpeechSound, below_db: float) -> SpeechSound:
    """A voice with another sound this much weaker under it."""
    under = np.resize(other.samples, len(voice.samples))
    ratio = float(np.sqrt(np.mean(voice.samples**2) / np.mean(under**2)))
    return SpeechSound(samples=(voice.samples + under * ratio * 10 ** (-below_db / 20)).astype(np.float32))


def starts_of(timeline: PhoneTimeline, *symbols: str) -> NDArray[np.float64]:
    return np.array([phone.start_s for phone in timeline.phones if phone.symbol in symbols])


def misses_s(found: NDArray[np.float64], true: NDArray[np.float64]) -> NDArray[np.float64]:
    """For every true time how far the nearest found one is."""
    return np.array([np.abs(found - time_s).min() for time_s in true])


def share_alike(one: PhoneTimeline, other: PhoneTimeline) -> float:
    """Share of 10 ms steps in which two timelines name the same phone."""
    times_s = np.arange(0.005, min(one.phones[-1].end_s, other.phones[-1].end_s), 0.01)
    return float(
        np.mean([a == b for a, b in zip(symbols_at(one, times_s), symbols_at(other, times_s), strict=True)])
    )


def symbols_at(timeline: PhoneTimeline, times_s: NDArray[np.float64]) -> list[str]:
    ends_s = [phone.end_s for phone in timeline.phones]
    last = len(ends_s) - 1
    return [
        timeline.phones[min(int(place), last)].symbol
        for place in np.searchsorted(ends_s, times_s, side="right")
    ]


def check_whole(timeline: PhoneTimeline, duration_s: float) -> None:
    """A timeline covers its sound without gap or overlap."""
    assert timeline.phones[0].start_s == 0.0
    assert abs(timeline.phones[-1].end_s - duration_s) < 1e-6
    for before, after in zip(timeline.phones, timeline.phones[1:], strict=False):
        assert before.end_s == after.start_s
        assert before.end_s > before.start_s
