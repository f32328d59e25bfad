"""Structured logs on standard error: what happened to which request or job, never what is in it.

A line is made in the thread that logs it, except on an event loop, where all callers would wait for it: there
it is handed to a thread of its own. What libraries log by Python's `logging`, warnings, and exceptions that
nobody caught, take the same way.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import logging
import queue
import sys
import threading
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

from lipwright.server.runtime.redaction import Redaction, known_secrets
from lipwright.server.runtime.tracebacks import describe, format_description
from lipwright.server.settings import Settings

_log = structlog.get_logger(__name__)

# Lines that wait for the thread that writes them. More than this come only when whoever reads the log has
# stopped; they are counted and left out, so that a full pipe does not stop the service.
MAX_WAITING_LINES = 2_000
# How long the end of the process may wait for them.
FLUSH_S = 2.0


class LineMaker:
    """Makes the line of an event: exceptions as tracebacks, secrets hidden, in one of the two forms."""

    def __init__(self, redaction: Redaction, *, as_json: bool, colors: bool = False) -> None:
        self._redaction = redaction
        self._as_json = as_json
        self._render = (
            structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=colors)
        )

    def line(self, event: EventDict) -> str:
        """The line; the event stays as it is."""
        fields = dict(event)
        error = _exception_of(fields.pop("exc_info", None))
        if error is not None:
            fields["exception"] = describe(error)
        fields = self._redaction.fields(fields)
        if error is not None and not self._as_json:
            fields["exception"] = format_description(fields["exception"])
        rendered = self._render(None, "", fields)
        return rendered if isinstance(rendered, str) else rendered.decode()


class LineWriter:
    """The last of structlog's processors: makes a line and writes it."""

    def __init__(self, maker: LineMaker, stream: TextIO) -> None:
        self._maker = maker
        self._write = structlog.WriteLogger(stream).msg
        # A flag in between is set when all before it is written.
        self._waiting: queue.Queue[EventDict | threading.Event] = queue.Queue(MAX_WAITING_LINES)
        self._left_out = 0
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> str:
        """The line of an event; on an event loop it is left to the thread."""
        if event.get("exc_info") is True:
            event["exc_info"] = sys.exc_info()
        if not _is_on_event_loop():
            return self._maker.line(event)
        try:
            self._waiting.put_nowait(event)
        except queue.Full:
            with self._lock:
                self._left_out += 1
        self._start()
        raise structlog.DropEvent

    def flush(self) -> None:
        """Wait until the lines that were handed over are written, for a while."""
        if self._thread is None:
            return
        written = threading.Event()
        with contextlib.suppress(queue.Full):
            self._waiting.put(written, timeout=FLUSH_S)
            written.wait(FLUSH_S)

    def _start(self) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._write_waiting, name="log", daemon=True)
                self._thread.start()

    def _write_waiting(self) -> None:
        while True:
            event = self._waiting.get()
            with self._lock:
                left_out, self._left_out = self._left_out, 0
            if left_out:
                self._write_line({"level": "warning", "event": "log lines left out", "lines": left_out})
            if isinstance(event, threading.Event):
                event.set()
            else:
                self._write_line(event)

    def _write_line(self, event: EventDict) -> None:
        with contextlib.suppress(OSError, ValueError):  # nobody reads the log any more: the service goes on
            self._write(self._maker.line(event))


class _LibraryLines(logging.Handler):
    """What libraries log by `logging`, as lines of ours."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        log = _log.error if record.levelno >= logging.ERROR else _log.warning
        log(record.getMessage(), logger=record.name, exc_info=error)


def configure_logs(settings: Settings) -> None:
    """Set up the logs of this process."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    maker = LineMaker(
        Redaction(known_secrets(settings)),
        as_json=settings.log_format == "json",
        colors=sys.stderr.isatty(),
    )
    writer = LineWriter(maker, sys.stderr)
    atexit.register(writer.flush)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            writer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    _take_over_logging(max(level, logging.WARNING))
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_in_thread


def _take_over_logging(level: int) -> None:
    """Let whatever libraries log come to us. Below a warning they tell of addresses and bodies."""
    logging.captureWarnings(True)
    logging.basicConfig(handlers=[_LibraryLines()], level=level, force=True)
    # DBOS adds a handler of its own to a logger without one.
    logging.getLogger("dbos").addHandler(logging.NullHandler())


def _is_on_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _exception_of(exc_info: Any) -> BaseException | None:
    """The exception that structlog's field names in one of its forms."""
    if exc_info is True:
        exc_info = sys.exc_info()
    found = exc_info[1] if isinstance(exc_info, tuple) else exc_info
    return found if isinstance(found, BaseException) else None


def _log_uncaught(_kind: type[BaseException], error: BaseException, _traceback: TracebackType | None) -> None:
    """Python's hook for the exception that ends the process."""
    if isinstance(error, KeyboardInterrupt):
        return
    _log.critical("ended by an error", exc_info=error)


def _log_uncaught_in_thread(arguments: threading.ExceptHookArgs) -> None:
    """Python's hook for the exception that ends a thread."""
    if arguments.exc_value is None or isinstance(arguments.exc_value, SystemExit):
        return
    name = arguments.thread.name if arguments.thread else None
    _log.error("thread ended by an error", thread=name, exc_info=arguments.exc_value)
