"""Small files that commands write: whole or not at all."""

from __future__ import annotations

from pathlib import Path

from lipwright.cli.terminal.console import console


def write_text(output: Path | None, text: str) -> None:
    """Write a text to a file, or to standard output where none is named.

    Raises OutputNotWritable, DiskFull, OutputFailed.
    """
    from lipwright.engine import written_whole

    if output is None:
        console.data(text)
        return
    with written_whole(output) as part:
        part.write_text(text if text.endswith("\n") else f"{text}\n", encoding="utf-8")
