"""Options for what is said, shared by the commands that take a recording or a text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

SPEECH = "What is said"

Recording = Annotated[
    Path | None, Argument(metavar="AUDIO", help="A recording, or a video whose sound is used.")
]
Text = Annotated[
    str | None,
    Option(rich_help_panel=SPEECH, metavar="WORDS", help="Speak this text instead of a recording."),
]
Voice = Annotated[
    str | None,
    Option(rich_help_panel=SPEECH, metavar="NAME", help="Who speaks --text; `lipwright voices` lists them."),
]
Rate = Annotated[
    float | None,
    Option(rich_help_panel=SPEECH, metavar="X", help="Pace of --text, 0.5 to 2; 1 is the voice's own."),
]
Transcript = Annotated[
    Path | None,
    Option(rich_help_panel=SPEECH, metavar="FILE", help="The words of the recording: makes the lips exact."),
]
Language = Annotated[
    str | None,
    Option(rich_help_panel=SPEECH, metavar="CODE", help="Language of --text or of the transcript, e.g. en."),
]
Start = Annotated[
    float, Option(rich_help_panel=SPEECH, metavar="S", min=0, help="Second of the recording to begin at.")
]
End = Annotated[
    float | None,
    Option(rich_help_panel=SPEECH, metavar="S", min=0, help="Second of the recording to stop at."),
]
QuietMouth = Annotated[
    float | None,
    Option(rich_help_panel=SPEECH, metavar="DB", help="Loudness, e.g. -45, below which the mouth rests."),
]
