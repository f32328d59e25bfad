"""`lipwright visemes`: the mouth movements of a sound, in the forms that other programs read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lipwright.cli.terminal import output_options, speech_options
from lipwright.cli.terminal.console import console
from lipwright.cli.terminal.files import write_text
from lipwright.cli.terminal.interrupts import stoppable
from lipwright.cli.terminal.option_values import choose_speech, parse_frame_rate, read_transcript
from lipwright.engine import BadParameters, JobContext, UnsupportedFormat

if TYPE_CHECKING:
    from lipwright.engine import ExportFormat

# Short words for the formats that people ask for most; the engine's own words are understood as well.
_SHORT_WORDS = {"tsv": "rhubarb-tsv", "xml": "rhubarb-xml", "arkit": "arkit-csv", "oculus": "oculus-csv"}
_SUFFIXES = {".json": "json", ".tsv": "rhubarb-tsv", ".xml": "rhubarb-xml", ".csv": "arkit-csv"}

app = typer.Typer()


@app.command()
def visemes(
    audio: speech_options.Recording = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="OUT", help="The file to write, instead of standard output."),
    ] = None,
    format_word: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="json (curves, phones, cues), tsv or xml (Rhubarb mouth cues), arkit (52 blendshapes, CSV), "
            "oculus (15 visemes, CSV), rhubarb-json, oculus-json. Default: by the suffix of OUT, or json.",
        ),
    ] = None,
    fps: Annotated[
        str, typer.Option(metavar="RATE", help="Rows per second, for the formats that have rows.")
    ] = "60",
    text: speech_options.Text = None,
    voice: speech_options.Voice = None,
    rate: speech_options.Rate = None,
    transcript: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The words of the recording: makes the times exact.")
    ] = None,
    language: speech_options.Language = None,
    start: speech_options.Start = 0.0,
    end: speech_options.End = None,
    quiet: output_options.Quiet = False,
) -> None:
    """Write the mouth movements of a sound, to animate elsewhere."""
    console.configure(json_events=False, quiet=quiet)
    from lipwright.engine import export_articulation, mouth_curves

    export_format = choose_export(format_word, output)
    frame_rate = parse_frame_rate(fps)
    if not 1 <= frame_rate <= 240:
        raise BadParameters(f"--fps is {fps}; choose 1 to 240 rows a second.")
    speech = choose_speech(
        audio, text=text, voice=voice, start_s=start, end_s=end, language=language, rate=rate
    )
    words = read_transcript(transcript)
    context = JobContext()
    with stoppable(context):
        made = mouth_curves(speech, transcript=words, language=language, context=context)
    for warning in made.warnings:
        console.warn(warning)
    name = "" if audio is None else audio.name
    exported = export_articulation(
        export_format, made.curves, made.phones, frame_rate=frame_rate, sound_name=name
    )
    write_text(output, exported)


def choose_export(word: str | None, output: Path | None) -> ExportFormat:
    """The format that the option or the output's suffix names, else JSON. Raises UnsupportedFormat."""
    from lipwright.engine import ExportFormat

    if word is None:
        suffix = "" if output is None else output.suffix.lower()
        return ExportFormat(_SUFFIXES.get(suffix, "json"))
    lowered = word.strip().lower()
    wanted = _SHORT_WORDS.get(lowered, lowered)
    if wanted not in list(ExportFormat):
        known = ", ".join(dict.fromkeys([*_SHORT_WORDS, *ExportFormat]))
        raise UnsupportedFormat(f"There is no format '{word}'. Use one of: {known}.")
    return ExportFormat(wanted)
