"""POST /v1/ai-talking-photo."""

from __future__ import annotations

from fastapi import APIRouter

from lipwright.server.jobs.schemas import CreateAnswer
from lipwright.server.products.create_calls import Creating, with_body
from lipwright.server.products.talking_photo.schemas import TalkingPhotoRequest
from lipwright.server.products.talking_photo.service import create_talking_photo
from lipwright.server.web.context import DOCUMENTED_SECURITY, ServicesOf
from lipwright.server.web.documented import CREATE_ANSWERS

router = APIRouter(tags=["talking photo"], dependencies=DOCUMENTED_SECURITY)


@router.post(
    "/v1/ai-talking-photo", operation_id="aiTalkingPhoto.createTalkingPhoto", responses=CREATE_ANSWERS
)
def talking_photo(body: TalkingPhotoRequest, services: ServicesOf, call: Creating) -> CreateAnswer:
    """Make a picture speak."""
    return create_talking_photo(services, with_body(call, body), body)
