"""Who speaks a text: the voice that was named, or one of the text's language."""

from __future__ import annotations

from dataclasses import dataclass

from lipwright.engine.errors import BadParameters, VoiceUnavailable
from lipwright.engine.speech.espeak.languages import find_language
from lipwright.engine.speech.espeak.library import ESPEAK_NEEDS
from lipwright.engine.speech.voices.catalogue import TtsVoice
from lipwright.engine.speech.voices.speak import DEFAULT_VOICE, find_voice, list_voices
from lipwright.engine.speech.words.acted_text import ActedText
from lipwright.engine.speech.words.guess_language import guess_language


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenVoice:
    """A voice for a text. notes: sentences about what may surprise in the choice."""

    voice: TtsVoice
    notes: tuple[str, ...] = ()


def choose_voice(text: ActedText, voice_name: str | None, language: str | None) -> ChosenVoice:
    """The voice that speaks a text. language: a tag such as `de`; None hears it from the words.

    Raises UnknownVoice, VoiceUnavailable where nothing here speaks the language, and BadParameters for a
    language that no voice has, or that is not the voice's.
    """
    if voice_name is not None:
        return _named(text, voice_name, language)
    if language is not None:
        return ChosenVoice(voice=_voice_of(_known_tag(language)))
    guess = guess_language(text.spoken)
    if guess.tag == "en":
        return ChosenVoice(voice=find_voice(DEFAULT_VOICE))
    words = _words(guess.tag)
    voice = _available(guess.tag)
    if voice is not None:
        note = (
            f"The text was taken for {words} and is spoken by {voice.name}. If it is not, name its language."
        )
        return ChosenVoice(voice=voice, notes=(note,))
    if guess.is_sure:
        raise VoiceUnavailable(
            f"The text seems to be {words}, which no voice here speaks. It needs {ESPEAK_NEEDS}; "
            "if the text is English, say so: language `en`."
        )
    note = f"The text may be {words}; it is spoken as English, since no other voice is installed here."
    return ChosenVoice(voice=find_voice(DEFAULT_VOICE), notes=(note,))


def _named(text: ActedText, voice_name: str, language: str | None) -> ChosenVoice:
    voice = find_voice(voice_name)
    family = _family(voice.language)
    notes: list[str] = []
    if language is not None:
        wanted = _known_tag(language)
        if _family(wanted) != family:
            raise BadParameters(
                f"The voice {voice.name} speaks {_words(voice.language)}, not {_words(wanted)}. "
                "Leave out the voice, or name one of that language; `lipwright voices` lists them."
            )
    elif voice.is_natural and family == "en":
        guess = guess_language(text.spoken)
        if guess.is_sure and guess.tag != "en":
            notes.append(
                f"The text seems to be {_words(guess.tag)}, and {voice.name} reads it as English. "
                "Leave out the voice, or name one of that language."
            )
    if text.pronunciations and not _takes_pronunciations(voice):
        notes.append(
            f"The voice {voice.name} takes no pronunciations; the words are read as they are written."
        )
    return ChosenVoice(voice=voice, notes=tuple(notes))


def _takes_pronunciations(voice: TtsVoice) -> bool:
    return voice.is_natural and ":" not in voice.name


def _voice_of(tag: str) -> TtsVoice:
    """The first voice of a language that is here. Raises VoiceUnavailable."""
    voice = _available(tag)
    if voice is None:
        raise VoiceUnavailable(f"No voice here speaks {_words(tag)}. It needs {ESPEAK_NEEDS}.")
    return voice


def _available(tag: str) -> TtsVoice | None:
    """The first voice of a language's variety that is here, else of its family; natural ones first."""
    here = sorted(
        (voice for voice in list_voices() if voice.is_available), key=lambda voice: not voice.is_natural
    )
    exact = [voice for voice in here if voice.language == tag]
    alike = [voice for voice in here if _family(voice.language) == _family(tag)]
    return next(iter([*exact, *alike]), None)


def _known_tag(language: str) -> str:
    wanted = language.strip().lower().replace("_", "-")
    if wanted == "en":
        return find_voice(DEFAULT_VOICE).language
    entry = find_language(wanted)
    if entry is None:
        raise BadParameters(f"No voice speaks the language {language[:32]!r}. `lipwright voices` lists them.")
    return entry.tag


def _words(tag: str) -> str:
    entry = find_language(tag)
    return tag if entry is None else entry.words.split(" (")[0]


def _family(tag: str) -> str:
    return tag.split("-")[0]
