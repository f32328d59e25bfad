"""Bodies of the speech calls."""

from __future__ import annotations

from pydantic import BaseModel, Field

from lipwright.server.request_body import FilledText, Name, RequestBody


class SpeechStyle(RequestBody):
    """What is said and who says it."""

    prompt: FilledText = Field(max_length=1000)
    voice_name: FilledText = Field(
        description="Any name; those that are not ours are spoken by a neutral voice."
    )


class SpeechRequest(RequestBody):
    """A text to be spoken."""

    name: Name | None = None
    style: SpeechStyle


class SpeechAnswer(BaseModel):
    """A text was accepted."""

    id: str
    credits_charged: int
