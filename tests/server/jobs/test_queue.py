"""Whose turn it is, who holds a job, and what happens when its worker dies; on each kind of database."""

from __future__ import annotations

import threading
from collections import Counter

import httpx
import pytest
import sqlalchemy as sa

from lipwright.server.credits.repository import balance
from lipwright.server.database.tables import ledger, processes
from lipwright.server.ids import now_ms
from lipwright.server.jobs import queue
from lipwright.server.jobs.lifecycle import GIVEN_UP, MAX_TAKEOVERS, finish, start_next, take_over_next
from lipwright.server.jobs.model import Failure, Job, Result
from lipwright.server.jobs.repository import get_job, report_progress
from lipwright.server.runtime.heartbeats import (
    HEARTBEAT_TIMEOUT_MS,
    ProcessKind,
    register,
    remove_dead_processes,
)
from lipwright.server.services import Services
from tests.server.callers import Caller, new_caller

RESULT = Result(output_keys=("x/output.mp4",), width_px=64, height_px=48, frame_rate=25.0, frame_count=50)


def speak(caller: Caller, count: int) -> list[str]:
    """Queue short texts; their ids."""
    body = {"style": {"prompt": "0123456789" * 3, "voice_name": "x"}}
    return [caller.post("/v1/ai-voice-generator", body).json()["id"] for _ in range(count)]


def job_of(services: Services, job_id: str) -> Job:
    with services.database.read() as connection:
        job = get_job(connection, job_id)
    assert job is not None
    return job


def balance_of(services: Services, caller: Caller) -> int:
    with services.database.read() as connection:
        return balance(connection, caller.account.id)


def test_nothing_queued_means_nothing_to_do(any_services: Services) -> None:
    assert start_next(any_services, "w") is None


def test_jobs_of_one_account_start_in_the_order_in_which_they_came(
    any_services: Services, any_http: httpx.Client
) -> None:
    caller = new_caller(any_services, any_http)
    ids = speak(caller, 4)
    started = [start_next(any_services, f"w{index}") for index in range(4)]
    assert [job.id for job in started if job] == ids


def test_many_jobs_of_one_account_do_not_keep_another_waiting(
    any_services: Services, any_http: httpx.Client
) -> None:
    busy, late = new_caller(any_services, any_http), new_caller(any_services, any_http)
    speak(busy, 20)
    first = start_next(any_services, "w0")
    (one,) = speak(late, 1)
    second = start_next(any_services, "w1")
    assert first
    assert second
    assert (first.account_id, second.id) == (busy.account.id, one)


def test_one_worker_serves_accounts_in_turn(any_services: Services, any_http: httpx.Client) -> None:
    callers = [new_caller(any_services, any_http) for _ in range(3)]
    for caller in callers:
        speak(caller, 4)
    served = []
    for _ in range(6):
        job = start_next(any_services, "w")
        assert job
        served.append(job.account_id)
        assert finish(any_services, job.id, "w", RESULT)
    assert Counter(served) == dict.fromkeys([caller.account.id for caller in callers], 2)


def test_a_plan_limits_how_many_jobs_render_at_once(any_services: Services, any_http: httpx.Client) -> None:
    caller = new_caller(any_services, any_http, "creator")  # three at once
    speak(caller, 5)
    started = [start_next(any_services, f"w{index}") for index in range(5)]
    assert [job is not None for job in started] == [True, True, True, False, False]
    assert started[0]
    finish(any_services, started[0].id, "w0", RESULT)
    assert start_next(any_services, "w0") is not None


