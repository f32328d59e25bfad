"""A process that makes the rows of a batch without the engine: it does what the picture's text says.

`fine` gives a small file, `bad` is no picture, `slow` takes ten seconds and `dies` ends the process.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from lipwright.cli.row_process import serve
from lipwright.cli.terminal.console import console
from lipwright.cli.terminal.failures import report_failure
from lipwright.engine import BadImageFile, EngineError, OutputNotWritable

SLOW_S = 10.0


def carry_out(arguments: list[str]) -> int:
    """One command line, as `lipwright.cli.main.run` would carry it out."""
    console.reset(json_events=True)
    try:
        _make(arguments)
    except EngineError as failure:
        return report_failure(failure, console)
    return 0


def _make(arguments: list[str]) -> None:
    picture = Path(arguments[arguments.index("--") + 1])
    output = Path(next(word for word in arguments if word.startswith("--output=")).partition("=")[2])
    word = picture.read_text() if picture.is_file() else "bad"
    if word == "bad":
        raise BadImageFile(f"{picture.name} is no picture.")
    if "--no-overwrite" in arguments and output.exists():
        raise OutputNotWritable(f"{output} exists.")
    if "--dry-run" in arguments:
        console.event("checked", output=str(output), seconds=2.5)
        return
    if word == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    part = output.with_name(f".lipwright-{os.getpid()}.part")
    try:
        part.write_text(f"{picture.name} {arguments}")
        time.sleep(SLOW_S if word == "slow" else float(os.environ.get("STAND_IN_S", "0")))
        part.rename(output)
    finally:
        part.unlink(missing_ok=True)
    with Path(os.environ["STAND_IN_LOG"]).open("a") as log:
        log.write(f"{output.name}\n")
    console.event("done", output=str(output), frame_count=5)


if __name__ == "__main__":
    sys.exit(serve(carry_out))
