"""Bodies of the call that checks where a file is from. All of them are ours."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from lipwright.server.request_body import AssetPath, RequestBody


class CheckRequest(RequestBody):
    """A file."""

    file_path: AssetPath = Field(description="What an upload returned, or an http(s) address.")


class CheckedAction(BaseModel):
    """What was done to the file, as its credentials say."""

    action: str = Field(description="Of the C2PA specification: `c2pa.created`, `c2pa.edited` and others.")
    digital_source_type: str | None = Field(description="A term of the IPTC, as an address.")
    description: str | None


class CheckedIngredient(BaseModel):
    """What the file was made from, as its credentials say."""

    name: str | None
    format: str | None
    sha256: str | None
    credentials: Literal["absent", "trusted", "unknown_signer", "broken"] = Field(
        description="Those that it had itself."
    )


class CheckedCredentials(BaseModel):
    """The content credentials (C2PA) of the file."""

    state: Literal["absent", "trusted", "unknown_signer", "broken"] = Field(
        description="`trusted` and `unknown_signer`: they hold; `broken`: they do not."
    )
    is_ours: bool = Field(description="Whether they hold and this installation signed them.")
    problems: list[str] = Field(description="What was changed, or what is wrong, in sentences.")
    signer: str | None
    software: str | None
    signed_at: str | None = Field(description="When, in ISO 8601.")
    actions: list[CheckedAction]
    ingredients: list[CheckedIngredient]


class CheckedWatermark(BaseModel):
    """The imperceptible mark of the picture."""

    state: Literal["absent", "present", "not_looked_for"]
    installation: int | None = Field(description="The number of the installation that it names.")
    number: int | None = Field(description="The number that this installation gave the video.")
    is_ours: bool
    false_alarm_probability: float | None = Field(
        description="How likely a picture without a mark looks like this."
    )
    is_public: bool | None = Field(
        description="Whether its key is the one that everybody knows, so that anybody can write it."
    )
    reason: str | None = Field(description="Why nobody looked.")


class CheckedTags(BaseModel):
    """Plain tags. Anybody can write or remove them."""

    lipwright_version: str | None = Field(description="Of the Lipwright whose tag it is.")
    digital_source_types: list[str] = Field(description="Terms of the IPTC, from XMP.")


class Check(BaseModel):
    """What says where a file is from. That nothing was found proves nothing."""

    verdict: Literal["altered", "recognised", "tagged", "nothing_found", "unreadable"] = Field(
        description="`altered`: changed after it was signed. `recognised`: credentials that hold, or a "
        "watermark. `tagged`: plain tags alone."
    )
    summary: str = Field(description="The same in a sentence or two.")
    sentences: list[str] = Field(description="The details in words.")
    kind: Literal["image", "video", "audio"] | None
    is_synthetic: bool | None = Field(description="True where something says that AI made it or changed it.")
    is_ours: bool = Field(description="Whether this installation signed it, or its watermark is there.")
    project_id: str | None = Field(
        None, description="Of the project that made it, where that is the caller's own."
    )
    credentials: CheckedCredentials
    watermark: CheckedWatermark
    tags: CheckedTags
