"""What a voice is, and what every kind of voice must be able to do.

Voices live in `voices/`, one module for each kind; `speak.py` chooses among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from lipwright.engine.speech.values import SpokenText

# Rates of speaking that every voice takes, as a factor on its own natural rate. Below, vowels are drawn
# out like a stuck tape; above, the lips would have to close and open faster than real ones can.
SLOWEST_RATE = 0.5
FASTEST_RATE = 2.0


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

    def speak(self, text: str, voice: TtsVoice, rate: float) -> SpokenText:
        """Speak a text that was prepared by `text.prepare_text`.

        rate: SLOWEST_RATE to FASTEST_RATE, 1 is natural.
        Raises VoiceUnavailable when parts are missing, BadParameters when nothing of the text can be said,
        TextTooLong when the speech would not end in reasonable time.
        """
