"""With the studio switched off there are no pages, and no cookie is worth anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from lipwright.server.accounts import sessions
from lipwright.server.services import Services
from tests.server.callers import new_caller, serving_application


@pytest.fixture
def off(services: Services) -> Iterator[httpx.Client]:
    settings = services.settings.model_copy(
        update={"studio_enabled": False, "home": services.settings.home / "off"}
    )
    yield from serving_application(replace(services, settings=settings))


def test_nothing_of_the_studio_is_there(services: Services, off: httpx.Client) -> None:
    for path in ("/", "/sign-in", "/library", "/static/0000000000000000/app.js"):
        assert off.get(path).status_code == 404
    caller = new_caller(services, off)
    assert off.post("/v1/sessions", json={"key": caller.key}).status_code == 401
    with services.database.write() as connection:
        token = sessions.add_session(connection, caller.account.id, None, 60_000)
    assert off.get("/v1/account", headers={"cookie": f"lipwright_session={token}"}).status_code == 401
    assert caller.get("/v1/account").status_code == 200
