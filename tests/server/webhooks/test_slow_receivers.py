"""Receivers are served apart from one another, and each for a limited time."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from lipwright.server.fetching.address_guard import AddressGuard
from lipwright.server.services import Services
from lipwright.server.webhooks import delivery
from lipwright.server.webhooks.delivery import Deliveries
from lipwright.server.webhooks.signature import sign
from tests.server.callers import Caller
from tests.server.webhooks.test_webhooks import (
    RESULT,
    Receiver,
    deliver_due,
    deliveries,
    due_at_once,
    reachable,
    receiver,
    register,
    render,
)
from tests.support.dripping import DRIPS, dripping

__all__ = ["reachable", "receiver"]


@pytest.fixture(autouse=True)
def no_earlier_deliveries(services: Services) -> Iterator[None]:
    """The tests of this file share a database."""
    yield
    import sqlalchemy as sa

    from lipwright.server.database.tables import webhook_deliveries

    with services.database.write() as connection:
        connection.execute(sa.update(webhook_deliveries).values(status="failed"))


def only_attempt(caller: Caller, webhook_id: str) -> dict[str, object]:
    (found,) = deliveries(caller, webhook_id)
    attempts = found["attempts"]
    assert isinstance(attempts, list)
    (attempt,) = attempts
    assert isinstance(attempt, dict)
    return attempt


def test_eight_slow_receivers_delay_nobody(reachable: Services, caller: Caller, receiver: Receiver) -> None:
    """Those that wait for the slow ones are let go only after the quick one has its event."""
    with dripping(*DRIPS["silence"]) as port:
        for number in range(8):
            register(caller, f"http://127.0.0.1:{port}/{number}", events=["video.completed"])
        for _ in range(3):  # more events than one slow receiver may have at once
            render(reachable, caller, RESULT)
        sending = Deliveries(reachable.database, AddressGuard(reachable.settings.reachable_hosts))
        assert sending.start_due() == 8 * delivery.AT_ONCE_PER_WEBHOOK
        assert sending.start_due() == 0, "a busy receiver gets no more at once"
        webhook_id, _ = register(caller, receiver.url, events=["video.completed"])
        render(reachable, caller, RESULT)
        assert sending.start_due() == 1
        waiting = threading.Event()
        for _ in range(1000):
            if receiver.received:
                break
            waiting.wait(0.01)
        assert len(receiver.received) == 1
        assert sending.start_due() == 0, "the slow ones are still being waited for"
    sending.wait()
    assert only_attempt(caller, webhook_id)["status_code"] == 200


@pytest.mark.timeout(30)  # each would go on for ever
@pytest.mark.parametrize("part", ["silence", "status line", "headers", "one header", "early hints"])
def test_an_attempt_ends_in_time_whatever_part_of_the_answer_is_drawn_out(
    reachable: Services, caller: Caller, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    monkeypatch.setattr(delivery, "RECEIVER_TIMEOUT_S", 0.3)
    with dripping(*DRIPS[part]) as port:
        webhook_id, _ = register(caller, f"http://127.0.0.1:{port}/", events=["video.completed"])
        render(reachable, caller, RESULT)
        assert deliver_due(reachable) == 1
    assert only_attempt(caller, webhook_id)["failure"] in ("ReadTimeout", "WriteTimeout")
    (found,) = deliveries(caller, webhook_id)
    assert found["status"] == "pending"


@pytest.mark.logs_errors
def test_an_exception_in_one_delivery_is_a_failed_try_of_that_one(
    reachable: Services, caller: Caller, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, broken_secret = register(caller, receiver.url + "/1", events=["video.completed"])
    whole, _ = register(caller, receiver.url + "/2", events=["video.completed"])

    def fails_for_one(secret: str, timestamp_s: int, body: bytes) -> str:
        if secret == broken_secret:
            raise ZeroDivisionError
        return sign(secret, timestamp_s, body)

    monkeypatch.setattr(delivery, "sign", fails_for_one)
    render(reachable, caller, RESULT)
    assert deliver_due(reachable) == 2
    assert only_attempt(caller, broken)["failure"] == "internal error (ZeroDivisionError)"
    assert only_attempt(caller, whole)["status_code"] == 200
    monkeypatch.setattr(delivery, "sign", sign)
    due_at_once(reachable)
    assert deliver_due(reachable) == 1
    assert deliveries(caller, broken)[0]["status"] == "delivered"


@pytest.mark.parametrize("path", ["/hooks/größe", "/hooks/a?name=ü", "/hooks/%C3%A4"])
def test_an_address_with_letters_beyond_ascii_is_reached(
    reachable: Services, caller: Caller, receiver: Receiver, path: str
) -> None:
    url = receiver.url.removesuffix("/hooks") + path
    webhook_id, _ = register(caller, url, events=["video.completed"])
    render(reachable, caller, RESULT)
    deliver_due(reachable)
    assert only_attempt(caller, webhook_id)["status_code"] == 200
    assert caller.get("/v1/webhooks").json()["items"][0]["url"] == url


def test_a_host_with_letters_beyond_ascii_is_an_address_and_one_that_cannot_be_encoded_is_none(
    caller: Caller,
) -> None:
    register(caller, "https://bücher.example/hook")
    for url in ("https://☃.example/hook", "https://\uff11\uff12\uff17.0.0.1/hook", "https://a.example:0/"):
        assert caller.post("/v1/webhooks", {"url": url}).status_code == 400


def test_an_account_has_a_limited_number_of_webhooks(services: Services, caller: Caller) -> None:
    limit = services.settings.webhooks_per_account
    hooks = [register(caller, f"https://example.org/{number}")[0] for number in range(limit)]
    refused = caller.post("/v1/webhooks", {"url": "https://example.org/more"})
    assert refused.status_code == 422
    assert f"{limit} webhooks" in refused.json()["message"]
    caller.delete(f"/v1/webhooks/{hooks[0]}")
    register(caller, "https://example.org/more")


def test_every_webhooks_oldest_event_comes_before_any_second_one(any_services: Services) -> None:
    """One that has thousands waiting does not fill the list of those that are due."""
    from lipwright.server.accounts.service import ensure_account
    from lipwright.server.webhooks import repository, service

    database = any_services.database
    with database.write() as connection:
        account = ensure_account(connection, "a", "unlimited")
        hooks = [
            service.create_webhook(connection, account.id, f"https://example.org/{name}", (), limit=3).id
            for name in "abc"
        ]
        for hook, count in zip(hooks, (20, 1, 2), strict=True):
            for number in range(count):
                event = repository.add_event(
                    connection, account_id=account.id, project_id=f"{hook}{number}", event_type="x", body="{}"
                )
                repository.add_delivery(connection, event, hook)

    def claimed(limit: int, busy: tuple[str, ...] = ()) -> list[str]:
        with database.write() as connection:
            due = repository.claim_due(connection, 60_000, limit, per_webhook=2, busy=busy)
        return sorted(one.webhook_id for one in due)

    assert claimed(3) == sorted(hooks)
    assert claimed(9, busy=(hooks[0],)) == [hooks[2]]
    assert claimed(9) == [hooks[0]] * 2
