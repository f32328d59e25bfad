"""Questions that are asked at every call: the same answers as ever, without a thread where that is safe."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import Any

import pytest

from lipwright.server.accounts import repository as accounts
from lipwright.server.accounts.service import create_key, ensure_account
from lipwright.server.jobs import repository as jobs
from lipwright.server.jobs.kinds import AUDIO_KINDS, VIDEO_KINDS
from lipwright.server.services import Services, open_services
from tests.server.callers import Caller, new_caller, serving_application


@pytest.fixture
def any_caller(any_services: Services) -> Any:
    for http in serving_application(any_services):
        yield new_caller(any_services, http)


def speak(caller: Caller) -> str:
    answer = caller.post("/v1/ai-voice-generator", {"style": {"prompt": "Hello.", "voice_name": "x"}})
    return str(answer.json()["id"])


def test_a_job_is_the_same_however_it_is_asked_for(any_services: Services, any_caller: Caller) -> None:
    job_id = speak(any_caller)
    database = any_services.database
    with database.read() as connection:
        plainly = jobs.get_job(connection, job_id)
        in_thread = jobs.find_job(connection, job_id, any_caller.account.id, AUDIO_KINDS)
    on_loop = asyncio.run(jobs.look_up_job(database, job_id, any_caller.account.id, AUDIO_KINDS))
    assert plainly is not None
    assert plainly == in_thread == on_loop


def test_a_job_of_another_account_or_kind_is_not_there(any_services: Services, any_caller: Caller) -> None:
    job_id, account_id = speak(any_caller), any_caller.account.id
    look_up = jobs.look_up_job
    assert asyncio.run(look_up(any_services.database, job_id, "somebody else", AUDIO_KINDS)) is None
    assert asyncio.run(look_up(any_services.database, job_id, account_id, VIDEO_KINDS)) is None
    assert asyncio.run(look_up(any_services.database, "no-such-job", account_id, AUDIO_KINDS)) is None


def test_a_key_that_another_process_revokes_stops_at_once(any_services: Services, any_caller: Caller) -> None:
    path = f"/v1/audio-projects/{speak(any_caller)}"
    assert any_caller.get(path).status_code == 200
    elsewhere = open_services(any_services.settings)
    with elsewhere.database.write() as connection:
        assert accounts.revoke_key(connection, any_caller.key) == 1
    elsewhere.database.close()
    assert any_caller.get(path).status_code == 401


def no_thread(*_arguments: object, **_options: object) -> None:
    raise AssertionError("a thread was asked")


def test_a_get_of_a_project_needs_no_thread_where_the_database_is_a_file(
    services: Services, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/v1/audio-projects/{speak(caller)}"
    monkeypatch.setattr("asyncio.to_thread", no_thread)
    monkeypatch.setattr("anyio.to_thread.run_sync", no_thread)
    assert caller.get(path).status_code == 200
    assert services.database.is_sqlite


def test_a_file_that_others_keep_locked_is_waited_for_in_a_thread(
    services: Services, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/v1/audio-projects/{speak(caller)}"

    def locked() -> sqlite3.Connection:
        raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(services.database, "_loop_connection", locked)
    assert caller.get(path).status_code == 200


def test_the_connection_of_a_loop_waits_for_nobody(services: Services) -> None:
    connection = services.database._loop_connection()
    assert connection.execute("PRAGMA busy_timeout").fetchone() == (0,)
    with services.database.write() as other:
        account = ensure_account(other, "somebody who is written", "unlimited")
        create_key(other, account, "a key")
        # A reader sees what was there before, and is not held up by the writer.
        assert connection.execute("SELECT count(*) FROM accounts WHERE id = ?", (account.id,)).fetchone() == (
            0,
        )
