"""From text to speech: which voices there are, and speaking with one of them.

Each kind of voices is a module beside this one.
"""

from __future__ import annotations

import difflib
import os
from pathlib import Path

from lipwright.engine.errors import UnknownVoice, VoiceUnavailable
from lipwright.engine.speech.values import SpokenText
from lipwright.engine.speech.voices.catalogue import TtsVoice, VoiceKind
from lipwright.engine.speech.voices.embedded import EmbeddedVoices
from lipwright.engine.speech.voices.kokoro import KokoroVoices
from lipwright.engine.speech.voices.piper import PiperVoices
from lipwright.engine.speech.words.acted_text import ActedText
from lipwright.engine.speech.words.text import prepare_text

# Names the folder of neural voices; without it there are only the embedded ones.
VOICES_PATH_VARIABLE = "LIPWRIGHT_VOICES_DIR"

# How many near names an unknown one is answered with.
_NEAR_NAMES = 4


def list_voices() -> tuple[TtsVoice, ...]:
    """Every voice, the embedded ones first, also those that lack something here."""
    return tuple(voice for kind in _kinds() for voice in kind.list_voices())


def find_voice(name: str) -> TtsVoice:
    """The voice of that name; letter case and surrounding space do not count.

    A language alone, such as `de`, means its first available voice. Raises UnknownVoice.
    """
    return _find(name)[0]


def speak(text: str | ActedText, voice_name: str) -> SpokenText:
    """Speak a text, at most `text.LONGEST_TEXT_CHARS` characters.

    Plain text is read as it stands, markup included; one that was taken apart is stressed and paused in.
    Raises UnknownVoice, VoiceUnavailable, TextTooLong, and BadParameters for a text without words or in a
    script that the voice cannot read.
    """
    acted, voice, kind = _prepare(text, voice_name)
    return kind.speak(acted, voice)


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
    named = os.environ.get(VOICES_PATH_VARIABLE, "")
    if not named:
        return (EmbeddedVoices(),)
    folder = Path(named)
    return (EmbeddedVoices(), KokoroVoices(folder), PiperVoices(folder))


def _find(name: str) -> tuple[TtsVoice, VoiceKind]:
    wanted = name.strip().casefold()
    known = [(voice, kind) for kind in _kinds() for voice in kind.list_voices()]
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
