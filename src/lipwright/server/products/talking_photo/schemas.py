"""Body of the talking photo call, in every generation of the Magic Hour API."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from lipwright.engine import MAX_CUE_CHARACTERS, MAX_CUES, MAX_INTENSITY, MAX_LABEL_CHARACTERS, MIN_INTENSITY
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
    natural_pace,
)

# The words of the Magic Hour API, older ones included; a test holds them to the engine's.
PhotoModeWord = Literal["realistic", "prompted", "pro", "standard", "stable", "expressive"]
# 0.1 + 0.2 is not quite 0.3: steps are compared with a tolerance far below one step.
INTENSITY_STEP = 0.01
STEP_TOLERANCE = 1e-6


class PhotoAssets(RequestBody):
    """The picture, and a sound or (ours) a text and a voice, or a video that gives sound and motion."""

    image_file_path: AssetPath
    audio_file_path: Annotated[AssetPath | None, Demanded] = Field(
        None, description="Required unless `text` or `performance_file_path` is given."
    )
    text: FilledText | None = Field(
        None, max_length=MAX_TEXT_CHARACTERS, description="Ours: words to be spoken in place of a sound."
    )
    voice: Name | None = Field(None, description="Ours: who speaks the text.")
    rate: float = Field(
        1.0,
        ge=0.5,
        le=2.0,
        exclude_if=natural_pace,
        description="Ours: the pace of the text; 1 is the voice's own.",
    )
    motion_file_path: AssetPath | None = Field(
        None,
        exclude_if=absent,
        description="Ours: a video of a person whom head, brows, blinks, eyes and smile of the picture "
        "follow, to and fro where the sound is longer. The mouth follows the sound.",
    )
    motion_start_seconds: float | None = Field(
        None,
        ge=0,
        exclude_if=absent,
        description="Ours: the second of `motion_file_path` at which the motion begins; default 0.",
    )
    motion_end_seconds: float | None = Field(
        None,
        gt=0,
        exclude_if=absent,
        description="Ours: the second of `motion_file_path` at which the motion ends; default its end.",
    )
    performance_file_path: AssetPath | None = Field(
        None,
        exclude_if=absent,
        description="Ours: a video of a person that gives motion, mouth and sound, in place of "
        "`audio_file_path`, `text` and `motion_file_path`; start_seconds and end_seconds choose its part.",
    )

    @model_validator(mode="before")
    @classmethod
    def _something_is_heard(cls, assets: Any) -> object:
        if _holds(assets, "text") or _holds(assets, "performance_file_path"):
            return assets
        return demanding(assets, ("audio_file_path",))

    @model_validator(mode="after")
    def _a_performance_brings_all(self) -> PhotoAssets:
        others = (self.audio_file_path, self.text, self.motion_file_path)
        if self.performance_file_path is not None and any(each is not None for each in others):
            raise ValueError(
                "performance_file_path brings sound and motion: "
                "leave out audio_file_path, text and motion_file_path"
            )
        return self

    @model_validator(mode="after")
    def _a_stretch_of_motion_is_one(self) -> PhotoAssets:
        start_s, end_s = self.motion_start_seconds, self.motion_end_seconds
        if (start_s is not None or end_s is not None) and self.motion_file_path is None:
            raise ValueError("motion_start_seconds and motion_end_seconds cut motion_file_path: name one")
        if end_s is not None and end_s <= (start_s or 0):
            raise ValueError("motion_end_seconds must be greater than motion_start_seconds")
        return self


class DirectionRow(RequestBody):
    """Ours: words for a stretch of the video."""

    start_seconds: float = Field(ge=0, description="Second of the video.")
    end_seconds: float | None = Field(None, gt=0, description="Default: the end of the video.")
    prompt: FilledText = Field(
        max_length=MAX_CUE_CHARACTERS, description="Words as in `style.prompt`, mixed with it."
    )

    @model_validator(mode="after")
    def _ends_after_its_start(self) -> DirectionRow:
        if self.end_seconds is not None and self.end_seconds <= self.start_seconds:
            raise ValueError("end_seconds must be greater than start_seconds")
        return self


class PhotoStyle(RequestBody):
    """How it moves."""

    generation_mode: PhotoModeWord | None = Field(
        None, description="Default realistic; pro and stable mean realistic, the others prompted."
    )
    prompt: Text | None = Field(None, max_length=4000, description="Only with prompted.")
    direction: list[DirectionRow] | None = Field(
        None,
        exclude_if=absent,
        max_length=MAX_CUES,
        description="Ours: words for stretches of the video, in every mode; those that overlap are mixed.",
    )
    intensity: float | None = Field(
        None,
        description="0.1 to 2, only with expressive; ignored elsewhere, also out of range.",
        json_schema_extra={"deprecated": True},
    )

    face: FaceNumber | Literal["largest", "all"] | None = Field(
        None, exclude_if=absent, description="Ours: who speaks; a number of /v1/face-boxes. Default largest."
    )
    mouth: Scale = Field(None, exclude_if=absent, description="Ours: how far the mouth moves; 1 is natural.")
    head: Scale = Field(None, exclude_if=absent, description="Ours: how much the head moves.")
    blinks: Scale = Field(None, exclude_if=absent, description="Ours: how often eyes blink.")
    expression: Scale = Field(None, exclude_if=absent, description="Ours: how much brows and smile move.")
    seed: Seed = Field(
        None, exclude_if=absent, description="Ours: the same order with the same seed gives the same frames."
    )

    @field_validator("intensity")
    @classmethod
    def _counts_where_it_is_used(cls, intensity: float | None, info: ValidationInfo) -> float | None:
        if info.data.get("generation_mode") == "expressive" and intensity is not None:
            steps = intensity / INTENSITY_STEP
            if not MIN_INTENSITY <= intensity <= MAX_INTENSITY:
                raise ValueError(f"expected {MIN_INTENSITY} to {MAX_INTENSITY:g}")
            if abs(steps - round(steps)) > STEP_TOLERANCE / INTENSITY_STEP:
                raise ValueError(f"expected a multiple of {INTENSITY_STEP}")
        return intensity


class TalkingPhotoRequest(RequestBody):
    """A talking photo."""

    name: Name | None = None
    start_seconds: Annotated[float | None, Demanded] = Field(
        None, ge=0, description="Required unless `assets.text` is given."
    )
    end_seconds: Annotated[float | None, Demanded] = Field(
        None, ge=0.1, description="Required unless `assets.text` is given."
    )
    assets: PhotoAssets
    style: PhotoStyle | None = None
    resolution: Literal["480p", "720p"] | None = Field(None, description="Wins over max_resolution.")
    max_resolution: WholeNumber | None = Field(
        None, ge=1, description="Cap on the longer side.", json_schema_extra={"deprecated": True}
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

    @model_validator(mode="before")
    @classmethod
    def _a_sound_has_a_stretch(cls, body: Any) -> object:
        if isinstance(body, dict) and _holds(body.get("assets"), "text"):
            return body
        return demanding(body, ("start_seconds", "end_seconds"))


def _holds(assets: object, name: str) -> bool:
    """Whether something is given in place of a sound."""
    return isinstance(assets, dict) and assets.get(name) is not None
