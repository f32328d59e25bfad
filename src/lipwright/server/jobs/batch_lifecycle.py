"""Jobs that are ordered and canceled together: all of a batch or none, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from lipwright.server.accounts.repository import Account
from lipwright.server.credits.service import hold_all, refund
from lipwright.server.database.clock import read_now_ms
from lipwright.server.database.connection import lock_account
from lipwright.server.errors import CallerLeft, NotFound
from lipwright.server.ids import looks_like_id, new_id
from lipwright.server.jobs import idempotency, repository
from lipwright.server.jobs.batches import (
    Batch,
    add_batch,
    batch_jobs,
    batch_states,
    find_batch,
    list_batches,
    note_end,
    present_batch,
)
from lipwright.server.jobs.kinds import estimate
from lipwright.server.jobs.lifecycle import CreateCall, new_job
from lipwright.server.jobs.model import Job, JobKind, JobSpec
from lipwright.server.jobs.previews import drop_preview
from lipwright.server.jobs.schemas import BatchAnswer, BatchedOrder, BatchList, ProjectError
from lipwright.server.jobs.service import parse_cursor
from lipwright.server.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrder:
    """One order of a batch. path, body: of the single call that would place it.

    reference: the caller's word for it.
    """

    path: str
    body: str
    name: str | None
    spec: JobSpec
    reference: str | None


def earlier_batch(services: Services, call: CreateCall) -> BatchAnswer | None:
    """The answer to the same call made before; None when there was none, or the call has no key.

    Raises InvalidRequest for a bad key and Conflict when another request used it.
    """
    key = idempotency.check_key(call.idempotency_key)
    if key is None:
        return None
    request_hash = idempotency.hash_request(call.path, call.body)
    with services.database.read() as connection:
        earlier = idempotency.find_answer(connection, call.account.id, key, request_hash)
    return None if earlier is None else BatchAnswer.model_validate(earlier)


def create_batch(
    services: Services, call: CreateCall, name: str | None, orders: Sequence[NewOrder]
) -> BatchAnswer:
    """Queue all jobs of a batch and hold their credits, or none.

    Of equal calls with a key only the first does. Raises PaymentRequired, CallerLeft, and what earlier_batch
    raises.
    """
    key = idempotency.check_key(call.idempotency_key)
    request_hash = idempotency.hash_request(call.path, call.body)
    price_list = services.price_list
    with services.database.write() as connection:
        if key is not None:
            lock_account(connection, call.account.id)  # of two equal calls at once, the second waits here
            earlier = idempotency.find_answer(connection, call.account.id, key, request_hash)
            if earlier is not None:
                return BatchAnswer.model_validate(earlier)
        now_ms = read_now_ms(connection)
        batch = Batch(
            id=new_id(), account_id=call.account.id, name=name, created_at_ms=now_ms, ended_at_ms=None
        )
        jobs = []
        for place, order in enumerate(orders):
            single = replace(call, path=order.path, body=order.body)
            credits = estimate(order.spec, price_list.prices)
            job = new_job(single, order.name, order.spec, price_list.prices, credits, now_ms)
            jobs.append(replace(job, batch_id=batch.id, batch_place=place, reference=order.reference))
        plan = price_list.plan(call.account.plan)
        hold_all(connection, call.account.id, plan, {job.id: job.credits_charged for job in jobs})
        add_batch(connection, batch)
        for job in jobs:
            repository.add_job(connection, job)
        answer = _answer(connection, batch)
        if key is None and call.has_left():
            raise CallerLeft
        if key is not None:
            idempotency.add_answer(
                connection, call.account.id, key, request_hash, answer.model_dump(mode="json")
            )
    return answer


def get_batch(services: Services, account: Account, batch_id: str) -> BatchAnswer:
    """A batch of the account with its orders. Raises NotFound."""
    with services.database.read() as connection:
        return _answer(connection, _batch(connection, account, batch_id))


def jobs_of_batch(services: Services, account: Account, batch_id: str) -> list[Job]:
    """The jobs of a batch of the account. Raises NotFound."""
    with services.database.read() as connection:
        return batch_jobs(connection, _batch(connection, account, batch_id).id)


def page_of_batches(services: Services, account: Account, *, limit: int, cursor: str | None) -> BatchList:
    """One page of batches, newest first. Raises InvalidRequest."""
    with services.database.read() as connection:
        found = list_batches(connection, account.id, limit=limit + 1, before=parse_cursor(cursor))
        shown = found[:limit]
        states = batch_states(connection, [batch.id for batch in shown])
    more = len(found) > limit
    return BatchList(
        items=[present_batch(batch, states[batch.id]) for batch in shown],
        next_cursor=f"{shown[-1].created_at_ms}.{shown[-1].id}" if more else None,
    )


def cancel_batch(services: Services, account: Account, batch_id: str) -> BatchAnswer:
    """queued or rendering -> canceled for all jobs of a batch; final ones stay. Raises NotFound."""
    with services.database.write() as connection:
        lock_account(connection, account.id)
        batch = _batch(connection, account, batch_id)
        jobs = batch_jobs(connection, batch.id)
        for job in jobs:
            if not job.is_final and repository.cancel(connection, job.id):
                refund(connection, account.id, job.id, job.credits_charged)
                drop_preview(connection, job.id)
        note_end(connection, jobs[0])
    return get_batch(services, account, batch_id)


def _batch(connection: sa.Connection, account: Account, batch_id: str) -> Batch:
    found = find_batch(connection, batch_id, account.id) if looks_like_id(batch_id) else None
    if found is None:
        raise NotFound
    return found


def _answer(connection: sa.Connection, batch: Batch) -> BatchAnswer:
    summary = present_batch(batch, batch_states(connection, [batch.id])[batch.id])
    orders = [_present_order(job) for job in batch_jobs(connection, batch.id)]
    return BatchAnswer(**summary.model_dump(), orders=orders)


def _present_order(job: Job) -> BatchedOrder:
    return BatchedOrder(
        reference=job.reference,
        product="lip-sync" if job.kind is JobKind.LIP_SYNC else "ai-talking-photo",
        project_id=job.id,
        status=job.status,
        enabled=job.enabled,
        credits_charged=job.credits_charged,
        error=None
        if job.error_code is None
        else ProjectError(code=job.error_code, message=job.error_message or ""),
    )
