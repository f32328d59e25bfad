"""Nobody pays more than was held, and nothing is held that is not there: by any input, in any order."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lipwright.server.accounts.repository import set_plan
from lipwright.server.credits.repository import add_entry, balance
from lipwright.server.database.tables import ledger
from lipwright.server.errors import PaymentRequired
from lipwright.server.jobs import queue
from lipwright.server.jobs.kinds import final_cost
from lipwright.server.jobs.lifecycle import (
    ROUNDING_FRAMES,
    CreateCall,
    cancel_job,
    create_job,
    finish,
    hold_for,
    start_next,
)
from lipwright.server.jobs.model import (
    Failure,
    Job,
    JobKind,
    JobSpec,
    LipSyncSpec,
    Result,
    Source,
    SpeechSpec,
)
from lipwright.server.jobs.repository import get_job
from lipwright.server.services import Services
from tests.server.callers import Caller, new_caller

VIDEO = Source(field="video", extension="mp4", url="https://example.org/film.mp4")
SOUND = Source(field="audio", extension="mp3", url="https://example.org/voice.mp3")
PLANS = ("free", "creator", "pro", "business", "unlimited")
LIMITED = PLANS[:-1]


def sync_spec(seconds: float, mode: str = "lite", **changes: Any) -> LipSyncSpec:
    return LipSyncSpec.model_validate(
        {
            "video": VIDEO,
            "youtube_url": None,
            "audio": SOUND,
            "start_s": 0,
            "end_s": seconds,
            "mode": mode,
            "max_frame_rate": None,
            "longer_side_px": 576,
            "transcript": None,
            "max_fetch_bytes": 1,
            **changes,
        }
    )


def made(frames: int, rate: float = 30.0) -> Result:
    return Result(
        output_keys=("x/output.mp4",), frame_rate=rate, frame_count=frames, duration_s=frames / rate
    )


def order(services: Services, caller: Caller, spec: JobSpec) -> str:
    call = CreateCall(
        account=caller.account,
        path="/v1/x",
        body="",
        public_url="http://x",
        idempotency_key=None,
        has_left=lambda: False,
    )
    return create_job(services, call, None, spec).id


def started(services: Services, caller: Caller, spec: JobSpec, worker: str = "w") -> str:
    job_id = order(services, caller, spec)
    job = start_next(services, worker)
    assert job is not None
    assert job.id == job_id
    return job_id


def job_of(services: Services, job_id: str) -> Job:
    with services.database.read() as connection:
        job = get_job(connection, job_id)
    assert job is not None
    return job


def balance_of(services: Services, caller: Caller) -> int:
    with services.database.read() as connection:
        return balance(connection, caller.account.id)


def with_credits(services: Services, http: httpx.Client, credits: int, plan: str = "free") -> Caller:
    """Somebody with this balance: the free plan grants 500, the rest is given or taken."""
    caller = new_caller(services, http, plan)
    order(services, caller, SpeechSpec(text="", voice=None, max_fetch_bytes=1))
    granted = balance_of(services, caller)
    with services.database.write() as connection:
        add_entry(connection, caller.account.id, "grant:test", credits - granted, "test")
    with services.database.write() as connection:
        connection.execute(sa.text("DELETE FROM projects WHERE account_id = :id"), {"id": caller.account.id})
    return caller


def test_more_is_held_when_the_source_has_more_frames_than_was_assumed(
    any_services: Services, any_http: httpx.Client
) -> None:
    caller = with_credits(any_services, any_http, 500)
    job_id = started(any_services, caller, sync_spec(1.5))
    assert balance_of(any_services, caller) == 455
    assert hold_for(any_services, job_id, "w", 360) is None
    assert balance_of(any_services, caller) == 140
    assert job_of(any_services, job_id).credits_charged == 360
    assert finish(any_services, job_id, "w", made(360, 240))
    assert balance_of(any_services, caller) == 140


def test_a_source_that_the_balance_does_not_cover_ends_the_job_before_it_renders(
    any_services: Services, any_http: httpx.Client
) -> None:
    caller = with_credits(any_services, any_http, 500)
    job_id = started(any_services, caller, sync_spec(3))
    failure = hold_for(any_services, job_id, "w", 720)
    assert failure is not None
    assert failure.code == "insufficient_credits"
    assert "720 frames" in failure.message
    assert "220 are missing" in failure.message
    assert finish(any_services, job_id, "w", failure)
    assert balance_of(any_services, caller) == 500
    answer = caller.get(f"/v1/video-projects/{job_id}").json()
    assert (answer["status"], answer["error"]["code"]) == ("error", "insufficient_credits")
    assert answer["credits_charged"] == 0


def test_the_last_credit_may_be_held(any_services: Services, any_http: httpx.Client) -> None:
    caller = with_credits(any_services, any_http, 720)
    job_id = started(any_services, caller, sync_spec(3))
    assert hold_for(any_services, job_id, "w", 720) is None
    assert balance_of(any_services, caller) == 0


def test_one_frame_at_the_edge_of_the_stretch_ends_no_job_and_costs_nothing_that_is_not_there(
    any_services: Services, any_http: httpx.Client
) -> None:
    caller = with_credits(any_services, any_http, 90)
    job_id = started(any_services, caller, sync_spec(3))
    assert hold_for(any_services, job_id, "w", 90 + ROUNDING_FRAMES) is None
    assert finish(any_services, job_id, "w", made(90 + ROUNDING_FRAMES))
    assert balance_of(any_services, caller) == 0


def test_a_count_that_comes_twice_is_held_once(any_services: Services, any_http: httpx.Client) -> None:
    caller = with_credits(any_services, any_http, 500)
    job_id = started(any_services, caller, sync_spec(1))
    for frames in (200, 240, 240, 100):  # about how many, exactly, and once more after a crash
        assert hold_for(any_services, job_id, "w", frames) is None
    assert balance_of(any_services, caller) == 260
    assert finish(any_services, job_id, "w", made(240, 240))
    assert balance_of(any_services, caller) == 260


def test_all_that_was_held_comes_back(any_services: Services, any_http: httpx.Client) -> None:
    caller = with_credits(any_services, any_http, 500)
    for end in ("cancel", "fail", "fewer"):
        job_id = started(any_services, caller, sync_spec(1, "pro"))
        assert hold_for(any_services, job_id, "w", 240) is None
        if end == "cancel":
            cancel_job(any_services, caller.account, job_id, (JobKind.LIP_SYNC,))
        else:
            outcome = Failure(code="no_source_face", message="No.") if end == "fail" else made(0)
            assert finish(any_services, job_id, "w", outcome)
        assert balance_of(any_services, caller) == 500, end


def test_a_worker_that_lost_the_job_holds_nothing(any_services: Services, any_http: httpx.Client) -> None:
    caller = with_credits(any_services, any_http, 500)
    job_id = started(any_services, caller, sync_spec(1), "slow")
    with any_services.database.write() as connection:
        assert queue.take_over(connection, job_id, "slow", "quick")
    assert hold_for(any_services, job_id, "slow", 240) is None
    assert balance_of(any_services, caller) == 470
    assert hold_for(any_services, job_id, "quick", 240) is None
    cancel_job(any_services, caller.account, job_id, (JobKind.LIP_SYNC,))
    assert hold_for(any_services, job_id, "quick", 480) is None
    assert hold_for(any_services, "c" + "0" * 24, "quick", 480) is None
    assert balance_of(any_services, caller) == 500


def test_limits_count_the_frames_that_there_are(any_services: Services, any_http: httpx.Client) -> None:
    caller = new_caller(any_services, any_http)  # nothing is refused for its price here
    limit = any_services.price_list.limits.sync_frames
    job_id = started(any_services, caller, sync_spec(4000))
    assert hold_for(any_services, job_id, "w", limit + ROUNDING_FRAMES) is None
    failure = hold_for(any_services, job_id, "w", 8 * limit)
    assert failure is not None
    assert failure.code == "invalid_parameters"
    assert "at most 120000" in failure.message


def test_a_render_that_was_never_counted_costs_no_more_than_was_held(
    any_services: Services, any_http: httpx.Client
) -> None:
    caller = with_credits(any_services, any_http, 100)
    job_id = started(any_services, caller, sync_spec(3))
    assert finish(any_services, job_id, "w", made(720, 240))
    assert balance_of(any_services, caller) == 10
    assert job_of(any_services, job_id).credits_charged == 90


def test_an_unlimited_plan_pays_for_every_frame(any_services: Services, any_http: httpx.Client) -> None:
    caller = new_caller(any_services, any_http)
    job_id = started(any_services, caller, sync_spec(3))
    assert hold_for(any_services, job_id, "w", 720) is None
    assert finish(any_services, job_id, "w", made(720, 240))
    assert balance_of(any_services, caller) == -720


def test_a_plan_that_is_gone_from_the_file_stops_no_worker(
    any_services: Services, any_http: httpx.Client
) -> None:
    caller = with_credits(any_services, any_http, 100)
    job_id = started(any_services, caller, sync_spec(1))
    with any_services.database.write() as connection:
        set_plan(connection, caller.account.id, "gold")
    assert hold_for(any_services, job_id, "w", 60) is None
    failure = hold_for(any_services, job_id, "w", 240)
    assert failure is not None
    assert failure.code == "insufficient_credits"


def test_a_job_that_costs_nothing_runs_whatever_the_balance_is(
    services: Services, http: httpx.Client
) -> None:
    caller = with_credits(services, http, -219)
    path = caller.upload("image", "png")
    answer = caller.post("/v1/face-detection", {"assets": {"target_file_path": path}})
    assert answer.status_code == 200, answer.text


# --- any input, any order ---

RATES = st.sampled_from([1, 5, 12, 23.976, 25, 29.97, 30, 50, 59.94, 60, 90, 120, 144, 239.9, 240])
SECONDS = st.one_of(st.floats(0.1, 40), st.sampled_from([0.1, 0.3, 1 / 3, 10.0, 16.65, 400.0, 833.0, 4000.0]))
JOBS: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    seconds=SECONDS,
    rate=RATES,
    limit=st.none() | st.floats(1, 300),
    mode=st.sampled_from(["lite", "standard", "pro"]),
    was_probed=st.booleans(),
    extra_frames=st.integers(-2, 40),  # what a header did not tell
    end=st.sampled_from(["complete", "uncounted", "fail", "cancel", "cancel while rendering", "wait"]),
)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(plan=st.sampled_from(PLANS), credits=st.integers(0, 3000), jobs=st.lists(JOBS, max_size=6))
def test_no_balance_falls_below_zero_on_a_limited_plan(
    services: Services, http: httpx.Client, plan: str, credits: int, jobs: list[dict[str, Any]]
) -> None:
    caller = with_credits(services, http, credits, plan)
    spent = 0
    for job in jobs:
        rate = min(job["rate"], job["limit"] or job["rate"])
        frames = max(1, round(job["seconds"] * rate) + job["extra_frames"])
        probed = max(1, round(job["seconds"] * rate)) if job["was_probed"] else None
        spec = sync_spec(job["seconds"], job["mode"], max_frame_rate=job["limit"], probed_frames=probed)
        try:
            job_id = order(services, caller, spec)
        except PaymentRequired:
            continue
        spent += live(services, caller, job_id, spec, frames, job["end"])
        now = balance_of(services, caller)
        assert now == credits - spent
        assert plan == "unlimited" or now >= 0, (job, frames)
    for job_id in waiting(services, caller):
        cancel_job(services, caller.account, job_id, (JobKind.LIP_SYNC,))


def live(services: Services, caller: Caller, job_id: str, spec: LipSyncSpec, frames: int, end: str) -> int:
    """Let a job live and end; what it took from the balance."""
    if end == "cancel":
        cancel_job(services, caller.account, job_id, (JobKind.LIP_SYNC,))
    elif end != "wait":
        with services.database.write() as connection:
            connection.execute(
                sa.text("UPDATE projects SET status = 'rendering', worker_id = 'w' WHERE id = :id"),
                {"id": job_id},
            )
        failure = None
        if end != "uncounted":
            failure = hold_for(services, job_id, "w", int(frames * 0.9)) or hold_for(
                services, job_id, "w", frames
            )
        if end == "cancel while rendering":
            cancel_job(services, caller.account, job_id, (JobKind.LIP_SYNC,))
        else:
            refused = Failure(code="no_source_face", message="No.") if end == "fail" else None
            assert finish(services, job_id, "w", failure or refused or made(frames))
    ended = job_of(services, job_id)
    if ended.status == "complete" and end == "complete":
        cost = final_cost(spec, services.price_list.prices, made(frames))
        less = final_cost(spec, services.price_list.prices, made(max(0, frames - ROUNDING_FRAMES)))
        assert less <= ended.credits_charged <= cost
    return ended.credits_charged


def waiting(services: Services, caller: Caller) -> list[str]:
    query = sa.text("SELECT id FROM projects WHERE account_id = :id AND status = 'queued'")
    with services.database.read() as connection:
        return list(connection.execute(query, {"id": caller.account.id}).scalars())


@pytest.mark.parametrize("plan", ["free", "pro"])
def test_races_of_creating_counting_and_ending_spend_no_credit_twice(
    any_services: Services, any_http: httpx.Client, plan: str
) -> None:
    caller = with_credits(any_services, any_http, 400, plan)
    lowest: list[int] = []
    go = threading.Barrier(6)

    def work(index: int, act: Callable[[str, str], object]) -> None:
        go.wait()
        for _ in range(3):
            try:
                job_id = order(any_services, caller, sync_spec(1))
            except PaymentRequired:
                job_id = ""
            lowest.append(balance_of(any_services, caller))
            if job_id:
                with any_services.database.write() as connection:
                    connection.execute(
                        sa.text("UPDATE projects SET status = 'rendering', worker_id = :w WHERE id = :id"),
                        {"id": job_id, "w": f"w{index}"},
                    )
                act(job_id, f"w{index}")
            lowest.append(balance_of(any_services, caller))

    def render(job_id: str, worker: str) -> None:
        failure = hold_for(any_services, job_id, worker, 120)
        finish(any_services, job_id, worker, failure or made(120, 120))

    def cancel(job_id: str, worker: str) -> None:
        counting = threading.Thread(target=hold_for, args=(any_services, job_id, worker, 120))
        counting.start()
        cancel_job(any_services, caller.account, job_id, (JobKind.LIP_SYNC,))
        counting.join()

    acts = [render, cancel] * 3
    threads = [threading.Thread(target=work, args=(index, act)) for index, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert min(lowest) >= 0
    with any_services.database.read() as connection:
        entries = connection.execute(
            sa.select(ledger.c.reference).where(ledger.c.account_id == caller.account.id)
        ).scalars()
        assert len(references := list(entries)) == len(set(references))
        query = sa.text("SELECT sum(credits_charged) FROM projects WHERE account_id = :id")
        charged = connection.execute(query, {"id": caller.account.id}).scalar() or 0
    assert balance_of(any_services, caller) == 400 - charged
