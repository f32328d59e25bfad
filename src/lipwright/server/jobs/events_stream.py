"""Progress of a job as server-sent events, until it is final."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

from sse_starlette import ServerSentEvent

from lipwright.server.accounts.repository import Account
from lipwright.server.errors import NotFound, TooManyCalls
from lipwright.server.jobs.kinds import VIDEO_KINDS
from lipwright.server.jobs.responses import present_video
from lipwright.server.jobs.service import get_job
from lipwright.server.services import Services

# Workers report about twice a second; looking more often shows nothing new.
POLL_S = 0.5
# Streams of one account in this process. A stream holds its connection for as long as its job lasts, and many
# would leave none for others; a program that follows more jobs than this can poll.
STREAMS_PER_ACCOUNT = 50
# A guess: a stream ends with its job.
_RETRY_AFTER_S = 5

_open_streams: Counter[str] = Counter()


def check_streams(account: Account) -> None:
    """Raises TooManyCalls where the account follows too many jobs already."""
    if _open_streams[account.id] >= STREAMS_PER_ACCOUNT:
        raise TooManyCalls.until(_RETRY_AFTER_S)


async def stream_events(services: Services, account: Account, job_id: str) -> AsyncIterator[ServerSentEvent]:
    """An event `project` with the whole answer at each change; the last one is the final state."""
    _open_streams[account.id] += 1
    try:
        async for event in _events(services, account, job_id):
            yield event
    finally:
        _open_streams[account.id] -= 1
        if not _open_streams[account.id]:
            del _open_streams[account.id]


async def _events(services: Services, account: Account, job_id: str) -> AsyncIterator[ServerSentEvent]:
    sent = None
    while True:
        try:
            job = await asyncio.to_thread(get_job, services, account, job_id, VIDEO_KINDS)
        except NotFound:
            return
        now = (job.status, job.progress, job.stage, job.enabled)
        if now != sent:
            sent = now
            body = present_video(services.addresses, job).model_dump_json()
            yield ServerSentEvent(data=body, event="project")
        if job.is_final:
            return
        await asyncio.sleep(POLL_S)
