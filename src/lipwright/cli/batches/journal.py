"""The log of a batch, which is also its memory: one JSON object a line, in the folder of the results.

Lines are only ever added, each in one write. A line that a crash cut off is dropped at the next start. While
a batch is at work it and its processes hold a lock on the file, so that no second one starts in the folder.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from pathlib import Path
from typing import Any

from lipwright.engine import BadParameters, output_errors

JOURNAL = "batch.jsonl"
# Processes of a batch that was killed end by themselves, a moment after it.
LOCK_PATIENCE_S = 20.0
# The engine's names for files that are not whole yet.
_PARTS = ".lipwright-*.part"


class Journal:
    """What happened in a folder, in order."""

    def __init__(self, folder: Path) -> None:
        """Open the log, made where there is none.

        Raises OutputNotWritable; BadParameters where another batch is at work.
        """
        self.path = folder / JOURNAL
        with output_errors(self.path):
            folder.mkdir(parents=True, exist_ok=True)
            self.lock_fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
        self._lock(folder)
        self.entries = self._read()
        _remove_parts(folder, self.entries)

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.lock_fd)

    def add(self, event: str, **fields: Any) -> dict[str, Any]:
        """Add a line and see it onto the disk. Raises DiskFull, OutputFailed."""
        entry = {"event": event, "at": round(time.time(), 3), **fields}
        line = json.dumps(entry, ensure_ascii=False) + "\n"
        with output_errors(self.path):
            os.write(self.lock_fd, line.encode())
            os.fsync(self.lock_fd)
        self.entries.append(entry)
        return entry

    def _lock(self, folder: Path) -> None:
        started_s = time.monotonic()
        while True:
            try:
                fcntl.flock(self.lock_fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                if time.monotonic() - started_s > LOCK_PATIENCE_S:
                    os.close(self.lock_fd)
                    raise BadParameters(
                        f"Another batch is at work in {folder}. Wait for it, or name another folder."
                    ) from None
                time.sleep(0.1)
            else:
                return

    def _read(self) -> list[dict[str, Any]]:
        content = self.path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            os.ftruncate(self.lock_fd, len(whole))
        return read_lines(whole)


def read_journal(folder: Path) -> list[dict[str, Any]]:
    """What happened in a folder, without a lock; nothing where no batch was."""
    try:
        return read_lines((folder / JOURNAL).read_bytes())
    except OSError:
        return []


def made_files(entries: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The newest line about each file that was made, by the file."""
    return {
        entry["output"]: entry
        for entry in entries
        if entry.get("event") == "row" and entry.get("state") == "done" and "output" in entry
    }


def read_lines(content: bytes) -> list[dict[str, Any]]:
    """The objects of JSON lines; lines that are none are left out."""
    entries = []
    for line in content.splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict):
            entries.append(entry)
    return entries


def _remove_parts(folder: Path, entries: list[dict[str, Any]]) -> None:
    """Remove the unfinished files of a batch that was killed: those since its start, where it has no end."""
    last = next((entry for entry in reversed(entries) if entry.get("event") in ("started", "ended")), None)
    if last is None or last["event"] == "ended":
        return
    for part in folder.rglob(_PARTS):
        if part.is_file() and part.stat().st_mtime >= float(last["at"]) - 1:
            part.unlink(missing_ok=True)
