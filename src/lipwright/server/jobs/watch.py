"""The jobs that are followed in this process: all of them are looked at together, a few times a second.

So fifty open pages cost one statement at a time, and not fifty.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from typing import Any

import structlog

from lipwright.server.database.connection import DATABASE_FAILURES
from lipwright.server.jobs import repository
from lipwright.server.services import Services

# Workers report every 0.4 s; looking more often shows nothing new.
POLL_S = 0.4
# What changes of a job while it is followed, as repository.find_states has it.
State = tuple[Any, ...]

_log = structlog.get_logger(__name__)


class JobWatch:
    """Tells whoever follows a job of each change. For one event loop."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._followed: Counter[str] = Counter()
        self._states: dict[str, State | None] = {}
        self._looked = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None

    async def states(self, job_id: str) -> AsyncGenerator[State]:
        """The state of a job now, and at each change, for as long as the job is there."""
        self._followed[job_id] += 1
        try:
            state = (await asyncio.to_thread(self._read, [job_id])).get(job_id)
            if self._task is None or self._task.done():
                self._task = asyncio.create_task(self._look())
            while state is not None:
                yield state
                last = state
                async with self._looked:
                    while state == last:
                        await self._looked.wait()
                        # Absent until it was looked at together with the others; None when it is gone.
                        state = self._states.get(job_id, last)
        finally:
            self._followed[job_id] -= 1
            if not self._followed[job_id]:
                del self._followed[job_id]
                self._states.pop(job_id, None)

    async def _look(self) -> None:
        """Look at every job that is followed, until none is."""
        while self._followed:
            await asyncio.sleep(POLL_S)
            followed = list(self._followed)
            try:
                found = await asyncio.to_thread(self._read, followed)
            except DATABASE_FAILURES as error:  # those who follow learn of it by what comes, or does not
                _log.warning("jobs not looked at", error=type(error).__name__)
                continue
            self._states = {job_id: found.get(job_id) for job_id in followed}
            async with self._looked:
                self._looked.notify_all()

    def _read(self, job_ids: list[str]) -> dict[str, State]:
        with self._services.database.read() as connection:
            return repository.find_states(connection, job_ids)
