"""The error answers that every call of the Magic Hour API documents."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel


class Message(BaseModel):
    """What went wrong."""

    message: str


class UnauthorizedMessage(BaseModel):
    """No good key."""

    message: Literal["Unauthorized"]


class NotFoundMessage(BaseModel):
    """Unknown, or of another account."""

    message: Literal["Not Found"]


_ANSWERS: dict[int | str, dict[str, Any]] = {
    400: {"model": Message, "description": "Invalid Request"},
    401: {"model": UnauthorizedMessage, "description": "Unauthorized"},
    402: {"model": Message, "description": "Payment Required"},
    403: {"model": Message, "description": "Forbidden"},
    404: {"model": NotFoundMessage, "description": "Not Found"},
    408: {"model": Message, "description": "Request Timeout"},
    409: {"model": Message, "description": "Conflict"},
    413: {"model": Message, "description": "Content Too Large"},
    422: {"model": Message, "description": "Unprocessable Entity"},
    429: {"model": Message, "description": "Too Many Requests"},
    503: {"model": Message, "description": "Service Unavailable"},
}


def answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The documentation of these error statuses."""
    return {status: _ANSWERS[status] for status in statuses}


# As the Magic Hour API lists them.
CREATE_ANSWERS = answers(400, 401, 402, 403, 404, 409, 413, 422, 429, 503)
READ_ANSWERS = answers(400, 401, 402, 403, 404, 429, 503)
DELETE_ANSWERS = answers(400, 401, 402, 403, 404, 422, 429, 503)
