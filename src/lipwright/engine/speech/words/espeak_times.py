"""The phones and the words of what eSpeak NG said, with the times that the library itself reports."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.speech.espeak.library import EspeakSpeech
from lipwright.engine.speech.phones import SILENCE, STOP
from lipwright.engine.speech.values import Phone, SpokenWord
from lipwright.engine.speech.words.ipa import sounds_of_ipa

# A stop is silent while the lips or the tongue are shut, and the library counts that silence to the sound
# before. Longer than this it is a pause and the mouth may rest.
_LONGEST_CLOSURE_S = 0.08
# The closure's frames, and how quiet they are against the loudest nearby.
_CLOSURE_FRAME_S = 0.004
_CLOSURE_LEVEL = 0.12


def phones_of_speech(speech: EspeakSpeech, language: str) -> tuple[Phone, ...]:
    """The phones of what the library said, without gaps, in seconds from its start."""
    rate_hz = speech.sample_rate_hz
    starts = [mark.sample for mark in speech.phonemes] + [len(speech.samples)]
    phones: list[Phone] = []
    for mark, end in zip(speech.phonemes, starts[1:], strict=True):
        parts = sounds_of_ipa(mark.ipa, language)
        weight = sum(part.weight for part in parts)
        now, length = float(mark.sample), max(0, end - mark.sample)
        if not parts and not mark.ipa:
            phones.append(Phone(symbol=SILENCE, start_s=now / rate_hz, end_s=end / rate_hz))
        elif not parts and phones:  # a sound that no mouth shows lengthens the one before
            phones[-1] = replace(phones[-1], end_s=end / rate_hz)
        for part in parts:
            after = now + length * part.weight / weight
            phones.append(
                Phone(symbol=part.symbol, start_s=now / rate_hz, end_s=after / rate_hz, stress=part.stress)
            )
            now = after
    return _with_closures(phones, speech.samples, rate_hz)


def _with_closures(phones: list[Phone], samples: NDArray[np.float32], rate_hz: int) -> tuple[Phone, ...]:
    """Give the silence before the burst of a stop to the stop."""
    frame = round(_CLOSURE_FRAME_S * rate_hz)
    count = len(samples) // frame
    level = np.sqrt(np.mean(samples[: count * frame].reshape(count, frame) ** 2, axis=1))
    reach = round(_LONGEST_CLOSURE_S / _CLOSURE_FRAME_S)
    for index in range(1, len(phones)):
        phone, before = phones[index], phones[index - 1]
        if phone.symbol not in STOP:
            continue
        burst = min(count, int(phone.start_s * rate_hz) // frame)
        # Never more than half of a sound: the closure of a stop does not swallow its neighbour.
        lowest_s = before.start_s + (0 if before.symbol == SILENCE else (before.end_s - before.start_s) / 2)
        first = max(burst - reach, int(np.ceil(lowest_s * rate_hz / frame)), 0)
        nearby = level[max(0, burst - 3 * reach) : burst + 3 * reach]
        quiet_below = _CLOSURE_LEVEL * float(nearby.max(initial=0.0))
        shut = burst
        while shut > first and level[shut - 1] <= quiet_below:
            shut -= 1
        if shut < burst:
            start_s = shut * frame / rate_hz
            phones[index - 1] = replace(before, end_s=start_s)
            phones[index] = replace(phone, start_s=start_s)
    return tuple(phones)


def words_of_speech(speech: EspeakSpeech, text: str) -> tuple[SpokenWord, ...]:
    """The words of what the library said, each until the next begins or a pause."""
    rate_hz = speech.sample_rate_hz
    pauses = [mark.sample for mark in speech.phonemes if not mark.ipa]
    starts = [mark.sample for mark in speech.words] + [len(speech.samples)]
    words: list[SpokenWord] = []
    for mark, next_start in zip(speech.words, starts[1:], strict=True):
        end = min([pause for pause in pauses if mark.sample < pause < next_start], default=next_start)
        written = text[mark.first : mark.first + mark.length].strip()
        if written and end > mark.sample:
            words.append(SpokenWord(text=written, start_s=mark.sample / rate_hz, end_s=end / rate_hz))
    return tuple(words)
