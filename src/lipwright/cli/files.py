"""Small files that commands write: whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lipwright.cli.console import console


@contextmanager
def written_whole(output: Path) -> Iterator[Path]:
    """A temporary path beside the output, moved into its place when the block ends well.

    A device is written to, never replaced. Raises OutputNotWritable, DiskFull, OutputFailed.
    """
    from lipwright.engine.media.output_file import PartialFile, is_device, output_errors

    if is_device(output):
        with output_errors(output):
            yield output
        return
    partial = PartialFile(output)
    try:
        with output_errors(output):
            yield partial.path
        partial.keep()
    finally:
        partial.discard()


def write_text(output: Path | None, text: str) -> None:
    """Write a text to a file, or to standard output where none is named."""
    if output is None:
        console.data(text)
        return
    with written_whole(output) as part:
        part.write_text(text if text.endswith("\n") else f"{text}\n", encoding="utf-8")
