"""Work that is done again and again beside the main work of a process."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

_log = structlog.get_logger(__name__)


def repeat(work: Callable[[], object], *, every_s: float, until: threading.Event) -> threading.Thread:
    """Do the work now and every `every_s`, in a thread of its own. A failure is logged and ends nothing."""

    def run() -> None:
        while not until.is_set():
            try:
                work()
            except Exception as error:
                _log.error("background work failed", work=getattr(work, "__name__", ""), exc_info=error)
            until.wait(every_s)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread
