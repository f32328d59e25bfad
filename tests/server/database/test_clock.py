"""Machines whose own clocks are wrong share one service: the time is that of the database."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import sqlalchemy as sa

from lipwright.server.accounts.service import ensure_account
from lipwright.server.credits.repository import balance
from lipwright.server.credits.service import grant_allowances
from lipwright.server.database.tables import processes, projects, webhook_deliveries
from lipwright.server.jobs import idempotency
from lipwright.server.jobs.lifecycle import finish, start_next
from lipwright.server.jobs.model import Result
from lipwright.server.operation.readiness import count_alive
from lipwright.server.operation.upkeep import remove_expired
from lipwright.server.runtime.heartbeats import ProcessKind, register, remove_dead_processes, send_heartbeat
from lipwright.server.services import Services, open_services
from lipwright.server.webhooks import repository, service
from tests.server.callers import new_caller

HOUR_S = 3600
DAY_S = 24 * HOUR_S
# How long a step of these tests may take.
SLACK_MS = 60_000


@contextmanager
def on_a_machine_that_is(ahead_s: float) -> Iterator[None]:
    """What the block does it does on a machine whose clock is so far ahead."""
    real_s, real_ns = time.time, time.time_ns
    with pytest.MonkeyPatch.context() as machine:
        machine.setattr(time, "time", lambda: real_s() + ahead_s)
        machine.setattr(time, "time_ns", lambda: real_ns() + int(ahead_s * 1e9))
        yield


def true_ms() -> int:
    return time.time_ns() // 1_000_000


@pytest.mark.parametrize("ahead_s", [-HOUR_S, HOUR_S])
def test_nobody_is_dead_because_two_clocks_differ(any_services: Services, ahead_s: float) -> None:
    here = register(any_services, ProcessKind.WORKER)
    with on_a_machine_that_is(ahead_s):
        there = register(any_services, ProcessKind.WORKER)
        send_heartbeat(any_services, there)
        assert remove_dead_processes(any_services) == []
        assert count_alive(any_services) == {ProcessKind.WORKER: 2}
    with any_services.database.write() as connection:  # another machine: only heartbeats tell of it
        connection.execute(sa.update(processes).values(host="other"))
    assert remove_dead_processes(any_services) == []
    assert count_alive(any_services) == {ProcessKind.WORKER: 2}
    with any_services.database.read() as connection:
        rows = connection.execute(sa.select(processes.c.id, processes.c.seen_at_ms))
        seen = {row.id: row.seen_at_ms for row in rows}
    assert abs(seen[here.id] - seen[there.id]) < SLACK_MS


def test_a_silent_process_is_dead_to_a_machine_that_is_behind(any_services: Services) -> None:
    silent = register(any_services, ProcessKind.WORKER)
    with any_services.database.write() as connection:
        row = sa.update(processes).where(processes.c.id == silent.id)
        connection.execute(row.values(seen_at_ms=true_ms() - 60_000, host="other"))
    with on_a_machine_that_is(-HOUR_S):
        assert remove_dead_processes(any_services) == [silent.id]


@pytest.mark.parametrize("ahead_s", [-HOUR_S, HOUR_S])
def test_webhooks_are_due_at_the_same_time_everywhere(any_services: Services, ahead_s: float) -> None:
    with on_a_machine_that_is(ahead_s), any_services.database.write() as connection:
        account = ensure_account(connection, "a", "unlimited")
        hook = service.create_webhook(connection, account.id, "https://example.org", (), limit=3).id
        event = repository.add_event(
            connection, account_id=account.id, project_id="p", event_type="x", body="{}"
        )
        repository.add_delivery(connection, event, hook)
    with any_services.database.write() as connection:
        (due,) = repository.claim_due(connection, 60_000, 9, per_webhook=2)
    assert 0 <= due.age_ms < SLACK_MS
    with any_services.database.read() as connection:
        (next_ms,) = connection.execute(sa.select(webhook_deliveries.c.next_attempt_at_ms)).scalars()
    assert abs(next_ms - true_ms() - 60_000) < SLACK_MS
    with on_a_machine_that_is(ahead_s), any_services.database.write() as connection:
        assert repository.claim_due(connection, 60_000, 9, per_webhook=2) == []


def test_jobs_are_dated_and_kept_by_one_clock(any_services: Services, any_http: httpx.Client) -> None:
    caller = new_caller(any_services, any_http)
    with on_a_machine_that_is(HOUR_S):
        body = {"style": {"prompt": "Hello.", "voice_name": "x"}}
        job_id = caller.post("/v1/ai-voice-generator", body).json()["id"]
        assert start_next(any_services, "w")
        assert finish(any_services, job_id, "w", Result(output_keys=()))
    with any_services.database.read() as connection:
        row = connection.execute(sa.select(projects).where(projects.c.id == job_id)).one()
    assert abs(row.created_at_ms - true_ms()) < SLACK_MS
    assert abs(row.finished_at_ms - true_ms()) < SLACK_MS


def test_a_machine_that_is_ahead_cleans_nothing_too_early(
    any_services: Services, any_http: httpx.Client
) -> None:
    caller = new_caller(any_services, any_http)
    upload = caller.upload("image", "png")
    with any_services.database.write() as connection:
        idempotency.add_answer(connection, caller.account.id, "k", "hash", {})
    with on_a_machine_that_is(30 * DAY_S):
        remove_expired(any_services)
    assert any_services.store.find(upload)
    with any_services.database.read() as connection:
        assert idempotency.find_answer(connection, caller.account.id, "k", "hash") == {}


def test_an_allowance_comes_on_its_day_by_one_calendar(any_services: Services) -> None:
    plan = any_services.price_list.plan("creator")
    with any_services.database.write() as connection:
        account = ensure_account(connection, "a", "creator")
    for ahead_s in (0, 40 * DAY_S, 80 * DAY_S):
        with on_a_machine_that_is(ahead_s), any_services.database.write() as connection:
            grant_allowances(connection, account.id, plan)
    with any_services.database.read() as connection:
        assert balance(connection, account.id) == plan.credits_monthly


@pytest.mark.parametrize("ahead_s", [-DAY_S, DAY_S])
def test_an_address_expires_at_the_same_time_everywhere(any_services: Services, ahead_s: float) -> None:
    with on_a_machine_that_is(ahead_s):
        elsewhere = open_services(any_services.settings)
        signed = elsewhere.addresses.upload("http://x", "a/b.png", lifetime_s=100, max_bytes=1)
        elsewhere.database.close()
    assert abs(datetime.fromisoformat(signed.expires_at).timestamp() - time.time() - 100) < SLACK_MS / 1000
    query = {name: values[0] for name, values in parse_qs(urlsplit(signed.url).query).items()}
    assert any_services.addresses.check("PUT", "a/b.png", query["exp"], query["max"], query["sig"]) == 1
    assert datetime.fromisoformat(signed.expires_at).tzinfo == UTC
