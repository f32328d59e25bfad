"""Telling that a render met one of the limits of its process, whatever library noticed it."""

from __future__ import annotations

import errno
from collections.abc import Iterator

from lipwright.engine import TooLarge

NEEDS_MEMORY = TooLarge("This needs more memory than one job may use. Use smaller files.")
NEEDS_ROOM = TooLarge("The result is larger than one file may be. Use a shorter clip.")

# What libraries say that have no exception of Python's for it: the network runtime, the picture library, and
# threads that cannot have a stack. A process that dies of it prints the same.
_MEMORY_WORDS = (
    "bad_alloc",
    "failed to allocate memory",
    "insufficient memory",
    "cannot allocate memory",
    "memory allocation still failed",
    "can't start new thread",
    "out of memory",
)
_DEADLY_WORDS = (*_MEMORY_WORDS, "memoryerror")


def limit_hit(error: BaseException) -> TooLarge | None:
    """The limit that an error, or one that led to it, is about; None where it is about something else."""
    for one in _with_causes(error):
        if isinstance(one, MemoryError) or _number(one) == errno.ENOMEM:
            return NEEDS_MEMORY
        if _number(one) == errno.EFBIG:
            return NEEDS_ROOM
        if isinstance(one, RuntimeError | _cv2_error()) and _has_word(str(one), _MEMORY_WORDS):
            return NEEDS_MEMORY
    return None


def died_of_memory(printed: str) -> bool:
    """Whether a process that died printed that it had no memory."""
    return _has_word(printed, _DEADLY_WORDS)


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _number(error: BaseException) -> int | None:
    return error.errno if isinstance(error, OSError) else None


def _has_word(text: str, words: tuple[str, ...]) -> bool:
    lower = text.lower()
    return any(word in lower for word in words)


def _cv2_error() -> type[Exception]:
    """The exception of the picture library, which is loaded only where it was used."""
    import cv2

    return cv2.error
