"""Every picture with every voice: rows of the pictures and voices of other rows."""

from __future__ import annotations

from collections.abc import Mapping

from lipwright.cli.batches.columns import WRITTEN, Column
from lipwright.cli.batches.orders import COMMAND_COLUMN
from lipwright.cli.batches.sheet import SheetRow
from lipwright.engine import BadParameters

_PICTURES = ("image", "video")
_VOICES = ("audio", "text")


def multiply(rows: list[SheetRow], columns: Mapping[str, Mapping[str, Column]]) -> list[SheetRow]:
    """A row for every picture and every voice. A row may hold a picture, a voice, or both, each with options.

    columns: of each command. The line of a product is that of its picture. Raises BadParameters.
    """
    pictures: list[SheetRow] = []
    voices: list[SheetRow] = []
    for row in rows:
        if row.fault is not None:
            raise BadParameters(f"Line {row.line}: {row.fault}")
        written = next((name for name in WRITTEN if name in row.cells), None)
        if written is not None:
            raise BadParameters(f"With --product a row is many videos: leave out the column {written}.")
        shown, said = _parted(row, columns)
        _add(pictures, shown, _PICTURES, "picture")
        _add(voices, said, _VOICES, "voice")
    if not pictures or not voices:
        missing = "audio or text" if pictures else "image or video"
        raise BadParameters(f"--product needs pictures and voices. Fill the column {missing} in some row.")
    return [
        SheetRow(line=picture.line, cells={**picture.cells, **voice.cells})
        for picture in pictures
        for voice in voices
    ]


def _parted(row: SheetRow, columns: Mapping[str, Mapping[str, Column]]) -> tuple[SheetRow, SheetRow]:
    """What a row says of a picture, and what of a voice."""
    is_sync = "video" in row.cells or row.cells.get(COMMAND_COLUMN) == ("sync",)
    known = columns["sync" if is_sync else "talk"]
    said = {name: values for name, values in row.cells.items() if name in known and known[name].is_voice}
    shown = {name: values for name, values in row.cells.items() if name not in said}
    return SheetRow(line=row.line, cells=shown), SheetRow(line=row.line, cells=said)


def _add(parts: list[SheetRow], part: SheetRow, needed: tuple[str, ...], word: str) -> None:
    """Keep a part that is new. Raises BadParameters for options of nothing."""
    stray = next((name for name in part.cells if name not in (*needed, COMMAND_COLUMN)), None)
    if not any(name in part.cells for name in needed):
        if stray is not None:
            raise BadParameters(f"Line {part.line} has {stray}, but no {word} that it is about.")
        return
    if all(part.cells != other.cells for other in parts):
        parts.append(part)
