"""When a job is given up, and what its caller is told then."""

from __future__ import annotations

from lipwright.server.jobs.model import Failure
from lipwright.server.rendering.child import RenderCrashed

# A job whose workers died more often than this is given up: it may be what kills them.
MAX_TAKEOVERS = 3
GIVEN_UP = Failure(
    code="unknown_error",
    message="The job failed several times for reasons of ours. Try again later, and report its id.",
)


def failure_after(last_error: Exception) -> Failure:
    """The end of a job whose last try raised this: what that try said, or that it is our fault."""
    if isinstance(last_error, RenderCrashed) and last_error.message is not None:
        return Failure(code=GIVEN_UP.code, message=last_error.message)
    return GIVEN_UP
