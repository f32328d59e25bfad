"""`lipwright measure`: how well a video speaks, in figures. The video may come from any program."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lipwright.cli.terminal import output_options, speech_options
from lipwright.cli.terminal.console import console
from lipwright.cli.terminal.interrupts import stoppable
from lipwright.cli.terminal.marking import open_marks, report_marks, signed_file
from lipwright.cli.terminal.option_values import read_transcript
from lipwright.cli.terminal.table import print_table
from lipwright.engine import JobContext

if TYPE_CHECKING:
    from lipwright.engine import Measure, QualityReport

_VERDICTS = {True: "good", False: "poor", None: ""}
# Of a figure that would be judged, were the video longer.
_UNSURE = "too short"
# Of a figure that people are measured by, not judged: where it lies beside theirs.
_BESIDE_PEOPLE = {"like": "as people", "less": "less", "more": "more"}

app = typer.Typer()


@app.command()
def measure(
    video: Annotated[Path, typer.Argument(metavar="VIDEO", help="A video of a person who speaks.")],
    reference: Annotated[
        Path | None,
        typer.Option(metavar="TRUE", help="A real video of the same words, to compare the lips with."),
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option(
            metavar="SRC", help="The video that a lip sync was made from, to compare the picture with."
        ),
    ] = None,
    transcript: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The words that are spoken: makes closures exact.")
    ] = None,
    language: speech_options.Language = None,
    plot: Annotated[
        Path | None,
        typer.Option(metavar="OUT.png", help="Draw the mouth, the sound and its phones over time."),
    ] = None,
    as_json: output_options.JsonResult = False,
    quiet: output_options.Quiet = False,
) -> None:
    """Measure how well a video speaks."""
    console.configure(json_events=as_json, quiet=quiet)
    from lipwright.engine import measure_video

    words = read_transcript(transcript)
    console.say(f"Measuring {video.name} ...")
    context = JobContext()
    with stoppable(context):
        report = measure_video(
            video, reference=reference, source=source, transcript=words, language=language, context=context
        )
    if plot is not None:
        _plot(video, report, plot)
    if as_json:
        figures = [_as_json(figure) for figure in report.measures]
        console.data(json.dumps({"video": str(video), "measures": figures}, ensure_ascii=False, indent=2))
        return
    print_table(
        ("measure", "value", "unit", "good", "verdict", "meaning"),
        [
            (
                figure.name,
                "-" if figure.value is None else f"{figure.value:.3g}",
                figure.unit,
                figure.good,
                _verdict(figure),
                figure.meaning,
            )
            for figure in report.measures
        ],
    )


def _plot(video: Path, report: QualityReport, path: Path) -> None:
    from lipwright.engine import plot_speech
    from lipwright.provenance.credentials import ClaimInput, InputRole, Product

    marks = open_marks(has_watermark=False)
    credited = [ClaimInput(path=video, role=InputRole.GUIDE)]
    with signed_file(path, marks, product=Product.MEASUREMENT, mode=None, credited=credited) as part:
        plot_speech(video, report, part)
    report_marks(marks)


def _verdict(figure: Measure) -> str:
    if figure.beside_people is not None:
        return _BESIDE_PEOPLE[figure.beside_people]
    return _UNSURE if figure.is_unsure else _VERDICTS[figure.is_good]


def _as_json(figure: Measure) -> dict[str, object]:
    return {
        "name": figure.name,
        "value": None if figure.value is None else round(figure.value, 6),
        "unit": figure.unit,
        "good": figure.good,
        "is_good": figure.is_good,
        "is_unsure": figure.is_unsure,
        "people": None if figure.people is None else list(figure.people),
        "beside_people": figure.beside_people,
        "meaning": figure.meaning,
    }
