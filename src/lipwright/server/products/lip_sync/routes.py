"""POST /v1/lip-sync."""

from __future__ import annotations

from fastapi import APIRouter

from lipwright.server.jobs.schemas import CreateAnswer
from lipwright.server.products.create_calls import Creating, with_body
from lipwright.server.products.lip_sync.schemas import LipSyncRequest
from lipwright.server.products.lip_sync.service import create_lip_sync
from lipwright.server.web.context import DOCUMENTED_SECURITY, ServicesOf
from lipwright.server.web.documented import CREATE_ANSWERS

router = APIRouter(tags=["lip sync"], dependencies=DOCUMENTED_SECURITY)


@router.post("/v1/lip-sync", operation_id="lipSync.createVideo", responses=CREATE_ANSWERS)
def lip_sync(body: LipSyncRequest, services: ServicesOf, call: Creating) -> CreateAnswer:
    """Make the lips of a video follow another sound."""
    return create_lip_sync(services, with_body(call, body), body)
