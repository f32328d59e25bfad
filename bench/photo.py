"""How well every picture speaks, in figures with bars: `uv run python -m bench.photo --assets FOLDER`.

Lets each picture of FOLDER/images say one sentence in every manner, draws it at rest and turned, and measures
what a face tracker and the pixels say. `--write` puts the tables into docs/reference/quality.md. Pictures
without a usable face are named and left out. Exit status 1 when a bar is missed or a picture failed.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from bench.photo_figures import FIGURES, Part
from bench.pictures import MANNERS, ROOT, add_picture_options, chosen_pictures, read_subject
from bench.spoken_clips import clip_figures, heard_sentence
from bench.stills import still_figures
from lipwright.engine.errors import EngineError
from lipwright.engine.pipelines.speech_input import SpeechInput

PAGE = ROOT / "docs" / "reference" / "quality.md"
BEGIN, END = "<!-- made by bench/photo.py -->", "<!-- end of bench/photo.py -->"
# Behind a figure that misses its bar.
MISSED = "✗"

# The figures of one picture in one manner, by the names of FIGURES; absent where they cannot be told.
Values = dict[str, float]


def main() -> None:
    """Measure, print, and write where asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_picture_options(parser)
    parser.add_argument(
        "--write", action="store_true", help="put the tables into the page; only of all pictures"
    )
    options = parser.parse_args()
    if options.write and options.pictures:
        parser.error("--write wants every picture; leave --pictures out")
    rows: dict[tuple[str, str], Values] = {}
    left_out: list[str] = []
    failed: list[str] = []
    with heard_sentence() as heard:
        for path in chosen_pictures(options):
            started_s = time.monotonic()
            try:
                rows |= measure_picture(path, heard)
            except EngineError as error:
                left_out.append(f"{path.name} ({error})")
            except Exception:  # one picture must not hide the figures of the others; it is reported below
                traceback.print_exc()
                failed.append(path.name)
            print(f"{path.name}: {time.monotonic() - started_s:.0f} s", file=sys.stderr, flush=True)
    missed = [miss for row, values in rows.items() for miss in misses(row, values)]
    text = "\n".join(report(rows, left_out, failed, missed))
    print(text)
    if options.write and not failed:
        page = PAGE.read_text(encoding="utf-8")
        before, after = page.split(BEGIN)[0], page.split(END)[1]
        PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")
    sys.exit(1 if missed or failed else 0)


def measure_picture(path: Path, heard: SpeechInput) -> dict[tuple[str, str], Values]:
    """One row for each manner; what single frames show stands in the first. Raises EngineError."""
    subject = read_subject(path)
    rows = {}
    stills = still_figures(subject)
    for manner in MANNERS:
        rows[path.stem, manner.name] = stills | clip_figures(subject, manner, heard)
        stills = {}
    return rows


def misses(row: tuple[str, str], values: Values) -> Iterator[str]:
    """Each bar that a picture misses, as a line."""
    for name, value in values.items():
        figure = FIGURES[name]
        if not figure.is_met(value):
            yield f"{row[0]}, {row[1]}: {figure.heading} {value:.{figure.digits}f} ({figure.bar()})"


def report(
    rows: dict[tuple[str, str], Values], left_out: Sequence[str], failed: Sequence[str], missed: Sequence[str]
) -> list[str]:
    """The tables and what stands under them, as lines of Markdown."""
    lines: list[str] = []
    for part in Part:
        lines += [f"### {part.value}", "", *table(rows, part), ""]
    lines.append(f"Bars missed: {len(missed)} ({MISSED}).")
    if left_out:
        lines += ["", "Left out, as nobody in them can speak: " + "; ".join(left_out)]
    if failed:
        lines += ["", "Failed: " + ", ".join(failed)]
    return lines


def table(rows: dict[tuple[str, str], Values], part: Part) -> list[str]:
    """One table: a row for each picture and manner that has a figure of this part, then the medians."""
    names = [name for name, figure in FIGURES.items() if figure.part is part]
    lines = [
        "| picture | manner | " + " | ".join(FIGURES[name].heading for name in names) + " |",
        "| --- | --- |" + " ---: |" * len(names),
        "| bar | | " + " | ".join(FIGURES[name].bar() for name in names) + " |",
    ]
    for (picture, manner), values in rows.items():
        cells = " | ".join(cell(name, values.get(name)) for name in names)
        lines.append(f"| {picture} | {manner} | {cells} |")
    for manner in dict.fromkeys(manner for _, manner in rows):
        of_manner = [values for (_, each), values in rows.items() if each == manner]
        medians = []
        for name in names:
            known = [values[name] for values in of_manner if name in values]
            medians.append(f"{np.median(known):.{FIGURES[name].digits}f}" if known else "-")
        lines.append(f"| **median** | {manner} | " + " | ".join(medians) + " |")
    return lines


def cell(name: str, value: float | None) -> str:
    """A figure as it stands in the table."""
    if value is None:
        return "-"
    figure = FIGURES[name]
    return f"{value:.{figure.digits}f}" + ("" if figure.is_met(value) else f" {MISSED}")


if __name__ == "__main__":
    main()
