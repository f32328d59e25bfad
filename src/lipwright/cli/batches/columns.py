"""The columns of a batch: the options of the commands, read from the commands themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lipwright.cli.terminal.speech_options import SPEECH

OUTPUT_COLUMN = "output"
# Columns that name a file to write: below the folder of the results.
WRITTEN = (OUTPUT_COLUMN, "report")
# Options about the terminal and the server; the batch has its own.
NOT_FOR_ROWS = ("quiet", "json", "no-overwrite", "dry-run", "server", "key", "wait-limit")
# How the options that take files or addresses show their value.
_FILE_WORDS = ("IMAGE", "VIDEO", "AUDIO")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One option or argument. word: as it is typed. place: of an argument, from 0; None for an option.

    is_file: the value is a file that is read. is_voice: it says what is said, not what is seen.
    """

    name: str
    word: str
    place: int | None
    is_flag: bool
    is_multiple: bool
    is_file: bool
    is_voice: bool


def columns_of(command: Any) -> Mapping[str, Column]:
    """The columns of a command by name, its arguments first."""
    columns: dict[str, Column] = {}
    places = 0
    for option in command.params:
        word = max(option.opts, key=len)
        name = word.lstrip("-")
        if name in NOT_FOR_ROWS or name == "help":
            continue
        is_argument = option.param_type_name == "argument"
        is_path = option.type_descriptor.annotation is Path or option.metavar in _FILE_WORDS
        columns[name] = Column(
            name=name,
            word=word,
            place=places if is_argument else None,
            is_flag=bool(getattr(option, "is_flag", False)),
            is_multiple=bool(option.multiple),
            is_file=is_path and name not in WRITTEN,
            is_voice=option.rich_help_panel == SPEECH or (is_argument and places > 0),
        )
        places += is_argument
    return columns
