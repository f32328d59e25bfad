"""What a command prints: lines for a person or events for a program, never both.

Data goes to standard output; everything about the work goes to standard error, except that with `--json`
the events are the data. Where the video itself goes to standard output, the events go to standard error.
"""

from __future__ import annotations

import json
import sys
import threading
from typing import Any, TextIO


class PipeClosed(Exception):
    """The program that read our output has ended, as `head` does when it has seen enough."""


class Console:
    """The standard streams of one process. A command configures it at its start; any thread may print."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.reset()

    def reset(self, *, json_events: bool = False) -> None:
        """Forget what an earlier command chose."""
        self.json_events = json_events
        self.quiet = False
        self.stdout_is_taken = False

    def configure(self, *, json_events: bool, quiet: bool = False, stdout_is_taken: bool = False) -> None:
        """json_events: print events. quiet: errors and data only. stdout_is_taken: a video goes there."""
        self.json_events = json_events
        self.quiet = quiet
        self.stdout_is_taken = stdout_is_taken

    @property
    def draws_bars(self) -> bool:
        """Whether a person sits before a terminal and wants to see bars."""
        return not self.json_events and not self.quiet and sys.stderr.isatty()

    def say(self, line: str) -> None:
        """Print a line about the work; nothing with `--json` or `-q`."""
        if not self.json_events and not self.quiet:
            self._write(sys.stderr, one_line(line))

    def warn(self, sentence: str) -> None:
        """Print that something was not done as asked."""
        if self.json_events:
            self.event("warning", message=one_line(sentence))
        elif not self.quiet:
            self._write(sys.stderr, f"warning: {one_line(sentence)}")

    def fail(self, code: str, sentence: str) -> None:
        """Print why the command failed, also when quiet."""
        if self.json_events:
            self.event("error", code=code, message=one_line(sentence))
        else:
            self._write(sys.stderr, f"error [{code}]: {one_line(sentence)}")

    def event(self, kind: str, **fields: Any) -> None:
        """Write one event on a line of its own; nothing without `--json`."""
        if self.json_events:
            stream = sys.stderr if self.stdout_is_taken else sys.stdout
            self._write(stream, json.dumps({"event": kind, **fields}, ensure_ascii=False))

    def data(self, text: str) -> None:
        """Write what the command was asked for."""
        self._write(sys.stdout, text)

    def _write(self, stream: TextIO, line: str) -> None:
        with self._lock:
            try:
                stream.write(line.rstrip("\n") + "\n")
                stream.flush()
            except BrokenPipeError:
                raise PipeClosed from None


def one_line(text: str) -> str:
    """The text on one line, without characters that steer a terminal: file names may hold anything."""
    spaced = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(spaced.split())


console = Console()
"""The console of this process."""
