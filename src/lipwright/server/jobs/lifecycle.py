"""The states of a job and everything that moves one on.

                 create_job
                     |  hold the estimate
                     v
                  queued -----------------------.
                     |                          |
          start_next |  event started           |
                     v                          |
      .---------- rendering ------------------. |
      |              |    ^ |                 | |
      |              |    '-' take_over_next  | |
      |              |    '-' hold_for: more  | |
      | finish       | finish                 | | cancel_job, delete_job
      v              v                        v v
   complete        error                    canceled
   settle,         refund,                  refund
   event completed event errored

hold_for holds more credits, or says that the job is to fail.

delete_job and delete_expired mark a final job as deleted and remove its files; its state stays. hide_job
marks it only: restore_job undoes that, until delete_hidden removes the files.

Each arrow is one transaction: the new state, the entry in the ledger and the webhook event happen together or
not at all. It names the state it starts from, and the worker's arrows the worker too; of two that race only
one happens. The statements are in repository.py and queue.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass

import sqlalchemy as sa
import structlog

from lipwright.server.accounts.repository import Account, get_account
from lipwright.server.credits.plans import Plan, Prices
from lipwright.server.credits.service import hold, hold_more, missing_credits, refund, settle
from lipwright.server.database.clock import read_now_ms
from lipwright.server.database.connection import lock_account
from lipwright.server.errors import CallerLeft, NotFound
from lipwright.server.ids import name_time
from lipwright.server.jobs import idempotency, queue, repository
from lipwright.server.jobs.batches import note_end
from lipwright.server.jobs.events import JobEvent, record_job_event
from lipwright.server.jobs.kinds import KINDS, estimate, final_cost
from lipwright.server.jobs.model import Failure, Job, JobKind, JobSpec, JobStatus, Result, SentOrder
from lipwright.server.jobs.previews import drop_preview
from lipwright.server.jobs.schemas import CreateAnswer
from lipwright.server.jobs.service import get_job
from lipwright.server.made_files.repository import add_made
from lipwright.server.services import Services
from lipwright.server.uploads.repository import add_upload

_log = structlog.get_logger(__name__)

# Lower gives up a job whose workers were stopped for other reasons, as in a rolling restart; higher lets a
# job that kills its workers take more of them.
MAX_TAKEOVERS = 3
# A stretch whose ends lie between two frames has one more than its length says, at either end. Nobody pays
# for these where the balance does not allow it, and no job fails over them.
ROUNDING_FRAMES = 2
# As long as somebody looks at the message that offers to undo, and notices a moment later what he did.
UNDO_MS = 10 * 60_000
GIVEN_UP = Failure(
    code="unknown_error",
    message="The job failed several times for reasons of ours. Try again later, and report its id.",
)
_FEWER_FRAMES = "Move start_seconds and end_seconds closer together, or set max_fps_limit."


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateCall:
    """One create call: who, what was sent, and under which address the answer's links are to lead here.

    path, body: equal in a repeat under the same idempotency key; body is JSON. has_left: whether the caller
    has gone.
    """

    account: Account
    path: str
    body: str
    public_url: str
    idempotency_key: str | None
    has_left: Callable[[], bool]


def find_earlier_answer(services: Services, call: CreateCall) -> CreateAnswer | None:
    """The answer to the same call made before; None when there was none, or the call has no key.

    Raises InvalidRequest for a bad key and Conflict when another request used it.
    """
    key = idempotency.check_key(call.idempotency_key)
    if key is None:
        return None
    request_hash = idempotency.hash_request(call.path, call.body)
    with services.database.read() as connection:
        earlier = idempotency.find_answer(connection, call.account.id, key, request_hash)
    return None if earlier is None else CreateAnswer.model_validate(earlier)


def create_job(services: Services, call: CreateCall, name: str | None, spec: JobSpec) -> CreateAnswer:
    """Queue a job and hold its credits; of equal calls with a key only the first does.

    A caller who gave up while this waited for the database, and has no key to ask again with, would never
    hear of the job: none is queued. name: a default one when None. Raises PaymentRequired, CallerLeft, and
    what find_earlier_answer raises.
    """
    key = idempotency.check_key(call.idempotency_key)
    request_hash = idempotency.hash_request(call.path, call.body)
    price_list = services.price_list
    plan = price_list.plan(call.account.plan)
    credits = estimate(spec, price_list.prices)
    with services.database.write() as connection:
        if key is not None:
            lock_account(connection, call.account.id)  # of two equal calls at once, the second waits here
            earlier = idempotency.find_answer(connection, call.account.id, key, request_hash)
            if earlier is not None:
                return CreateAnswer.model_validate(earlier)
        job = new_job(call, name, spec, price_list.prices, credits, read_now_ms(connection))
        hold(connection, call.account.id, plan, job.id, credits)
        repository.add_job(connection, job)
        answer = CreateAnswer(id=job.id, credits_charged=credits, estimated_frame_cost=credits)
        if key is None and call.has_left():
            raise CallerLeft
        if key is not None:
            idempotency.add_answer(
                connection, call.account.id, key, request_hash, answer.model_dump(mode="json")
            )
    return answer


def start_next(services: Services, worker_id: str) -> Job | None:
    """queued -> rendering for the job whose turn it is; None when nothing may start."""
    with services.database.read() as connection:
        if not queue.has_queued(connection):
            return None
    plans = services.price_list.plans

    def concurrency_of(plan: str) -> int | None:
        return plans[plan].concurrent_jobs if plan in plans else None

    with services.database.write() as connection:
        job_id = queue.claim_next(connection, worker_id, concurrency_of)
        job = repository.get_job(connection, job_id) if job_id else None
        if job is not None:
            record_job_event(connection, services.addresses, job, JobEvent.STARTED)
    if job is not None:
        _log.info("job started", job_id=job.id, kind=job.kind, worker_id=worker_id)
    return job


def take_over_next(services: Services, worker_id: str, in_hand: Collection[str] = ()) -> Job | None:
    """rendering -> rendering by this worker, for a job whose worker died; None when there is none.

    Also for one that an earlier try of this worker left behind. A job that was taken over too often is given
    up, and the next one is looked at. in_hand: the jobs that this worker works on.
    """
    with services.database.read() as connection:
        orphans = queue.orphans(connection, worker_id)
    for job_id, dead_worker_id in orphans:
        if job_id in in_hand:
            continue
        with services.database.write() as connection:
            if not queue.take_over(connection, job_id, dead_worker_id, worker_id):
                continue
            job = repository.get_job(connection, job_id)
        if job is None:
            continue
        _log.warning("job taken over", job_id=job_id, from_worker=dead_worker_id)
        if job.takeovers <= MAX_TAKEOVERS:
            return job
        finish(services, job_id, worker_id, GIVEN_UP)
    return None


def hold_for(services: Services, job_id: str, worker_id: str, frames: int) -> Failure | None:
    """rendering stays: the input was opened, and the result will have at least this many frames.

    Holds what they cost beyond the estimate. A Failure when they are more than the limit allows or the
    balance covers: nothing is to be rendered.
    """
    with services.database.write() as connection:
        job = _locked_job(connection, job_id)
        if job is None or job.is_final or job.worker_id != worker_id:
            return None  # whoever renders it now counts for himself
        max_frames = KINDS[job.kind].max_frames
        limit = max_frames(services.price_list.limits) if max_frames else None
        if limit is not None and frames > limit + ROUNDING_FRAMES:
            return Failure(
                code="invalid_parameters",
                message=f"The stretch has {frames} frames; at most {limit} are rendered. {_FEWER_FRAMES}",
            )
        held, cost = job.credits_charged, _cost_of_frames(services, job, frames)
        plan = _plan_of(services, get_account(connection, job.account_id))
        missing = missing_credits(connection, job.account_id, plan, cost - held)
        if not missing:
            if cost > held and repository.charge_more(connection, job_id, worker_id, cost):
                hold_more(connection, job.account_id, job_id, held, cost)
            return None
        if _cost_of_frames(services, job, frames - ROUNDING_FRAMES) <= held:
            return None
    return Failure(
        code="insufficient_credits",
        message=(
            f"The stretch has {frames} frames, which cost {cost} credits: {held} are held for it, and of "
            f"the rest {missing} are missing. {_FEWER_FRAMES}"
        ),
    )


def finish(services: Services, job_id: str, worker_id: str, outcome: Result | Failure) -> bool:
    """rendering -> complete or error. False when the job is no longer this worker's.

    Nobody pays more than was held.
    """
    with services.database.write() as connection:
        job = _locked_job(connection, job_id)
        if job is None:
            return False
        if isinstance(outcome, Failure):
            if not repository.fail(connection, job_id, worker_id, outcome):
                return False
            refund(connection, job.account_id, job_id, job.credits_charged)
            event = JobEvent.ERRORED
        else:
            cost = min(job.credits_charged, final_cost(job.spec, _prices_of(services, job), outcome))
            if not repository.complete(connection, job_id, worker_id, outcome, cost):
                return False
            settle(connection, job.account_id, job_id, job.credits_charged, cost)
            add_made(
                connection,
                account_id=job.account_id,
                project_id=job_id,
                product=job.kind,
                made=outcome.made,
            )
            media = KINDS[job.kind].output_media
            if media is not None:
                for key in outcome.output_keys:
                    add_upload(connection, key, job.account_id, media)
            event = JobEvent.COMPLETED
        drop_preview(connection, job_id)
        ended = repository.get_job(connection, job_id)
        assert ended is not None
        record_job_event(connection, services.addresses, ended, event)
        note_end(connection, ended)
    _log.info(
        "job ended",
        job_id=job_id,
        status=ended.status,
        error_code=ended.error_code,
        credits=ended.credits_charged,
    )
    return True


def cancel_job(services: Services, account: Account, job_id: str, kinds: tuple[JobKind, ...]) -> Job:
    """queued or rendering -> canceled; a final job stays as it is. Raises NotFound."""
    job = get_job(services, account, job_id, kinds)
    with services.database.write() as connection:
        now = _locked_job(connection, job.id)  # more may be held by now
        if now is not None and repository.cancel(connection, job.id):
            refund(connection, account.id, job.id, now.credits_charged)
            drop_preview(connection, job.id)
            note_end(connection, now)
    return get_job(services, account, job_id, kinds)


def delete_job(services: Services, account: Account, job_id: str, kinds: tuple[JobKind, ...]) -> None:
    """Cancel a job that is not final, mark it as deleted and remove its files. Raises NotFound."""
    job = cancel_job(services, account, job_id, kinds)
    with services.database.write() as connection:
        repository.mark_deleted(connection, job.id)
    for key in job.file_keys:
        services.store.remove(key)


def hide_job(services: Services, account: Account, job_id: str, kinds: tuple[JobKind, ...]) -> None:
    """Cancel a job that is not final, and mark it as deleted in a way that can be undone. Raises NotFound."""
    job = cancel_job(services, account, job_id, kinds)
    with services.database.write() as connection:
        repository.hide(connection, job.id)


def restore_job(services: Services, account: Account, job_id: str, kinds: tuple[JobKind, ...]) -> Job:
    """Undo hide_job. Raises NotFound, also when it is too late."""
    job = get_job(services, account, job_id, kinds)
    with services.database.write() as connection:
        restored = repository.restore(connection, job.id, read_now_ms(connection) - UNDO_MS)
    if not restored and not job.enabled:
        raise NotFound
    return get_job(services, account, job_id, kinds)


def delete_hidden(services: Services, limit: int) -> int:
    """Remove the files of jobs whose deletion cannot be undone any more, at most `limit`; how many."""
    with services.database.read() as connection:
        hidden = repository.list_hidden_before(connection, read_now_ms(connection) - UNDO_MS, limit)
    for job in hidden:
        assert job.deleted_at_ms is not None
        with services.database.write() as connection:
            is_gone = repository.forget_outputs(connection, job.id, job.deleted_at_ms)
        if is_gone:  # files of a row that is gone already are found by remove_unreferenced
            for key in job.file_keys:
                services.store.remove(key)
    return len(hidden)


def delete_expired(services: Services, finished_before_ms: int, limit: int) -> int:
    """Delete jobs that were complete before a time, at most `limit`; how many there were."""
    with services.database.read() as connection:
        expired = repository.list_finished_before(connection, finished_before_ms, limit)
    for job in expired:
        for key in job.file_keys:
            services.store.remove(key)  # the files first: a row whose files remain is tried again
        with services.database.write() as connection:
            repository.mark_deleted(connection, job.id)
    return len(expired)


def _locked_job(connection: sa.Connection, job_id: str) -> Job | None:
    """A job, while nobody else decides on its account's credits. The account is locked before any job is."""
    job = repository.get_job(connection, job_id)
    if job is None:
        return None
    lock_account(connection, job.account_id)
    return repository.get_job(connection, job_id)


