"""Where a command's video goes: a file that is replaced only when whole, or standard output."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from lipwright.engine.errors import BadParameters, OutputNotWritable, UnsupportedFormat
from lipwright.engine.media.values import Container

STANDARD_OUTPUT = "-"
_SUFFIXES = {
    ".mp4": Container.MP4,
    ".m4v": Container.MP4,
    ".mov": Container.MOV,
    ".webm": Container.WEBM,
    ".gif": Container.GIF,
}


def choose_container(output: str, wanted: str | None) -> Container:
    """The container that the option or the output's name asks for; MP4 for standard output.

    Raises UnsupportedFormat for an unknown word or suffix, BadParameters where the two contradict.
    """
    suffix = "" if output == STANDARD_OUTPUT else Path(output).suffix.lower()
    by_suffix = _SUFFIXES.get(suffix)
    if wanted is None:
        if by_suffix is None and output != STANDARD_OUTPUT:
            raise UnsupportedFormat(
                f"The name {output} does not say what to make. "
                f"End it in {', '.join(_SUFFIXES)}, or use --format."
            )
        return by_suffix or Container.MP4
    try:
        container = Container(wanted.lower())
    except ValueError:
        known = ", ".join(Container)
        raise UnsupportedFormat(f"'{wanted}' is no format that can be made. Use one of: {known}.") from None
    if by_suffix not in (None, container):
        raise BadParameters(f"The name {output} and --format {wanted} contradict each other. Change one.")
    return container


@contextmanager
def opened_output(output: str, inputs: tuple[Path, ...], *, may_replace: bool) -> Iterator[Path | BinaryIO]:
    """What to hand to the engine for `-o`: a path, or standard output with nothing else on it.

    Raises BadParameters for a terminal or an input's own name, OutputNotWritable for a file that may not
    be replaced.
    """
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
    finally:
        os.dup2(real_stdout, 1)
        os.close(real_stdout)
