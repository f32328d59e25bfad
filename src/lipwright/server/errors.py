"""What the server refuses or fails at, and the codes under which the API reports the engine's failures.

ServiceError (status)
|-- InvalidRequest     400  the request breaks the schema
|-- Unauthorized       401  no good key
|-- PaymentRequired    402  too few credits
|-- NotInPlan          403  not part of the plan
|-- Forged             403  a write with a cookie that our own page did not make
|-- BadSignature       403  an address that was altered or is too old
|-- NotFound           404  unknown, or of another account
|-- CallerLeft         408  the caller gave up before the answer
|-- Conflict           409  an idempotency key that was used for something else
|-- ContentTooLarge    413  more bytes than allowed
|-- Refused            422  well formed, but cannot be done
|-- TooManyCalls       429  more calls than allowed in a while
`-- Unavailable        503  the server cannot take work now
BadSettings                 the operator's settings cannot be used

`status` and `message` are data of each class; the docstring may say more, and is gone with `python -OO`.
"""

from __future__ import annotations

from typing import ClassVar

from lipwright.engine import BadInput


class ServiceError(Exception):
    """A call that ends with an error status. `message` is for the caller."""

    status: ClassVar[int] = 500
    message: str = "The server could not do what was asked."

    def __init__(self, message: str | None = None) -> None:
        """message: one sentence for the caller; the class's own when absent."""
        self.message = message or type(self).message
        super().__init__(self.message)


class InvalidRequest(ServiceError):
    """A header, a parameter or a body that breaks the schema. The default message is for an absent body."""

    status = 400
    message = "Missing request body"  # The Magic Hour API's own words, without a full stop.


class Unauthorized(ServiceError):
    """A missing, unknown or revoked key."""

    status = 401
    message = "Unauthorized"


class PaymentRequired(ServiceError):
    """Fewer credits than the job costs."""

    status = 402
    message = "Payment required"


class NotInPlan(ServiceError):
    """Something that the account's plan does not include."""

    status = 403
    message = "This is not part of your plan."


class Forged(ServiceError):
    """A write with a browser's cookie that our own page did not make, as far as the browser says."""

    status = 403
    message = "This call did not come from the studio's own page. Reload the page and try again."


class BadSignature(ServiceError):
    """A signed address that was altered or is too old."""

    status = 403
    message = "This address has expired or was altered. Ask for a new one."


class NotFound(ServiceError):
    """Unknown, or of another account."""

    status = 404
    message = "Not Found"


class CallerLeft(ServiceError):
    """The caller gave up before the answer: what was asked for was not done. Nobody reads this."""

    status = 408
    message = "The connection was closed before the answer. Nothing was created."


class Conflict(ServiceError):
    """An idempotency key that was used for another request."""

    status = 409
    message = "This Idempotency-Key was used for another request. Use a new one."


class ContentTooLarge(ServiceError):
    """More bytes than allowed."""

    status = 413
    message = "The file is too large."


class Refused(ServiceError):
    """Well formed, and still not possible."""

    status = 422
    message = "This cannot be done."


class TooManyCalls(ServiceError):
    """More calls than the plan allows in a while, or too many wrong keys."""

    status = 429
    message = "Too many calls. Try again later."

    # Whole seconds until a call is allowed again.
    retry_after_s: int = 1

    @classmethod
    def until(cls, retry_after_s: int) -> TooManyCalls:
        """The refusal that says in how many seconds a call is allowed again."""
        refusal = cls(f"Too many calls. Try again in {retry_after_s} s.")
        refusal.retry_after_s = retry_after_s
        return refusal


class Unavailable(ServiceError):
    """The server is stopping, or something that it needs is down."""

    status = 503
    message = "The server cannot take work now. Try again later."


class BadSettings(BadInput):
    """The operator's settings cannot be used."""

    code = "invalid_parameters"
    message = "The settings cannot be used."


# The codes that the Magic Hour API knows; clients may branch on them.
API_CODES = frozenset(
    {
        "no_source_face",
        "invalid_image_file",
        "invalid_audio_file",
        "invalid_video_file",
        "invalid_image_path",
        "invalid_audio_path",
        "invalid_video_path",
        "invalid_youtube_url",
        "invalid_file_format",
        "file_too_large",
        "insufficient_credits",
        "invalid_parameters",
        "processing_timeout",
        "text_too_long",
        "invalid_voice",
        "unknown_error",
    }
)
# The engine's finer codes and the nearest one of the API; the sentence keeps the detail.
_NEAREST_CODE = {
    "face_too_small": "no_source_face",
    "face_cut_off": "no_source_face",
    "face_turned_away": "no_source_face",
    "no_such_face": "no_source_face",
    "mouth_not_drawn": "no_source_face",
    "silent_sound": "invalid_audio_file",
    "invalid_transcript": "invalid_parameters",
    "voice_unavailable": "invalid_voice",
}


def api_code(engine_code: str) -> str:
    """The Magic Hour API's code for a code of the engine."""
    if engine_code in API_CODES:
        return engine_code
    return _NEAREST_CODE.get(engine_code, "unknown_error")
