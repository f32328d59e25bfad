"""The options of `lipwright sync` for the video and its mouths, each with its help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from lipwright.cli.terminal.output_options import OUTPUT
from lipwright.cli.terminal.render_options import max_resolution, mouth_scale, seed
from lipwright.cli.terminal.speech_options import SPEECH

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
        help="Keep the video's own sound under the new one, at this gain, e.g. -12.",
    ),
]

Mode = Annotated[
    str,
    Option(
        rich_help_panel=MOUTH,
        metavar="lite|standard|pro",
        help="lite draws the inside of the mouth; standard takes it from another frame; pro blends several.",
    ),
]
MouthScale = Annotated[float, mouth_scale(MOUTH)]
Seed = Annotated[int, seed(MOUTH)]
FaceWords = Annotated[
    list[str],
    Option(
        "--face",
        rich_help_panel=VIDEO,
        metavar="N|largest|speaking|all|N=FILE",
        help="Whose mouth: a number from 0 in the order of appearance, or a word; or one sound per person, "
        "--face 0=a.wav --face 1=b.wav, instead of AUDIO.",
    ),
]
Loop = Annotated[
    bool,
    Option(
        "--loop",
        rich_help_panel=VIDEO,
        help="Play the video forwards and backwards until a longer sound ends, instead of cutting the sound.",
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
MaxResolution = Annotated[int | None, max_resolution(VIDEO)]
ReportFile = Annotated[
    Path | None,
    Option(
        "--report",
        rich_help_panel=OUTPUT,
        metavar="OUT.json",
        help="Write what was done with the frames, as JSON.",
    ),
]
