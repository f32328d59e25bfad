"""From the voice names of requests to voices that we have."""

from __future__ import annotations

import tomllib
from importlib import resources

from pydantic import BaseModel, ConfigDict, ValidationError

from lipwright.engine import UnknownVoice, find_voice
from lipwright.server.errors import BadSettings
from lipwright.server.settings import Settings

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
            return find_voice(name).name
        except UnknownVoice:
            return self.default


def load_voice_names(settings: Settings) -> VoiceNames:
    """The operator's table where there is one, else the built-in one. Raises BadSettings."""
    own = settings.voices_file or settings.home / FILE_NAME
    try:
        if settings.voices_file is None and not own.exists():
            text = resources.files(__package__).joinpath(FILE_NAME).read_text("utf-8")
        else:
            text = own.read_text("utf-8")
        return VoiceNames.model_validate(tomllib.loads(text))
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise BadSettings(f"{own} cannot be used: {error}.") from None
