"""Small files that commands write: whole or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lipwright.cli.console import console
from lipwright.engine.errors import DiskFull, OutputNotWritable


@contextmanager
def written_whole(output: Path) -> Iterator[Path]:
    """A temporary path beside the output, moved into its place when the block ends well.

    Raises OutputNotWritable, DiskFull.
    """
    part: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{output.name[:80]}.", suffix=".part", dir=output.parent)
        os.close(handle)
        part = Path(name)
        yield part
        part.chmod(0o666 & ~_umask())
        part.replace(output)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull from error
        raise OutputNotWritable(
            f"{output} cannot be written: {error.strerror}. Choose a folder that you may write to."
        ) from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def write_text(output: Path | None, text: str) -> None:
    """Write a text to a file, or to standard output where none is named."""
    if output is None:
        console.data(text)
        return
    with written_whole(output) as part:
        part.write_text(text if text.endswith("\n") else f"{text}\n", encoding="utf-8")


def _umask() -> int:
    """The permissions that new files of this process lack."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
