"""Progress of a job as server-sent events, until it is final."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import aclosing

from sse_starlette import ServerSentEvent

from lipwright.server.accounts.repository import Account
from lipwright.server.errors import NotFound, TooManyCalls
from lipwright.server.ids import iso_time
from lipwright.server.jobs.kinds import VIDEO_KINDS
from lipwright.server.jobs.responses import present_video
from lipwright.server.jobs.service import get_job
from lipwright.server.jobs.watch import JobWatch
from lipwright.server.services import Services

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


async def stream_events(
    services: Services, watch: JobWatch, account: Account, job_id: str, shown_url: str | None = None
) -> AsyncIterator[ServerSentEvent]:
    """An event `project` with the whole answer at each change; the last one is the final state.

    An event `preview` at each new frame that can be looked at. shown_url: as of present_video.
    """
    _open_streams[account.id] += 1
    try:
        async for event in _events(services, watch, account, job_id, shown_url):
            yield event
    finally:
        _open_streams[account.id] -= 1
        if not _open_streams[account.id]:
            del _open_streams[account.id]


async def _events(
    services: Services, watch: JobWatch, account: Account, job_id: str, shown_url: str | None
) -> AsyncIterator[ServerSentEvent]:
    sent, shown = None, None
    async with aclosing(watch.states(job_id)) as states:
        async for state in states:
            *now, frame, made_at_ms = state
            if now != sent:
                sent = now
                try:
                    job = await asyncio.to_thread(get_job, services, account, job_id, VIDEO_KINDS)
                except NotFound:
                    return
                body = present_video(services.addresses, job, shown_url).model_dump_json()
                yield ServerSentEvent(data=body, event="project")
                if job.is_final:
                    return
            if frame is not None and (frame, made_at_ms) != shown:
                shown = (frame, made_at_ms)
                yield ServerSentEvent(data=json.dumps(_preview(job_id, *shown)), event="preview")


def _preview(job_id: str, frame: int, made_at_ms: int) -> dict[str, str | int]:
    """What a page needs to show a frame: another frame has another address, so that none is kept for it."""
    return {
        "url": f"/v1/video-projects/{job_id}/preview.jpg?at={made_at_ms}",
        "frame": frame,
        "at": iso_time(made_at_ms),
    }
