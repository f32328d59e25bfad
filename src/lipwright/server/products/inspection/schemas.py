"""Bodies of the calls that look before anything is ordered. All of them are ours."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from lipwright.server.request_body import AssetPath, FilledText, RequestBody

MAX_SAMPLE_CHARACTERS = 200


class FaceBoxesRequest(RequestBody):
    """A picture, or a moment of a video."""

    file_path: AssetPath
    time_seconds: float | None = Field(None, ge=0, description="Of a video; default its beginning.")


class FaceBox(BaseModel):
    """A face."""

    face: int = Field(description="Its number, for `style.face`: the larger first.")
    box: list[float] = Field(description="Left, top, right, bottom, as shares of width and height.")
    score: float = Field(description="How sure it is a face, 0 to 1.")
    face_height_px: float
    yaw_degrees: float = Field(description="Positive: it looks to the viewer's right.")
    usable: bool = Field(description="Whether it can be made to speak.")
    code: str | None = Field(description="Why not, as a code.")
    reason: str | None = Field(description="Why not, in a sentence.")


class FaceBoxes(BaseModel):
    """Who is in a picture."""

    width: int
    height: int
    faces: list[FaceBox]
    reason: str | None = Field(description="Why nobody in it can speak; null where somebody can.")


class FileInfoRequest(RequestBody):
    """A file."""

    file_path: AssetPath


class StripPicture(BaseModel):
    """A moment of a video."""

    time_seconds: float
    url: str = Field(description="A `data:` address.")


class FileInfo(BaseModel):
    """What a file holds."""

    kind: Literal["image", "video", "audio"]
    width: int | None
    height: int | None
    duration_seconds: float | None
    frame_rate: float | None
    has_audio: bool
    size_bytes: int
    url: str = Field(description="Where the file itself can be had, for a while.")
    poster_url: str | None = Field(description="A `data:` address.")
    strip: list[StripPicture] = Field(description="Up to 24 moments of a video, in their order.")


class VoiceAnswer(BaseModel):
    """A voice that can speak a text."""

    id: str
    name: str
    language: str
    sex: Literal["female", "male", "neutral"]
    kind: Literal["natural", "neural", "embedded"]
    available: bool
    needs: str | None = Field(description="What is missing for it.")


class VoiceList(BaseModel):
    """All voices; those that can speak here first."""

    items: list[VoiceAnswer]


class VoiceSampleRequest(RequestBody):
    """A short text to be heard."""

    text: FilledText = Field(max_length=MAX_SAMPLE_CHARACTERS)
    voice: FilledText = Field(max_length=100)


class PromptWordAnswer(BaseModel):
    """A word that a prompt may use."""

    word: str
    group: str
    also: list[str] = Field(description="Other ways to say it.")
    sentence: str


class PromptWordList(BaseModel):
    """All words, group by group."""

    items: list[PromptWordAnswer]
