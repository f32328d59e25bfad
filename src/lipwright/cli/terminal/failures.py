"""What a failed command says and returns.

0    done
1    a fault of Lipwright: the line says "internal error", the traceback goes to a log file
2    something the person can correct: a wrong option, an unusable file, a full disk
130  stopped by Ctrl-C (128 + the signal's number; 143 for SIGTERM)
141  the program that read our standard output has ended
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path

from typer.exceptions import TyperException

from lipwright.cli.terminal.console import Console, PipeClosed
from lipwright.engine import BadParameters, Cancelled, EngineError

INTERNAL_ERROR = 1
USER_ERROR = 2
# Tracebacks of one command stay readable; a log that grew for years is cut off.
MAX_LOG_BYTES = 1_000_000


class Interrupted(Cancelled):
    """A signal stopped the command."""

    message = "Stopped; nothing was left behind."

    def __init__(self, signal_number: int = signal.SIGINT) -> None:
        super().__init__()
        self.signal_number = signal_number


def report_failure(failure: Exception, console: Console) -> int:
    """Say on one line why a command failed; return the exit status."""
    if isinstance(failure, PipeClosed):
        _leave_stdout_alone()
        return 128 + signal.SIGPIPE
    if isinstance(failure, Cancelled):
        signal_number = failure.signal_number if isinstance(failure, Interrupted) else signal.SIGINT
        console.fail(failure.code, failure.message)
        return 128 + signal_number
    if isinstance(failure, EngineError):
        console.fail(failure.code, failure.message)
        return USER_ERROR
    if isinstance(failure, TyperException):
        return _report_usage(failure, console)
    console.fail(EngineError.code, f"internal error; {_keep_traceback(failure)}")
    return INTERNAL_ERROR


def _report_usage(failure: TyperException, console: Console) -> int:
    """A wrong command line: the parser's own sentence, under the code for bad parameters."""
    sentence = getattr(failure, "format_message", lambda: str(failure))()
    if type(failure).__name__ == "NoArgsIsHelpError":
        sys.stderr.write(f"{sentence}\n")
        return USER_ERROR
    command = getattr(getattr(failure, "ctx", None), "command_path", "lipwright")
    console.fail(BadParameters.code, f"{_as_sentence(sentence)} `{command} --help` lists what there is.")
    return USER_ERROR


def _as_sentence(text: str) -> str:
    """The text with a full stop where it has none."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _keep_traceback(failure: Exception) -> str:
    """Where the traceback can be read, as the end of a sentence."""
    text = "".join(traceback.format_exception(failure))
    if os.environ.get("LIPWRIGHT_DEBUG", "") not in ("", "0"):
        sys.stderr.write(text)
        return "the traceback is above."
    for folder in _log_folders():
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            log = folder / "errors.log"
            mode = "w" if log.exists() and log.stat().st_size > MAX_LOG_BYTES else "a"
            with open(log, mode, encoding="utf-8", opener=_open_private) as file:
                file.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {' '.join(sys.argv[:2])}\n{text}\n")
        except OSError:
            continue
        return f"the details are in {log}. LIPWRIGHT_DEBUG=1 prints them."
    return "set LIPWRIGHT_DEBUG=1 to see the details."


def _open_private(path: str, flags: int) -> int:
    """A traceback can hold parts of an input: its file is this user's alone."""
    return os.open(path, flags | os.O_NOFOLLOW, 0o600)


def _log_folders() -> tuple[Path, ...]:
    """Where a log may go, best first."""
    home = os.environ.get("LIPWRIGHT_HOME")
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return (Path(home) if home else state / "lipwright", Path(tempfile.gettempdir()) / "lipwright")


def _leave_stdout_alone() -> None:
    """Keep the interpreter from failing again when it flushes a pipe without a reader."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
