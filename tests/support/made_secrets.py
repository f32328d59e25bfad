"""Every secret that a session of tests makes, every line that it logs, and whether the two meet.

A secret is what the product draws at random for a key, a webhook or its signatures, each signature made
with them, and what the tests' own processes show of the same kinds in answers and on the terminal. Lines are
made in both forms and at every level, as a process of the service makes them, and written to files.
"""

from __future__ import annotations

import contextlib
import copy
import logging
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from structlog.typing import EventDict, WrappedLogger

from lipwright.server.runtime.logs import LineMaker
from lipwright.server.runtime.redaction import Redaction
from lipwright.server.storage.addresses import Addresses
from lipwright.server.webhooks import delivery

# Shorter random texts would be found by chance.
LEAST_LENGTH = 20
_current: list[SecretWatch] = []
_SHOWN = re.compile(r"\b(?:lwk_live_|whsec_)[A-Za-z0-9_-]{20,}|(?<=[?&]sig=)[0-9a-f]{64}")


@dataclass(kw_only=True)
class SecretWatch:
    """What was made and where was logged. folder: of the lines that this process logged."""

    folder: Path
    made: set[str] = field(default_factory=set)
    log_files: list[Path] = field(default_factory=list)

    def add(self, secret: str) -> None:
        """A secret was made."""
        if len(secret) >= LEAST_LENGTH:
            self.made.add(secret)

    def add_shown(self, text: str) -> None:
        """All secrets that an answer or a command shows."""
        for found in _SHOWN.findall(text):
            self.add(found)

    def found(self) -> list[str]:
        """Where a secret was logged: file, line and the secret."""
        if not self.made:
            return []
        search = re.compile("|".join(map(re.escape, sorted(self.made, key=len, reverse=True))))
        return [
            f"{path.name}:{number}: {search.findall(line)} in {line[:300]}"
            for path in self.log_files
            for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1)
            if search.search(line)
        ]


class LoggedLines:
    """A processor of structlog that writes each event in both forms to files, and passes it on."""

    def __init__(self, watch: SecretWatch) -> None:
        self._makers = {
            watch.folder / f"{name}.log": LineMaker(Redaction(), as_json=name == "json")
            for name in ("console", "json")
        }
        for path in self._makers:
            path.touch()
        watch.log_files += self._makers

    def __call__(self, _logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        for path, maker in self._makers.items():
            with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(maker.line({"level": method, **copy.copy(event)}) + "\n")
        return event


class _LibraryRecords(logging.Handler):
    """What libraries log, at every level that a process of the service shows."""

    def __init__(self, lines: LoggedLines) -> None:
        super().__init__(logging.WARNING)
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        self._lines(None, record.levelname.lower(), {"event": record.getMessage(), "exc_info": error})


@contextlib.contextmanager
def watching(folder: Path) -> Iterator[tuple[SecretWatch, LoggedLines]]:
    """Note every secret that is made in the block."""
    watch = SecretWatch(folder=folder)
    lines = LoggedLines(watch)
    handler = _LibraryRecords(lines)

    def noted(make: Callable[..., str]) -> Callable[..., str]:
        def make_and_note(*arguments: Any, **named: Any) -> str:
            made = make(*arguments, **named)
            watch.add(made)
            return made

        return make_and_note

    with contextlib.ExitStack() as patches:
        for place, name in (
            (secrets, "token_urlsafe"),  # keys, secrets of webhooks
            (secrets, "token_hex"),  # the signing key
            (Addresses, "_signature"),
            (delivery, "sign"),
        ):
            patches.enter_context(mock.patch.object(place, name, noted(getattr(place, name))))
        logging.getLogger().addHandler(handler)
        patches.callback(logging.getLogger().removeHandler, handler)
        _current.append(watch)
        patches.callback(_current.remove, watch)
        yield watch, lines


def watch_here() -> SecretWatch:
    """The watch of this session; outside of one, as in a benchmark, one that nobody asks."""
    return _current[-1] if _current else SecretWatch(folder=Path())
