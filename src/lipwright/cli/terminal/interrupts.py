"""Ctrl-C and a polite kill become a cancelled job that cleans up after itself.

Knows nothing of what the job does.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from lipwright.cli.terminal.failures import Interrupted
from lipwright.engine import Cancelled, JobContext

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


@contextmanager
def stoppable(context: JobContext) -> Iterator[None]:
    """Cancel the job at the first signal; a second one breaks off at once.

    Only for the main thread. Raises Interrupted, with the signal's number, when the job was cancelled so.
    """
    received: list[int] = []

    def receive(number: int, _frame: FrameType | None) -> None:
        if received:
            raise KeyboardInterrupt
        received.append(number)
        context.cancel()

    before = {number: signal.signal(number, receive) for number in _SIGNALS}
    try:
        yield
    except Cancelled as cancelled:
        raise Interrupted(received[0] if received else signal.SIGINT) from cancelled
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
