"""From a job to the answers of the API, which are the payloads of webhooks too.

Addresses in them are signed each time. What a job does not have is -1, or 0 for a rate: the Magic Hour API
knows no null there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from lipwright.server.ids import iso_time
from lipwright.server.jobs.model import Job, JobStatus, LipSyncSpec, TalkingPhotoSpec
from lipwright.server.jobs.schemas import (
    AudioProject,
    Download,
    Progress,
    ProjectError,
    VideoProject,
)
from lipwright.server.storage.addresses import Addresses

Answer = TypeVar("Answer")
NO_SIZE = -1
NO_FRAME_RATE = 0.0


async def presented(addresses: Addresses, present: Callable[[], Answer]) -> Answer:
    """An answer, made on an event loop: there and then where that takes microseconds, else in a thread."""
    return present() if addresses.are_made_here else await asyncio.to_thread(present)


def present_video(addresses: Addresses, job: Job, shown_url: str | None = None) -> VideoProject:
    """The sixteen fields of the Magic Hour API, and ours.

    shown_url: where the addresses of files lead; None for where the job was ordered from.
    """
    base_url = shown_url or job.public_url
    downloads = _downloads(addresses, job, base_url)
    poster = addresses.download(base_url, job.poster_key) if downloads and job.poster_key else None
    return VideoProject(
        id=job.id,
        name=job.name,
        status=job.status,
        type=job.kind,
        created_at=iso_time(job.created_at_ms),
        width=NO_SIZE if job.width_px is None else job.width_px,
        height=NO_SIZE if job.height_px is None else job.height_px,
        enabled=job.enabled,
        start_seconds=job.start_s,
        end_seconds=job.end_s,
        fps=NO_FRAME_RATE if job.frame_rate is None else job.frame_rate,
        credits_charged=job.credits_charged,
        total_frame_cost=job.credits_charged,
        error=_error(job),
        downloads=downloads,
        download=downloads[0] if downloads else None,
        progress=_progress(job),
        warnings=list(job.warnings),
        poster_url=None if poster is None else poster.url,
        duration_seconds=job.duration_s,
        size_bytes=job.size_bytes,
        seed=_seed(job),
        report=None if job.report is None else list(job.report),
    )


def present_audio(addresses: Addresses, job: Job) -> AudioProject:
    """The nine fields of the Magic Hour API, and ours."""
    return AudioProject(
        id=job.id,
        name=job.name,
        status=job.status,
        type=job.kind,
        created_at=iso_time(job.created_at_ms),
        enabled=job.enabled,
        credits_charged=job.credits_charged,
        downloads=_downloads(addresses, job, job.public_url),
        error=_error(job),
        progress=_progress(job),
    )


def _seed(job: Job) -> int | None:
    """Of a job that could choose one: not of an earlier version's, whose answers stay as they were."""
    if job.request is None or not isinstance(job.spec, TalkingPhotoSpec | LipSyncSpec):
        return None
    return job.spec.seed


def _downloads(addresses: Addresses, job: Job, base_url: str) -> list[Download]:
    if job.status is not JobStatus.COMPLETE or not job.enabled:
        return []
    signed = (addresses.download(base_url, key) for key in job.output_keys)
    return [Download(url=address.url, expires_at=address.expires_at) for address in signed]


def _error(job: Job) -> ProjectError | None:
    if job.error_code is None:
        return None
    return ProjectError(code=job.error_code, message=job.error_message or "")


def _progress(job: Job) -> Progress:
    return Progress(fraction=job.progress, stage=job.stage, seconds_left=job.seconds_left)
