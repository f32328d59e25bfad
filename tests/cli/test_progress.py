"""One display of progress for jobs here and on a server: lines, events, bars, or nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import pytest

from lipwright.cli.terminal import remote_job, run_render
from lipwright.cli.terminal.console import Console
from lipwright.cli.terminal.progress import ProgressUpdate, shown_progress
from lipwright.engine.gesture.from_clip import ClipFollowing
from lipwright.engine.gesture.limits import HeadLimits
from lipwright.engine.pipelines.report import RenderReport
from lipwright.engine.progress import ProgressEvent, Stage
from lipwright_client.progress import Phase, Progress


def here(stage: Stage, done: int, total: int, seconds_left: float | None = None) -> ProgressUpdate:
    return run_render.update_of(
        ProgressEvent(
            stage=stage, done=done, total=total, fraction=0.5, elapsed_s=1.0, seconds_left=seconds_left
        )
    )


def remote(phase: Phase, fraction: float | None = None, seconds_left: float | None = None) -> ProgressUpdate:
    return remote_job.update_of(Progress(phase=phase, fraction=fraction, seconds_left=seconds_left))


HERE = [
    here(Stage.READING, 0, 1),
    here(Stage.READING, 1, 1),
    here(Stage.RENDERING, 0, 100),
    *(here(Stage.RENDERING, done, 100, 7.0) for done in (10, 30, 40, 80, 100)),
]
REMOTE = [
    remote("uploading", 0.0),
    remote("uploading", 0.3),
    remote("uploading", 1.0),
    *[remote("queued")] * 5,
    remote("rendering", 0.6, 7.0),
]


def shown(updates: list[ProgressUpdate], *, json_events: bool = False, quiet: bool = False) -> None:
    console = Console()
    console.configure(json_events=json_events, quiet=quiet)
    with shown_progress(console) as show:
        if show is not None:
            for update in updates:
                show(update)


@pytest.mark.parametrize(
    ("updates", "lines"),
    [
        ([], []),
        (
            HERE,
            ["Reading ...", "Rendering ...", "Rendering: 30%, 7 s left", "Rendering: 80%, 7 s left"],
        ),
        (
            REMOTE,
            [
                *("Uploading ...", "Uploading: 30%", "Waiting for a worker ..."),
                *("Rendering ...", "Rendering: 60%, 7 s left"),
            ],
        ),
    ],
    ids=["nothing", "here", "remote"],
)
def test_a_log_gets_a_line_for_each_stage_and_quarter(
    capsys: pytest.CaptureFixture[str], updates: list[ProgressUpdate], lines: list[str]
) -> None:
    shown(updates)
    assert capsys.readouterr().err.splitlines() == lines


@pytest.mark.parametrize(("updates", "stages"), [(HERE, 2), (REMOTE, 3)], ids=["here", "remote"])
def test_a_program_gets_every_stage_and_its_end(
    capsys: pytest.CaptureFixture[str], updates: list[ProgressUpdate], stages: int
) -> None:
    shown(updates, json_events=True)
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {event["event"] for event in events} == {"progress"}
    assert len({event["stage"] for event in events}) == stages
    finished = [update for update in updates if update.share == 1]
    written = [{name: value for name, value in event.items() if name != "event"} for event in events]
    assert [update for update in finished if {"stage": update.stage, **update.fields} not in written] == []


def test_a_job_that_waits_writes_one_event(capsys: pytest.CaptureFixture[str]) -> None:
    shown(REMOTE, json_events=True)
    assert capsys.readouterr().out.count('"queued"') == 1


def test_the_fields_of_an_event_are_those_of_the_work() -> None:
    assert set(HERE[0].fields) == {"done", "total", "fraction", "elapsed_s", "seconds_left"}
    assert set(REMOTE[0].fields) == {"fraction", "seconds_left"}


def test_a_quiet_command_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    shown([*HERE, *REMOTE], quiet=True)
    assert capsys.readouterr() == ("", "")


def test_a_terminal_gets_a_bar_for_each_stage(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Console, "draws_bars", True)
    monkeypatch.setenv("FORCE_COLOR", "1")  # lets Rich draw where there is no terminal
    monkeypatch.setenv("TERM", "xterm")
    shown(REMOTE)
    printed = capsys.readouterr().err
    assert all(title in printed for title in ("Uploading", "Waiting for a worker", "Rendering", "7 s left"))


def test_how_far_a_clip_is_followed_are_figures_of_the_result_where_one_drove_the_picture() -> None:
    report = RenderReport(
        width_px=64, height_px=64, frame_rate=Fraction(30), frame_count=30, duration_s=1.0, elapsed_s=1.0
    )
    assert not [name for name in run_render.figures(report) if name.startswith("motion")]
    driven = replace(report, following=ClipFollowing(beyond_yaw_share=0.25, turns=3))
    told = run_render.figures(driven)
    assert told["motion_beyond_yaw_share"] == 0.25
    assert told["motion_turns"] == 3
    json.dumps(told)


def test_the_limits_of_a_head_are_figures_of_the_result_unless_no_head_moved() -> None:
    report = RenderReport(
        width_px=64,
        height_px=64,
        frame_rate=Fraction(30),
        frame_count=30,
        duration_s=1.0,
        elapsed_s=1.0,
        head_limits=HeadLimits(yaw_deg=12.25, pitch_deg=8, roll_deg=8),
    )
    told = run_render.figures(report)
    assert told["head_limit_yaw_deg"] == 12.25
    assert told["frame_rate"] == 30
    json.dumps(told)
    still = run_render.figures(replace(report, head_limits=None))
    assert not [name for name in still if name.startswith("head")]
