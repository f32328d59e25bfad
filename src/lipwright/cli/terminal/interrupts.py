"""Ctrl-C and SIGTERM become a cancelled job that cleans up after itself."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from lipwright.cli.terminal.failures import Interrupted
from lipwright.engine import Cancelled, JobContext

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
# A job on a server goes on when the terminal is closed; only an explicit stop ends it.
_REMOTE_SIGNALS = (signal.SIGINT, signal.SIGTERM)


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

    with _handled(_SIGNALS, receive):
        try:
            yield
        except Cancelled as cancelled:
            raise Interrupted(received[0] if received else signal.SIGINT) from cancelled


@contextmanager
def stoppable_remotely(cancel: Callable[[], None]) -> Iterator[None]:
    """Break off the block at a signal and call `cancel`, which stops the job on its server.

    Only for the main thread. Raises Interrupted with the signal's number.
    """
    received: list[int] = []

    def receive(number: int, _frame: FrameType | None) -> None:
        received.append(number)
        raise KeyboardInterrupt

    with _handled(_REMOTE_SIGNALS, receive):
        try:
            yield
        except KeyboardInterrupt:
            cancel()
            raise Interrupted(received[0] if received else signal.SIGINT) from None


@contextmanager
def noted_signals() -> Iterator[list[int]]:
    """The signals to stop that come while the block runs, which looks at them itself. For the main thread."""
    received: list[int] = []

    def receive(number: int, _frame: FrameType | None) -> None:
        received.append(number)

    with _handled(_SIGNALS, receive):
        yield received


@contextmanager
def _handled(signals: Sequence[int], receive: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Call `receive` for these signals while the block runs."""
    before = {number: signal.signal(number, receive) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
