"""Tracebacks for the log: files and lines, bounded in number and length, without the values of variables.

Keys and addresses are among the values of variables, and drawing them takes seconds, which an outage
multiplies.
"""

from __future__ import annotations

import linecache
from typing import Any

import structlog

# A call runs through about forty frames of the web framework; a recursion has a thousand alike. The outermost
# and the innermost half are kept.
MAX_FRAMES = 40
# Exceptions that led to one another: the last ones, and the first of all. Tries that fail again and again
# make long chains.
MAX_CAUSES = 5

_describe = structlog.tracebacks.ExceptionDictTransformer(show_locals=False, max_frames=MAX_FRAMES)


def describe(error: BaseException) -> list[dict[str, Any]]:
    """The exception and what led to it, as data: the exception itself first."""
    chain = _describe((type(error), error, error.__traceback__))
    return chain if len(chain) <= MAX_CAUSES else [*chain[: MAX_CAUSES - 1], chain[-1]]


def format_description(description: list[dict[str, Any]]) -> str:
    """The same as a text, in Python's form: the exception itself last."""
    parts = []
    for place, exception in enumerate(reversed(description)):
        if place:
            was_cause = description[len(description) - place]["is_cause"]
            parts.append("The cause of:\n" if was_cause else "During its handling:\n")
        parts.append("Traceback (most recent call last):")
        parts += [_format_frame(frame) for frame in exception["frames"]]
        parts.append(f"{exception['exc_type']}: {exception['exc_value']}")
        parts += exception["exc_notes"]
        for inner in exception["exceptions"]:
            parts.append("One of the group:\n" + format_description(inner))
    return "\n".join(parts)


def _format_frame(frame: dict[str, Any]) -> str:
    if not frame["filename"]:  # structlog's line for the frames that were left out
        return f"  ... {frame['name']}"
    line = linecache.getline(frame["filename"], frame["lineno"]).strip()
    place = f'  File "{frame["filename"]}", line {frame["lineno"]}, in {frame["name"]}'
    return f"{place}\n    {line}" if line else place
