"""Draws who imports whom: `uv run python -m tools.architecture_drawing` writes the pictures in docs/images.

A picture lists rooms as boxes, the highest first. From a box a line runs to the right. Where it has a dot,
files of the room import from the room at which the dot's column ends; the number counts those files. An
import that runs up is a red dot. The same source gives the same bytes: a test compares the pictures with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.rooms import (
    ENGINE_ROOMS,
    PACKAGES,
    SERVER_ROOMS,
    arrows_between_packages,
    arrows_between_rooms,
)

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"

# All lengths in pixels of the picture; a page of the usual web hosts is about 900 wide.
MARGIN = 12
BOX_WIDTH, BOX_HEIGHT = 168, 26
ROW_STEP, GROUP_GAP = 32, 8
FIRST_COLUMN, COLUMN_STEP = 18, 30
DOT_RADIUS = 9
# The line out of a box starts above its middle, the line into it ends below.
OUT_SHIFT, IN_SHIFT = -6, 7
HEAD_LENGTH, HEAD_HALF_WIDTH = 7, 4
# The legend needs this width.
LEGEND_HEIGHT, LEAST_WIDTH = 30, 620

COLUMN_COLOURS = ("#1f6f8b", "#8a5a00", "#5b4b9a", "#2f7d4f", "#a33c6b")
UPWARD_COLOUR = "#d00000"
LINE_COLOUR = "#9aa5b1"
BAND_COLOURS = ("#f3f5f8", "#ffffff")
TEXT_COLOUR = "#1b1f24"
FONT = "font-family='DejaVu Sans, Verdana, sans-serif'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """One picture: its boxes in groups, lowest first, and the number of files behind each arrow."""

    title: str
    groups: Sequence[Sequence[str]]
    arrows: Mapping[tuple[str, str], int]


def main() -> None:
    """Write every picture."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    for name, svg in pictures().items():
        (IMAGES / name).write_text(svg, encoding="utf-8")


def pictures() -> dict[str, str]:
    """The pictures by the names of their files."""
    drawings = {
        "architecture-packages.svg": Drawing(
            title="The packages and their imports", groups=PACKAGES, arrows=arrows_between_packages()
        ),
        "architecture-engine.svg": Drawing(
            title="The rooms of the engine and their imports",
            groups=ENGINE_ROOMS,
            arrows=arrows_between_rooms("lipwright/engine"),
        ),
        "architecture-server.svg": Drawing(
            title="The rooms of the server and their imports",
            groups=SERVER_ROOMS,
            arrows=arrows_between_rooms("lipwright/server"),
        ),
    }
    return {name: draw(drawing) for name, drawing in drawings.items()}


def draw(drawing: Drawing) -> str:
    """A drawing as SVG."""
    groups = list(reversed(drawing.groups))
    middle: dict[str, int] = {}
    bands: list[str] = []
    names = [name for group in groups for name in group]
    box_right = MARGIN + BOX_WIDTH
    width = max(LEAST_WIDTH, box_right + FIRST_COLUMN + COLUMN_STEP * (len(names) - 1) + 2 * MARGIN)
    y = MARGIN
    for index, group in enumerate(groups):
        height = ROW_STEP * len(group) + GROUP_GAP
        bands.append(
            f"<rect x='0' y='{y}' width='{width}' height='{height}' fill='{BAND_COLOURS[index % 2]}'/>"
        )
        for row, name in enumerate(group):
            middle[name] = y + GROUP_GAP // 2 + ROW_STEP * row + ROW_STEP // 2
        y += height
    column = {name: box_right + FIRST_COLUMN + COLUMN_STEP * place for place, name in enumerate(names)}
    lines = [_row_line(name, drawing.arrows, middle, column, box_right) for name in names]
    columns = [
        _column_line(name, place, drawing.arrows, middle, column, box_right)
        for place, name in enumerate(names)
    ]
    dots = [
        _dot(
            column[other],
            middle[mine] + OUT_SHIFT,
            count,
            UPWARD_COLOUR if middle[other] <= middle[mine] else _colour(names.index(other)),
        )
        for (mine, other), count in drawing.arrows.items()
    ]
    boxes = [_box(name, middle[name]) for name in names]
    legend = (
        f"<text x='{MARGIN}' y='{y + LEGEND_HEIGHT // 2 + 4}' {FONT} font-size='11' fill='#57606a'>"
        "dot: files of the row's box import from the box where the column ends; number: how many files</text>"
    )
    total = y + LEGEND_HEIGHT
    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {total}' width='{width}' "
        f"height='{total}' role='img'>",
        f"<title>{drawing.title}</title>",
        f"<rect width='{width}' height='{total}' fill='#ffffff'/>",
        *bands,
        *filter(None, [*lines, *columns]),
        *dots,
        *boxes,
        legend,
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _row_line(
    name: str,
    arrows: Mapping[tuple[str, str], int],
    middle: Mapping[str, int],
    column: Mapping[str, int],
    box_right: int,
) -> str:
    """From a box to the last of its dots."""
    ends = [column[other] for mine, other in arrows if mine == name]
    if not ends:
        return ""
    y = middle[name] + OUT_SHIFT
    return f"<path d='M{box_right} {y}H{max(ends)}' fill='none' stroke='{LINE_COLOUR}' stroke-width='1.2'/>"


def _column_line(
    name: str,
    place: int,
    arrows: Mapping[tuple[str, str], int],
    middle: Mapping[str, int],
    column: Mapping[str, int],
    box_right: int,
) -> str:
    """From the dots of a column to its box, with the head of the arrow."""
    starts = [middle[mine] + OUT_SHIFT for mine, other in arrows if other == name]
    if not starts:
        return ""
    x, y, colour = column[name], middle[name] + IN_SHIFT, _colour(place)
    # Imports from below start under the box's row.
    upward = f"M{x} {max(starts)}V{y}" if max(starts) > y else ""
    head_x = box_right + HEAD_LENGTH
    return (
        f"<path d='M{x} {min(min(starts), y)}V{y}H{head_x}{upward}' fill='none' stroke='{colour}' "
        f"stroke-width='1.6'/>"
        f"<path d='M{box_right} {y}l{HEAD_LENGTH} -{HEAD_HALF_WIDTH}v{2 * HEAD_HALF_WIDTH}z' "
        f"fill='{colour}'/>"
    )


def _dot(x: int, y: int, count: int, colour: str) -> str:
    return (
        f"<circle cx='{x}' cy='{y}' r='{DOT_RADIUS}' fill='{colour}'/>"
        f"<text x='{x}' y='{y + 4}' {FONT} font-size='10' fill='#ffffff' text-anchor='middle'>{count}</text>"
    )


def _box(name: str, y: int) -> str:
    return (
        f"<rect x='{MARGIN}' y='{y - BOX_HEIGHT // 2}' width='{BOX_WIDTH}' height='{BOX_HEIGHT}' rx='4' "
        f"fill='#ffffff' stroke='#57606a'/>"
        f"<text x='{MARGIN + 10}' y='{y + 5}' {FONT} font-size='13' fill='{TEXT_COLOUR}'>{name}</text>"
    )


def _colour(place: int) -> str:
    return COLUMN_COLOURS[place % len(COLUMN_COLOURS)]


if __name__ == "__main__":
    main()
