"""The options of `lipwright sync` that `lipwright talk` has not, or has with another meaning."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from lipwright.cli.terminal.talk_options import OUTPUT, SPEECH

MOUTH = "The mouth"
VIDEO = "The video"

Video = Annotated[Path, Argument(metavar="VIDEO", help="A video of a person; a picture is made to talk.")]
Audio = Annotated[
    Path | None, Argument(metavar="AUDIO", help="The new recording, or a video whose sound is used.")
]

KeepSound = Annotated[
    float | None,
    Option(
        rich_help_panel=SPEECH,
        metavar="DB",
        help="Keep the video's own sound under the new one, so much louder, e.g. -12.",
    ),
]

Mode = Annotated[
    str,
    Option(
        rich_help_panel=MOUTH,
        metavar="lite|standard|pro",
        help="lite draws the inside of the mouth; standard borrows it from other frames; pro mixes several.",
    ),
]
MouthScale = Annotated[
    float,
    Option("--mouth", rich_help_panel=MOUTH, metavar="X", help="Scale of the mouth's movement, 0 to 3."),
]
Seed = Annotated[
    int, Option(rich_help_panel=MOUTH, metavar="N", help="The same input and seed give the same frames.")
]

FaceWords = Annotated[
    list[str],
    Option(
        "--face",
        rich_help_panel=VIDEO,
        metavar="N|largest|speaking|all|N=FILE",
        help="Whose mouth: a number from 0 in the order of appearance, or a word; or everybody a voice, "
        "--face 0=a.wav --face 1=b.wav, in the place of AUDIO.",
    ),
]
Loop = Annotated[
    bool,
    Option(
        "--loop",
        rich_help_panel=VIDEO,
        help="Play the picture to and fro until a longer sound ends, in place of cutting the sound.",
    ),
]
Start = Annotated[
    float, Option(rich_help_panel=VIDEO, metavar="S", min=0, help="Second of the video to begin at.")
]
End = Annotated[
    float | None, Option(rich_help_panel=VIDEO, metavar="S", min=0, help="Second of the video to stop at.")
]
MaxFrameRate = Annotated[
    str | None,
    Option("--max-fps", rich_help_panel=VIDEO, metavar="RATE", help="Slow a faster video to this rate."),
]
MaxResolution = Annotated[
    int | None, Option(rich_help_panel=VIDEO, metavar="PX", help="Cap on the longer side, pixels.")
]

ReportFile = Annotated[
    Path | None,
    Option(
        "--report",
        rich_help_panel=OUTPUT,
        metavar="OUT.json",
        help="Write what became of the frames, as JSON.",
    ),
]
