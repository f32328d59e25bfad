"""The workers of a server: replaced, more and more slowly, and told of."""

from __future__ import annotations

import asyncio
import subprocess
from dataclasses import dataclass, field
from typing import cast

import httpx
import pytest
import sqlalchemy as sa

from lipwright.server.database.tables import processes
from lipwright.server.operation.app import create_app
from lipwright.server.operation.readiness import check_readiness
from lipwright.server.operation.worker_keeper import LONGEST_WAIT_S, LOOP, SOON_S, WorkerKeeper
from lipwright.server.runtime.heartbeats import ProcessKind, register
from lipwright.server.services import Services
from lipwright.server.settings import Settings, load_settings


@dataclass
class FakeWorker:
    """A process that ends when it is told."""

    returncode: int | None = None

    def poll(self) -> int | None:
        return self.returncode


@dataclass
class Yard:
    """A keeper whose workers and time the test makes."""

    workers: int
    now_s: float = 1000.0
    started: list[FakeWorker] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.keeper = WorkerKeeper(load_settings(workers=self.workers), self.start, lambda: self.now_s)
        self.keeper.look()

    def start(self, _settings: Settings) -> subprocess.Popen[bytes]:
        self.started.append(FakeWorker())
        return cast("subprocess.Popen[bytes]", self.started[-1])

    def end_last_and_wait_for_the_next(self, exit_status: int = 1) -> float:
        """How long it took until the next one was started, seconds."""
        before_s, count = self.now_s, len(self.started)
        self.started[-1].returncode = exit_status
        while len(self.started) == count:
            self.keeper.look()
            self.now_s += 1.0
        return self.now_s - before_s


@pytest.mark.logs_errors
def test_a_worker_that_dies_is_replaced() -> None:
    yard = Yard(workers=2)
    assert len(yard.started) == 2
    yard.now_s += SOON_S + 1
    yard.keeper.look()
    yard.end_last_and_wait_for_the_next()
    assert len(yard.started) == 3
    assert yard.keeper.trouble() is None


@pytest.mark.logs_errors
def test_workers_that_end_soon_again_and_again_are_told_of_and_started_more_slowly() -> None:
    yard = Yard(workers=2)
    waits_s = []
    for count in range(1, 12):
        waits_s.append(yard.end_last_and_wait_for_the_next(exit_status=7))
        assert (yard.keeper.trouble() is not None) == (count >= LOOP)
    assert waits_s == sorted(waits_s)
    assert LONGEST_WAIT_S <= waits_s[-1] <= LONGEST_WAIT_S + 2
    trouble = yard.keeper.trouble()
    assert trouble is not None
    assert trouble.startswith("1 of 2 workers end again and again")
    assert "exit status 7" in trouble


@pytest.mark.logs_errors
def test_a_worker_that_stays_ends_the_trouble() -> None:
    yard = Yard(workers=1)
    for _ in range(LOOP):
        yard.end_last_and_wait_for_the_next()
    assert yard.keeper.trouble() is not None
    yard.now_s += SOON_S + 1
    yard.keeper.look()
    assert yard.keeper.trouble() is None


TROUBLE = "1 of 1 workers end again and again."


@pytest.mark.parametrize(
    ("kinds", "trouble", "expected"),
    [
        ([], None, "No worker is alive."),
        ([], TROUBLE, TROUBLE),
        ([ProcessKind.STARTING_WORKER], None, "No worker is ready yet."),
        ([ProcessKind.STARTING_WORKER], TROUBLE, TROUBLE),
        (
            [ProcessKind.FAILING_WORKER],
            None,
            "No worker can render: the engine does not start. The log says why.",
        ),
        ([ProcessKind.SERVER], None, "No worker is alive."),
        ([ProcessKind.WORKER], None, None),
        ([ProcessKind.WORKER, ProcessKind.FAILING_WORKER], TROUBLE, None),  # ready, and warned
    ],
)
def test_only_a_worker_with_an_engine_makes_ready(
    services: Services, kinds: list[ProcessKind], trouble: str | None, expected: str | None
) -> None:
    with services.database.write() as connection:
        connection.execute(sa.delete(processes))
    for kind in kinds:
        register(services, kind)
    assert check_readiness(services, trouble) == expected


@pytest.mark.anyio
@pytest.mark.parametrize("trouble", [None, TROUBLE])
def test_readiness_tells_of_trouble_where_others_still_work(services: Services, trouble: str | None) -> None:
    register(services, ProcessKind.WORKER)
    app = create_app(services, services.settings.scratch_folder, lambda: trouble)

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get("/readyz")

    answer = asyncio.run(ask())
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "warning": trouble})
