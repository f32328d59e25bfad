"""`lipwright measure`: the figures of a video on the screen, as JSON and as a drawing."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from lipwright.engine.quality.life_plot import FACE_HEIGHT_PX, HEAD_HEIGHT_PX
from lipwright.engine.quality.plot import (
    AXIS_HEIGHT_PX,
    CURVE_HEIGHT_PX,
    PHONE_LINE_PX,
    PHONE_LINES,
    SPECTROGRAM_HEIGHT_PX,
)
from tests.cli.finished import Command
from tests.support.pictures import read_bgr
from tests.support.sounds import voice, write_sound
from tests.support.videos import write_clip


@pytest.fixture(scope="module")
def talking(portrait: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A short video that `talk` made."""
    from lipwright.cli.main import run

    folder = tmp_path_factory.mktemp("talking")
    cv2.imwrite(str(folder / "head.png"), read_bgr(portrait)[:240, 110:350])
    sound = write_sound(folder / "voice.wav", voice(1.2))
    assert run(["talk", str(folder / "head.png"), str(sound), "-o", str(folder / "out.mp4"), "-q"]) == 0
    return folder / "out.mp4"


def test_every_figure_has_a_unit_a_meaning_and_a_verdict(command: Command, talking: Path) -> None:
    done = command("measure", talking, "--json")
    assert done.status == 0
    figures = {figure["name"]: figure for figure in json.loads(done.out)["measures"]}
    assert {"sync_offset_ms", "sync_correlation", "closure_share", "sharpness"} <= figures.keys()
    assert figures["face_seen_share"]["value"] == 1
    assert figures["face_seen_share"]["is_good"] is True
    assert all(figure["unit"] and figure["meaning"] and figure["good"] for figure in figures.values())


def test_figures_of_life_stand_beside_those_of_people_and_judge_nobody(
    command: Command, talking: Path
) -> None:
    figures = {
        figure["name"]: figure for figure in json.loads(command("measure", talking, "--json").out)["measures"]
    }
    yaw = figures["yaw_sd"]
    low, high = yaw["people"]
    assert low < high
    assert yaw["is_good"] is None
    assert yaw["beside_people"] == (
        "less" if yaw["value"] < low else "more" if yaw["value"] > high else "like"
    )
    assert figures["sharpness"]["people"] is None
    # A second shows no habit of blinking.
    assert figures["blinks_per_minute"]["value"] is None
    assert figures["blinks_per_minute"]["beside_people"] is None


def test_into_a_pipe_the_table_is_a_line_a_figure(command: Command, talking: Path) -> None:
    done = command("measure", talking)
    lines = [line.split("\t") for line in done.out.splitlines()]
    assert lines[0] == ["measure", "value", "unit", "good", "verdict", "meaning"]
    assert {len(line) for line in lines} == {6}
    assert done.err == "Measuring out.mp4 ...\n"


def test_the_plot_is_drawn(command: Command, talking: Path, tmp_path: Path) -> None:
    assert command("measure", talking, "--plot", "plot.png", "-q").status == 0
    plot = read_bgr(tmp_path / "plot.png")
    blue, green, red = (plot[..., channel].astype(int) for channel in range(3))
    assert ((red - blue) > 100).any()  # the picture's curve
    assert ((blue - red) > 100).any()  # the sound's curve
    assert (abs(red - green) < 3).mean() > 0.5
    below = plot[CURVE_HEIGHT_PX + SPECTROGRAM_HEIGHT_PX : -AXIS_HEIGHT_PX]
    assert len(below) == PHONE_LINES * PHONE_LINE_PX + HEAD_HEIGHT_PX + FACE_HEIGHT_PX
    assert (below[: PHONE_LINES * PHONE_LINE_PX] < 255).any()
    life = below[PHONE_LINES * PHONE_LINE_PX :].astype(int)
    assert (np.ptp(life, axis=2) > 60).any(axis=0).mean() > 0.9  # the coloured curves go all the way


def test_a_video_without_a_face_is_refused(command: Command, tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "empty.mp4", count=5, size_wh=(160, 120))
    done = command("measure", clip, "-q")
    assert done.status == 2
    assert done.error_line.startswith("error [no_source_face]: ")


def test_an_absent_video_is_refused(command: Command) -> None:
    done = command("measure", "absent.mp4", "-q")
    assert done.status == 2
    assert done.error_line.startswith("error [invalid_video_path]: ")
