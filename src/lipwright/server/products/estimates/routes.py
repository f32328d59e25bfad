"""POST /v1/estimates. Ours, not part of the Magic Hour API."""

from __future__ import annotations

from fastapi import APIRouter

from lipwright.server.products.estimates.schemas import Estimate, EstimateRequest
from lipwright.server.products.estimates.service import estimate_order
from lipwright.server.web.context import DOCUMENTED_SECURITY, Caller, ServicesOf
from lipwright.server.web.documented import READ_ANSWERS
from lipwright.server.web.rate_limits import FreeCalls

# Several at each choice of somebody who tries this and that; one is a matter of a millisecond.
_ESTIMATES = FreeCalls("estimates", per_minute=300)

router = APIRouter(tags=["looking before"], dependencies=DOCUMENTED_SECURITY)


@router.post("/v1/estimates", operation_id="estimates.create", responses=READ_ANSWERS)
def create_estimate(body: EstimateRequest, services: ServicesOf, caller: Caller) -> Estimate:
    """What an order would cost and how long it would take. Nothing is stored or charged. Ours."""
    _ESTIMATES.count(caller.id)
    return estimate_order(services, caller, body)
