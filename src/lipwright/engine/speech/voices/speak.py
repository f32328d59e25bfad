"""From text to speech: which voices there are, and speaking with one of them.

Knows nothing of how a voice works; each kind of them is a module of `voices/`.
"""

from __future__ import annotations

import difflib
import os
from pathlib import Path

from lipwright.engine.errors import BadParameters, UnknownVoice, VoiceUnavailable
from lipwright.engine.speech.values import SpokenText
from lipwright.engine.speech.voices.catalogue import FASTEST_RATE, SLOWEST_RATE, TtsVoice, VoiceKind
from lipwright.engine.speech.voices.embedded import EmbeddedVoices
from lipwright.engine.speech.voices.kokoro import KokoroVoices
from lipwright.engine.speech.voices.piper import PiperVoices
from lipwright.engine.speech.words.text import prepare_text

# Names the folder of neural voices.
VOICES_PATH_VARIABLE = "LIPWRIGHT_VOICES_DIR"

# How many near names an unknown one is answered with.
_NEAR_NAMES = 4


def list_voices(voices_path: Path | None = None) -> tuple[TtsVoice, ...]:
    """Every voice, the embedded ones first, also those that lack something here.

    voices_path: the folder of neural voices; LIPWRIGHT_VOICES_DIR when absent.
    """
    return tuple(voice for kind in _kinds(voices_path) for voice in kind.list_voices())


def find_voice(name: str, voices_path: Path | None = None) -> TtsVoice:
    """The voice of that name; letter case and surrounding space do not count.

    A language alone, such as `de`, means its first available voice. Raises UnknownVoice.
    """
    return _find(name, _kinds(voices_path))[0]


def speak(text: str, voice_name: str, rate: float = 1.0, voices_path: Path | None = None) -> SpokenText:
    """Speak a text, at most `text.LONGEST_TEXT_CHARS` characters; markup in it is read as text.

    rate: SLOWEST_RATE to FASTEST_RATE, 1 is the voice's natural one.
    Raises UnknownVoice, VoiceUnavailable, TextTooLong, and BadParameters for a rate out of range, a text
    without words or in a script that the voice cannot read.
    """
    if not SLOWEST_RATE <= rate <= FASTEST_RATE:
        raise BadParameters(f"The rate of speech is {rate:g}; choose {SLOWEST_RATE:g} to {FASTEST_RATE:g}.")
    clean, voice, kind = _prepare(text, voice_name, voices_path)
    return kind.speak(clean, voice, rate)


def check_line(text: str, voice_name: str, voices_path: Path | None = None) -> None:
    """Raise what speak raises of a text and a voice that do not go, without speaking.

    A script that the voice cannot read shows only when it speaks.
    """
    _prepare(text, voice_name, voices_path)


def _prepare(text: str, voice_name: str, voices_path: Path | None) -> tuple[str, TtsVoice, VoiceKind]:
    voice, kind = _find(voice_name, _kinds(voices_path))
    clean = prepare_text(text)
    if not voice.is_available:
        raise VoiceUnavailable(f"The voice {voice.name} is not installed here. It needs {voice.needs}.")
    return clean, voice, kind


def _kinds(voices_path: Path | None) -> tuple[VoiceKind, ...]:
    named = os.environ.get(VOICES_PATH_VARIABLE, "")
    folder = voices_path or (Path(named) if named else None)
    if folder is None:
        return (EmbeddedVoices(),)
    return (EmbeddedVoices(), KokoroVoices(folder), PiperVoices(folder))


def _find(name: str, kinds: tuple[VoiceKind, ...]) -> tuple[TtsVoice, VoiceKind]:
    wanted = name.strip().casefold()
    known = [(voice, kind) for kind in kinds for voice in kind.list_voices()]
    for voice, kind in known:
        if voice.name.casefold() == wanted:
            return voice, kind
    of_language = [entry for entry in known if entry[0].language.casefold() == wanted]
    if of_language:
        return next((entry for entry in of_language if entry[0].is_available), of_language[0])
    names = [voice.name for voice, _ in known]
    near = difflib.get_close_matches(wanted[:64], names, n=_NEAR_NAMES, cutoff=0.4)
    hint = f"Did you mean {', '.join(near)}?" if near else "`lipwright voices` lists them."
    raise UnknownVoice(f"There is no voice {name[:64]!r}. {hint}")
