"""What the caller of a job is told when its last try failed."""

from __future__ import annotations

from lipwright.server.jobs.lifecycle import GIVEN_UP
from lipwright.server.jobs.model import Failure
from lipwright.server.rendering.child import RenderCrashed


def failure_after(last_error: Exception) -> Failure:
    """The end of a job whose last try raised this: what that try said, or that it is our fault."""
    if isinstance(last_error, RenderCrashed) and last_error.message is not None:
        return Failure(code=GIVEN_UP.code, message=last_error.message)
    return GIVEN_UP
