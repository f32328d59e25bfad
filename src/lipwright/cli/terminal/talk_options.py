"""The options of `lipwright talk`, each with its help, under the headings of the help page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

SPEECH = "What is said"
MOTION = "How it moves"
PICTURE = "The picture"
OUTPUT = "The output"

Image = Annotated[Path, Argument(metavar="IMAGE", help="A picture that shows a face.")]
Audio = Annotated[Path | None, Argument(metavar="AUDIO", help="A recording, or a video whose sound is used.")]

Text = Annotated[
    str | None,
    Option(rich_help_panel=SPEECH, metavar="WORDS", help="Speak this text instead of a recording."),
]
Voice = Annotated[
    str | None,
    Option(rich_help_panel=SPEECH, metavar="NAME", help="Who speaks --text; `lipwright voices` lists them."),
]
Transcript = Annotated[
    Path | None,
    Option(rich_help_panel=SPEECH, metavar="FILE", help="The words of the recording: makes the lips exact."),
]
Language = Annotated[
    str | None, Option(rich_help_panel=SPEECH, metavar="CODE", help="Language of the transcript, e.g. en.")
]
Start = Annotated[
    float,
    Option(rich_help_panel=SPEECH, metavar="S", min=0, help="Second of the recording to begin at."),
]
End = Annotated[
    float | None,
    Option(rich_help_panel=SPEECH, metavar="S", min=0, help="Second of the recording to stop at."),
]
QuietMouth = Annotated[
    float | None,
    Option(rich_help_panel=SPEECH, metavar="DB", help="Loudness, e.g. -45, below which the mouth rests."),
]

Mode = Annotated[
    str,
    Option(
        rich_help_panel=MOTION,
        metavar="MODE",
        help="realistic (pro, stable): likeness and calm; prompted (standard, expressive): more motion.",
    ),
]
Intensity = Annotated[
    float | None,
    Option(rich_help_panel=MOTION, metavar="X", help="0.10 to 2.00: how strongly --mode expressive moves."),
]
Prompt = Annotated[
    str,
    Option(
        rich_help_panel=MOTION,
        metavar="WORDS",
        help='Mood and motion for --mode prompted, e.g. "smiling, nodding".',
    ),
]
MouthScale = Annotated[
    float,
    Option("--mouth", rich_help_panel=MOTION, metavar="X", help="Scale of the mouth's movement, 0 to 3."),
]
HeadScale = Annotated[
    float, Option("--head", rich_help_panel=MOTION, metavar="X", help="Scale of the head's movement.")
]
BlinkScale = Annotated[
    float, Option("--blinks", rich_help_panel=MOTION, metavar="X", help="Scale of how often the eyes blink.")
]
ExpressionScale = Annotated[
    float, Option("--expression", rich_help_panel=MOTION, metavar="X", help="Scale of brows and gaze.")
]
Still = Annotated[bool, Option("--still", rich_help_panel=MOTION, help="Keep the head where it is.")]
Seed = Annotated[
    int,
    Option(rich_help_panel=MOTION, metavar="N", help="The same input and seed give the same frames."),
]

FaceWord = Annotated[
    str,
    Option(
        "--face",
        rich_help_panel=PICTURE,
        metavar="N|largest|all",
        help="Who speaks; `lipwright faces` numbers them.",
    ),
]
FrameRate = Annotated[
    str, Option("--fps", rich_help_panel=PICTURE, metavar="RATE", help="Frames a second, up to 60.")
]
MaxResolution = Annotated[
    int | None, Option(rich_help_panel=PICTURE, metavar="PX", help="Cap on the longer side, pixels.")
]

Output = Annotated[
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
        help="What to make, where the output's name does not say it.",
    ),
]
NoOverwrite = Annotated[
    bool,
    Option("--no-overwrite", "-n", rich_help_panel=OUTPUT, help="Refuse to replace a file that exists."),
]
Json = Annotated[bool, Option("--json", rich_help_panel=OUTPUT, help="Write one event a line, for programs.")]
Quiet = Annotated[bool, Option("--quiet", "-q", rich_help_panel=OUTPUT, help="Say nothing but errors.")]
