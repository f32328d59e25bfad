"""Everything that can go wrong in the client, from a refused call to a job that failed.

ClientError
|-- ApiError                  the server answered with a refusal: status_code, body, message, response
|   |-- BadRequest            400
|   |-- Unauthorized          401
|   |-- PaymentRequired       402
|   |-- Forbidden             403
|   |-- NotFound              404
|   |-- Conflict              409
|   |-- UploadTooLarge        413
|   |-- UnprocessableEntity   422
|   |-- RateLimited           429
|   `-- ServerError           5xx
|-- UnexpectedAnswer          the server answered with something that the Magic Hour API does not know
|-- ConnectionFailed          no answer came
|   `-- TimedOut              no answer came in time
|-- UnusableFile              a local file cannot be uploaded (also a ValueError)
|   `-- FileMissing           (also a FileNotFoundError)
|-- JobEnded                  a job ended without a result: project
|   |-- JobFailed             with a code and a message
|   `-- JobCanceled
`-- WaitLimitReached          a job took longer than the caller was willing to wait: project

Every error gets its sentence when it is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from lipwright_client.models import Project

# An answer that is not JSON is quoted this far: enough to recognise a proxy's error page.
MAX_QUOTED_CHARACTERS = 200


class ClientError(Exception):
    """The client could not do what was asked."""


class ApiError(ClientError):
    """The server refused.

    status_code: the HTTP status. body: the decoded JSON, or None. message: the server's sentence.
    response: the whole answer.
    """

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.status_code = response.status_code
        self.body = _decode(response)
        self.message = _find_message(self.body, response)
        super().__init__(f"{self.status_code}: {self.message}")


class BadRequest(ApiError):
    """400: a field is missing or has a wrong value."""


class Unauthorized(ApiError):
    """401: the key is missing, unknown or revoked."""


class PaymentRequired(ApiError):
    """402: the account has too few credits."""


class Forbidden(ApiError):
    """403: the plan does not include this, or an address has expired."""


class NotFound(ApiError):
    """404: there is no such thing in this account."""


class Conflict(ApiError):
    """409: the idempotency key was used for something else."""


class UploadTooLarge(ApiError):
    """413: the file is larger than the plan allows."""


class UnprocessableEntity(ApiError):
    """422: well formed, and still not possible."""


class RateLimited(ApiError):
    """429: too many calls."""


class ServerError(ApiError):
    """5xx: the server's fault."""


class UnexpectedAnswer(ClientError):
    """The answer is not what the Magic Hour API promises."""


class ConnectionFailed(ClientError):
    """The server cannot be reached, or the connection broke."""


class TimedOut(ConnectionFailed):
    """No answer came in time."""


class UnusableFile(ClientError, ValueError):
    """The file cannot be uploaded."""


class FileMissing(UnusableFile, FileNotFoundError):
    """There is no such file."""


class JobEnded(ClientError):
    """The job ended without a result. `project` is its last state."""

    def __init__(self, project: Project, sentence: str) -> None:
        self.project = project
        super().__init__(sentence)


class JobFailed(JobEnded):
    """The job failed. `code` is for programs, `message` for people."""

    def __init__(self, project: Project) -> None:
        self.code = project.error.code if project.error else "unknown_error"
        self.message = project.error.message if project.error else "The server gave no reason."
        super().__init__(project, f"Job {project.id} failed ({self.code}): {self.message}")


class JobCanceled(JobEnded):
    """The job was canceled."""

    def __init__(self, project: Project) -> None:
        super().__init__(project, f"Job {project.id} was canceled.")


class WaitLimitReached(ClientError, TimeoutError):
    """The job is not finished yet; it goes on. `project` is its last state."""

    def __init__(self, project: Project, limit_s: float) -> None:
        self.project = project
        super().__init__(
            f"Job {project.id} is still {project.status} after {limit_s:g} s. It goes on: "
            "ask again with check_result, or raise the limit with wait_limit_s."
        )


_BY_STATUS: dict[int, type[ApiError]] = {
    400: BadRequest,
    401: Unauthorized,
    402: PaymentRequired,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    413: UploadTooLarge,
    422: UnprocessableEntity,
    429: RateLimited,
}


def refusal(response: httpx.Response) -> ClientError:
    """The error for an answer that is not 2xx; its body must have been read."""
    status = response.status_code
    if status >= 500:
        return ServerError(response)
    if status >= 400:
        return _BY_STATUS.get(status, ApiError)(response)
    return UnexpectedAnswer(
        f"{response.request.url.copy_with(query=None)} answered {status}. "
        "The base address must be the server itself, not something that redirects to it."
    )


def _decode(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None


def _find_message(body: Any, response: httpx.Response) -> str:
    if isinstance(body, dict) and isinstance(body.get("message"), str):
        return str(body["message"])
    return response.text[:MAX_QUOTED_CHARACTERS].strip() or response.reason_phrase or "no reason given"
