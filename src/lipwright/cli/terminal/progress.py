"""Shows how far a job is: bars on a terminal, lines in a log, events for a program, or nothing.

Knows nothing of what the job does.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from lipwright.cli.terminal.console import Console
from lipwright.engine import ProgressEvent, ProgressListener, Stage

STAGE_WORDS = {
    Stage.READING: "Reading",
    Stage.FINDING_FACE: "Finding the face",
    Stage.LISTENING: "Listening",
    Stage.PREPARING: "Preparing",
    Stage.RENDERING: "Rendering",
    Stage.FINISHING: "Finishing",
}
# A program that draws its own bar needs no more than this; a long job would else write an event a frame.
EVENT_INTERVAL_S = 0.25
# A log gets a line every quarter of a stage: enough to see that it goes on, few enough to read.
LINE_SHARE = 0.25


@contextmanager
def shown_progress(console: Console) -> Iterator[ProgressListener | None]:
    """A listener that shows a job's progress in the console's manner while the block runs."""
    if console.draws_bars:
        with _bars() as listener:
            yield listener
    elif console.json_events:
        yield _EventWriter(console)
    elif console.quiet:
        yield None
    else:
        yield _LineWriter(console)


def readable_duration(seconds: float) -> str:
    """A duration for people: `8 s`, `2 min 5 s`, `1 h 4 min`."""
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


class _EventWriter:
    """Writes progress events: every change of stage, the end of a stage, and between them a few a second."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._lock = threading.Lock()
        self._stage: Stage | None = None
        self._written_s = 0.0

    def __call__(self, event: ProgressEvent) -> None:
        with self._lock:
            now_s = time.monotonic()
            due = now_s - self._written_s >= EVENT_INTERVAL_S
            if event.stage is self._stage and event.done < event.total and not due:
                return
            self._stage, self._written_s = event.stage, now_s
            self._console.event(
                "progress",
                stage=event.stage.value,
                done=event.done,
                total=event.total,
                fraction=round(event.fraction, 4),
                elapsed_s=round(event.elapsed_s, 3),
                seconds_left=None if event.seconds_left is None else round(event.seconds_left, 1),
            )


class _LineWriter:
    """Writes a line when a stage begins and at every quarter of a long one."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._lock = threading.Lock()
        self._stage: Stage | None = None
        self._next_share = LINE_SHARE

    def __call__(self, event: ProgressEvent) -> None:
        with self._lock:
            word = STAGE_WORDS[event.stage]
            if event.stage is not self._stage:
                self._stage, self._next_share = event.stage, LINE_SHARE
                self._console.say(f"{word} ...")
            share = event.done / event.total
            if event.total > 1 and self._next_share <= share < 1:
                self._next_share = (share // LINE_SHARE + 1) * LINE_SHARE
                left = "" if event.seconds_left is None else f", {readable_duration(event.seconds_left)} left"
                self._console.say(f"{word}: {share:.0%}{left}")


@contextmanager
def _bars() -> Iterator[ProgressListener]:
    """A bar for each stage on the terminal, taken away at the end."""
    from rich.console import Console as RichConsole
    from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn

    columns = (
        TextColumn("{task.description:<18}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[left]}"),
    )
    with Progress(*columns, console=RichConsole(stderr=True), transient=True) as bars:
        tasks: dict[Stage, TaskID] = {}

        def show(event: ProgressEvent) -> None:
            if event.stage not in tasks:
                for earlier in tasks.values():
                    bars.update(earlier, completed=bars.tasks[earlier].total, left="")
                tasks[event.stage] = bars.add_task(STAGE_WORDS[event.stage], total=event.total, left="")
            left = "" if event.seconds_left is None else f"{readable_duration(event.seconds_left)} left"
            bars.update(tasks[event.stage], completed=event.done, total=event.total, left=left)

        yield show
