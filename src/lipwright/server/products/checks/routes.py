"""POST /v1/checks. Ours, not part of the Magic Hour API."""

from __future__ import annotations

from fastapi import APIRouter

from lipwright.server.products.checks import service
from lipwright.server.products.checks.schemas import Check, CheckRequest
from lipwright.server.products.inspection.routes import Scratch
from lipwright.server.web.context import DOCUMENTED_SECURITY, Caller, ServicesOf
from lipwright.server.web.documented import READ_ANSWERS, answers
from lipwright.server.web.rate_limits import FreeCalls

# Each takes a processor for some seconds, and may fetch a file.
_CHECKS = FreeCalls("checks", per_minute=20)

router = APIRouter(tags=["looking before"], dependencies=DOCUMENTED_SECURITY)


@router.post("/v1/checks", operation_id="checks.create", responses=READ_ANSWERS | answers(422))
def create_check(body: CheckRequest, services: ServicesOf, caller: Caller, scratch: Scratch) -> Check:
    """Where a file is from, as far as its marks tell. Nothing is stored or charged. Ours."""
    _CHECKS.count(caller.id)
    return service.check(services, scratch, caller, body)
