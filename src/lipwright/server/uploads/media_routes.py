"""PUT and GET of files under signed addresses, where the store does not serve them itself."""

from __future__ import annotations

import asyncio
from typing import Annotated

import structlog
from fastapi import APIRouter, Query, Request
from starlette.responses import FileResponse, Response

from lipwright.server.errors import ContentTooLarge, NotFound
from lipwright.server.ids import new_id
from lipwright.server.services import Services
from lipwright.server.storage.addresses import PATH
from lipwright.server.storage.store import content_type
from lipwright.server.web.context import ServicesOf
from lipwright.server.web.documented import answers

router = APIRouter(tags=["media"], prefix=PATH.rstrip("/"))
_log = structlog.get_logger(__name__)

# Written in pieces of this size at least: small enough to stop an oversize upload early.
WRITE_BYTES = 1024 * 1024


@router.put("/{key:path}", responses=answers(403, 404, 408, 413), operation_id="media.upload")
async def upload(
    key: str,
    request: Request,
    services: ServicesOf,
    exp: Annotated[str, Query()] = "",
    max: Annotated[str, Query()] = "",
    sig: Annotated[str, Query()] = "",
) -> Response:
    """Store the body, whatever its type and framing. A broken upload leaves nothing."""
    max_bytes = services.addresses.check("PUT", key, exp, max, sig)
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > max_bytes:
        raise _too_large(max_bytes)
    await _store_body(services, request, key, max_bytes)
    return Response(status_code=200)


async def _store_body(services: Services, request: Request, key: str, max_bytes: int) -> None:
    """Into a scratch file first; the file appears under its key when it is whole."""
    part = request.app.state.scratch / f"{new_id()}.part"
    size = 0
    try:
        with part.open("wb") as file:
            waiting = bytearray()
            async for chunk in request.stream():
                size += len(chunk)
                if size > max_bytes:
                    raise _too_large(max_bytes)
                waiting += chunk
                if len(waiting) >= WRITE_BYTES:
                    await asyncio.to_thread(file.write, bytes(waiting))
                    waiting.clear()
            file.write(waiting)
        await asyncio.to_thread(services.store.adopt, key, part)
    finally:
        part.unlink(missing_ok=True)
    _log.info("uploaded", key=key, size_bytes=size)


@router.get("/{key:path}", responses=answers(403, 404), operation_id="media.download")
@router.head("/{key:path}", include_in_schema=False)
def download(
    key: str,
    services: ServicesOf,
    exp: Annotated[str, Query()] = "",
    sig: Annotated[str, Query()] = "",
) -> Response:
    """The file, or the range of it that was asked for."""
    services.addresses.check("GET", key, exp, "0", sig)
    path = services.store.local_path(key)
    if path is None:
        raise NotFound
    return FileResponse(
        path,
        media_type=content_type(key),
        headers={"x-content-type-options": "nosniff", "cache-control": "private, max-age=3600"},
    )


def _too_large(max_bytes: int) -> ContentTooLarge:
    return ContentTooLarge(f"The file is larger than {max_bytes} bytes, which is the limit of your plan.")
