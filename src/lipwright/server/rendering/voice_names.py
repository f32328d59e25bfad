"""From the voice names of requests to voices that we have."""

from __future__ import annotations

import tomllib
from importlib import resources

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, ValidationError

from lipwright import engine
from lipwright.server.database.installation_files import read_file
from lipwright.server.errors import BadSettings

FILE_NAME = "voices.toml"


class VoiceNames(BaseModel):
    """The table of names; the default speaks for all others."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    default: str
    names: dict[str, str] = {}

    def voice_for(self, name: str | None) -> str:
        """The name of the voice of ours that speaks for a name."""
        if name is None or not name.strip():
            return self.default
        if name in self.names:
            return self.names[name]
        try:
            return engine.find_voice(name).name
        except engine.UnknownVoice:
            return self.default


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
