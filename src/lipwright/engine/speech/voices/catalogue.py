"""What a voice is, and what every kind of voice must be able to do.

There is one module for each kind of voices; `speak.py` chooses among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from lipwright.engine.speech.values import SpokenText
from lipwright.engine.speech.words.acted_text import ActedText


class Gender(StrEnum):
    """How a voice sounds."""

    FEMALE = "female"
    MALE = "male"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True, kw_only=True)
class TtsVoice:
    """One voice that can be asked for by name.

    name: stable, lower case, begins with the language: `en-us-female`.
    language: a tag such as `en-us`. description: one line for people.
    needs: what must be present for it, in words. is_available: whether it is.
    """

    name: str
    language: str
    gender: Gender
    description: str
    needs: str
    is_available: bool


class VoiceKind(Protocol):
    """A kind of voices, such as the embedded ones or those of a neural network."""

    def list_voices(self) -> tuple[TtsVoice, ...]:
        """All voices of this kind, also those whose parts are missing."""

    def speak(self, text: ActedText, voice: TtsVoice) -> SpokenText:
        """Speak a text, stress what it stresses where the voice can, and pause longer before a paragraph.

        Raises VoiceUnavailable when parts are missing, BadParameters when nothing of the text can be said,
        TextTooLong when the speech would not end in reasonable time.
        """
