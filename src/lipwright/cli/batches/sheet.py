"""The file of a batch as it stands: lines and their cells. CSV with a line of headings, or JSON lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lipwright.engine import BadParameters

# A hundred thousand rows of a film's words each are smaller; a larger file is no table.
MAX_SHEET_BYTES = 100_000_000
# What parts the values of a cell that may hold several, as the voices of several people.
VALUE_SEPARATOR = ";"
_DELIMITERS = (",", ";", "\t")
_JSON_SUFFIXES = (".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """One row. line: of the file, from 1. cells: by column, those that hold something.

    A list in JSON gives a cell several values. fault: why the line cannot be read; None where it can.
    """

    line: int
    cells: Mapping[str, tuple[str, ...]]
    fault: str | None = None


def read_sheet(path: Path) -> list[SheetRow]:
    """The rows of a file. Raises BadParameters for one that is no table."""
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".tsv", *_JSON_SUFFIXES):
        raise BadParameters(f"{path.name} is no list of orders. Name a file that ends in .csv or .jsonl.")
    text = _read_text(path)
    rows = list(_json_rows(text) if suffix in _JSON_SUFFIXES else _csv_rows(path.name, text))
    if not rows:
        raise BadParameters(f"{path.name} holds no rows.")
    return rows


def column_name(heading: str) -> str:
    """A heading as options are written: `Max Resolution` and `max_resolution` are `max-resolution`."""
    return "-".join(heading.strip().lower().lstrip("-").replace("_", " ").split())


def _read_text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_SHEET_BYTES + 1)
    except OSError:
        raise BadParameters(
            f"The file {path} cannot be read. Name a file that ends in .csv or .jsonl."
        ) from None
    if len(content) > MAX_SHEET_BYTES:
        raise BadParameters(f"The file {path} is larger than 100 MB. Split it.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadParameters(f"The file {path} is not text in UTF-8. Save it as UTF-8 and retry.") from None


def _csv_rows(name: str, text: str) -> Iterator[SheetRow]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns: list[str] | None = None
    before = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadParameters(f"Line {reader.line_num} of {name} is no CSV: {error}.") from None
        line, before = before + 1, reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if columns is None:
            columns = _headings(name, cells)
            continue
        held = {
            column: (cell.strip(),)
            for column, cell in zip(columns, cells, strict=False)
            if cell.strip() and column
        }
        surplus = [cell for cell in cells[len(columns) :] if cell.strip()]
        fault = None
        if surplus:
            fault = f"There are more cells than headings. Put a text that holds {delimiter!r} in quotes."
        yield SheetRow(line=line, cells=held, fault=fault)


def _headings(name: str, cells: list[str]) -> list[str]:
    columns = [column_name(cell) for cell in cells]
    for column in columns:
        if column and columns.count(column) > 1:
            raise BadParameters(f"{name} has two columns named {column}. Rename or remove one.")
    return columns


def _json_rows(text: str) -> Iterator[SheetRow]:
    for line, content in enumerate(text.split("\n"), start=1):
        if not content.strip():
            continue
        try:
            value = json.loads(content)
        except ValueError as error:
            yield SheetRow(line=line, cells={}, fault=f"The line is no JSON: {error}.")
            continue
        if not isinstance(value, dict):
            yield SheetRow(line=line, cells={}, fault='The line is no JSON object. Write {"image": ...}.')
            continue
        yield _json_row(line, value)


def _json_row(line: int, value: dict[str, Any]) -> SheetRow:
    cells: dict[str, tuple[str, ...]] = {}
    for key, held in value.items():
        column = column_name(key)
        values = held if isinstance(held, list) else [held]
        if any(isinstance(each, dict | list) for each in values):
            return SheetRow(line=line, cells={}, fault=f"{column} is no word or number.")
        if column in cells:
            return SheetRow(line=line, cells={}, fault=f"{column} stands there twice.")
        words = tuple(_word(each) for each in values if each is not None)
        if any(word for word in words):
            cells[column] = words
    return SheetRow(line=line, cells=cells)


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).strip()
