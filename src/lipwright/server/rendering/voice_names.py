"""From the voice names of requests to voices that we have."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, ValidationError

from lipwright import engine
from lipwright.server.database.installation_files import read_file
from lipwright.server.errors import BadSettings

FILE_NAME = "voices.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedVoice:
    """The voice of ours that speaks for a name; None lets the text's language decide.

    notes: sentences about what may surprise, such as another voice than the table names.
    """

    voice: str | None
    notes: tuple[str, ...] = ()


class VoiceNames(BaseModel):
    """The table of names.

    default: speaks for all that stand nowhere; empty lets the text's language decide. women, men: names that
    people know; female_voices, male_voices: the first of these that is installed speaks for them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    default: str = ""
    names: dict[str, str] = {}
    female_voices: tuple[str, ...] = ()
    male_voices: tuple[str, ...] = ()
    women: tuple[str, ...] = ()
    men: tuple[str, ...] = ()

    def find(self, name: str | None) -> NamedVoice:
        """Who speaks for a name."""
        if name is None or not name.strip():
            return self._default()
        wanted = name.strip()
        if wanted in self.names:
            return _installed(self.names[wanted], wanted)
        for voices, known in ((self.female_voices, self.women), (self.male_voices, self.men)):
            if voices and wanted.casefold() in {each.casefold() for each in known}:
                return _first_installed(voices, wanted)
        try:
            return NamedVoice(voice=engine.find_voice(wanted).name)
        except engine.UnknownVoice:
            chosen = self._default()
            who = chosen.voice or "a voice of the text's language"
            return NamedVoice(
                voice=chosen.voice, notes=(f"There is no voice {wanted[:64]!r}; {who} speaks for it.",)
            )

    def voice_for(self, name: str | None) -> str | None:
        """The name of the voice of ours that speaks for a name; None lets the text's language decide."""
        return self.find(name).voice

    def _default(self) -> NamedVoice:
        return _installed(self.default, "the default") if self.default else NamedVoice(voice=None)


def _first_installed(voices: tuple[str, ...], name: str) -> NamedVoice:
    """The first of some voices that is there; the nearest to the first one where none is."""
    for voice in voices:
        try:
            if engine.find_voice(voice).is_available:
                return NamedVoice(voice=voice)
        except engine.UnknownVoice:
            continue
    return _installed(voices[0], name)


def _installed(voice: str, name: str) -> NamedVoice:
    """A voice, or where it is not installed the nearest one of the same sex, with a word."""
    try:
        wanted = engine.find_voice(voice)
    except engine.UnknownVoice:
        return NamedVoice(voice=voice)  # speaking says what is wrong with the table
    if wanted.is_available:
        return NamedVoice(voice=wanted.name)
    near = [
        other for other in engine.list_voices() if other.is_available and _family(other) == _family(wanted)
    ]
    near.sort(
        key=lambda other: (
            other.gender != wanted.gender,
            other.is_natural != wanted.is_natural,
            other.language != wanted.language,
        )
    )
    if not near:
        return NamedVoice(voice=wanted.name)
    missing = f"The voice {wanted.name}, which speaks for {name}, is not installed; {near[0].name} speaks."
    return NamedVoice(voice=near[0].name, notes=(missing,))


def _family(voice: engine.TtsVoice) -> str:
    return voice.language.split("-")[0]


def built_in_text() -> str:
    """The table that counts where the operator has given none."""
    return resources.files("lipwright.server.rendering").joinpath(FILE_NAME).read_text("utf-8")


def parse_voice_names(text: str, where: str) -> VoiceNames:
    """The table that a text holds. where: names it in the error. Raises BadSettings."""
    try:
        return VoiceNames.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise BadSettings(f"{where} cannot be used: {error}.") from None


def load_voice_names(connection: sa.Connection) -> VoiceNames:
    """The table of the installation. Raises BadSettings."""
    text = read_file(connection, FILE_NAME) or built_in_text()
    return parse_voice_names(text, f"{FILE_NAME} of the installation")
