"""A project as the API and the webhooks tell it. Addresses in it are signed afresh each time."""

from __future__ import annotations

from typing import cast

from lipwright.server.ids import iso_time
from lipwright.server.jobs.model import COMPLETE, VIDEO_KINDS, Project
from lipwright.server.jobs.schemas import (
    AudioProject,
    Download,
    Progress,
    ProjectError,
    Status,
    VideoProject,
)
from lipwright.server.services import Services


def present_video(services: Services, project: Project) -> VideoProject:
    """The sixteen fields of the contract, and ours."""
    downloads = _downloads(services, project)
    return VideoProject(
        id=project.id,
        name=project.name,
        status=cast(Status, project.status),
        type=project.kind,
        created_at=iso_time(project.created_at_ms),
        width=project.width_px,
        height=project.height_px,
        enabled=project.enabled,
        start_seconds=project.start_s,
        end_seconds=project.end_s,
        fps=project.frame_rate,
        credits_charged=project.credits_charged,
        total_frame_cost=project.credits_charged,
        error=_error(project),
        downloads=downloads,
        download=downloads[0] if downloads else None,
        progress=_progress(project),
        warnings=list(project.warnings),
    )


def present_audio(services: Services, project: Project) -> AudioProject:
    """The nine fields of the contract, and ours."""
    return AudioProject(
        id=project.id,
        name=project.name,
        status=cast(Status, project.status),
        type=project.kind,
        created_at=iso_time(project.created_at_ms),
        enabled=project.enabled,
        credits_charged=project.credits_charged,
        downloads=_downloads(services, project),
        error=_error(project),
        progress=_progress(project),
    )


def present(services: Services, project: Project) -> VideoProject | AudioProject:
    """The answer to a GET of this project."""
    return (
        present_video(services, project) if project.kind in VIDEO_KINDS else present_audio(services, project)
    )


def _downloads(services: Services, project: Project) -> list[Download]:
    if project.status != COMPLETE or not project.enabled:
        return []
    lifetime_s = services.settings.download_lifetime_s
    addresses = (
        services.addresses.download(project.public_url, key, lifetime_s=lifetime_s)
        for key in project.output_keys
    )
    return [Download(url=address.url, expires_at=address.expires_at) for address in addresses]


def _error(project: Project) -> ProjectError | None:
    if project.error_code is None:
        return None
    return ProjectError(code=project.error_code, message=project.error_message or "")


def _progress(project: Project) -> Progress:
    return Progress(fraction=project.progress, stage=project.stage, seconds_left=project.seconds_left)
