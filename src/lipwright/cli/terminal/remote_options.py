"""The options that `lipwright remote talk` and `lipwright remote sync` share, each with its help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from lipwright.cli.terminal.output_options import OUTPUT
from lipwright.cli.terminal.render_options import max_resolution

SERVER = "The server"
WORK = "What is made"

Image = Annotated[str, Argument(metavar="IMAGE", help="A picture of a face, or an address of one.")]
Video = Annotated[str, Argument(metavar="VIDEO", help="A video of someone who speaks, or an address.")]
Audio = Annotated[str, Argument(metavar="AUDIO", help="A sound, a video with sound, or an address.")]
AudioOrText = Annotated[
    str | None, Argument(metavar="AUDIO", help="A sound, a video with sound, or an address.")
]
Server = Annotated[
    str | None,
    Option(
        metavar="URL",
        envvar="LIPWRIGHT_BASE_URL",
        rich_help_panel=SERVER,
        help="Address of the server; by default this machine.",
    ),
]
Key = Annotated[
    str | None,
    Option(
        metavar="KEY",
        envvar="LIPWRIGHT_API_KEY",
        show_envvar=True,
        rich_help_panel=SERVER,
        help="Your key; safer in the environment variable.",
    ),
]
WaitLimit = Annotated[
    float | None,
    Option(metavar="S", min=0, rich_help_panel=SERVER, help="Stop waiting after this; the job goes on."),
]
Text = Annotated[
    str | None, Option(metavar="WORDS", rich_help_panel=WORK, help="Speak this text instead of a sound.")
]
Voice = Annotated[str | None, Option(metavar="NAME", rich_help_panel=WORK, help="Who speaks --text.")]
PhotoMode = Annotated[str, Option(metavar="MODE", rich_help_panel=WORK, help="realistic or prompted.")]
Prompt = Annotated[
    str | None,
    Option(metavar="WORDS", rich_help_panel=WORK, help="Mood and motion for --mode prompted."),
]
Direct = Annotated[
    Path | None,
    Option(
        metavar="FILE",
        rich_help_panel=WORK,
        help="Words for stretches of time, one `from second, to second, words` a line.",
    ),
]
MotionFrom = Annotated[
    str | None,
    Option(
        "--motion-from",
        metavar="VIDEO",
        rich_help_panel=WORK,
        help="Move like the person of this video, or of this address.",
    ),
]
Performance = Annotated[
    str | None,
    Option(
        metavar="VIDEO",
        rich_help_panel=WORK,
        help="Take motion, mouth and sound from this video, or from this address.",
    ),
]
SyncMode = Annotated[str, Option(metavar="MODE", rich_help_panel=WORK, help="lite, standard or pro.")]
MaxResolution = Annotated[int | None, max_resolution(WORK)]
MaxFrameRate = Annotated[
    float | None,
    Option("--max-fps", metavar="RATE", rich_help_panel=WORK, help="Cap on the frames per second."),
]
Name = Annotated[str | None, Option(rich_help_panel=WORK, help="Name of the job on the server.")]
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