def _cost_of_frames(services: Services, job: Job, frames: int) -> int:
    made = Result(output_keys=(), frame_count=max(0, frames))
    return final_cost(job.spec, _prices_of(services, job), made)


def _prices_of(services: Services, job: Job) -> Prices:
    """Those under which the job was accepted, whatever became of the price list since."""
    return job.prices or services.price_list.prices


def _plan_of(services: Services, account: Account) -> Plan:
    """The plan of an account; one that the file no longer knows grants nothing."""
    return services.price_list.plans.get(account.plan) or Plan.model_validate({})


def new_job(
    call: CreateCall, name: str | None, spec: JobSpec, prices: Prices, credits: int, created_at_ms: int
) -> Job:
    """A job that is queued, not stored yet. credits: the estimate."""
    traits = KINDS[spec.kind]
    start_s, end_s = traits.stretch(spec) if traits.stretch else (0.0, 0.0)
    return Job(
        id=traits.new_id(),
        account_id=call.account.id,
        kind=spec.kind,
        name=name if name is not None else f"{traits.default_name} - {name_time(created_at_ms)}",
        status=JobStatus.QUEUED,
        enabled=True,
        created_at_ms=created_at_ms,
        public_url=call.public_url,
        spec=spec,
        prices=prices,
        start_s=start_s,
        end_s=end_s,
        credits_charged=credits,
        width_px=None,
        height_px=None,
        frame_rate=traits.frame_rate(spec) if traits.frame_rate else None,
        error_code=None,
        error_message=None,
        output_keys=(),
        warnings=(),
        worker_id=None,
        takeovers=0,
        progress=0.0,
        stage=None,
        seconds_left=None,
        request=SentOrder(path=call.path, body=json.loads(call.body)) if call.body else None,
    )
