"""A project as the API and the webhooks tell it. Addresses in it are signed afresh each time."""

from __future__ import annotations

from typing import cast

from lipwright.server.ids import iso_time
from lipwright.server.jobs.model import COMPLETE, VIDEO_KINDS, Job
from lipwright.server.jobs.schemas import (
    AudioProject,
    Download,
    Progress,
    ProjectError,
    Status,
    VideoProject,
)
from lipwright.server.services import Services


def present_video(services: Services, job: Job) -> VideoProject:
    """The sixteen fields of the contract, and ours."""
    downloads = _downloads(services, job)
    return VideoProject(
        id=job.id,
        name=job.name,
        status=cast(Status, job.status),
        type=job.kind,
        created_at=iso_time(job.created_at_ms),
        width=job.width_px,
        height=job.height_px,
        enabled=job.enabled,
        start_seconds=job.start_s,
        end_seconds=job.end_s,
        fps=job.frame_rate,
        credits_charged=job.credits_charged,
        total_frame_cost=job.credits_charged,
        error=_error(job),
        downloads=downloads,
        download=downloads[0] if downloads else None,
        progress=_progress(job),
        warnings=list(job.warnings),
    )


def present_audio(services: Services, job: Job) -> AudioProject:
    """The nine fields of the contract, and ours."""
    return AudioProject(
        id=job.id,
        name=job.name,
        status=cast(Status, job.status),
        type=job.kind,
        created_at=iso_time(job.created_at_ms),
        enabled=job.enabled,
        credits_charged=job.credits_charged,
        downloads=_downloads(services, job),
        error=_error(job),
        progress=_progress(job),
    )


def present(services: Services, job: Job) -> VideoProject | AudioProject:
    """The answer to a GET of this project."""
    return present_video(services, job) if job.kind in VIDEO_KINDS else present_audio(services, job)


def _downloads(services: Services, job: Job) -> list[Download]:
    if job.status != COMPLETE or not job.enabled:
        return []
    lifetime_s = services.settings.download_lifetime_s
    addresses = (
        services.addresses.download(job.public_url, key, lifetime_s=lifetime_s) for key in job.output_keys
    )
    return [Download(url=address.url, expires_at=address.expires_at) for address in addresses]


def _error(job: Job) -> ProjectError | None:
    if job.error_code is None:
        return None
    return ProjectError(code=job.error_code, message=job.error_message or "")


def _progress(job: Job) -> Progress:
    return Progress(fraction=job.progress, stage=job.stage, seconds_left=job.seconds_left)
