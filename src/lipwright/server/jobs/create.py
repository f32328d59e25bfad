"""From an order to a queued project, in one transaction with its credits.

Knows nothing of what is ordered; the four products bring their orders here.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from lipwright.server.accounts.repository import Account
from lipwright.server.credits.service import hold
from lipwright.server.database.connection import lock_account
from lipwright.server.ids import name_time, new_id, now_ms
from lipwright.server.jobs import idempotency, prices, repository
from lipwright.server.jobs.model import (
    FACES,
    PHOTO,
    QUEUED,
    SPEECH,
    SYNC,
    Job,
    Order,
    PhotoOrder,
    SyncOrder,
)
from lipwright.server.jobs.schemas import CreateAnswer
from lipwright.server.services import Services

_DEFAULT_NAMES = {
    PHOTO: "Talking Photo",
    SYNC: "Lip Sync",
    SPEECH: "Voice Generator",
    FACES: "Face Detection",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateCall:
    """One create call: who, what was sent, and under which address the answer's links are to lead here.

    path, body: tell a repeat under the same idempotency key from another request.
    """

    account: Account
    path: str
    body: str
    public_url: str
    idempotency_key: str | None


def accept_order(
    services: Services, call: CreateCall, name: str | None, make_order: Callable[[sa.Connection], Order]
) -> CreateAnswer:
    """Queue a project and hold its credits, or give the answer of the same call made before.

    make_order: turns the request into an order; raises Refused where it cannot be done.
    """
    key = idempotency.check_key(call.idempotency_key)
    request_hash = idempotency.hash_request(call.path, call.body)
    plan = services.price_list.plan(call.account.plan)
    with services.database.write() as connection:
        if key is not None:
            lock_account(connection, call.account.id)  # of two equal calls at once, the second waits here
            earlier = idempotency.earlier_answer(connection, call.account.id, key, request_hash)
            if earlier is not None:
                return CreateAnswer.model_validate(earlier)
        order = make_order(connection)
        credits = prices.estimate(order, services.price_list.prices)
        job = _new_job(call, name, order, credits)
        hold(connection, call.account.id, plan, job.id, credits)
        repository.add_job(connection, job)
        answer = CreateAnswer(id=job.id, credits_charged=credits, estimated_frame_cost=credits)
        if key is not None:
            idempotency.keep_answer(
                connection, call.account.id, key, request_hash, answer.model_dump(mode="json")
            )
    return answer


def _new_job(call: CreateCall, name: str | None, order: Order, credits: int) -> Job:
    created_at_ms = now_ms()
    start_s, end_s = (order.start_s, order.end_s) if isinstance(order, PhotoOrder | SyncOrder) else (0.0, 0.0)
    return Job(
        id=str(uuid.uuid4()) if order.kind == FACES else new_id(),
        account_id=call.account.id,
        kind=order.kind,
        name=name if name is not None else f"{_DEFAULT_NAMES[order.kind]} - {name_time(created_at_ms)}",
        status=QUEUED,
        enabled=True,
        created_at_ms=created_at_ms,
        public_url=call.public_url,
        order=order,
        start_s=start_s,
        end_s=end_s,
        credits_charged=credits,
        width_px=-1,
        height_px=-1,
        frame_rate=prices.planned_frame_rate(order),
        error_code=None,
        error_message=None,
        output_keys=(),
        warnings=(),
        worker_id=None,
        takeovers=0,
        progress=0.0,
        stage=None,
        seconds_left=None,
    )
