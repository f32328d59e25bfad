"""Reads damaged files in processes of their own: a crash, a hang or a flood of memory ends one of them."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

READING_PROCESS = "tests.engine.media.fuzz.reading_process"
PROJECT = Path(__file__).resolve().parents[4]
# The bars of what any file may cost.
LONGEST_S = 60
MOST_BYTES = 2 << 30
# A process is begun anew after so many files, so that its peak of memory says something of each.
FILES_A_PROCESS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class DamagedFile:
    """One input. name: tells what it was made of; its end is that of the file."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What went wrong with an input."""

    name: str
    what: str


class _Reader:
    """One process and the line to it."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", READING_PROCESS],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={
                **os.environ,
                "TMPDIR": str(folder),
                "OMP_NUM_THREADS": "1",
                "PYTHONPATH": str(PROJECT),
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            text=True,
        )
        self._answers: queue.Queue[str] = queue.Queue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._answers.put(line)
        self._answers.put("")

    def what_is_wrong(self, path: Path) -> str | None:
        """None when all is well; otherwise this process may be gone."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # its end is told by the answers
            self._process.stdin.write(f"{path}\n")
            self._process.stdin.flush()
        try:
            line = self._answers.get(timeout=LONGEST_S)
        except queue.Empty:
            return f"took more than {LONGEST_S} s"
        if not line:
            return f"ended the process with {self._process.wait()}"
        answer = json.loads(line)
        if answer["trace"]:
            return str(answer["trace"])
        if answer["peak_bytes"] > MOST_BYTES:
            return f"took {answer['peak_bytes'] / 2**20:.0f} MB"
        return None

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()
        self._listener.join()


def findings(files: Iterable[DamagedFile], folder: Path, processes: int = 2) -> list[Finding]:
    """What goes wrong when these files are read. folder: empty; what a file leaves in it counts too."""
    waiting = iter(files)
    lock, found = threading.Lock(), list[Finding]()

    def work(place: Path) -> None:
        place.mkdir()
        reader, count = _Reader(place), 0
        while True:
            with lock:
                file = next(waiting, None)
            if file is None:
                break
            path = place / f"input{Path(file.name).suffix}"
            path.write_bytes(file.content)
            wrong = reader.what_is_wrong(path)
            path.unlink()
            left = sorted(each.name for each in place.iterdir())
            count += 1
            if wrong is None and left:
                wrong = f"left {left}"
            if wrong is not None:
                with lock:
                    found.append(Finding(name=file.name, what=wrong))
            if wrong is not None or count % FILES_A_PROCESS == 0:
                reader.end()
                for each in place.iterdir():
                    each.unlink()
                reader = _Reader(place)
        reader.end()

    threads = [threading.Thread(target=work, args=(folder / str(number),)) for number in range(processes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
