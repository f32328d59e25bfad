"""What an operator's tools ask: is it up, can it work, how busy is it."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from lipwright.server.errors import Unavailable
from lipwright.server.operation.metrics import render_metrics
from lipwright.server.operation.readiness import check_readiness
from lipwright.server.web.context import ServicesOf
from lipwright.server.web.documented import answers

router = APIRouter(tags=["operation"])


class Health(BaseModel):
    """All is well."""

    status: Literal["ok"] = "ok"


class Readiness(Health):
    """Work can be taken. warning: what an operator should look at all the same."""

    warning: str | None = None


@router.get("/healthz", operation_id="operation.health")
async def health() -> Health:
    """Whether the server answers at all."""
    return Health()  # without a thread: all of them may be waiting


@router.get("/readyz", operation_id="operation.readiness", responses=answers(503))
def readiness(request: Request, services: ServicesOf) -> Readiness:
    """Whether the server can take work: tables, files, and a worker whose engine has started."""
    trouble = request.app.state.worker_trouble()
    missing = check_readiness(services, trouble)
    if missing is not None:
        raise Unavailable(missing)
    return Readiness(warning=trouble)


@router.get(
    "/metrics",
    operation_id="operation.metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def metrics(services: ServicesOf) -> Response:
    """Counters for Prometheus."""
    body, media_type = render_metrics(services)
    return Response(body, media_type=media_type)
