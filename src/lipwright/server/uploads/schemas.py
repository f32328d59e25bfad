"""Bodies of the upload calls."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from lipwright.server.request_body import RequestBody
from lipwright.server.uploads.formats import MediaKind


class UploadItem(RequestBody):
    """One file to be uploaded."""

    type: MediaKind
    extension: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+$")] = Field(
        description="Without a dot; must fit the type."
    )


class UploadUrlsRequest(RequestBody):
    """Files to be uploaded."""

    items: Annotated[list[UploadItem], Field(min_length=1, max_length=100)]


class UploadUrl(BaseModel):
    """Where to PUT one file, and the name under which later calls mention it."""

    upload_url: str = Field(json_schema_extra={"format": "uri"})
    expires_at: str = Field(json_schema_extra={"format": "date-time"})
    file_path: str


class UploadUrlsAnswer(BaseModel):
    """One address per file, in the order of the request."""

    items: list[UploadUrl]
