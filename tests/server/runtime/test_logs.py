"""What stands in the logs, and what does not."""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
import sys
import threading

import pytest
import structlog

from lipwright.server.runtime.logs import LineMaker, LineWriter
from lipwright.server.runtime.redaction import MAX_TEXT_LENGTH, Redaction
from lipwright.server.runtime.tracebacks import MAX_CAUSES, MAX_FRAMES

PROGRAM = """
import logging, threading, warnings
import structlog
from lipwright.server.runtime.logs import configure_logs
from lipwright.server.settings import load_settings

def divide(key):
    return 1 / len(key[3:3])

configure_logs(load_settings(log_format="FORMAT", log_level="debug"))
log = structlog.get_logger()
for level in ("debug", "info", "warning", "error", "critical"):
    getattr(log, level)("a line", level_tried=level, header="Bearer a_secret", password="a_secret")
try:
    divide("lwk_live_a_secret")
except ZeroDivisionError as error:
    log.error("it broke", exc_info=error)
logging.getLogger("uvicorn.error").error("a library says sig=a_secret")
logging.getLogger("httpx").debug("not shown")
warnings.warn("beware of token=a_secret")
def fail():
    raise ValueError("in a thread: lwk_live_a_secret")
thread = threading.Thread(target=fail)
thread.start()
thread.join()
raise RuntimeError("at the end: whsec_a_secret")
"""
FORMATS = ["console", "json"]


@pytest.mark.parametrize("log_format", FORMATS)
def test_no_secret_is_logged_at_any_level_or_by_anybody(log_format: str) -> None:
    program = PROGRAM.replace("FORMAT", log_format)
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    logged = ended.stderr
    assert ended.returncode == 1
    for wanted in (
        *("debug", "info", "warning", "error", "critical"),
        *(
            "it broke",
            "ZeroDivisionError",
            "divide",
            "a library says",
            "beware of",
            "in a thread",
            "at the end",
        ),
    ):
        assert wanted in logged, wanted
    assert "a_secret" not in logged
    assert "not shown" not in logged
    if log_format == "json":
        assert all(json.loads(line)["event"] for line in logged.splitlines())


def maker(log_format: str = "console") -> LineMaker:
    return LineMaker(Redaction(), as_json=log_format == "json")


def raised(error: Exception) -> Exception:
    try:
        raise error
    except Exception as caught:
        return caught


def descend(depth: int) -> None:
    if depth == 0:
        raise ValueError("x" * 1_000_000)
    descend(depth - 1)


@pytest.mark.parametrize("log_format", FORMATS)
def test_a_traceback_is_bounded_however_deep_and_long_the_error(log_format: str) -> None:
    error: Exception | None = None
    for _ in range(100):
        try:
            if error is not None:
                raise KeyError("again") from error
            descend(300)
        except Exception as caught:
            error = caught
    line = maker(log_format).line({"event": "it broke", "exc_info": error})
    assert "ValueError" in line
    assert "Skipped frames" in line
    assert line.count("descend") <= 3 * MAX_FRAMES * MAX_CAUSES
    assert len(line) < MAX_CAUSES * (MAX_FRAMES * 400 + MAX_TEXT_LENGTH)


def test_causes_are_told_in_the_order_in_which_they_happened() -> None:
    try:
        try:
            raise KeyError("first")
        except KeyError as error:
            raise ValueError("second") from error
    except ValueError as error:
        text = maker().line({"event": "it broke", "exc_info": error})
    assert text.index("KeyError") < text.index("The cause of") < text.index("ValueError")
    group = raised(ExceptionGroup("several", [raised(OSError("a disk")), raised(KeyError("a key"))]))
    text = maker().line({"event": "it broke", "exc_info": group})
    assert "a disk" in text
    assert "a key" in text


def test_an_error_that_cannot_be_shown_is_logged_all_the_same() -> None:
    class Unshowable(Exception):
        def __str__(self) -> str:
            raise OSError("no text")

    for log_format in FORMATS:
        assert "Unshowable" in maker(log_format).line({"event": "it broke", "exc_info": raised(Unshowable())})


def test_an_event_loop_does_not_make_lines_itself() -> None:
    stream, threads = io.StringIO(), []

    class Watched(LineMaker):
        def line(self, event: structlog.typing.EventDict) -> str:
            threads.append(threading.current_thread())
            return super().line(event)

    writer = LineWriter(Watched(Redaction(), as_json=False), stream)

    async def log() -> None:
        for number in range(3):
            try:
                raise ValueError(f"error {number}")
            except ValueError:
                with pytest.raises(structlog.DropEvent):
                    writer(None, "", {"event": f"event {number}", "exc_info": True})

    asyncio.run(log())
    writer.flush()
    assert len(threads) == 3
    assert threading.current_thread() not in threads
    written = stream.getvalue()
    assert written.index("event 0") < written.index("event 1") < written.index("event 2")
    assert "ValueError: error 2" in written
    assert "in a thread" in writer(None, "", {"event": "in a thread"})


def test_lines_are_counted_when_nobody_reads_them() -> None:
    goes_on = threading.Event()

    class Stuck(io.StringIO):
        def write(self, text: str) -> int:
            assert goes_on.wait(60)
            return super().write(text)

    stream = Stuck()
    writer = LineWriter(maker(), stream)

    async def log() -> None:
        for number in range(2100):
            with pytest.raises(structlog.DropEvent):
                writer(None, "", {"event": f"event {number}"})

    asyncio.run(log())
    goes_on.set()
    writer.flush()
    assert "log lines left out" in stream.getvalue()
    assert "event 1999" in stream.getvalue()
    assert "event 2099" not in stream.getvalue()
