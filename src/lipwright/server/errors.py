"""What the server refuses or fails at, and how the engine's failures are told through the API.

ServiceError (status)
|-- InvalidRequest     400  the body breaks the schema
|-- Unauthorized       401  no good key
|-- PaymentRequired    402  too few credits
|-- NotInPlan          403  not part of the plan
|-- BadSignature       403  an address that was altered or is too old
|-- NotFound           404  unknown, or somebody else's
|-- Conflict           409  an idempotency key that was used for something else
|-- ContentTooLarge    413  more bytes than allowed
|-- Refused            422  well formed, but cannot be done
`-- Unavailable        503  the server cannot take work now
BadSettings                 the operator's settings cannot be used

Knows nothing of routes.
"""

from __future__ import annotations

from typing import ClassVar

from lipwright.engine import BadInput


class ServiceError(Exception):
    """A call that ends with an error status and a message."""

    status: ClassVar[int] = 500

    def __init__(self, message: str | None = None) -> None:
        """message: one sentence for the caller; the class's own when absent."""
        super().__init__(message or (type(self).__doc__ or "").strip().splitlines()[0])

    @property
    def message(self) -> str:
        """The sentence for the caller."""
        return str(self)


class InvalidRequest(ServiceError):
    """Missing request body"""  # The contract's own words, without a full stop.

    status = 400


class Unauthorized(ServiceError):
    """Unauthorized"""

    status = 401


class PaymentRequired(ServiceError):
    """Payment required"""

    status = 402


class NotInPlan(ServiceError):
    """This is not part of your plan."""

    status = 403


class BadSignature(ServiceError):
    """This address has expired or was altered. Ask for a new one."""

    status = 403


class NotFound(ServiceError):
    """Not Found"""

    status = 404


class Conflict(ServiceError):
    """This Idempotency-Key was used for another request. Use a new one."""

    status = 409


class ContentTooLarge(ServiceError):
    """The file is too large."""

    status = 413


class Refused(ServiceError):
    """This cannot be done."""

    status = 422


class Unavailable(ServiceError):
    """The server cannot take work now. Try again later."""

    status = 503


class BadSettings(BadInput):
    """The settings cannot be used."""

    code = "invalid_parameters"


# The codes that the contract knows; clients may branch on them.
CONTRACT_CODES = frozenset(
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
# The engine's finer codes, told as the contract's nearest one; the sentence keeps the detail.
_NEAREST_CODE = {
    "face_too_small": "no_source_face",
    "face_cut_off": "no_source_face",
    "face_turned_away": "no_source_face",
    "no_such_face": "no_source_face",
    "silent_sound": "invalid_audio_file",
    "invalid_transcript": "invalid_parameters",
    "voice_unavailable": "invalid_voice",
}


def contract_code(engine_code: str) -> str:
    """The contract's code for a code of the engine."""
    if engine_code in CONTRACT_CODES:
        return engine_code
    return _NEAREST_CODE.get(engine_code, "unknown_error")
