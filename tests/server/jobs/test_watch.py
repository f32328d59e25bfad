"""Followed jobs are looked at together; whoever follows one hears of its changes and of no others."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

import pytest

from lipwright.server.jobs import repository, watch
from lipwright.server.jobs.watch import JobWatch
from lipwright.server.services import Services

LIMIT_S = 30


class Tables:
    """What the watch sees of the tables, and how often it looked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **states: tuple[Any, ...]) -> None:
        self.states = states
        self.looks: list[list[str]] = []
        monkeypatch.setattr(watch, "POLL_S", 0.01)
        monkeypatch.setattr(repository, "find_states", self._find)

    def _find(self, _connection: object, job_ids: list[str]) -> dict[str, tuple[Any, ...]]:
        self.looks.append(sorted(job_ids))
        return {one: self.states[one] for one in job_ids if one in self.states}


async def next_of(states: Any) -> Any:
    return await asyncio.wait_for(anext(states, "the end"), LIMIT_S)


def test_many_who_follow_cost_one_look_at_a_time(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = Tables(monkeypatch, one=("queued",), two=("queued",))

    async def follow() -> None:
        jobs = JobWatch(services)
        followers = [jobs.states(job_id) for job_id in ("one", "two") for _ in range(10)]
        assert [await next_of(each) for each in followers] == [("queued",)] * 20
        waiting = [asyncio.ensure_future(next_of(each)) for each in followers]
        await asyncio.sleep(0.1)
        assert not any(each.done() for each in waiting), "nothing has changed"
        tables.looks.clear()
        tables.states["one"] = ("rendering",)
        tables.states["two"] = ("canceled",)
        assert await asyncio.gather(*waiting) == [("rendering",)] * 10 + [("canceled",)] * 10
        assert tables.looks
        assert all(look == ["one", "two"] for look in tables.looks)
        for each in followers:
            await each.aclose()

    asyncio.run(follow())


def test_who_comes_later_is_told_at_once_and_of_every_change(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = Tables(monkeypatch, one=(0,), two=(0,))

    async def follow() -> None:
        jobs = JobWatch(services)
        async with aclosing(jobs.states("one")) as first:
            assert await next_of(first) == (0,)
            for number in range(1, 20):
                async with aclosing(jobs.states("two")) as second:
                    assert await next_of(second) == tables.states["two"]
                    tables.states["two"] = (number,)
                    assert await next_of(second) == (number,)

    asyncio.run(follow())


def test_a_job_that_is_gone_ends_what_follows_it(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = Tables(monkeypatch, one=("queued",))

    async def follow() -> None:
        jobs = JobWatch(services)
        assert await next_of(jobs.states("unknown")) == "the end"
        async with aclosing(jobs.states("one")) as states:
            assert await next_of(states) == ("queued",)
            del tables.states["one"]
            assert await next_of(states) == "the end"

    asyncio.run(follow())


def test_nobody_looks_when_nobody_follows(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = Tables(monkeypatch, one=("queued",))

    async def follow() -> None:
        jobs = JobWatch(services)
        async with aclosing(jobs.states("one")) as states:
            await next_of(states)
        await asyncio.sleep(0.2)
        tables.looks.clear()
        await asyncio.sleep(0.2)
        assert tables.looks == []

    asyncio.run(follow())
