"""Batches: many orders in one call. All of it is ours, not part of the Magic Hour API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from lipwright.server.jobs.batch_lifecycle import cancel_batch, get_batch, jobs_of_batch, page_of_batches
from lipwright.server.jobs.schemas import BatchAnswer, BatchList
from lipwright.server.products.batches.results import zip_results
from lipwright.server.products.batches.schemas import BatchRequest
from lipwright.server.products.batches.service import place_orders
from lipwright.server.products.create_calls import Creating, with_body
from lipwright.server.web.context import DOCUMENTED_SECURITY, Caller, ServicesOf
from lipwright.server.web.documented import CREATE_ANSWERS, READ_ANSWERS

router = APIRouter(tags=["batches"], dependencies=DOCUMENTED_SECURITY)


@router.post("/v1/batches", operation_id="batches.create", responses=CREATE_ANSWERS)
def create(body: BatchRequest, services: ServicesOf, call: Creating) -> BatchAnswer:
    """Place up to 500 orders, all or none: where one is refused, or the credits do not suffice, none is."""
    return place_orders(services, with_body(call, body), body)


@router.get("/v1/batches", operation_id="batches.list", responses=READ_ANSWERS)
def list_(
    services: ServicesOf,
    caller: Caller,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(description="next_cursor of an earlier answer.")] = None,
) -> BatchList:
    """Own batches, newest first, without their orders."""
    return page_of_batches(services, caller, limit=limit, cursor=cursor)


@router.get("/v1/batches/{id}", operation_id="batches.get", responses=READ_ANSWERS)
def get(id: str, services: ServicesOf, caller: Caller) -> BatchAnswer:
    """How far a batch is, and each of its orders."""
    return get_batch(services, caller, id)


@router.post("/v1/batches/{id}/cancel", operation_id="batches.cancel", responses=READ_ANSWERS)
def cancel(id: str, services: ServicesOf, caller: Caller) -> BatchAnswer:
    """Cancel what is not complete; its credits come back."""
    return cancel_batch(services, caller, id)


@router.get(
    "/v1/batches/{id}/results",
    operation_id="batches.results",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}},
        **READ_ANSWERS,
    },
)
def results(id: str, request: Request, services: ServicesOf, caller: Caller) -> StreamingResponse:
    """The results so far as one ZIP archive, in which they are named for their place and reference."""
    jobs = jobs_of_batch(services, caller, id)
    return StreamingResponse(
        zip_results(services.store, jobs, request.app.state.scratch),
        media_type="application/zip",
        headers={"content-disposition": f'attachment; filename="batch-{id}.zip"'},
    )
