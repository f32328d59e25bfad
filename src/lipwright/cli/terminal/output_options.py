"""Options for what a command writes and how much it says, shared by all commands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from typer import Option

OUTPUT = "The output"

Video = Annotated[
    str,
    Option(
        "--output",
        "-o",
        rich_help_panel=OUTPUT,
        metavar="OUT",
        help="The video to write; - writes it to standard output.",
    ),
]
Format = Annotated[
    str | None,
    Option(
        "--format",
        rich_help_panel=OUTPUT,
        metavar="mp4|webm|mov|gif",
        help="Container of the output, where its name does not show it.",
    ),
]
Label = Annotated[
    str | None,
    Option(
        "--label",
        rich_help_panel=OUTPUT,
        metavar="TEXT",
        help='Words that everybody sees in a corner, e.g. "AI generated".',
    ),
]
LabelCorner = Annotated[
    str | None,
    Option(
        "--label-corner",
        rich_help_panel=OUTPUT,
        metavar="CORNER",
        help="bottom-right, which it is by itself, bottom-left, top-right or top-left.",
    ),
]
LabelFont = Annotated[
    Path | None,
    Option(
        "--label-font",
        rich_help_panel=OUTPUT,
        metavar="FILE",
        help="A TrueType or OpenType font, for letters beyond those of English.",
    ),
]
NoOverwrite = Annotated[
    bool,
    Option("--no-overwrite", "-n", rich_help_panel=OUTPUT, help="Refuse to replace a file that exists."),
]
DryRun = Annotated[
    bool,
    Option("--dry-run", rich_help_panel=OUTPUT, help="Check the options and the files, and make nothing."),
]
JsonEvents = Annotated[
    bool, Option("--json", rich_help_panel=OUTPUT, help="Write one JSON event per line, for programs.")
]
JsonResult = Annotated[bool, Option("--json", rich_help_panel=OUTPUT, help="Write JSON.")]
Quiet = Annotated[bool, Option("--quiet", "-q", rich_help_panel=OUTPUT, help="Print nothing but errors.")]
