"""How failures become answers: one shape, `{"message": ...}`, whatever went wrong."""

from __future__ import annotations

import errno

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse

from lipwright.server.database.connection import DATABASE_FAILURES, is_away, is_busy
from lipwright.server.errors import ServiceError, TooManyCalls, Unavailable
from lipwright.server.request_body import describe_problems

_log = structlog.get_logger(__name__)
INTERNAL_ERROR = "Internal error. Try again later."
# After a 503: sooner only adds load, later keeps a client idle when a database was merely restarted.
RETRY_AFTER_S = 5


def failure_response(failure: ServiceError) -> JSONResponse:
    """The answer to a call that failed."""
    headers = None
    if isinstance(failure, Unavailable):
        headers = {"retry-after": str(RETRY_AFTER_S)}
    elif isinstance(failure, TooManyCalls):
        headers = {"retry-after": str(failure.retry_after_s)}
    return JSONResponse({"message": failure.message}, status_code=failure.status, headers=headers)


def database_failure_response(error: Exception) -> JSONResponse:
    """The answer to a call that the database failed."""
    # One that is away or locked fails every call alike: its sentence says why, a traceback would not.
    says_enough = is_away(error) or is_busy(error)
    _log.error(
        "database failed",
        error=type(error).__name__,
        reason=str(error).partition("\n")[0],
        exc_info=None if says_enough else error,
    )
    return failure_response(Unavailable())


def install_handlers(app: FastAPI) -> None:
    """Let every failure of an application end in our shape."""
    app.add_exception_handler(ServiceError, _answer_service_error)
    app.add_exception_handler(RequestValidationError, _answer_invalid_request)
    app.add_exception_handler(HTTPException, _answer_http_error)
    for failure in DATABASE_FAILURES:
        app.add_exception_handler(failure, _answer_database_error)
    app.add_exception_handler(OSError, _answer_disk_error)
    app.add_exception_handler(ClientDisconnect, _answer_disconnect)
    app.add_exception_handler(Exception, _answer_unexpected)


def _answer_service_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ServiceError)
    return failure_response(error)


def _answer_invalid_request(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return JSONResponse({"message": describe_problems(error.errors())}, status_code=400)


def _answer_http_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return JSONResponse({"message": error.detail}, status_code=error.status_code, headers=error.headers)


def _answer_database_error(_request: Request, error: Exception) -> JSONResponse:
    return database_failure_response(error)


def _answer_disk_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, OSError)
    if error.errno not in (errno.ENOSPC, errno.EDQUOT):
        return _answer_unexpected(request, error)
    _log.error("disk full")
    return failure_response(Unavailable("The disk of the server is full. Try again later."))


def _answer_disconnect(_request: Request, _error: Exception) -> JSONResponse:
    """The caller is gone and reads no answer."""
    return JSONResponse({"message": "The upload was broken off."}, status_code=400)


def _answer_unexpected(_request: Request, error: Exception) -> JSONResponse:
    _log.error("internal error", exc_info=error)
    return JSONResponse({"message": INTERNAL_ERROR}, status_code=500)
