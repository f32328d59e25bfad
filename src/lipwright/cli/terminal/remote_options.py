"""The options that `lipwright remote talk` and `lipwright remote sync` share, each with its help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

SERVER = "The server"
WORK = "What is made"
OUTPUT = "The output"

Sound = Annotated[str | None, Argument(metavar="AUDIO", help="A sound, a video with sound, or an address.")]
Server = Annotated[
    str | None,
    Option(
        metavar="URL",
        envvar="LIPWRIGHT_BASE_URL",
        rich_help_panel=SERVER,
        help="Its address; by default this machine's.",
    ),
]
Key = Annotated[
    str | None,
    Option(
        metavar="KEY",
        envvar="LIPWRIGHT_API_KEY",
        show_envvar=True,
        rich_help_panel=SERVER,
        help="Your key; safer in the environment.",
    ),
]
WaitLimit = Annotated[
    float | None,
    Option(metavar="S", min=0, rich_help_panel=SERVER, help="Stop waiting after this; the job goes on."),
]
Name = Annotated[str | None, Option(rich_help_panel=WORK, help="What the server calls the job.")]
Start = Annotated[float, Option(metavar="S", min=0, rich_help_panel=WORK, help="Where to begin, seconds.")]
End = Annotated[
    float | None,
    Option(metavar="S", min=0, rich_help_panel=WORK, help="Where to stop; needed for addresses."),
]
Transcript = Annotated[
    Path | None, Option(metavar="FILE", rich_help_panel=WORK, help="The words of the sound.")
]
Output = Annotated[
    str, Option("--output", "-o", metavar="OUT", rich_help_panel=OUTPUT, help="The video to write.")
]
NoOverwrite = Annotated[
    bool, Option("--no-overwrite", "-n", rich_help_panel=OUTPUT, help="Refuse to replace a file that exists.")
]
Json = Annotated[bool, Option("--json", rich_help_panel=OUTPUT, help="Write one event a line, for programs.")]
Quiet = Annotated[bool, Option("--quiet", "-q", rich_help_panel=OUTPUT, help="Say nothing but errors.")]
