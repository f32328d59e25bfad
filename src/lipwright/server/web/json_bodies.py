"""Bodies under /v1 are JSON whatever their header says, bounded in size before they are read.

Answers are what their own header says, whatever a browser would guess, and are kept by nobody.
"""

from __future__ import annotations

from fastapi import HTTPException
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lipwright.server.errors import ContentTooLarge
from lipwright.server.web.failures import failure_response

# The largest sensible request, a long text with its transcript, is far below.
MAX_BODY_BYTES = 1024 * 1024
_API = "/v1/"
_TOO_LARGE = f"The request body is larger than {MAX_BODY_BYTES} bytes."


class JsonBodies:
    """Middleware for the API's own calls; uploads go by."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(_API):
            await self._app(scope, receive, send)
            return
        headers = MutableHeaders(scope=scope)
        announced = headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > MAX_BODY_BYTES:
            await failure_response(ContentTooLarge(_TOO_LARGE))(scope, receive, send)
            return
        headers["content-type"] = "application/json"
        size = 0

        async def bounded_receive() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > MAX_BODY_BYTES:
                raise HTTPException(ContentTooLarge.status, _TOO_LARGE)  # FastAPI lets only this kind through
            return message

        async def guarded_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                answer["x-content-type-options"] = "nosniff"
                answer.setdefault("cache-control", "no-store")
            await send(message)

        await self._app(scope, bounded_receive, guarded_send)
