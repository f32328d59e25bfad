"""From a spec to a queued project, in one transaction with its credits.

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
    JobSpec,
    LipSyncSpec,
    TalkingPhotoSpec,
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


def create_job(
    services: Services, call: CreateCall, name: str | None, make_spec: Callable[[sa.Connection], JobSpec]
) -> CreateAnswer:
    """Queue a project and hold its credits, or give the answer of the same call made before.

    make_spec: turns the request into a spec; raises Refused where it cannot be done.
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
        spec = make_spec(connection)
        credits = prices.estimate(spec, services.price_list.prices)
        job = _new_job(call, name, spec, credits)
        hold(connection, call.account.id, plan, job.id, credits)
        repository.add_job(connection, job)
        answer = CreateAnswer(id=job.id, credits_charged=credits, estimated_frame_cost=credits)
        if key is not None:
            idempotency.keep_answer(
                connection, call.account.id, key, request_hash, answer.model_dump(mode="json")
            )
    return answer


def _new_job(call: CreateCall, name: str | None, spec: JobSpec, credits: int) -> Job:
    created_at_ms = now_ms()
    start_s, end_s = (
        (spec.start_s, spec.end_s) if isinstance(spec, TalkingPhotoSpec | LipSyncSpec) else (0.0, 0.0)
    )
    return Job(
        id=str(uuid.uuid4()) if spec.kind == FACES else new_id(),
        account_id=call.account.id,
        kind=spec.kind,
        name=name if name is not None else f"{_DEFAULT_NAMES[spec.kind]} - {name_time(created_at_ms)}",
        status=QUEUED,
        enabled=True,
        created_at_ms=created_at_ms,
        public_url=call.public_url,
        spec=spec,
        start_s=start_s,
        end_s=end_s,
        credits_charged=credits,
        width_px=-1,
        height_px=-1,
        frame_rate=prices.planned_frame_rate(spec),
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
