"""Writes the reference pages that follow from the code: the commands and the errors.

    python tools/reference_pages.py          writes docs/reference/cli.md and errors.md

A test compares the pages with what this would write, so they cannot fall behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from typer.main import get_command

from lipwright.cli.main import COMMANDS, app, load_command
from lipwright.engine import errors
from lipwright.provenance import errors as provenance_errors

PAGES = Path(__file__).resolve().parent.parent / "docs" / "reference"
# Fits the code blocks of the usual web pages without a scroll bar.
WIDTH = 90

CLI_INTRODUCTION = """\
# Commands

This page is written by `tools/reference_pages.py` from the commands' own help.

Every command ends with one of these statuses:

| status | meaning |
| --- | --- |
| 0 | done |
| 1 | a fault of Lipwright: "internal error", the details are in the log file that the line names |
| 2 | something you can correct: a wrong option, an unusable file, a full disk; see [errors](errors.md) |
| 3, 4 | of `lipwright check`: nothing was found, a file was changed after it was signed |
| 3 | of `lipwright batch`: some rows failed |
| 130 | stopped by Ctrl-C; nothing is left behind (143: stopped by SIGTERM) |
| 141 | the program that read our standard output has ended |

Data goes to standard output; everything about the work goes to standard error. `LIPWRIGHT_DEBUG=1`
prints the traceback of an internal error instead of keeping it in the log file.
"""

TALK_EVENTS = """\
### Events of `talk --json`

One JSON object per line, on standard output; on standard error when the video goes to standard output.

| event | fields |
| --- | --- |
| `estimate` | `seconds`: how long the work will take |
| `progress` | `stage`, `done` of `total` units in this stage (frames while rendering), `fraction` 0 to 1 of \
the whole, `elapsed_s`, `seconds_left` (null while unknown) |
| `warning` | `message`: something was done differently than asked |
| `done` | `output`, `width_px`, `height_px`, `frame_rate`, `frame_count`, `duration_s`, `elapsed_s`; \
`head_limit_yaw_deg`, `head_limit_pitch_deg`, `head_limit_roll_deg`: how far the head may turn, unless it is \
still; with a clip `motion_beyond_yaw_share` and the like for pitch, roll and shift, `motion_unseen_share`, \
`motion_turns`: how far it was followed; `credentials`: inside, beside (then `credentials_file`) or none; \
`watermark_installation` and `watermark_number`, unless marks are turned off |
| `checked` | `output`, `seconds`: with `--dry-run`, that it can be made and how long it will take |
| `error` | `code`, `message`; the last event of a failed command |
"""

ERRORS_INTRODUCTION = """\
# Errors

This page is written by `tools/reference_pages.py` from `lipwright/engine/errors.py` and
`lipwright/provenance/errors.py`.

A command that fails prints one line, `error [code]: sentence`, and ends with status 2. The code is for
programs and stays; the sentence is for people, says what to do, and may name the file or value at fault.

| code | what is wrong and what to do |
| --- | --- |
"""


def main() -> None:
    """Write both pages."""
    PAGES.mkdir(parents=True, exist_ok=True)
    (PAGES / "cli.md").write_text(commands_page(), encoding="utf-8")
    (PAGES / "errors.md").write_text(errors_page(), encoding="utf-8")


def commands_page() -> str:
    """The page of the commands."""
    parts = [CLI_INTRODUCTION]
    root = get_command(app)
    for entry in COMMANDS:
        for path, help_text in _help_texts(load_command(entry.name), f"lipwright {entry.name}", root):
            parts.append(f"{'#' * (path.count(' ') + 1)} {path}\n\n```text\n{help_text.strip()}\n```\n")
        if entry.name == "talk":
            parts.append(TALK_EVENTS)
    return "\n".join(parts)


def _help_texts(command: Any, path: str, root: Any) -> Iterator[tuple[str, str]]:
    """The full name and the help of a command and of the commands inside it."""
    parent = typer.Context(root, info_name=path.rsplit(" ", 1)[0], help_option_names=["-h", "--help"])
    context = typer.Context(
        command,
        parent=parent,
        info_name=path.rsplit(" ", 1)[1],
        terminal_width=WIDTH,
        max_content_width=WIDTH,
    )
    yield path, command.get_help(context)
    for name, inner in getattr(command, "commands", {}).items():
        yield from _help_texts(inner, f"{path} {name}", root)


def errors_page() -> str:
    """The page of the errors."""
    rows = {
        kind.code: kind.message
        for module in (errors, provenance_errors)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, errors.EngineError) and not _is_parent(kind)
    }
    rows[errors.EngineError.code] = "An internal error. The line names the log file with the details."
    return ERRORS_INTRODUCTION + "".join(
        f"| `{code}` | {sentence} |\n" for code, sentence in sorted(rows.items())
    )


def _is_parent(kind: type[errors.EngineError]) -> bool:
    """Whether other errors of the tree are kinds of this one."""
    return any(child.__module__ == kind.__module__ for child in kind.__subclasses__())


if __name__ == "__main__":
    main()
