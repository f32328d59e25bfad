"""Both kinds of client, behind one face, so that every behaviour is tested on both."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from lipwright_client import AsyncClient, Client, runners
from tests.client.clients import Awaited, MakeClient
from tests.client.fake_service import BASE_URL, TOKEN, FakeService


@pytest.fixture
def service() -> FakeService:
    """The service that the clients of this test talk to."""
    return FakeService()


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings from outside; downloads without a folder go to the test's own."""
    for name in ("API_KEY", "BASE_URL", "POLL_INTERVAL", "WAIT_LIMIT"):
        monkeypatch.delenv(f"LIPWRIGHT_{name}", raising=False)
    monkeypatch.delenv("MAGIC_HOUR_POLL_INTERVAL", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that clients would have slept; nobody sleeps in these tests."""
    slept: list[float] = []

    async def nap(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(runners, "sleep", slept.append)
    monkeypatch.setattr(runners, "sleep_async", nap)
    return slept


@pytest.fixture(params=["blocking", "awaiting"])
def make_client(
    request: pytest.FixtureRequest,
    service: FakeService,
    naps: list[float],  # noqa: ARG001
) -> Iterator[MakeClient]:
    """Makes a client of either kind; give it a transport to replace the service."""
    made: list[Any] = []
    with asyncio.Runner() as loop:

        def make(*, transport: Any = None, **settings: Any) -> Any:
            settings = {"token": TOKEN, "base_url": BASE_URL} | settings
            transport = transport or httpx.MockTransport(service)
            client: Any
            if request.param == "blocking":
                client = Client(httpx_client=httpx.Client(transport=transport), **settings)
            else:
                http = httpx.AsyncClient(transport=transport)
                client = Awaited(AsyncClient(httpx_client=http, **settings), loop)
            made.append(client)
            return client

        yield make
        for client in made:
            client.close()


@pytest.fixture
def client(make_client: MakeClient) -> Any:
    """A client of the service with a good key."""
    return make_client()
