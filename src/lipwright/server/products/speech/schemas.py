"""Bodies of the speech calls."""

from __future__ import annotations

from pydantic import BaseModel, Field

from lipwright.server.request_body import FilledText, Name, RequestBody, absent, natural_pace


class SpeechStyle(RequestBody):
    """What is said and who says it."""

    prompt: FilledText = Field(max_length=1000)
    voice_name: FilledText = Field(
        description="Any name; one that is not ours is spoken by one of ours, as the table of names says."
    )
    rate: float = Field(
        default=1.0,
        ge=0.5,
        le=2.0,
        exclude_if=natural_pace,
        description="Ours: the pace; 1 is the voice's own.",
    )
    language: str | None = Field(
        default=None,
        max_length=35,
        exclude_if=absent,
        description="Ours: a code such as `de`; absent: heard from the words.",
    )


class SpeechRequest(RequestBody):
    """A text to be spoken."""

    name: Name | None = None
    style: SpeechStyle


class SpeechAnswer(BaseModel):
    """A text was accepted."""

    id: str
    credits_charged: int
