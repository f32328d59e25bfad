"""Bodies of the call that checks where a file is from. All of them are ours."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from lipwright.server.request_body import AssetPath, RequestBody


class CheckRequest(RequestBody):
    """A file."""

    file_path: AssetPath = Field(description="What an upload returned, or an http(s) address.")


class CheckedInput(BaseModel):
    """Something that a file was made from, as its credentials say. Its own credentials are kept in them."""

    role: str = Field(description="`parentOf`, `componentOf` or `inputTo`.")
    format: str | None = Field(description="Its media type.")
    sha256: str | None
    has_credentials: bool = Field(description="Whether it had some; the rest is what they say.")
    signer: str | None
    software: str | None
    digital_source_types: list[str]


class CheckedManifest(BaseModel):
    """What content credentials say. Where they are broken, none of it is to be relied upon."""

    signer: str | None
    issuer: str | None
    software: str | None
    software_version: str | None
    made_at: str | None = Field(description="As the software says, in ISO 8601.")
    time_stamp: str | None = Field(description="As a time-stamp server says.")
    actions: list[str] = Field(description="Of C2PA: `c2pa.created`, `c2pa.edited` and others.")
    digital_source_types: list[str] = Field(description="Terms of the IPTC.")
    product: str | None = Field(description="What Lipwright made.")
    mode: str | None
    installation: int | None = Field(description="Which the watermark is to name.")
    number: int | None = Field(description="Which the watermark is to name.")
    inputs: list[CheckedInput]


class CheckedCredentials(BaseModel):
    """The content credentials (C2PA) of the file."""

    state: Literal["absent", "trusted", "whole", "broken"] = Field(
        description="`trusted`: they hold, and who signed is trusted here; `whole`: they hold, and who "
        "signed is not known here; `broken`: they do not hold."
    )
    is_ours: bool = Field(description="Whether they hold and this installation signed them.")
    problems: list[str] = Field(description="What was changed, or what is wrong, in sentences.")
    manifest: CheckedManifest | None


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
