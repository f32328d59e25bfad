"""Where output goes: a file that appears under its name only when it is whole, or a stream."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from lipwright.engine.errors import DiskFull, OutputFailed, OutputNotWritable

_FULL_ERRORS = (errno.ENOSPC, errno.EDQUOT)


def check_output(target: Path) -> None:
    """Raise OutputNotWritable when no file can be written there; leaves nothing behind."""
    if is_device(target):
        return
    PartialFile(target).discard()


@contextlib.contextmanager
def written_whole(output: Path) -> Iterator[Path]:
    """A temporary path beside the output, moved into its place when the block ends well.

    A device is written to, never replaced. Raises OutputNotWritable, DiskFull, OutputFailed.
    """
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


def is_device(target: Path) -> bool:
    """Whether the target is a pipe, terminal or device: written to, never replaced."""
    return os.path.exists(target) and not os.path.isfile(target) and not os.path.isdir(target)


class WriteOnly:
    """A stream of which only `write` is seen, so that nobody seeks in a pipe."""

    def __init__(self, file: BinaryIO | io.RawIOBase) -> None:
        self._file = file
        self._is_dropping = False

    def drop(self) -> None:
        """Write nothing from now on.

        A container that is closed still writes its end, which never returns on a pipe that nobody reads.
        """
        self._is_dropping = True

    def write(self, data: bytes) -> int:
        """Write all of the data."""
        view = memoryview(b"" if self._is_dropping else data)
        while view:
            view = view[self._file.write(view) or 0 :]
        return len(data)

    def flush(self) -> None:
        """Flush the stream."""
        self._file.flush()


class PartialFile:
    """A new file in the folder of its target, under a hidden name that says that it is not whole."""

    def __init__(self, target: Path) -> None:
        """Create the file. Raises OutputNotWritable and DiskFull."""
        with output_errors(target):
            self._target = target.resolve()
            folder = self._target.parent
            if self._target.is_dir():
                raise OutputNotWritable(f"{target} is a folder. Give the name of a file in it.")
            if not folder.is_dir():
                raise OutputNotWritable(f"The folder {folder} does not exist. Create it or choose another.")
            if self._target.exists() and not os.access(self._target, os.W_OK):
                raise OutputNotWritable(f"{target} exists and may not be overwritten. Choose another name.")
            # A short name of our own: the target's may already be as long as the file system allows.
            self.path = folder / f".lipwright-{secrets.token_hex(6)}.part"
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))

    def keep(self) -> None:
        """Give the file its name, in one step, in place of an older one. Raises OutputFailed."""
        with output_errors(self._target):
            os.replace(self.path, self._target)

    def discard(self) -> None:
        """Remove the file; does nothing when it is gone."""
        self.path.unlink(missing_ok=True)


@contextlib.contextmanager
def output_errors(target: object) -> Iterator[None]:
    """Turn what the operating system says about writing into errors of the engine."""
    try:
        yield
    except OSError as error:
        raise output_error(error, target) from error


def output_error(error: OSError, target: object) -> OutputFailed:
    """The engine's error for one of the operating system's."""
    if error.errno in _FULL_ERRORS:
        return DiskFull()
    if error.errno == errno.EPIPE:
        return OutputFailed("The program that was reading the video has ended.")
    if error.errno in (
        errno.EACCES,
        errno.EPERM,
        errno.EROFS,
        errno.ENOENT,
        errno.ENOTDIR,
        errno.ENAMETOOLONG,
    ):
        return OutputNotWritable(f"{target} cannot be written: {error.strerror}. Choose another place.")
    return OutputFailed(f"{target} could not be written: {error.strerror or error}.")
