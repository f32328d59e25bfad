"""One log line and one count per request, under an id that the answer carries too.

Logged are the route, the account and the times; never a path as it came in, a body or a key.
"""

from __future__ import annotations

import re
import time

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lipwright.server.accounts.repository import Account
from lipwright.server.ids import new_id
from lipwright.server.web.request_counters import REQUEST_SECONDS, REQUESTS

_log = structlog.get_logger(__name__)
REQUEST_ID_HEADER = "x-request-id"
_ID_SHAPE = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestLog:
    """Middleware around everything else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(REQUEST_ID_HEADER, "")
        request_id = given if _ID_SHAPE.match(given) else new_id()
        started_s = time.perf_counter()
        status = 500

        async def counted_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID_HEADER] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, counted_send)
            finally:
                _record(scope, status, time.perf_counter() - started_s)


def _record(scope: Scope, status: int, seconds: float) -> None:
    route = getattr(scope.get("route"), "path", "unmatched")
    method = scope["method"] if scope["method"] in _METHODS else "other"
    REQUESTS.labels(method, route, str(status)).inc()
    REQUEST_SECONDS.labels(method, route).observe(seconds)
    account = scope.get("state", {}).get("account")
    is_polling = method == "GET" and status < 400
    log = _log.debug if is_polling else _log.info
    log(
        "request",
        method=method,
        route=route,
        status=status,
        account_id=account.id if isinstance(account, Account) else None,
        milliseconds=round(seconds * 1000, 1),
    )
