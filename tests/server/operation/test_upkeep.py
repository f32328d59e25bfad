"""What is deleted after its time, and what is not."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import httpx
import sqlalchemy as sa

from lipwright.server.accounts.service import ensure_account
from lipwright.server.database.tables import (
    projects,
    uploads,
    webhook_attempts,
    webhook_deliveries,
    webhook_events,
)
from lipwright.server.ids import now_ms
from lipwright.server.jobs.kinds import output_key
from lipwright.server.jobs.lifecycle import finish, start_next
from lipwright.server.jobs.model import Result
from lipwright.server.operation.upkeep import remove_expired, remove_unreferenced
from lipwright.server.services import Services
from lipwright.server.webhooks import repository as webhooks
from lipwright.server.webhooks.repository import Attempt, DeliveryStatus
from lipwright.server.webhooks.service import create_webhook
from tests.server.callers import Caller

DAY_MS = 24 * 3600 * 1000


def kept(services: Services) -> set[str]:
    return {file.key for file in services.store.files()}


def complete_one(services: Services, caller: Caller, tmp_path: Path) -> str:
    """A project with a result; its id."""
    job_id = caller.post("/v1/ai-talking-photo", caller.photo_body()).json()["id"]
    job = start_next(services, "w")
    assert job
    result = tmp_path / "result"
    result.write_bytes(b"video")
    key = output_key(job, "output.mp4")
    services.store.adopt(key, result)
    assert finish(services, job_id, "w", Result(output_keys=(key,)))
    return str(job_id)


def test_uploads_vanish_after_their_time_and_not_before(services: Services, caller: Caller) -> None:
    old, young = caller.upload("image", "png"), caller.upload("image", "png")
    with services.database.write() as connection:
        aged = sa.update(uploads).where(uploads.c.file_path == old)
        connection.execute(aged.values(created_at_ms=now_ms() - 8 * DAY_MS))
    remove_expired(services)
    assert old not in kept(services)
    assert young in kept(services)
    body = {"assets": {"target_file_path": old}}
    assert caller.post("/v1/face-detection", body).status_code == 422


def test_results_are_kept_unless_the_operator_says_otherwise(
    services: Services, caller: Caller, tmp_path: Path
) -> None:
    job_id = complete_one(services, caller, tmp_path)
    with services.database.write() as connection:
        aged = sa.update(projects).where(projects.c.id == job_id)
        connection.execute(aged.values(finished_at_ms=now_ms() - 40 * DAY_MS))
    remove_expired(services)
    assert caller.get(f"/v1/video-projects/{job_id}").json()["enabled"] is True
    settings = services.settings.model_copy(update={"output_retention_days": 30})
    remove_expired(replace(services, settings=settings))
    assert caller.get(f"/v1/video-projects/{job_id}").json()["enabled"] is False
    assert f"{job_id}/output.mp4" not in kept(services)


def test_a_deleted_result_is_gone_and_its_address_with_it(
    services: Services, caller: Caller, tmp_path: Path
) -> None:
    job_id = complete_one(services, caller, tmp_path)
    url = caller.get(f"/v1/video-projects/{job_id}").json()["download"]["url"]
    assert httpx.get(url).content == b"video"
    assert caller.delete(f"/v1/video-projects/{job_id}").status_code == 204
    assert httpx.get(url).status_code == 404
    body = caller.photo_body()
    body["assets"]["audio_file_path"] = f"https://magichour.ai/my-library?videoId={job_id}"
    assert caller.post("/v1/ai-talking-photo", body).status_code == 422


def test_a_library_address_names_an_own_result(services: Services, caller: Caller, tmp_path: Path) -> None:
    job_id = complete_one(services, caller, tmp_path)
    body = caller.photo_body()
    body["assets"]["audio_file_path"] = f"https://any.host/my-library?videoId={job_id}"
    assert caller.post("/v1/ai-talking-photo", body).status_code == 200
    body["assets"]["image_file_path"] = f"https://any.host/my-library?imageId={job_id}"
    assert caller.post("/v1/ai-talking-photo", body).status_code == 422


def test_files_that_no_row_names_are_removed_when_they_are_old(
    services: Services, caller: Caller, tmp_path: Path
) -> None:
    job_id = complete_one(services, caller, tmp_path)
    upload = caller.upload("image", "png")
    for key in ("c0000000000000000000000000/output.mp4", "api-assets/c1/image.png"):
        stray = tmp_path / "stray"
        stray.write_bytes(b"x")
        services.store.adopt(key, stray)
    young = kept(services)
    assert remove_unreferenced(services) == 0
    for key in young:
        hour_ago = time.time() - 4000
        os.utime(services.settings.files_folder / key, (hour_ago, hour_ago))
    assert remove_unreferenced(services) == 2
    assert {f"{job_id}/output.mp4", upload} <= kept(services)
    assert len(kept(services)) == len(young) - 2


def add_event(
    services: Services, name: str, age_days: float, *deliveries: tuple[DeliveryStatus, float]
) -> None:
    """An event of some age, with a delivery of each of these states and ages, attempted once."""
    with services.database.write() as connection:
        account = ensure_account(connection, "with webhooks", "unlimited")
        hooks = webhooks.list_webhooks(connection, account.id)
        hook = hooks or [create_webhook(connection, account.id, "https://example.org", (), limit=9)]
        event = webhooks.add_event(
            connection, account_id=account.id, project_id=name, event_type="video.started", body="{}"
        )
        ages = sa.update(webhook_events).where(webhook_events.c.id == event)
        connection.execute(ages.values(created_at_ms=now_ms() - int(age_days * DAY_MS)))
        for status, delivery_days in deliveries:
            delivery = webhooks.add_delivery(connection, event, hook[0].id)
            attempt = Attempt(made_at_ms=0, duration_ms=1, status_code=200, failure=None)
            webhooks.record_attempt(connection, delivery, attempt, status=status, wait_ms=0)
            row = sa.update(webhook_deliveries).where(webhook_deliveries.c.id == delivery)
            connection.execute(row.values(created_at_ms=now_ms() - int(delivery_days * DAY_MS)))


def test_old_webhook_events_vanish_unless_they_are_still_sent(any_services: Services) -> None:
    delivered, failed, pending = (
        DeliveryStatus.DELIVERED,
        DeliveryStatus.FAILED,
        DeliveryStatus.PENDING,
    )
    add_event(any_services, "old", 31, (delivered, 31), (failed, 31))
    add_event(any_services, "sent to nobody any more", 31)
    add_event(any_services, "young", 29, (delivered, 29))
    add_event(any_services, "still sent", 31, (delivered, 31), (pending, 31))
    add_event(any_services, "sent again", 31, (delivered, 31), (delivered, 1))
    remove_expired(any_services)
    with any_services.database.read() as connection:
        events = set(connection.execute(sa.select(webhook_events.c.project_id)).scalars())
        counts = [
            connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in (webhook_deliveries, webhook_attempts)
        ]
    assert events == {"young", "still sent", "sent again"}
    assert counts == [5, 5]
