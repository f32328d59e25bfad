"""Outputs of a command get their marks: a watermark in the picture, content credentials in the file."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from lipwright.cli.terminal.console import console
from lipwright.cli.terminal.output import opened_output
from lipwright.engine import OutputNotWritable
from lipwright.provenance.settings import load_marking_settings

if TYPE_CHECKING:
    from lipwright.engine import Watermark
    from lipwright.provenance.credentials import ClaimInput, Identity, Product, SignedOutput

NUMBER_BITS = 32


@dataclass(slots=True, kw_only=True)
class OutputMarks:
    """What one output is marked with.

    identity: who signs; None where marks are turned off. watermark: None where they are, and for an output
    that is no video. signed: where the credentials lie; None until the output is signed, and for a stream.
    """

    identity: Identity | None
    watermark: Watermark | None
    signed: SignedOutput | None = None


NO_MARKS = OutputMarks(identity=None, watermark=None)
"""Of what is checked and not made."""


def open_marks(*, has_watermark: bool) -> OutputMarks:
    """The marks of a new output, whose number is random.

    Raises what is wrong with the settings or the credentials, before any work is done.
    """
    settings = load_marking_settings()
    if not settings.marking:
        return OutputMarks(identity=None, watermark=None)
    from lipwright.engine import PUBLIC_WATERMARK_KEY, Watermark
    from lipwright.provenance.credentials import open_identity

    identity = open_identity(settings)
    if not has_watermark:
        return OutputMarks(identity=identity, watermark=None)
    watermark = Watermark(
        installation=identity.installation,
        number=secrets.randbits(NUMBER_BITS),
        key=identity.watermark_key or PUBLIC_WATERMARK_KEY,
    )
    return OutputMarks(identity=identity, watermark=watermark)


@contextmanager
def marked_output(
    output: str,
    inputs: tuple[Path, ...],
    marks: OutputMarks,
    *,
    product: Product,
    mode: str | None,
    credited: Sequence[ClaimInput],
    may_replace: bool,
) -> Iterator[Path | BinaryIO]:
    """What to hand to the engine for `-o`. A file gets its name when it is signed; a stream is not signed.

    credited: of the inputs those that the credentials name. Raises what `opened_output` and `signed_file` do.
    """
    from lipwright.provenance.credentials import SUFFIXES_WITH_SIDECAR, sidecar_path

    with opened_output(output, inputs, may_replace=may_replace) as target:
        if not isinstance(target, Path):
            yield target
            return
        beside = sidecar_path(target)
        if not may_replace and target.suffix.lower() in SUFFIXES_WITH_SIDECAR and beside.exists():
            raise OutputNotWritable(f"{beside} exists. Choose another name, or leave out --no-overwrite.")
        with signed_file(target, marks, product=product, mode=mode, credited=credited) as part:
            yield part


@contextmanager
def signed_file(
    path: Path, marks: OutputMarks, *, product: Product, mode: str | None, credited: Sequence[ClaimInput]
) -> Iterator[Path]:
    """A path to write a file to, which is signed and moved to its place when the block ends well.

    A device is written to as it is. Raises OutputNotWritable, DiskFull, OutputFailed, SigningFailed.
    """
    from lipwright.engine import written_whole
    from lipwright.provenance.credentials import Claim, sidecar_path, sign_output

    if marks.identity is None or (path.exists() and not path.is_file()):
        yield path
        return
    with written_whole(path) as part:
        yield part
        numbers = None
        if marks.watermark is not None:
            numbers = (marks.watermark.installation, marks.watermark.number)
        claim = Claim(product=product, mode=mode, watermark=numbers)
        marks.signed = sign_output(part, claim, credited, marks.identity, sidecar=sidecar_path(path))


def marks_fields(marks: OutputMarks) -> dict[str, object]:
    """The fields of an event that tell of the marks."""
    word = "none" if marks.signed is None else "inside" if marks.signed.sidecar is None else "beside"
    fields: dict[str, object] = {"credentials": word}
    if marks.signed is not None and marks.signed.sidecar is not None:
        fields["credentials_file"] = str(marks.signed.sidecar)
    if marks.watermark is not None:
        fields["watermark_installation"] = marks.watermark.installation
        fields["watermark_number"] = marks.watermark.number
    return fields


def report_marks(marks: OutputMarks) -> None:
    """Say what an output was marked with; nothing where marks are turned off."""
    if marks.identity is None:
        return
    signed = marks.signed
    if signed is None:
        credentials = "No content credentials: a stream cannot be signed. Name a file to get them."
    elif signed.sidecar is None:
        credentials = "Signed with content credentials."
    else:
        credentials = f"This kind of file has no place for content credentials: they lie in {signed.sidecar}."
    mark = "" if marks.watermark is None else f" The watermark's number is {marks.watermark.number}."
    console.say(f"{credentials}{mark}")
