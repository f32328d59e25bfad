"""What an account sees of itself, and its keys and webhooks."""

from __future__ import annotations

import httpx
import pytest

from lipwright.server.credits.repository import add_entry
from lipwright.server.jobs.lifecycle import finish, start_next
from lipwright.server.jobs.model import Failure, Result
from lipwright.server.services import Services
from tests.server.callers import Caller, new_caller

WORKER = "worker"


def test_an_account_shows_its_plan_and_balance(services: Services, http: httpx.Client) -> None:
    caller = new_caller(services, http, "creator")
    found = caller.get("/v1/account").json()
    plan = services.price_list.plan("creator")
    assert (found["id"], found["name"]) == (caller.account.id, caller.account.name)
    assert found["plan"]["name"] == "creator"
    assert found["plan"]["upload_bytes"] == plan.upload_bytes
    assert found["credits"] == plan.credits_once + plan.credits_daily + plan.credits_monthly
    assert found["prices"]["sync_lite_per_frame"] == services.price_list.prices.sync_lite_per_frame


def test_the_ledger_is_read_page_by_page(services: Services, http: httpx.Client, caller: Caller) -> None:
    other = new_caller(services, http)
    with services.database.write() as connection:
        for number in range(5):
            add_entry(connection, caller.account.id, f"grant:{number}", 10 + number, "a gift")
        add_entry(connection, other.account.id, "grant:other", 99, "not yours")
        add_entry(connection, caller.account.id, "hold:cproject:20", -3, "more held")
    first = caller.get("/v1/account/ledger", params={"limit": 4}).json()
    assert [row["credits"] for row in first["items"]] == [-3, 14, 13, 12]
    assert [row["project_id"] for row in first["items"]] == ["cproject", None, None, None]
    rest = caller.get("/v1/account/ledger", params={"limit": 4, "cursor": first["next_cursor"]}).json()
    assert [row["credits"] for row in rest["items"]] == [11, 10]
    assert rest["next_cursor"] is None
    assert caller.get("/v1/account/ledger", params={"cursor": "x"}).status_code == 400


def test_use_is_told_day_by_day(services: Services, http: httpx.Client) -> None:
    caller = new_caller(services, http)
    for _ in range(2):
        caller.post("/v1/ai-talking-photo", caller.photo_body())
    while (job := start_next(services, WORKER)) is not None:
        outcome = Result(output_keys=(), duration_s=1.5, frame_count=45)
        finish(services, job.id, WORKER, outcome)
    caller.post("/v1/ai-talking-photo", caller.photo_body())
    job = start_next(services, WORKER)
    assert job is not None
    finish(services, job.id, WORKER, Failure(code="unknown_error", message="It failed."))
    days = caller.get("/v1/account/usage", params={"days": 7}).json()["items"]
    assert len(days) == 7
    assert [day["date"] for day in days] == sorted(day["date"] for day in days)
    today = days[-1]
    if today["projects"] == 0:  # midnight passed meanwhile
        today = days[-2]
    assert (today["projects"], today["seconds"]) == (2, 3.0)
    assert today["credits"] > 0
    assert sum(day["projects"] for day in days) == 2


def test_a_key_is_shown_once_and_stops_working_when_it_is_revoked(caller: Caller) -> None:
    made = caller.post("/v1/api-keys", {"name": "<b>laptop</b>"}).json()
    assert made["key"].startswith(made["hint"])
    listed = caller.get("/v1/api-keys")
    assert made["key"] not in listed.text
    assert [one["name"] for one in listed.json()["items"]] == ["<b>laptop</b>", "test"]
    headers = {"authorization": f"Bearer {made['key']}"}
    assert caller.http.get("/v1/account", headers=headers).status_code == 200
    assert caller.delete(f"/v1/api-keys/{made['id']}").status_code == 204
    assert caller.http.get("/v1/account", headers=headers).status_code == 401
    revoked = caller.get("/v1/api-keys").json()["items"][0]
    assert revoked["revoked_at"] is not None


def test_a_key_of_another_account_cannot_be_revoked(
    services: Services, http: httpx.Client, caller: Caller
) -> None:
    other = new_caller(services, http)
    theirs = other.get("/v1/api-keys").json()["items"][0]
    for which in (theirs["id"], theirs["hint"], other.key):
        assert caller.delete(f"/v1/api-keys/{which}").status_code == 404
    assert other.get("/v1/account").status_code == 200


def test_an_account_has_a_bounded_number_of_keys(
    services: Services, http: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lipwright.server.own_account import service

    monkeypatch.setattr(service, "MOST_KEYS", 2)
    caller = new_caller(services, http)
    assert caller.post("/v1/api-keys", {"name": "second"}).status_code == 200
    refused = caller.post("/v1/api-keys", {"name": "third"})
    assert refused.status_code == 422
    assert "Revoke one first" in refused.json()["message"]


def test_a_webhook_is_tried(services: Services, http: httpx.Client, caller: Caller) -> None:
    hook = caller.post("/v1/webhooks", {"url": "https://example.org/hook"}).json()["id"]
    ids = [caller.post(f"/v1/webhooks/{hook}/test", {}).json()["id"] for _ in range(2)]
    deliveries = caller.get(f"/v1/webhooks/{hook}/deliveries").json()["items"]
    assert sorted(one["id"] for one in deliveries) == sorted(ids)
    assert {one["type"] for one in deliveries} == {"webhook.test"}
    assert new_caller(services, http).post(f"/v1/webhooks/{hook}/test", {}).status_code == 404
    caller.http.patch(f"/v1/webhooks/{hook}", json={"enabled": False}, headers=caller.headers)
    assert caller.post(f"/v1/webhooks/{hook}/test", {}).status_code == 422
