"""Rows become command lines, checked against the options of the commands themselves."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from typer.exceptions import TyperException

from lipwright.cli.batches.columns import OUTPUT_COLUMN, WRITTEN, Column, columns_of
from lipwright.cli.batches.journal import JOURNAL
from lipwright.cli.batches.sheet import VALUE_SEPARATOR, SheetRow
from lipwright.cli.terminal.console import one_line
from lipwright.engine import BadParameters

COMMAND_COLUMN = "command"
_YES, _NO = ("yes", "true", "1", "on"), ("no", "false", "0", "off")
# Long enough to tell texts apart, short enough for every file system.
_LONGEST_STEM = 80
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a row cannot be made. column: None where it is not about one."""

    line: int
    column: str | None
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One row as a command line without its output. output: below the folder of the results.

    cells: as they were written. params: as the command reads them. inputs: the files that it names.
    """

    line: int
    command: str
    output: str
    arguments: tuple[str, ...]
    cells: Mapping[str, tuple[str, ...]] = field(repr=False)
    params: Mapping[str, Any] = field(repr=False)
    inputs: tuple[Path, ...]

    def command_line(self, folder: Path) -> list[str]:
        """The arguments of `lipwright` that make it."""
        report = [f"--report={folder / each}" for each in self.cells.get("report", ())]
        return [self.command, f"--output={folder / self.output}", *report, *self.arguments]

    def files(self) -> list[str]:
        """What it writes, below the folder of the results."""
        return [self.output, *self.cells.get("report", ())]

    def fingerprint(self) -> str:
        """Equal while the options are, and size and time of every input: a SHA-256."""
        told = [
            self.command,
            sorted([name, *values] for name, values in self.cells.items() if name != COMMAND_COLUMN),
            [_size_and_time(path) for path in self.inputs],
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def column_of(self, sentence: str) -> str | None:
        """Which of its columns a sentence of the engine is about; None where it names none."""
        for name in re.findall(r"--([a-z][a-z-]*)", sentence):
            if name in self.cells:
                return str(name)
        for name, values in self.cells.items():
            names = [Path(each.rpartition("=")[2]).name for each in values]
            if name not in WRITTEN and any("." in each and each in sentence for each in names):
                return name
        return None


class OrderReader:
    """Reads rows as the commands would read their command lines.

    commands: by the word of the column `command`. base: the folder that relative paths start from.
    folder: that of the results.
    """

    def __init__(self, commands: Mapping[str, Any], base: Path, folder: Path) -> None:
        self._commands = commands
        self._base = base
        self._folder = folder
        self.columns = {name: columns_of(command) for name, command in commands.items()}

    def read(self, rows: list[SheetRow]) -> list[Order | Problem]:
        """The order of each row, or what is wrong with it; every order writes files of its own."""
        read = [self._read(row) for row in rows]
        taken = {JOURNAL: 0}
        for at, one in enumerate(read):
            if isinstance(one, Order):
                read[at] = _claimed(one, taken, [name for name in one.files() if name])
        for at, one in enumerate(read):
            if isinstance(one, Order) and not one.output:
                read[at] = _named(one, taken)
        return [self._unless_input(one) if isinstance(one, Order) else one for one in read]

    def command_of(self, row: SheetRow) -> str:
        """Which command a row is for. Raises _Wrong."""
        words = row.cells.get(COMMAND_COLUMN)
        if words is not None:
            if words[0].lower() in self._commands:
                return words[0].lower()
            known = " or ".join(self._commands)
            raise _Wrong(COMMAND_COLUMN, f"{words[0]!r} is no command. Use {known}.")
        fitting = [name for name, columns in self.columns.items() if next(iter(columns)) in row.cells]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            raise _Wrong(
                COMMAND_COLUMN, "There are an image and a video. Leave one out, or fill this column."
            )
        raise _Wrong(None, "There is nothing to make speak. Fill the column image or video.")

    def _read(self, row: SheetRow) -> Order | Problem:
        try:
            if row.fault is not None:
                raise _Wrong(None, row.fault)
            command = self.command_of(row)
            return self._order(row, command, self.columns[command])
        except _Wrong as wrong:
            sentence = one_line(str(wrong))
            return Problem(line=row.line, column=wrong.column, code=BadParameters.code, message=sentence)

    def _order(self, row: SheetRow, command: str, columns: Mapping[str, Column]) -> Order:
        for name in row.cells:
            if name != COMMAND_COLUMN and name not in columns:
                raise _Wrong(name, f"`lipwright {command}` has no option --{name}.")
        words: list[str] = []
        positional: list[str] = []
        inputs: list[Path] = []
        cells = dict(row.cells)
        for name, column in columns.items():
            if name not in cells:
                continue
            if column.is_multiple:
                cells[name] = tuple(
                    part.strip()
                    for each in cells[name]
                    for part in each.split(VALUE_SEPARATOR)
                    if part.strip()
                )
            elif len(cells[name]) > 1:
                raise _Wrong(name, "There may be one value only.")
            values = self._values(name, column, cells, inputs)
            if column.place is not None:
                if column.place != len(positional):
                    missing = next(each.name for each in columns.values() if each.place == len(positional))
                    raise _Wrong(missing, f"There is no {missing}.")
                positional += values
            elif name not in WRITTEN:
                words += [column.word] if column.is_flag and values else []
                words += [] if column.is_flag else [f"{column.word}={each}" for each in values]
        arguments = (*words, "--", *positional)
        return Order(
            line=row.line,
            command=command,
            output=cells[OUTPUT_COLUMN][0] if OUTPUT_COLUMN in cells else "",
            arguments=arguments,
            cells=cells,
            params=self._params(command, arguments),
            inputs=tuple(inputs),
        )

    def _values(
        self, name: str, column: Column, cells: dict[str, tuple[str, ...]], inputs: list[Path]
    ) -> list[str]:
        """The values of a cell for a command line, paths made whole; files that are read go to `inputs`."""
        values = cells[name]
        if column.is_flag:
            word = values[0].lower()
            if word not in (*_YES, *_NO):
                raise _Wrong(name, f"{values[0]!r} is neither yes nor no.")
            return ["yes"] if word in _YES else []
        if name in WRITTEN:
            cells[name] = (_place(name, values[0]),)
            return []
        whole = []
        for value in values:
            number, equals, file = value.rpartition("=") if column.is_multiple else ("", "", value)
            if (column.is_file or equals) and not _ADDRESS.match(file):
                inputs.append(self._base / file)
                file = str(self._base / file)
            whole.append(f"{number}{equals}{file}")
        return whole

    def _params(self, command: str, arguments: tuple[str, ...]) -> Mapping[str, Any]:
        """What the command itself reads from the arguments. Raises _Wrong."""
        try:
            context = self._commands[command].make_context(command, ["--output=out.mp4", *arguments])
        except TyperException as error:
            option = getattr(error, "param", None)
            name = None if option is None else max(option.opts, key=len).lstrip("-")
            sentence = getattr(error, "message", "") or (f"There is no {name}." if name else str(error))
            raise _Wrong(name, sentence if sentence.endswith(".") else f"{sentence}.") from None
        params: Mapping[str, Any] = context.params
        return params

    def _unless_input(self, order: Order) -> Order | Problem:
        whole = {(self._folder / name).resolve() for name in order.files()}
        for path in order.inputs:
            if path.resolve() in whole:
                sentence = f"{path.name} is also an input. Give the output another name."
                return _problem(order, OUTPUT_COLUMN, sentence)
        return order


class _Wrong(Exception):
    """What is wrong with a row, and its column."""

    def __init__(self, column: str | None, sentence: str) -> None:
        super().__init__(sentence)
        self.column = column


def _problem(order: Order, column: str | None, sentence: str) -> Problem:
    return Problem(line=order.line, column=column, code=BadParameters.code, message=one_line(sentence))


def _claimed(order: Order, taken: dict[str, int], names: list[str]) -> Order | Problem:
    """The order, its files noted as its own; a problem where another row writes them."""
    for name in names:
        other = taken.setdefault(name.casefold(), order.line)
        if other != order.line:
            whose = f"line {other}" if other else "the log of the batch"
            column = OUTPUT_COLUMN if name == order.output else "report"
            return _problem(order, column, f"{name} is already the name of {whose}. Choose another.")
    return order


def _named(order: Order, taken: dict[str, int]) -> Order:
    """The order with an output named for what it shows and says, and numbered where that is not enough."""
    parts = [_stem(value) for name, value in _telling(order)]
    stem = "-".join(part for part in parts if part)[:_LONGEST_STEM].strip("-.") or f"line-{order.line}"
    suffix = f".{order.cells['format'][0].lower()}" if "format" in order.cells else ".mp4"
    name, number = f"{stem}{suffix}", 1
    while name.casefold() in taken:
        number += 1
        name = f"{stem}-{number}{suffix}"
    taken[name.casefold()] = order.line
    return replace(order, output=name)


def _telling(order: Order) -> list[tuple[str, str]]:
    """The cells that a name is made of: what is seen, what is said."""
    wanted = ("image", "video", "performance", "audio", "text")
    return [(name, order.cells[name][0]) for name in wanted if name in order.cells]


def _stem(value: str) -> str:
    """A file's name without its ending, or the first words of a text, in letters that every system takes."""
    path = PurePosixPath(value.replace("\\", "/").split("?")[0])
    known = path.suffix and " " not in path.suffix and len(path.suffix) <= 6
    words = path.stem if known else " ".join(value.split()[:6])
    return re.sub(r"[^\w.]+", "-", words).strip("-.")


def _place(column: str, value: str) -> str:
    """A file below the folder of the results. Raises _Wrong for every other place."""
    parts = PurePosixPath(value.replace("\\", "/")).parts
    if not parts or value == "-" or value.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
        raise _Wrong(column, f"{value!r} is no file below the folder of the results. Leave out / and .. .")
    return str(PurePosixPath(*parts))


def _size_and_time(path: Path) -> list[int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return [stat.st_size, stat.st_mtime_ns]
