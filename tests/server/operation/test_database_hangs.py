"""What callers get while the database is there and does not answer, or is kept locked by somebody else."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from lipwright.server.database.connection import Database, is_away, is_busy
from lipwright.server.database.tables import projects
from lipwright.server.database.waits import BRIEF, PATIENT, DatabaseBusy, WriterLine
from lipwright.server.operation.migrate import migrate
from lipwright.server.services import Services, open_services
from lipwright.server.settings import load_settings
from tests.server.callers import Caller, new_caller, serving_application
from tests.support.databases import Cluster, postgres_cluster

SPEECH = {"style": {"prompt": "Hello.", "voice_name": "x"}}
# More than there are threads for calls.
CALLS = 80


@contextmanager
def locked(services: Services) -> Iterator[None]:
    """Somebody else writes and does not end."""
    other = sqlite3.connect(services.database.url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@pytest.fixture
def brief(services: Services, tmp_path: Path) -> Iterator[Services]:
    """The service with the waits of a server, and less patience."""
    database = Database(services.database.url, replace(BRIEF, lock_s=3.0))
    settings = services.settings.model_copy(update={"home": tmp_path})
    yield replace(services, database=database, settings=settings)
    database.close()


@pytest.fixture
def calling(brief: Services) -> Iterator[Caller]:
    """A caller of it."""
    for http in serving_application(brief):
        yield new_caller(brief, http)


def count_jobs(services: Services, caller: Caller) -> int:
    query = sa.select(sa.func.count()).where(projects.c.account_id == caller.account.id)
    with services.database.read() as connection:
        return int(connection.execute(query).scalar_one())


@pytest.mark.logs_errors
def test_calls_that_write_are_refused_while_sqlite_is_locked_and_others_go_on(
    brief: Services, calling: Caller
) -> None:
    def create(_: int) -> httpx.Response:
        return calling.post("/v1/ai-voice-generator", SPEECH)

    with ThreadPoolExecutor(CALLS) as threads:
        with locked(brief):
            creating = threads.map(create, range(CALLS))
            for path in ("/v1/video-projects", "/healthz", "/metrics", "/readyz") * 5:
                answer = calling.get(path)
                assert answer.status_code == (503 if path == "/readyz" else 200), (path, answer.text)
            answers = list(creating)
        for answer in answers:
            assert answer.status_code == 503
            assert int(answer.headers["retry-after"]) > 0
        assert count_jobs(brief, calling) == 0
        assert create(0).status_code == 200


def test_a_writer_waits_for_one_that_ends_soon(brief: Services, calling: Caller) -> None:
    with ThreadPoolExecutor(CALLS) as threads:
        with locked(brief):
            creating = [threads.submit(calling.post, "/v1/ai-voice-generator", SPEECH) for _ in range(3)]
        assert [one.result().status_code for one in creating] == [200, 200, 200]
    assert count_jobs(brief, calling) == 3


def test_a_line_that_moves_lets_any_number_wait() -> None:
    line, done = WriterLine(BRIEF), []

    def write(number: int) -> None:
        with line.turn():
            line.has_begun()
            done.append(number)

    with ThreadPoolExecutor(60) as threads:
        list(threads.map(write, range(600)))
    assert sorted(done) == list(range(600))


def test_a_line_that_does_not_move_keeps_a_few() -> None:
    line, goes_on = WriterLine(replace(BRIEF, lock_s=600)), threading.Event()
    refused: list[int] = []
    all_refused = threading.Semaphore(0)

    def write(number: int) -> None:
        try:
            with line.turn():
                assert goes_on.wait(60)
                line.has_begun()
        except DatabaseBusy:
            refused.append(number)
            all_refused.release()

    with ThreadPoolExecutor(60) as threads:
        writing = threads.map(write, range(60))
        expected = 60 - 1 - BRIEF.waiting_writers
        for _ in range(expected):
            assert all_refused.acquire(timeout=60)
        goes_on.set()
        list(writing)
    assert len(refused) == expected


def test_a_lock_is_told_from_an_outage_and_from_a_mistake(services: Services) -> None:
    impatient = Database(services.database.url, replace(PATIENT, lock_s=0.01))
    with (
        locked(services),
        pytest.raises(sa.exc.OperationalError) as caught,
        impatient.write(),
    ):
        pass
    impatient.close()
    assert is_busy(caught.value)
    assert not is_away(caught.value)
    assert is_busy(DatabaseBusy())
    assert not is_away(DatabaseBusy())
    with pytest.raises(sa.exc.OperationalError) as caught, services.database.read() as connection:
        connection.exec_driver_sql("SELECT 1 FROM no_such_table")
    assert not is_busy(caught.value)


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[Cluster]:
    """A PostgreSQL server for this file, which it stops in the middle."""
    with postgres_cluster() as running:
        yield running


@contextmanager
def hanging(cluster: Cluster) -> Iterator[None]:
    """The server and its processes stop in the middle: what is sent is accepted and never answered."""
    main = cluster.pid()
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(main)], capture_output=True, text=True, check=True
    )
    everybody = [main, *map(int, listed.stdout.split())]
    for one in everybody:
        os.kill(one, signal.SIGSTOP)
    try:
        yield
    finally:
        for one in everybody:
            os.kill(one, signal.SIGCONT)


@pytest.mark.logs_errors
def test_a_database_that_hangs_refuses_calls_and_works_again_afterwards(
    own_cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIPWRIGHT_HOME", str(tmp_path))
    url = own_cluster.url(own_cluster.create())
    migrate(load_settings(database_url=url))
    opened = open_services(load_settings(database_url=url), BRIEF)
    for http in serving_application(opened):
        caller = new_caller(opened, http)
        assert caller.get("/v1/video-projects").status_code == 200
        with hanging(own_cluster), ThreadPoolExecutor(CALLS) as threads:
            # Without an end of waiting these would last until the client's own, 30 s.
            calls = [threads.submit(caller.get, "/v1/video-projects") for _ in range(CALLS)]
            assert caller.get("/healthz").status_code == 200
            for call in calls:
                answer = call.result()
                assert answer.status_code == 503
                assert int(answer.headers["retry-after"]) > 0
            assert caller.get("/readyz").json() == {"message": "The database does not answer."}
        assert until_it_answers(caller) == 200
    opened.database.close()


def until_it_answers(caller: Caller) -> int:
    """The status when it is no longer 503: the attempts that were left behind have to hear first."""
    while (status := caller.get("/v1/video-projects").status_code) == 503:
        pass
    return status


def leave_while_locked(calling: Caller, **headers: str) -> None:
    """Call for a job and hang up before there is an answer."""
    with pytest.raises(httpx.ReadTimeout):
        calling.http.post(
            "/v1/ai-voice-generator", json=SPEECH, headers={**calling.headers, **headers}, timeout=0.5
        )


def test_a_caller_who_gave_up_gets_no_job_that_he_never_hears_of(brief: Services, calling: Caller) -> None:
    with locked(brief):
        leave_while_locked(calling)
        waits = threading.Thread(target=calling.post, args=("/v1/ai-voice-generator", SPEECH))
        waits.start()
    waits.join()  # stood in line behind the one that was left
    assert count_jobs(brief, calling) == 1


def test_a_caller_who_gave_up_and_asks_again_with_his_key_gets_the_one_job(
    brief: Services, calling: Caller
) -> None:
    with locked(brief):
        leave_while_locked(calling, **{"idempotency-key": "mine"})
    answer = calling.post("/v1/ai-voice-generator", SPEECH, **{"idempotency-key": "mine"})
    assert answer.status_code == 200
    assert count_jobs(brief, calling) == 1
