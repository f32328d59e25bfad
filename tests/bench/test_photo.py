"""The tables of talking photos hide no bar that was missed."""

from __future__ import annotations

import inspect

import pytest

from bench.photo import MISSED, cell, misses, report, table
from bench.photo_figures import FIGURES, Part, PhotoFigure
from bench.spoken_clips import FrameKeeper
from lipwright.engine.media.writing.video_writer import VideoWriter

GOOD = {name: figure.least or figure.most or 0.0 for name, figure in FIGURES.items()}


def test_what_meets_every_bar_has_no_mark() -> None:
    assert not list(misses(("face", "calm"), GOOD))
    assert MISSED not in "".join(table({("face", "calm"): GOOD}, Part.PICTURE))


def test_a_missed_bar_is_marked_listed_and_counted() -> None:
    values = GOOD | {"rest": 0.31}
    rows = {("face", "calm"): values}
    (missed,) = misses(("face", "calm"), values)
    assert "0.31" in missed
    assert f"0.31 {MISSED}" in "".join(table(rows, Part.PICTURE))
    assert f"Bars missed: 1 ({MISSED})." in report(rows, [], [], [missed])


def test_pictures_that_were_left_out_or_failed_are_named() -> None:
    lines = "\n".join(report({}, ["dog.jpg (no face)"], ["broken.png"], []))
    assert "dog.jpg (no face)" in lines
    assert "broken.png" in lines


def test_a_figure_that_cannot_be_told_is_no_number() -> None:
    assert cell("rest", None) == "-"


@pytest.mark.parametrize(
    ("least", "most", "value", "met"),
    [
        (None, None, 9.0, True),
        (0.3, None, 0.29, False),
        (0.3, None, 0.296, True),  # shown as 0.30
        (None, 0.2, 0.21, False),
        (0.85, 1.15, 1.16, False),
    ],
)
def test_a_figure_is_judged_as_it_is_shown(
    least: float | None, most: float | None, value: float, met: bool
) -> None:
    assert PhotoFigure(part=Part.MOUTH, heading="x", least=least, most=most).is_met(value) is met


def test_the_bench_takes_frames_as_the_pipeline_gives_them() -> None:
    """What stands in the place of VideoWriter takes the same arguments."""
    theirs, ours = (inspect.signature(one.write).parameters for one in (VideoWriter, FrameKeeper))
    assert [(each.name, each.default) for each in ours.values()] == [
        (each.name, each.default) for each in theirs.values()
    ]
