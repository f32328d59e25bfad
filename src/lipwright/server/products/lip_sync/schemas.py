"""Body of the lip sync call, in every generation of the Magic Hour API."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lipwright.server.products.texts import MAX_TEXT_CHARACTERS
from lipwright.server.request_body import AssetPath, FilledText, Name, RequestBody, Text, WholeNumber

# The words of the Magic Hour API; a test holds them to the engine's.
LipSyncModeWord = Literal["lite", "standard", "pro"]


class SyncAssets(RequestBody):
    """The video and the sound."""

    video_source: Literal["file", "youtube"] = Field(description="Which of the next two is read.")
    video_file_path: Text | None = Field(None, max_length=4000)
    youtube_url: Text | None = Field(None, max_length=4000, json_schema_extra={"format": "uri"})
    audio_file_path: AssetPath


class SyncStyle(RequestBody):
    """How well it is done."""

    generation_mode: LipSyncModeWord | None = Field(None, description="Default lite.")


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
