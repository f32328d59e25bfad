"""What a voice is, and what every kind of voice must be able to do.

There is one module for each kind of voices; `speak.py` chooses among them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from lipwright.engine.speech.values import SpokenText
from lipwright.engine.speech.voices.manner import SpeakingManner
from lipwright.engine.speech.words.acted_text import ActedText


class Gender(StrEnum):
    """How a voice sounds."""

    FEMALE = "female"
    MALE = "male"
    NEUTRAL = "neutral"


class VoiceFamily(StrEnum):
    """How a voice is made: the natural ones of the package, other neural ones, or eSpeak NG's."""

    NATURAL = "natural"
    NEURAL = "neural"
    EMBEDDED = "embedded"


@dataclass(frozen=True, slots=True, kw_only=True)
class TtsVoice:
    """One voice that can be asked for by name.

    name: stable, lower case, begins with the language: `en-us-female`.
    language: a tag such as `en-us`. description: one line for people.
    needs: what must be present for it, in words. is_available: whether it is.
    family: how it is made. accent: of its language, in words; empty where there is but
    one. licence: of the voice itself, as an SPDX expression; empty where the owner of its files knows it.
    download_bytes: the size of what `lipwright voices install` fetches; None where it fetches nothing.
    """

    name: str
    language: str
    gender: Gender
    description: str
    needs: str
    is_available: bool
    family: VoiceFamily = VoiceFamily.EMBEDDED
    accent: str = ""
    licence: str = ""
    download_bytes: int | None = None

    @property
    def is_natural(self) -> bool:
        """Whether it sounds like a person."""
        return self.family is not VoiceFamily.EMBEDDED


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenPart:
    """A part of a speech, with times from its own start.

    characters: how many characters of the text are said with it.
    """

    speech: SpokenText
    characters: int


class VoiceKind(Protocol):
    """A kind of voices, such as the embedded ones or those of a neural network."""

    def list_voices(self) -> tuple[TtsVoice, ...]:
        """All voices of this kind, also those whose parts are missing."""

    def speak(self, text: ActedText, voice: TtsVoice, manner: SpeakingManner) -> Iterator[SpokenPart]:
        """Speak a text part by part: stress what it stresses where the voice can, pause longer before a
        paragraph.

        Raises VoiceUnavailable when parts are missing, BadParameters when nothing of the text can be said,
        TextTooLong when the speech would not end in reasonable time.
        """