def test_workers_that_look_at_once_never_get_the_same_job(
    any_services: Services, any_http: httpx.Client
) -> None:
    caller = new_caller(any_services, any_http)
    ids = speak(caller, 12)
    found: list[str] = []

    def work(worker_id: str) -> None:
        # On PostgreSQL a look may find the account's row taken; a worker looks again all the time.
        for _ in range(40):
            job = start_next(any_services, worker_id)
            if job is not None:
                found.append(job.id)

    threads = [threading.Thread(target=work, args=(f"w{index}",)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted(ids)


def test_a_job_that_ends_twice_is_charged_once(any_services: Services, any_http: httpx.Client) -> None:
    caller = new_caller(any_services, any_http)
    speak(caller, 1)
    job = start_next(any_services, "w")
    assert job
    assert finish(any_services, job.id, "w", RESULT)
    assert not finish(any_services, job.id, "w", RESULT)
    assert not finish(any_services, job.id, "w", Failure(code="unknown_error", message="late"))
    assert balance_of(any_services, caller) == -3
    assert job_of(any_services, job.id).status == "complete"


def test_a_failed_job_gives_its_credits_back(any_services: Services, any_http: httpx.Client) -> None:
    caller = new_caller(any_services, any_http)
    speak(caller, 1)
    job = start_next(any_services, "w")
    assert job
    assert finish(any_services, job.id, "w", Failure(code="invalid_voice", message="No."))
    answer = caller.get(f"/v1/audio-projects/{job.id}").json()
    assert answer["error"] == {"code": "invalid_voice", "message": "No."}
    assert answer["credits_charged"] == balance_of(any_services, caller) == 0


def test_a_worker_that_was_taken_for_dead_cannot_end_its_job(
    any_services: Services, any_http: httpx.Client
) -> None:
    caller = new_caller(any_services, any_http)
    speak(caller, 1)
    job = start_next(any_services, "slow")
    assert job
    with any_services.database.write() as connection:
        assert queue.take_over(connection, job.id, "slow", "quick")
        assert not queue.take_over(connection, job.id, "slow", "third")
    assert not finish(any_services, job.id, "slow", RESULT)
    with any_services.database.write() as connection:
        assert not report_progress(connection, job.id, "slow", fraction=0.5, stage=None, seconds_left=None)
    assert finish(any_services, job.id, "quick", RESULT)
    assert balance_of(any_services, caller) == -3


def test_only_jobs_of_dead_workers_are_orphans(any_services: Services, any_http: httpx.Client) -> None:
    caller = new_caller(any_services, any_http)
    speak(caller, 2)
    alive = register(any_services, ProcessKind.WORKER)
    held, lost = start_next(any_services, alive.id), start_next(any_services, "dead")
    assert held
    assert lost
    with any_services.database.read() as connection:
        assert queue.orphans(connection, "me") == [(lost.id, "dead")]


def test_an_idle_worker_takes_over_and_gives_up_what_was_taken_over_too_often(
    any_services: Services, any_http: httpx.Client
) -> None:
    caller = new_caller(any_services, any_http)
    (job_id,) = speak(caller, 1)
    assert start_next(any_services, "w0")
    for takeover in range(1, MAX_TAKEOVERS + 1):
        job = take_over_next(any_services, f"w{takeover}")
        assert job is not None
        assert (job.id, job.worker_id, job.takeovers) == (job_id, f"w{takeover}", takeover)
    assert take_over_next(any_services, "last") is None
    ended = job_of(any_services, job_id)
    assert (ended.status, ended.error_message) == ("error", GIVEN_UP.message)
    assert balance_of(any_services, caller) == 0


def test_a_process_without_heartbeats_is_removed_and_a_dead_one_of_this_machine_at_once(
    any_services: Services,
) -> None:
    alive, silent, dead = (register(any_services, ProcessKind.WORKER) for _ in range(3))
    with any_services.database.write() as connection:
        row = sa.update(processes)
        long_ago = now_ms() - HEARTBEAT_TIMEOUT_MS - 5000
        connection.execute(row.where(processes.c.id == silent.id).values(seen_at_ms=long_ago, host="other"))
        # No process has this number: it is above the kernel's limit.
        just_now = now_ms() - 2000
        connection.execute(row.where(processes.c.id == dead.id).values(pid=2**22 + 1, seen_at_ms=just_now))
    assert sorted(remove_dead_processes(any_services)) == sorted([silent.id, dead.id])
    with any_services.database.read() as connection:
        assert list(connection.execute(sa.select(processes.c.id)).scalars()) == [alive.id]


def test_cancel_wins_over_a_render_that_ends_later(any_services: Services, any_http: httpx.Client) -> None:
    caller = new_caller(any_services, any_http)
    body = caller.photo_body()
    job_id = caller.post("/v1/ai-talking-photo", body).json()["id"]
    assert start_next(any_services, "w")
    assert caller.post(f"/v1/video-projects/{job_id}/cancel", None).json()["status"] == "canceled"
    assert not finish(any_services, job_id, "w", RESULT)
    assert balance_of(any_services, caller) == 0


def test_the_ledger_is_never_edited(any_services: Services, any_http: httpx.Client) -> None:
    caller = new_caller(any_services, any_http)
    speak(caller, 1)
    job = start_next(any_services, "w")
    assert job
    with any_services.database.read() as connection:
        before = connection.execute(sa.select(ledger)).all()
    finish(any_services, job.id, "w", RESULT)
    with any_services.database.read() as connection:
        after = connection.execute(sa.select(ledger).order_by(ledger.c.id)).all()
    assert after[: len(before)] == before
    assert len(after) == len(before) + 1


@pytest.mark.parametrize("count", [8])
def test_calls_at_once_cannot_spend_the_same_credits(
    any_services: Services, any_http: httpx.Client, count: int
) -> None:
    caller = new_caller(any_services, any_http, "free")  # 400 once and 100 today
    body = caller.photo_body()  # 96 credits: five of them fit
    answers: list[int] = []

    def create() -> None:
        answers.append(caller.post("/v1/ai-talking-photo", body).status_code)

    threads = [threading.Thread(target=create) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(answers) == {200: 5, 402: 3}
    assert balance_of(any_services, caller) == 500 - 5 * 96


def test_402_says_how_much_is_missing(any_services: Services, any_http: httpx.Client) -> None:
    caller = new_caller(any_services, any_http, "free")
    answer = caller.post("/v1/ai-talking-photo", caller.photo_body(end_seconds=20))
    assert answer.status_code == 402
    assert "460 are missing" in answer.json()["message"]
    assert caller.get("/v1/video-projects").json()["items"] == []


def test_a_repeat_under_the_same_key_makes_one_job(any_services: Services, any_http: httpx.Client) -> None:
    caller = new_caller(any_services, any_http)
    body = caller.photo_body()
    answers: list[httpx.Response] = []

    def create() -> None:
        answers.append(caller.post("/v1/ai-talking-photo", body, **{"Idempotency-Key": "once"}))

    threads = [threading.Thread(target=create) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [200] * 5
    assert len({answer.text for answer in answers}) == 1
    assert len(caller.get("/v1/video-projects").json()["items"]) == 1
    other = caller.post("/v1/ai-talking-photo", {**body, "name": "other"}, **{"Idempotency-Key": "once"})
    assert other.status_code == 409
    stranger = new_caller(any_services, any_http)
    mine = stranger.post("/v1/ai-talking-photo", stranger.photo_body(), **{"Idempotency-Key": "once"})
    assert mine.json()["id"] != answers[0].json()["id"]


def test_a_repeat_is_answered_before_its_inputs_are_looked_at(
    any_services: Services, any_http: httpx.Client
) -> None:
    caller = new_caller(any_services, any_http)
    body = caller.photo_body()
    first = caller.post("/v1/ai-talking-photo", body, **{"Idempotency-Key": "k"})
    any_services.store.remove(body["assets"]["image_file_path"])
    assert caller.post("/v1/ai-talking-photo", body).status_code == 422
    assert caller.post("/v1/ai-talking-photo", body, **{"Idempotency-Key": "k"}).text == first.text
    other = caller.post("/v1/ai-talking-photo", {**body, "name": "other"}, **{"Idempotency-Key": "k"})
    assert other.status_code == 409
    assert caller.post("/v1/ai-talking-photo", body, **{"Idempotency-Key": "x" * 256}).status_code == 400


def test_migrated_tables_are_those_that_the_code_speaks_of(any_services: Services) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    from lipwright.server.database.tables import METADATA

    with any_services.database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
