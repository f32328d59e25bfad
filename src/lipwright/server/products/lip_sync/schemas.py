"""Body of the lip sync call, in every generation of the Magic Hour API."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from lipwright.engine import MAX_LABEL_CHARACTERS
from lipwright.server.products.scales import FaceNumber, Scale, Seed
from lipwright.server.products.texts import MAX_TEXT_CHARACTERS
from lipwright.server.request_body import (
    AssetPath,
    Demanded,
    FilledText,
    Name,
    RequestBody,
    Text,
    WholeNumber,
    absent,
    demanding,
)

# The words of the Magic Hour API; a test holds them to the engine's.
LipSyncModeWord = Literal["lite", "standard", "pro"]


# More people than this are a crowd; the engine follows no more.
MOST_VOICES = 8
# Decibels at which a sound that goes on under a voice is not heard any more, or drowns it.
QUIETEST_DB, LOUDEST_DB = -60.0, 20.0


class PersonVoiceRow(RequestBody):
    """Ours: what one person of the video says, a sound or a text."""

    face: FaceNumber = Field(description="Number of the person, in order of appearance, from 0.")
    audio_file_path: AssetPath | None = None
    text: FilledText | None = Field(None, max_length=MAX_TEXT_CHARACTERS)
    voice: Name | None = Field(None, description="Who speaks the text.")

    @model_validator(mode="after")
    def _one_of_both(self) -> PersonVoiceRow:
        if (self.audio_file_path is None) == (self.text is None):
            raise ValueError("expected either audio_file_path or text")
        return self


class SyncAssets(RequestBody):
    """The video and the sound, or (ours) a text and a voice, or a voice for each person."""

    video_source: Literal["file", "youtube"] = Field(description="Which of the next two is read.")
    video_file_path: Text | None = Field(None, max_length=4000)
    youtube_url: Text | None = Field(None, max_length=4000, json_schema_extra={"format": "uri"})
    audio_file_path: Annotated[AssetPath | None, Demanded] = Field(
        None, description="Required unless `text` or `voices` is given."
    )
    text: FilledText | None = Field(
        None,
        max_length=MAX_TEXT_CHARACTERS,
        exclude_if=absent,
        description="Ours: words to be spoken in place of a sound.",
    )
    voice: Name | None = Field(None, exclude_if=absent, description="Ours: who speaks the text.")
    voices: list[PersonVoiceRow] | None = Field(
        None,
        min_length=1,
        max_length=MOST_VOICES,
        exclude_if=absent,
        description="Ours: what each of several people says, in place of `audio_file_path` and `text`.",
    )

    @model_validator(mode="before")
    @classmethod
    def _something_is_heard(cls, assets: Any) -> object:
        if isinstance(assets, dict) and any(assets.get(name) is not None for name in ("text", "voices")):
            return assets
        return demanding(assets, ("audio_file_path",))

    @model_validator(mode="after")
    def _one_way_to_speak(self) -> SyncAssets:
        given = [one for one in (self.audio_file_path, self.text, self.voices) if one is not None]
        if len(given) > 1:
            raise ValueError("expected one of audio_file_path, text and voices")
        if self.voices is not None and len({row.face for row in self.voices}) < len(self.voices):
            raise ValueError("expected one voice for each face")
        return self


class SyncStyle(RequestBody):
    """How well it is done."""

    generation_mode: LipSyncModeWord | None = Field(None, description="Default lite.")
    face: FaceNumber | Literal["largest", "speaking", "all"] | None = Field(
        None,
        exclude_if=absent,
        description="Ours: whose mouth; a number counts in order of appearance. Default largest.",
    )
    mouth: Scale = Field(None, exclude_if=absent, description="Ours: how far the mouth moves; 1 is natural.")
    loop: bool | None = Field(
        None,
        exclude_if=absent,
        description="Ours: play the video to and fro until a longer sound ends, in place of cutting it.",
    )
    keep_sound_db: float | None = Field(
        None,
        ge=QUIETEST_DB,
        le=LOUDEST_DB,
        exclude_if=absent,
        description="Ours: keep the video's own sound under the new one, louder by this, e.g. -12.",
    )
    seed: Seed = Field(
        None, exclude_if=absent, description="Ours: the same order with the same seed gives the same frames."
    )


class LipSyncRequest(RequestBody):
    """A lip sync."""

    name: Name | None = None
    start_seconds: float = Field(ge=0, description="In the video.")
    end_seconds: float = Field(ge=0.1, description="In the video.")
    max_fps_limit: float | None = Field(None, ge=1)
    assets: SyncAssets
    style: SyncStyle | None = None
    height: WholeNumber | None = Field(
        None, description="Without effect.", json_schema_extra={"deprecated": True}
    )
    width: WholeNumber | None = Field(
        None, description="Without effect.", json_schema_extra={"deprecated": True}
    )
    transcript: FilledText | None = Field(
        None, max_length=MAX_TEXT_CHARACTERS, description="Ours: the words of the sound; makes lips exact."
    )
    label: FilledText | None = Field(
        None,
        exclude_if=absent,
        max_length=MAX_LABEL_CHARACTERS,
        description="Ours: words in a corner of the video. A plan that has a label keeps its own.",
    )
