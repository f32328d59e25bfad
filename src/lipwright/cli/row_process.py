"""The process that makes rows of a batch, one after the other, as the commands make them.

It reads a command line as a JSON list from each line of standard input, and prints the events of the command
and one event `exit` with its status. When its standard input ends, it stops what it does and leaves nothing.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

from lipwright.cli.main import run
from lipwright.cli.terminal.failures import Interrupted


def main(carry_out: Callable[[list[str]], int] = run) -> None:
    """Carry out command lines until there are no more."""
    lines: queue.Queue[str | None] = queue.Queue()
    idle = threading.Event()
    idle.set()
    threading.Thread(target=_read, args=(lines, idle), daemon=True).start()
    while (line := lines.get()) is not None:
        command, *options = json.loads(line)
        status = carry_out([command, "--json", *options])
        idle.set()
        print(json.dumps({"event": "exit", "status": status}), flush=True)


def _read(lines: queue.Queue[str | None], idle: threading.Event) -> None:
    """Pass lines on. At the end, stop a command at work by a signal, as the person at a terminal would."""
    for line in sys.stdin:
        idle.clear()
        lines.put(line)
    lines.put(None)
    if not idle.is_set():
        os.kill(os.getpid(), signal.SIGTERM)


def _stop(number: int, _frame: FrameType | None) -> None:
    """Let the command at work clean up, wherever it is."""
    raise Interrupted(number)


def serve(carry_out: Callable[[list[str]], int] = run) -> int:
    """Carry out the command lines of a batch until it ends or stops this process; the exit status."""
    # Ctrl-C at the terminal is the business of the batch.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _stop)
    try:
        main(carry_out)
    except Interrupted as stopped:
        return 128 + stopped.signal_number
    return 0


if __name__ == "__main__":
    sys.exit(serve())
