"""Events, their signature, and their delivery to a receiver on this machine."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
import sqlalchemy as sa

from lipwright.server.database.tables import webhook_deliveries
from lipwright.server.fetching.address_guard import AddressGuard
from lipwright.server.ids import now_ms
from lipwright.server.jobs.lifecycle import finish, start_next
from lipwright.server.jobs.model import Failure, Result
from lipwright.server.services import Services
from lipwright.server.webhooks.delivery import Deliveries, wait_after_ms
from tests.server.callers import Caller

RESULT = Result(output_keys=("x/output.mp4",), width_px=64, height_px=48, frame_rate=25.0, frame_count=50)
DAY_MS = 24 * 3600 * 1000


@dataclass
class Receiver:
    """A web server that keeps what it is sent and answers as it is told."""

    url: str
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            kept.received.append(({name.lower(): value for name, value in self.headers.items()}, body))
            status = kept.answers.pop(0) if kept.answers else 200
            self.send_response(status)
            if status == 302:
                self.send_header("location", "/elsewhere")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept = Receiver(url=f"http://127.0.0.1:{server.server_port}/hooks")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield kept
    server.shutdown()
    server.server_close()


@pytest.fixture
def reachable(services: Services) -> Services:
    """The service of an intranet, which may address this machine."""
    from dataclasses import replace

    settings = services.settings.model_copy(update={"reachable_hosts": ["127.0.0.1"]})
    return replace(services, settings=settings)


def register(caller: Caller, url: str, **body: object) -> tuple[str, str]:
    answer = caller.post("/v1/webhooks", {"url": url, **body})
    assert answer.status_code == 200, answer.text
    return answer.json()["id"], answer.json()["secret"]


def render(services: Services, caller: Caller, outcome: Result | Failure) -> str:
    job_id = caller.post("/v1/ai-talking-photo", caller.photo_body()).json()["id"]
    started = start_next(services, "w")
    assert started
    assert started.id == job_id
    assert finish(services, job_id, "w", outcome)
    return str(job_id)


def deliver_due(services: Services) -> int:
    """Send what is due and wait for it; how many there were."""
    sending = Deliveries(services.database, AddressGuard(services.settings.reachable_hosts))
    count = sending.start_due()
    sending.wait()
    return count


def due_at_once(services: Services) -> None:
    """Let time pass for all deliveries that wait."""
    with services.database.write() as connection:
        connection.execute(
            sa.update(webhook_deliveries)
            .where(webhook_deliveries.c.status == "pending")
            .values(next_attempt_at_ms=now_ms())
        )


def deliveries(caller: Caller, webhook_id: str) -> list[dict[str, object]]:
    items: list[dict[str, object]] = caller.get(f"/v1/webhooks/{webhook_id}/deliveries").json()["items"]
    return items


def test_events_are_signed_over_the_exact_bytes_and_carry_the_job(
    reachable: Services, caller: Caller, receiver: Receiver
) -> None:
    _, secret = register(caller, receiver.url)
    assert secret.startswith("whsec_")
    job_id = render(reachable, caller, RESULT)
    assert deliver_due(reachable) == 2
    received = {json.loads(body)["type"]: (headers, body) for headers, body in receiver.received}
    assert set(received) == {"video.started", "video.completed"}
    for headers, body in received.values():
        timestamp = headers["magic-hour-event-timestamp"]
        assert abs(int(timestamp) - time.time()) < 60
        expected = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
        assert headers["magic-hour-event-signature"] == expected
        assert headers["content-type"] == "application/json"
    event = json.loads(received["video.completed"][1])
    assert set(event) == {"type", "payload"}
    now = caller.get(f"/v1/video-projects/{job_id}").json()
    for name in set(now) - {"downloads", "download"}:  # addresses are signed afresh each time
        assert event["payload"][name] == now[name], name
    assert event["payload"]["download"]["url"].startswith(str(caller.http.base_url))
    started = json.loads(received["video.started"][1])["payload"]
    assert (started["status"], started["downloads"], started["error"]) == ("rendering", [], None)


def test_a_failed_job_fires_errored_and_a_canceled_one_nothing(
    reachable: Services, caller: Caller, receiver: Receiver
) -> None:
    register(caller, receiver.url, events=["video.errored", "video.completed"])
    render(reachable, caller, Failure(code="no_source_face", message="No face."))
    canceled = caller.post("/v1/ai-talking-photo", caller.photo_body()).json()["id"]
    caller.post(f"/v1/video-projects/{canceled}/cancel", None)
    deliver_due(reachable)
    events = [json.loads(body) for _, body in receiver.received]
    assert [event["type"] for event in events] == ["video.errored"]
    assert events[0]["payload"]["error"] == {"code": "no_source_face", "message": "No face."}


@pytest.mark.parametrize("status", [500, 404, 302])
def test_any_other_answer_than_2xx_is_tried_again_with_a_new_signature(
    reachable: Services, caller: Caller, receiver: Receiver, status: int
) -> None:
    webhook_id, _ = register(caller, receiver.url, events=["video.completed"])
    receiver.answers = [status]
    render(reachable, caller, RESULT)
    deliver_due(reachable)
    (found,) = deliveries(caller, webhook_id)
    assert found["status"] == "pending"
    assert found["next_attempt_at"] is not None
    assert deliver_due(reachable) == 0, "the next try waits"
    due_at_once(reachable)
    deliver_due(reachable)
    (found,) = deliveries(caller, webhook_id)
    assert found["status"] == "delivered"
    attempts = found["attempts"]
    assert isinstance(attempts, list)
    assert [attempt["status_code"] for attempt in attempts] == [status, 200]
    assert receiver.received[0][1] == receiver.received[1][1]


def test_waits_double_up_to_an_hour() -> None:
    waits_s = [wait_after_ms(attempts) // 1000 for attempts in (1, 2, 3, 4, 12, 13, 40)]
    assert waits_s == [1, 2, 4, 8, 2048, 3600, 3600]


def test_an_unreachable_receiver_is_logged_and_given_up_after_a_day(
    reachable: Services, caller: Caller
) -> None:
    webhook_id, _ = register(caller, "http://127.0.0.1:9/closed", events=["video.completed"])
    render(reachable, caller, RESULT)
    deliver_due(reachable)
    (found,) = deliveries(caller, webhook_id)
    assert found["status"] == "pending"
    attempts = found["attempts"]
    assert isinstance(attempts, list)
    assert attempts[0]["failure"] == "ConnectError"
    with reachable.database.write() as connection:
        connection.execute(
            sa.update(webhook_deliveries)
            .where(webhook_deliveries.c.webhook_id == webhook_id)
            .values(created_at_ms=now_ms() - DAY_MS, next_attempt_at_ms=now_ms())
        )
    deliver_due(reachable)
    assert deliveries(caller, webhook_id)[0]["status"] == "failed"


def test_a_receiver_inside_our_network_is_refused_unless_it_is_allowed(
    services: Services, caller: Caller, receiver: Receiver
) -> None:
    webhook_id, _ = register(caller, receiver.url, events=["video.completed"])
    render(services, caller, RESULT)
    deliver_due(services)
    assert receiver.received == []
    attempts = deliveries(caller, webhook_id)[0]["attempts"]
    assert isinstance(attempts, list)
    assert attempts[0]["failure"] == "the address is not public"


def test_a_disabled_webhook_is_skipped_and_one_that_is_enabled_again_catches_up(
    reachable: Services, caller: Caller, receiver: Receiver
) -> None:
    webhook_id, _ = register(caller, receiver.url, events=["video.completed"])
    change = caller.http.patch(f"/v1/webhooks/{webhook_id}", json={"enabled": False}, headers=caller.headers)
    assert change.json()["enabled"] is False
    render(reachable, caller, RESULT)
    deliver_due(reachable)
    assert receiver.received == []
    caller.http.patch(f"/v1/webhooks/{webhook_id}", json={"enabled": True}, headers=caller.headers)
    due_at_once(reachable)
    deliver_due(reachable)
    assert len(receiver.received) == 1


def test_a_delivery_can_be_replayed(reachable: Services, caller: Caller, receiver: Receiver) -> None:
    webhook_id, _ = register(caller, receiver.url, events=["video.completed"])
    render(reachable, caller, RESULT)
    deliver_due(reachable)
    (found,) = deliveries(caller, webhook_id)
    answer = caller.post(f"/v1/webhook-deliveries/{found['id']}/replay", None)
    assert answer.status_code == 200
    deliver_due(reachable)
    assert len(receiver.received) == 2
    assert len(deliveries(caller, webhook_id)) == 2


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"url": "ftp://example.org/x"},
        {"url": "http://"},
        {"url": "http://example.org/ x"},
        {"url": "http://example.org/\r\nHost: inner"},
        {"url": "http://example.org", "events": ["video.exploded"]},
        {"url": "http://example.org", "events": []},
    ],
)
def test_a_bad_webhook_is_400(caller: Caller, body: dict[str, object]) -> None:
    assert caller.post("/v1/webhooks", body).status_code == 400


def test_secrets_are_shown_once_and_other_accounts_see_nothing(
    services: Services, http: httpx.Client, caller: Caller
) -> None:
    from tests.server.callers import new_caller

    webhook_id, secret = register(caller, "https://example.org/hook")
    assert secret not in caller.get("/v1/webhooks").text
    stranger = new_caller(services, http)
    assert stranger.get("/v1/webhooks").json() == {"items": []}
    assert stranger.get(f"/v1/webhooks/{webhook_id}/deliveries").status_code == 404
    assert stranger.delete(f"/v1/webhooks/{webhook_id}").status_code == 404
    assert caller.delete(f"/v1/webhooks/{webhook_id}").status_code == 204
    assert caller.get("/v1/webhooks").json() == {"items": []}
