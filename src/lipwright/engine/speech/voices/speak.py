"""From text to speech: which voices there are, and speaking with one of them.

Each kind of voices is a module or a folder beside this one.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from lipwright.engine.errors import UnknownVoice, VoiceUnavailable
from lipwright.engine.speech.phones import fill_timeline, shift_phones
from lipwright.engine.speech.values import Phone, SpokenText, SpokenWord
from lipwright.engine.speech.voices.catalogue import SpokenPart, TtsVoice, VoiceKind
from lipwright.engine.speech.voices.embedded import EmbeddedVoices
from lipwright.engine.speech.voices.folder import voices_path
from lipwright.engine.speech.voices.kokoro import KokoroVoices
from lipwright.engine.speech.voices.manner import SpeakingManner
from lipwright.engine.speech.voices.natural.kind import NaturalVoices
from lipwright.engine.speech.voices.piper import PiperVoices
from lipwright.engine.speech.words.acted_text import ActedText
from lipwright.engine.speech.words.text import prepare_text

# Who speaks English when nobody was named.
DEFAULT_VOICE = "en-us-heart"

# How many near names an unknown one is answered with.
_NEAR_NAMES = 4


def list_voices() -> tuple[TtsVoice, ...]:
    """Every voice, the natural ones first, also those that lack something here."""
    return tuple(voice for kind in _kinds() for voice in kind.list_voices())


def find_voice(name: str) -> TtsVoice:
    """The voice of that name; letter case and surrounding space do not count.

    A natural voice may be named without its language: `heart`. A language alone, such as `de`, means its
    first available voice. Raises UnknownVoice.
    """
    return _find(name)[0]


def speak(text: str | ActedText, voice_name: str, manner: SpeakingManner | None = None) -> SpokenText:
    """Speak a text, at most `text.LONGEST_TEXT_CHARS` characters.

    Plain text is read as it stands, markup included; one that was taken apart is stressed and paused in.
    Raises UnknownVoice, VoiceUnavailable, TextTooLong, and BadParameters for a text without words or in a
    script that the voice cannot read.
    """
    return joined_speech([part.speech for part in speak_parts(text, voice_name, manner)])


def speak_parts(
    text: str | ActedText, voice_name: str, manner: SpeakingManner | None = None
) -> Iterator[SpokenPart]:
    """Speak a text part by part, each as soon as it is asked for; raises as `speak`."""
    acted, voice, kind = _prepare(text, voice_name)
    yield from kind.speak(acted, voice, manner or SpeakingManner())


def joined_speech(parts: Sequence[SpokenText]) -> SpokenText:
    """Parts of one speech, one after the other. There is at least one."""
    phones: list[Phone] = []
    words: list[SpokenWord] = []
    now_s = 0.0
    for part in parts:
        phones += shift_phones(part.phones.phones, now_s)
        words += [
            replace(word, start_s=word.start_s + now_s, end_s=word.end_s + now_s) for word in part.words
        ]
        now_s += part.duration_s
    return SpokenText(
        samples=np.concatenate([part.samples for part in parts]),
        sample_rate_hz=parts[0].sample_rate_hz,
        phones=fill_timeline(phones, now_s, min(part.phones.confidence for part in parts)),
        words=tuple(words),
    )


def check_line(text: str | ActedText, voice_name: str) -> None:
    """Check a text and a voice without speaking. Raises as `speak`, but for a script that cannot be read."""
    _prepare(text, voice_name)


def _prepare(text: str | ActedText, voice_name: str) -> tuple[ActedText, TtsVoice, VoiceKind]:
    voice, kind = _find(voice_name)
    acted = ActedText(spoken=prepare_text(text)) if isinstance(text, str) else text
    prepare_text(acted.spoken)
    if not voice.is_available:
        raise VoiceUnavailable(f"The voice {voice.name} is not installed here. It needs {voice.needs}.")
    return acted, voice, kind


def _kinds() -> tuple[VoiceKind, ...]:
    folder = voices_path()
    return (NaturalVoices(folder), EmbeddedVoices(), KokoroVoices(folder), PiperVoices(folder))


def _find(name: str) -> tuple[TtsVoice, VoiceKind]:
    wanted = name.strip().casefold()
    known = [(voice, kind) for kind in _kinds() for voice in kind.list_voices()]
    for voice, kind in known:
        short = voice.name.removeprefix(f"{voice.language}-") if voice.is_natural else voice.name
        if wanted in (voice.name.casefold(), short.casefold()):
            return voice, kind
    of_language = [entry for entry in known if entry[0].language.casefold() == wanted] or [
        entry for entry in known if entry[0].language.split("-")[0].casefold() == wanted
    ]
    if of_language:
        return next((entry for entry in of_language if entry[0].is_available), of_language[0])
    names = [voice.name for voice, _ in known]
    near = difflib.get_close_matches(wanted[:64], names, n=_NEAR_NAMES, cutoff=0.4)
    hint = f"Did you mean {', '.join(near)}?" if near else "`lipwright voices` lists them."
    raise UnknownVoice(f"There is no voice {name[:64]!r}. {hint}")
