"""Video projects: get and delete as in the Magic Hour API; list, events and cancel are ours."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from sse_starlette import EventSourceResponse

from lipwright.server.jobs.events_stream import check_streams, stream_events
from lipwright.server.jobs.kinds import VIDEO_KINDS
from lipwright.server.jobs.lifecycle import cancel_job, delete_job
from lipwright.server.jobs.responses import present_video
from lipwright.server.jobs.schemas import Status, VideoProject, VideoProjectList
from lipwright.server.jobs.service import get_job, list_jobs
from lipwright.server.web.context import DOCUMENTED_SECURITY, Caller, ServicesOf
from lipwright.server.web.documented import DELETE_ANSWERS, READ_ANSWERS

router = APIRouter(tags=["video projects"], dependencies=DOCUMENTED_SECURITY)


@router.get("/v1/video-projects", operation_id="videoProjects.list", responses=READ_ANSWERS)
def list_video_projects(
    services: ServicesOf,
    caller: Caller,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(description="next_cursor of an earlier answer.")] = None,
    status: Annotated[Status | None, Query()] = None,
) -> VideoProjectList:
    """Own projects that were not deleted, newest first. Ours, not part of the Magic Hour API."""
    found, next_cursor = list_jobs(services, caller, VIDEO_KINDS, limit=limit, cursor=cursor, status=status)
    return VideoProjectList(
        items=[present_video(services.addresses, job) for job in found], next_cursor=next_cursor
    )


@router.get("/v1/video-projects/{id}", operation_id="videoProjects.getDetails", responses=READ_ANSWERS)
def get_video_project(id: str, services: ServicesOf, caller: Caller) -> VideoProject:
    """One video project."""
    return present_video(services.addresses, get_job(services, caller, id, VIDEO_KINDS))


@router.get(
    "/v1/video-projects/{id}/events",
    operation_id="videoProjects.events",
    response_class=EventSourceResponse,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}, **READ_ANSWERS},
)
def follow_video_project(id: str, services: ServicesOf, caller: Caller) -> EventSourceResponse:
    """Server-sent events named `project`, each with the whole project, until it is final. Ours."""
    get_job(services, caller, id, VIDEO_KINDS)
    check_streams(caller)
    return EventSourceResponse(stream_events(services, caller, id))


@router.post("/v1/video-projects/{id}/cancel", operation_id="videoProjects.cancel", responses=READ_ANSWERS)
def cancel_video_project(id: str, services: ServicesOf, caller: Caller) -> VideoProject:
    """Stop a project that is not final and give its credits back. Ours, not part of the Magic Hour API."""
    return present_video(services.addresses, cancel_job(services, caller, id, VIDEO_KINDS))


@router.delete(
    "/v1/video-projects/{id}",
    operation_id="videoProjects.delete",
    status_code=204,
    responses=DELETE_ANSWERS,
)
def delete_video_project(id: str, services: ServicesOf, caller: Caller) -> None:
    """Delete the result of a project for good; one that is not final is stopped."""
    delete_job(services, caller, id, VIDEO_KINDS)
