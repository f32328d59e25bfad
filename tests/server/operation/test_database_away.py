"""What callers get while the database cannot be reached."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from lipwright.server.database.connection import Database, is_away
from lipwright.server.services import Services
from tests.server.callers import serving_application


@pytest.fixture
def cut_off(services: Services, tmp_path: Path) -> Iterator[httpx.Client]:
    """The application whose database has gone."""
    database = Database("postgresql+psycopg://nobody@127.0.0.1:9/none")
    settings = services.settings.model_copy(update={"home": tmp_path})
    yield from serving_application(replace(services, database=database, settings=settings))


@pytest.mark.logs_errors
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/video-projects"),
        ("POST", "/v1/ai-voice-generator"),
        ("DELETE", "/v1/video-projects/cmwwvqow61kuvomhrsru4x5p9"),
        ("GET", "/metrics"),
    ],
)
def test_a_call_is_refused_for_now(cut_off: httpx.Client, method: str, path: str) -> None:
    answer = cut_off.request(method, path, headers={"authorization": "Bearer lwk_live_x"})
    assert answer.status_code == 503
    assert answer.json() == {"message": "The server cannot take work now. Try again later."}
    assert int(answer.headers["retry-after"]) > 0


def test_the_server_says_why_it_is_not_ready(cut_off: httpx.Client) -> None:
    assert cut_off.get("/healthz").status_code == 200
    answer = cut_off.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"message": "The database does not answer."})


def test_a_broken_statement_is_no_outage(services: Services) -> None:
    with pytest.raises(sa.exc.OperationalError) as caught, services.database.read() as connection:
        connection.exec_driver_sql("SELECT 1 FROM no_such_table")
    assert not is_away(caught.value)
    assert is_away(sa.exc.TimeoutError())
