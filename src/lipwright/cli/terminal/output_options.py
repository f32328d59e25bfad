"""Options for what a command writes and how much it says, shared by all commands."""

from __future__ import annotations

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
NoOverwrite = Annotated[
    bool,
    Option("--no-overwrite", "-n", rich_help_panel=OUTPUT, help="Refuse to replace a file that exists."),
]
JsonEvents = Annotated[
    bool, Option("--json", rich_help_panel=OUTPUT, help="Write one JSON event per line, for programs.")
]
JsonResult = Annotated[bool, Option("--json", rich_help_panel=OUTPUT, help="Write JSON.")]
Quiet = Annotated[bool, Option("--quiet", "-q", rich_help_panel=OUTPUT, help="Print nothing but errors.")]
