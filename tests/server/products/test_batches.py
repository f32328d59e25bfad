"""Many orders in one call: all or none, paid once, told at their end, and fetched as one archive."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from lipwright.server.credits.repository import balance
from lipwright.server.database.tables import batches, ledger, projects, webhook_events
from lipwright.server.ids import new_id
from lipwright.server.jobs.batches import batch_jobs
from lipwright.server.jobs.lifecycle import finish, start_next
from lipwright.server.jobs.model import Failure, Job, Result
from lipwright.server.products.batches.results import result_name, zip_results
from lipwright.server.services import Services
from lipwright.server.webhooks.repository import Webhook, add_webhook
from tests.server.callers import Caller, new_caller

WORKER = "worker"
FAILURE = Failure(code="no_source_face", message="No face was found.")


def photo(caller: Caller, reference: str | None = None, **changes: Any) -> dict[str, Any]:
    return {"product": "ai-talking-photo", "order": caller.photo_body(**changes), "reference": reference}


def batch_body(caller: Caller, count: int) -> dict[str, Any]:
    order = photo(caller)
    orders = [{**order, "reference": f"number {number}"} for number in range(count)]
    return {"orders": orders, "name": "Greetings"}


def placed(caller: Caller, count: int = 3) -> dict[str, Any]:
    answer = caller.post("/v1/batches", batch_body(caller, count))
    assert answer.status_code == 200, answer.text
    batch: dict[str, Any] = answer.json()
    return batch


def rows(services: Services, caller: Caller) -> int:
    """How many jobs and batches the account has."""
    with services.database.read() as connection:
        return sum(
            connection.execute(
                sa.select(sa.func.count()).where(table.c.account_id == caller.account.id)
            ).scalar_one()
            for table in (projects, batches)
        )


def books(services: Services, caller: Caller) -> tuple[int, list[str]]:
    """The balance without what the plan grants, and the references of all entries."""
    with services.database.read() as connection:
        query = sa.select(ledger.c.reference).where(ledger.c.account_id == caller.account.id)
        return balance(connection, caller.account.id), list(connection.execute(query).scalars())


def webhook_of(caller: Caller) -> Webhook:
    return Webhook(
        id=new_id(),
        account_id=caller.account.id,
        url="https://example.com/",
        event_types=("batch.ended",),
        secret="s",
        enabled=True,
        created_at_ms=1,
    )


def work(services: Services, *outcomes: Any) -> list[Job]:
    """Let a worker end the next jobs so: with a failure, or with the file of this content."""
    done = []
    for outcome in outcomes:
        job = start_next(services, WORKER)
        assert job is not None
        if isinstance(outcome, bytes):
            part = services.settings.scratch_folder / "made.mp4"
            part.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(outcome)
            services.store.adopt(f"{job.id}/output.mp4", part)
            outcome = Result(output_keys=(f"{job.id}/output.mp4",), duration_s=1.0, frame_count=30)
        assert finish(services, job.id, WORKER, outcome)
        done.append(job)
    return done


@pytest.fixture
def somebody(any_services: Services, any_http: httpx.Client) -> Caller:
    return new_caller(any_services, any_http)


def test_all_orders_of_a_batch_are_queued_in_their_order(any_services: Services, somebody: Caller) -> None:
    batch = placed(somebody)
    assert batch["name"] == "Greetings"
    assert batch["counts"] == {"queued": 3, "rendering": 0, "complete": 0, "error": 0, "canceled": 0}
    assert [order["reference"] for order in batch["orders"]] == ["number 0", "number 1", "number 2"]
    ids = [order["project_id"] for order in batch["orders"]]
    assert [job.id for job in work(any_services, FAILURE, FAILURE, FAILURE)] == ids
    single = somebody.get(f"/v1/video-projects/{ids[0]}").json()
    assert "batch_id" not in single
    assert "reference" not in single


def test_an_order_that_is_refused_is_told_with_its_place_and_none_is_placed(
    any_services: Services, somebody: Caller
) -> None:
    good = photo(somebody)
    for bad, status, sentence in (
        ({**good, "order": somebody.photo_body(start_seconds=3)}, 422, "orders[1]: end_seconds (2) must be"),
        ({**good, "order": {"assets": {}}}, 400, "orders[1]."),
        ({"product": "song", "order": {}}, 400, "orders[1]"),
    ):
        answer = somebody.post("/v1/batches", {"orders": [good, bad]})
        assert (answer.status_code, sentence in answer.json()["message"]) == (status, True), answer.text
    assert rows(any_services, somebody) == 0
    assert books(any_services, somebody)[0] == 0


def test_a_batch_has_1_to_500_orders(services: Services, caller: Caller) -> None:
    assert caller.post("/v1/batches", {"orders": []}).status_code == 400
    body = batch_body(caller, 501)
    assert caller.post("/v1/batches", body).status_code == 400
    assert rows(services, caller) == 0
    body["orders"].pop()
    answer = caller.http.post("/v1/batches", json=body, headers=caller.headers, timeout=240)
    assert answer.json()["counts"]["queued"] == 500
    caller.post(f"/v1/batches/{answer.json()['id']}/cancel", {})


def test_a_batch_that_the_balance_does_not_cover_is_not_placed_in_part(
    any_services: Services, any_http: httpx.Client
) -> None:
    poor = new_caller(any_services, any_http, plan="free")
    answer = poor.post("/v1/batches", batch_body(poor, 60))
    assert answer.status_code == 402, answer.text
    assert "60 orders" in answer.json()["message"]
    assert rows(any_services, poor) == 0
    assert [one for one in books(any_services, poor)[1] if one.startswith("hold:")] == []


def test_a_repeat_with_the_same_key_is_charged_once(any_services: Services, somebody: Caller) -> None:
    key, body = {"idempotency-key": "one"}, batch_body(somebody, 3)
    first = somebody.post("/v1/batches", body, **key).json()
    paid = books(any_services, somebody)
    assert somebody.post("/v1/batches", body, **key).json() == first
    assert books(any_services, somebody) == paid
    assert rows(any_services, somebody) == 4
    assert somebody.post("/v1/batches", batch_body(somebody, 1), **key).status_code == 409


def test_the_end_is_told_once_and_every_credit_is_settled(any_services: Services, somebody: Caller) -> None:
    with any_services.database.write() as connection:
        add_webhook(connection, webhook_of(somebody))
    batch = placed(somebody)
    work(any_services, b"a video", FAILURE)
    assert somebody.get(f"/v1/batches/{batch['id']}").json()["ended_at"] is None
    work(any_services, b"another")
    now = somebody.get(f"/v1/batches/{batch['id']}").json()
    assert now["ended_at"] is not None
    assert now["counts"] == {"queued": 0, "rendering": 0, "complete": 2, "error": 1, "canceled": 0}
    assert [order["error"] for order in now["orders"]] == [None, FAILURE.model_dump(), None]
    somebody.post(f"/v1/batches/{batch['id']}/cancel", {})
    with any_services.database.read() as connection:
        query = sa.select(webhook_events).where(webhook_events.c.account_id == somebody.account.id)
        (event,) = connection.execute(query).all()
    body = json.loads(event.body)
    assert body["type"] == "batch.ended"
    assert body["payload"] == {name: value for name, value in now.items() if name != "orders"}
    total, references = books(any_services, somebody)
    assert total == -now["credits_charged"]
    assert len(references) == len(set(references)) == 6


def test_a_cancel_stops_what_is_not_complete_and_gives_its_credits_back(
    any_services: Services, somebody: Caller
) -> None:
    batch = placed(somebody, 4)
    work(any_services, b"a video")
    assert start_next(any_services, WORKER) is not None
    now = somebody.post(f"/v1/batches/{batch['id']}/cancel", {}).json()
    assert now["counts"] == {"queued": 0, "rendering": 0, "complete": 1, "error": 0, "canceled": 3}
    assert now["ended_at"] is not None
    assert books(any_services, somebody)[0] == -now["credits_charged"]
    assert somebody.post(f"/v1/batches/{batch['id']}/cancel", {}).json() == now


def test_a_batch_keeps_no_other_account_waiting(
    any_services: Services, any_http: httpx.Client, somebody: Caller
) -> None:
    placed(somebody, 20)
    start_next(any_services, WORKER)
    other = new_caller(any_services, any_http)
    mine = other.post("/v1/ai-talking-photo", other.photo_body()).json()["id"]
    job = start_next(any_services, WORKER)
    assert job is not None
    assert job.id == mine


def test_batches_are_listed_in_pages_and_seen_by_their_owner_alone(
    any_services: Services, any_http: httpx.Client, somebody: Caller
) -> None:
    made = [placed(somebody, 1)["id"] for _ in range(3)]
    first = somebody.get("/v1/batches?limit=2").json()
    second = somebody.get(f"/v1/batches?limit=2&cursor={first['next_cursor']}").json()
    listed = [item["id"] for item in (*first["items"], *second["items"])]
    assert sorted(listed) == sorted(made)
    assert second["next_cursor"] is None
    stranger = new_caller(any_services, any_http)
    assert stranger.get("/v1/batches").json() == {"items": [], "next_cursor": None}
    for path in (f"/v1/batches/{made[0]}", f"/v1/batches/{made[0]}/results"):
        assert stranger.get(path).status_code == 404
    assert stranger.post(f"/v1/batches/{made[0]}/cancel", {}).status_code == 404
    assert somebody.get("/v1/batches/..%2f..").status_code == 404


def test_results_come_as_one_archive_without_what_was_deleted(
    any_services: Services, somebody: Caller
) -> None:
    batch = placed(somebody, 4)
    work(any_services, b"first", FAILURE, b"third", b"fourth")
    assert somebody.delete(f"/v1/video-projects/{batch['orders'][3]['project_id']}").status_code == 204
    answer = somebody.get(f"/v1/batches/{batch['id']}/results")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        found = {name: archive.read(name) for name in archive.namelist()}
    assert found == {"001-number-0.mp4": b"first", "003-number-2.mp4": b"third"}
    gone = somebody.get(f"/v1/batches/{batch['id']}").json()["orders"][3]
    assert gone["enabled"] is False


@pytest.mark.parametrize("reference", ["../../etc/passwd", "C:\\x", "a\nb", "-rf", "", "…", "x" * 400])
def test_no_reference_makes_an_unsafe_name(any_services: Services, somebody: Caller, reference: str) -> None:
    somebody.post("/v1/batches", {"orders": [photo(somebody, reference)]})
    job = start_next(any_services, WORKER)
    assert job is not None
    name = result_name(job, 0, "key/output.mp4")
    assert name.startswith("001-")
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
    assert ".." not in name
    assert len(name) < 100


def test_an_archive_is_sent_while_it_is_read(services: Services, caller: Caller, tmp_path: Path) -> None:
    batch = placed(caller, 1)
    work(services, b"x" * 3_000_000)
    with services.database.read() as connection:
        jobs = batch_jobs(connection, batch["id"])
    pieces = [len(piece) for piece in zip_results(services.store, jobs, tmp_path)]
    assert len(pieces) > 10
    assert max(pieces) < 300_000
