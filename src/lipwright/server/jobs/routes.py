"""Video projects: get and delete as in the Magic Hour API; all else is ours."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from sse_starlette import EventSourceResponse
from starlette.responses import Response

from lipwright.server.errors import NotFound
from lipwright.server.jobs.events_stream import check_streams, stream_events
from lipwright.server.jobs.kinds import VIDEO_KINDS
from lipwright.server.jobs.lifecycle import cancel_job, delete_job, hide_job, restore_job
from lipwright.server.jobs.model import JobKind
from lipwright.server.jobs.previews import find_preview
from lipwright.server.jobs.responses import present_video, presented
from lipwright.server.jobs.schemas import ProjectChange, ProjectOrder, Status, VideoProject, VideoProjectList
from lipwright.server.jobs.service import get_job, list_jobs, look_up_job, order_of, rename_job
from lipwright.server.request_body import Text
from lipwright.server.web.context import DOCUMENTED_SECURITY, Caller, ServicesOf, ShownUrl
from lipwright.server.web.documented import DELETE_ANSWERS, READ_ANSWERS

router = APIRouter(tags=["video projects"], dependencies=DOCUMENTED_SECURITY)

Product = Literal["ai-talking-photo", "lip-sync"]
_KINDS: dict[str, JobKind] = {"ai-talking-photo": JobKind.TALKING_PHOTO, "lip-sync": JobKind.LIP_SYNC}


@router.get("/v1/video-projects", operation_id="videoProjects.list", responses=READ_ANSWERS)
def list_video_projects(
    services: ServicesOf,
    caller: Caller,
    shown_url: ShownUrl,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(description="next_cursor of an earlier answer.")] = None,
    status: Annotated[Status | None, Query()] = None,
    product: Annotated[Product | None, Query()] = None,
    search: Annotated[Text | None, Query(max_length=200, description="What the name holds.")] = None,
) -> VideoProjectList:
    """Own projects that were not deleted, newest first. Ours, not part of the Magic Hour API."""
    kinds = VIDEO_KINDS if product is None else (_KINDS[product],)
    found, next_cursor = list_jobs(
        services, caller, kinds, limit=limit, cursor=cursor, status=status, search=search
    )
    return VideoProjectList(
        items=[present_video(services.addresses, job, shown_url) for job in found], next_cursor=next_cursor
    )


@router.get("/v1/video-projects/{id}", operation_id="videoProjects.getDetails", responses=READ_ANSWERS)
async def get_video_project(
    id: str, services: ServicesOf, caller: Caller, shown_url: ShownUrl
) -> VideoProject:
    """One video project."""
    job = await look_up_job(services, caller, id, VIDEO_KINDS)
    return await presented(services.addresses, lambda: present_video(services.addresses, job, shown_url))


@router.patch("/v1/video-projects/{id}", operation_id="videoProjects.change", responses=READ_ANSWERS)
def change_video_project(
    id: str, body: ProjectChange, services: ServicesOf, caller: Caller, shown_url: ShownUrl
) -> VideoProject:
    """Give a project another name. Ours, not part of the Magic Hour API."""
    job = rename_job(services, caller, id, VIDEO_KINDS, body.name)
    return present_video(services.addresses, job, shown_url)


@router.get("/v1/video-projects/{id}/order", operation_id="videoProjects.order", responses=READ_ANSWERS)
def get_video_project_order(id: str, services: ServicesOf, caller: Caller) -> ProjectOrder:
    """What a project was ordered with, to order it again with changes. Ours."""
    return order_of(get_job(services, caller, id, VIDEO_KINDS))


@router.get(
    "/v1/video-projects/{id}/preview.jpg",
    operation_id="videoProjects.preview",
    response_class=Response,
    responses={
        200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}},
        **READ_ANSWERS,
    },
)
def get_video_project_preview(id: str, services: ServicesOf, caller: Caller) -> Response:
    """The newest frame of a project that is rendered, small; 404 where there is none. Ours."""
    job = get_job(services, caller, id, VIDEO_KINDS)
    with services.database.read() as connection:
        preview = find_preview(connection, job.id)
    if preview is None or job.is_final:
        raise NotFound
    headers = {
        "cache-control": "private, max-age=60, immutable",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
    }
    return Response(preview.jpeg, media_type="image/jpeg", headers=headers)


@router.get(
    "/v1/video-projects/{id}/events",
    operation_id="videoProjects.events",
    response_class=EventSourceResponse,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}, **READ_ANSWERS},
)
async def follow_video_project(
    id: str, request: Request, services: ServicesOf, caller: Caller, shown_url: ShownUrl
) -> EventSourceResponse:
    """Server-sent events named `project`, each with the whole project, until it is final. Ours.

    Events named `preview` say that there is a newer frame to look at: `{"url", "frame", "at"}`.
    """
    await look_up_job(services, caller, id, VIDEO_KINDS)
    check_streams(caller)
    return EventSourceResponse(stream_events(services, request.app.state.watch, caller, id, shown_url))


@router.post("/v1/video-projects/{id}/cancel", operation_id="videoProjects.cancel", responses=READ_ANSWERS)
def cancel_video_project(id: str, services: ServicesOf, caller: Caller, shown_url: ShownUrl) -> VideoProject:
    """Stop a project that is not final and give its credits back. Ours, not part of the Magic Hour API."""
    return present_video(services.addresses, cancel_job(services, caller, id, VIDEO_KINDS), shown_url)


@router.post("/v1/video-projects/{id}/restore", operation_id="videoProjects.restore", responses=READ_ANSWERS)
def restore_video_project(id: str, services: ServicesOf, caller: Caller, shown_url: ShownUrl) -> VideoProject:
    """Undo a deletion with `undo=true`, within ten minutes. Ours, not part of the Magic Hour API."""
    return present_video(services.addresses, restore_job(services, caller, id, VIDEO_KINDS), shown_url)


@router.delete(
    "/v1/video-projects/{id}",
    operation_id="videoProjects.delete",
    status_code=204,
    responses=DELETE_ANSWERS,
)
def delete_video_project(
    id: str,
    services: ServicesOf,
    caller: Caller,
    undo: Annotated[bool, Query(description="Ours: keep the result for ten minutes, for /restore.")] = False,
) -> None:
    """Delete the result of a project for good; one that is not final is stopped."""
    if undo:
        hide_job(services, caller, id, VIDEO_KINDS)
    else:
        delete_job(services, caller, id, VIDEO_KINDS)
