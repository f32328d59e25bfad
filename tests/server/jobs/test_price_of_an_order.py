"""A job is settled under the prices under which it was accepted, whatever the price list says later."""

from __future__ import annotations

import re

import httpx
import sqlalchemy as sa

from lipwright.server.credits import plans
from lipwright.server.database.installation_files import store_file
from lipwright.server.database.tables import projects
from lipwright.server.jobs.lifecycle import finish, hold_for, start_next
from lipwright.server.jobs.model import LipSyncSpec, Result
from lipwright.server.services import Services
from tests.server.callers import Caller, new_caller
from tests.server.jobs.test_held_credits import balance_of, job_of, order, sync_spec


def let_frames_cost(services: Services, credits: float) -> None:
    """Change the price of a frame of a lip sync for the whole installation."""
    text = re.sub(r"sync_lite_per_frame = \S+", f"sync_lite_per_frame = {credits}", plans.built_in_text())
    with services.database.write() as connection:
        store_file(connection, plans.FILE_NAME, text)
    services.refresh()


def ordered(services: Services, caller: Caller, seconds: float) -> str:
    spec: LipSyncSpec = sync_spec(seconds)
    job_id = order(services, caller, spec)
    assert start_next(services, "w")
    return job_id


def made(frames: int) -> Result:
    return Result(output_keys=(), frame_rate=30, frame_count=frames)


def test_a_job_costs_what_was_said_when_it_was_accepted(
    any_services: Services, any_http: httpx.Client
) -> None:
    caller = new_caller(any_services, any_http)
    let_frames_cost(any_services, 2)
    job_id = ordered(any_services, caller, 10)
    assert job_of(any_services, job_id).credits_charged == 600
    let_frames_cost(any_services, 1)
    assert finish(any_services, job_id, "w", made(250))
    assert job_of(any_services, job_id).credits_charged == 500
    assert balance_of(any_services, caller) == -500
    assert job_of(any_services, ordered(any_services, caller, 10)).credits_charged == 300


def test_further_frames_are_held_at_the_price_of_the_order(
    any_services: Services, any_http: httpx.Client
) -> None:
    caller = new_caller(any_services, any_http)
    job_id = ordered(any_services, caller, 10)
    let_frames_cost(any_services, 7)
    assert hold_for(any_services, job_id, "w", 500) is None
    assert job_of(any_services, job_id).credits_charged == 500
    assert finish(any_services, job_id, "w", made(500))
    assert balance_of(any_services, caller) == -500


def test_a_job_of_an_earlier_version_is_settled_under_the_present_prices(
    any_services: Services, any_http: httpx.Client
) -> None:
    caller = new_caller(any_services, any_http)
    job_id = ordered(any_services, caller, 10)
    with any_services.database.write() as connection:
        connection.execute(sa.update(projects).where(projects.c.id == job_id).values(prices=None))
    assert job_of(any_services, job_id).prices is None
    assert finish(any_services, job_id, "w", made(250))
    assert balance_of(any_services, caller) == -250
