"""POST /v1/files/upload-urls."""

from __future__ import annotations

from fastapi import APIRouter

from lipwright.server.uploads.schemas import UploadUrlsAnswer, UploadUrlsRequest
from lipwright.server.uploads.service import create_upload_urls
from lipwright.server.web.context import DOCUMENTED_SECURITY, Caller, PublicUrl, ServicesOf
from lipwright.server.web.documented import CREATE_ANSWERS

router = APIRouter(tags=["files"], dependencies=DOCUMENTED_SECURITY)


@router.post(
    "/v1/files/upload-urls", operation_id="videoAssets.generatePresignedUrl", responses=CREATE_ANSWERS
)
def upload_urls(
    body: UploadUrlsRequest, services: ServicesOf, caller: Caller, public_url: PublicUrl
) -> UploadUrlsAnswer:
    """Addresses to PUT files to."""
    return create_upload_urls(services, caller, body, public_url)
