"""The options of `lipwright talk` for the picture and its motion, each with its help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from lipwright.cli.terminal.render_options import max_resolution, mouth_scale, seed

MOTION = "How it moves"
PICTURE = "The picture"

Image = Annotated[Path, Argument(metavar="IMAGE", help="A picture that shows a face.")]
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
Direct = Annotated[
    Path | None,
    Option(
        rich_help_panel=MOTION,
        metavar="FILE",
        help="Words for stretches of time, one `from second, to second, words` a line; in every mode.",
    ),
]
MouthScale = Annotated[float, mouth_scale(MOTION)]
HeadScale = Annotated[
    float, Option("--head", rich_help_panel=MOTION, metavar="X", help="Scale of the head's movement.")
]
BlinkScale = Annotated[
    float, Option("--blinks", rich_help_panel=MOTION, metavar="X", help="Scale of how often the eyes blink.")
]
ExpressionScale = Annotated[
    float, Option("--expression", rich_help_panel=MOTION, metavar="X", help="Scale of brows, smile and gaze.")
]
Still = Annotated[bool, Option("--still", rich_help_panel=MOTION, help="Keep the head where it is.")]
Eyes = Annotated[
    str,
    Option(
        "--eyes",
        rich_help_panel=MOTION,
        metavar="keep|open",
        help="Eyes that are shut or half shut in the picture: leave them, or let them open.",
    ),
]
MotionFrom = Annotated[
    Path | None,
    Option(
        "--motion-from",
        rich_help_panel=MOTION,
        metavar="VIDEO",
        help="Move like the person of this video: head, brows, blinks, eyes and smile. "
        "The mouth follows the sound.",
    ),
]
MotionStart = Annotated[
    float, Option(rich_help_panel=MOTION, metavar="S", min=0, help="Second of --motion-from to begin at.")
]
MotionEnd = Annotated[
    float | None,
    Option(rich_help_panel=MOTION, metavar="S", min=0, help="Second of --motion-from to stop at."),
]
Performance = Annotated[
    Path | None,
    Option(
        rich_help_panel=MOTION,
        metavar="VIDEO",
        help="Take motion, mouth and sound from this video; --start and --end choose a part of it.",
    ),
]
Seed = Annotated[int, seed(MOTION)]
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
    str, Option("--fps", rich_help_panel=PICTURE, metavar="RATE", help="Frames per second, up to 60.")
]
MaxResolution = Annotated[int | None, max_resolution(PICTURE)]
