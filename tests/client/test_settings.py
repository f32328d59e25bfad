"""How a client learns where and how to work."""

from __future__ import annotations

import inspect

import httpx
import pytest

from lipwright_client import AsyncClient, Client, async_resources, resources
from lipwright_client.settings import DEFAULT_BASE_URL


def test_without_anything_said_the_own_machine_is_asked() -> None:
    with Client() as client:
        assert client.settings.base_url == DEFAULT_BASE_URL
        assert client.settings.token is None
        assert client.settings.poll_interval_s == 0.5
        assert client.settings.wait_limit_s is None
        assert client.settings.timeout_s == 60


def test_the_environment_fills_what_is_not_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIPWRIGHT_API_KEY", "from-environment")
    monkeypatch.setenv("LIPWRIGHT_BASE_URL", "https://faces.example.org/api/")
    monkeypatch.setenv("MAGIC_HOUR_POLL_INTERVAL", "3")
    monkeypatch.setenv("LIPWRIGHT_WAIT_LIMIT", "90")
    with Client() as client:
        assert client.settings.token == "from-environment"
        assert client.settings.base_url == "https://faces.example.org/api"
        assert client.settings.poll_interval_s == 3
        assert client.settings.wait_limit_s == 90
    monkeypatch.setenv("LIPWRIGHT_POLL_INTERVAL", "2")
    with Client(token="given", base_url="http://localhost:1/", wait_limit_s=5) as client:
        assert client.settings.token == "given"
        assert client.settings.base_url == "http://localhost:1"
        assert client.settings.poll_interval_s == 2
        assert client.settings.wait_limit_s == 5


def test_the_key_of_another_service_is_not_sent_to_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAGIC_HOUR_API_KEY", "mhk_live_secret")
    with Client() as client:
        assert client.settings.token is None


def test_the_key_is_not_shown() -> None:
    with Client(token="secret-key") as client:
        assert "secret-key" not in repr(client.settings)


def test_a_key_may_come_with_a_line_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIPWRIGHT_API_KEY", "lwk_live_1\n")
    with Client() as client:
        assert client.settings.token == "lwk_live_1"


@pytest.mark.parametrize("token", ["lwk\nX-Evil: 1", "lwk_\u2013", "a\x00b"])
def test_a_key_that_no_header_can_carry_is_refused_at_once(token: str) -> None:
    with pytest.raises(ValueError, match="Copy it again"):
        Client(token=token)


@pytest.mark.parametrize(
    "address",
    [
        "localhost:8000",
        "ftp://files.example.org",
        "http://",
        "nonsense",
        "http://host/?x=1",
        "http://host/#x",
    ],
)
def test_a_wrong_address_is_refused_at_once(address: str) -> None:
    with pytest.raises(ValueError, match="is no server address"):
        Client(base_url=address)


@pytest.mark.parametrize("text", ["soon", "-1", "nan", "inf"])
def test_a_wrong_number_in_the_environment_is_named(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("MAGIC_HOUR_POLL_INTERVAL", text)
    with pytest.raises(ValueError, match="MAGIC_HOUR_POLL_INTERVAL"):
        Client()


def test_an_interval_of_zero_does_not_hammer_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAGIC_HOUR_POLL_INTERVAL", "0")
    with Client() as client:
        assert client.settings.poll_interval_s == 0.05


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("http://127.0.0.1:8000", True),
        ("https://notmagichour.ai", True),
        ("https://magichour.ai", False),
        ("https://API.MagicHour.ai/prefix", False),
    ],
)
def test_only_known_services_are_trusted_to_keep_idempotency_keys(address: str, kept: bool) -> None:
    with Client(base_url=address) as client:
        assert client.settings.keeps_idempotency_keys is kept


def test_a_closed_client_closes_its_connections() -> None:
    http = httpx.Client()
    with Client(httpx_client=http):
        pass
    assert http.is_closed


def test_both_clients_offer_the_same_calls() -> None:
    blocking_arguments = dict(inspect.signature(Client).parameters)
    awaiting_arguments = dict(inspect.signature(AsyncClient).parameters)
    del blocking_arguments["httpx_client"], awaiting_arguments["httpx_client"]
    assert blocking_arguments == awaiting_arguments
    compared = 0
    for name, blocking in inspect.getmembers(resources, inspect.isclass):
        if not issubclass(blocking, resources.Resource):
            continue
        awaiting = getattr(async_resources, f"Async{name}")
        for method_name, method in inspect.getmembers(blocking, inspect.isfunction):
            if method_name.startswith("_"):
                continue
            other = getattr(awaiting, method_name)
            assert inspect.signature(method) == inspect.signature(other)
            assert method.__doc__ == other.__doc__
            assert inspect.iscoroutinefunction(other)
            compared += 1
    assert compared == 20
