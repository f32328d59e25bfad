"""Work of forked processes, each named by a word."""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile

_loaded_in: list[int] = []


def load() -> None:
    """Note which process has loaded this."""
    _loaded_in.append(os.getpid())


def main(arguments: list[str]) -> None:
    """arguments: the number of the file for answers, the word, more words."""
    answers, word, *words = arguments
    match word:
        case "exit":
            sys.exit(3)
        case "fail":
            raise ValueError("a fault of the work")
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
    order = sys.stdin.buffer.readline().decode().strip()
    print("said")
    files = sorted(os.readlink(f"/proc/self/fd/{name}") for name in _open_files())
    told = {
        "loaded_in": _loaded_in[0],
        "group": os.getpgid(0),
        "order": order,
        "words": words,
        "folder": os.getcwd(),
        "temporary": tempfile.gettempdir(),
        "own": os.environ.get("OWN"),
        "threads": len(os.listdir("/proc/self/task")),
        "files": files,
    }
    with os.fdopen(int(answers), "w") as out:
        json.dump(told, out)


def _open_files() -> list[str]:
    """Without that by which they are listed."""
    return [name for name in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{name}")]
