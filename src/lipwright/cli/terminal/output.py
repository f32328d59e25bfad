"""Where a command's video goes: a file that is replaced only when whole, or standard output."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from lipwright.cli.terminal.console import PipeClosed
from lipwright.engine import BadParameters, OutputFailed, OutputNotWritable, UnsupportedFormat

if TYPE_CHECKING:
    from lipwright.engine import Container

STANDARD_OUTPUT = "-"
_SUFFIXES = {
    ".mp4": "mp4",
    ".m4v": "mp4",
    ".mov": "mov",
    ".webm": "webm",
    ".gif": "gif",
}


def choose_container(output: str, wanted: str | None) -> Container:
    """The container that the option or the output's name asks for; MP4 for standard output.

    Raises UnsupportedFormat for an unknown word or suffix, BadParameters where the two contradict.
    """
    from lipwright.engine import Container

    by_name = None if output == STANDARD_OUTPUT else _SUFFIXES.get(Path(output).suffix.lower())
    if wanted is None:
        if by_name is None and output != STANDARD_OUTPUT:
            raise UnsupportedFormat(
                f"The name {output} does not say what to make. "
                f"End it in {', '.join(_SUFFIXES)}, or use --format."
            )
        return Container(by_name or "mp4")
    word = wanted.strip().lower()
    if word not in list(Container):
        known = ", ".join(Container)
        raise UnsupportedFormat(f"'{wanted}' is no format that can be made. Use one of: {known}.")
    if by_name not in (None, word):
        raise BadParameters(f"The name {output} and --format {wanted} contradict each other. Change one.")
    return Container(word)


@contextmanager
def opened_output(output: str, inputs: tuple[Path, ...], *, may_replace: bool) -> Iterator[Path | BinaryIO]:
    """What to hand to the engine for `-o`: a path, or standard output with nothing else on it.

    Raises BadParameters for a terminal or an input's own name, OutputNotWritable for a file that cannot be
    written or may not be replaced, PipeClosed when standard output has no reader any more.
    """
    from lipwright.engine import check_output

    if output == STANDARD_OUTPUT:
        with _standard_output() as stream:
            yield stream
        return
    path = Path(output)
    if path.exists():
        if any(source.exists() and path.samefile(source) for source in inputs):
            raise BadParameters(f"{output} is also an input. Give the output another name.")
        if not may_replace:
            raise OutputNotWritable(f"{output} exists. Choose another name, or leave out --no-overwrite.")
    check_output(path)
    yield path


@contextmanager
def _standard_output() -> Iterator[BinaryIO]:
    """Standard output as bytes; what libraries print meanwhile goes to standard error."""
    if sys.stdout.isatty():
        raise BadParameters(
            "Standard output is a terminal, which cannot show a video. Add `> FILE` or `| player -`."
        )
    sys.stdout.flush()
    real_stdout = os.dup(1)
    os.dup2(2, 1)
    try:
        with os.fdopen(os.dup(real_stdout), "wb") as stream:
            yield stream
    except (OSError, OutputFailed) as failure:
        if isinstance(failure, BrokenPipeError) or isinstance(failure.__cause__, BrokenPipeError):
            raise PipeClosed from failure
        raise
    finally:
        os.dup2(real_stdout, 1)
        os.close(real_stdout)
