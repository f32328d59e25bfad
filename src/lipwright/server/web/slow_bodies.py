"""Bodies of requests arrive in time: one of a call within a fixed time, an upload at a least rate."""

from __future__ import annotations

import asyncio

from fastapi import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# A telephone on a bad line sends more. Slower would let a few strangers keep many connections for days.
LEAST_UPLOAD_BYTES_PER_S = 1024
_API = "/v1/"
_TOO_SLOW = "The request body did not arrive in time."


class SlowBodies:
    """Middleware: a body that does not arrive in time ends the request with 408."""

    def __init__(self, app: ASGIApp, patience_s: float) -> None:
        """patience_s: for the body of a call; and for an upload, beyond what the least rate allows."""
        self._app = app
        self._patience_s = patience_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        left_s = self._patience_s
        earns_s_per_byte = 0.0 if scope["path"].startswith(_API) else 1 / LEAST_UPLOAD_BYTES_PER_S
        is_complete = False

        async def timed_receive() -> Message:
            nonlocal left_s, is_complete
            if is_complete:  # what is awaited now is the end of the connection
                return await receive()
            loop = asyncio.get_running_loop()
            started_s = loop.time()
            try:
                async with asyncio.timeout(left_s):
                    message = await receive()
            except TimeoutError:
                # FastAPI lets only this kind through.
                raise HTTPException(408, _TOO_SLOW, headers={"connection": "close"}) from None
            left_s -= loop.time() - started_s
            left_s = min(self._patience_s, left_s + len(message.get("body", b"")) * earns_s_per_byte)
            is_complete = not message.get("more_body", False)
            return message

        await self._app(scope, timed_receive, send)
