"""Shows how far a job is, here or on a server: bars on a terminal, lines in a log, events for a program."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from lipwright.cli.terminal.console import Console

# A program that draws its own bar needs no more than this; a long job would else write an event a frame.
EVENT_INTERVAL_S = 0.25
# A log gets a line every quarter of a stage: enough to see that it goes on, few enough to read.
LINE_SHARE = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressUpdate:
    """How far a job is.

    stage: word for programs. title: the same for people. share: 0 to 1 of the stage; None while unknown.
    seconds_left: estimate for the whole job; None while unknown. fields: of the event, after `stage`.
    """

    stage: str
    title: str
    share: float | None
    seconds_left: float | None
    fields: Mapping[str, object]


UpdateListener = Callable[[ProgressUpdate], None]


@contextmanager
def shown_progress(console: Console) -> Iterator[UpdateListener | None]:
    """A listener that shows updates as the console is configured; None when it is quiet."""
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
        self._latest: ProgressUpdate | None = None
        self._written_s = 0.0

    def __call__(self, update: ProgressUpdate) -> None:
        with self._lock:
            now_s = time.monotonic()
            if not self._is_due(update, now_s):
                return
            self._latest, self._written_s = update, now_s
            self._console.event("progress", stage=update.stage, **update.fields)

    def _is_due(self, update: ProgressUpdate, now_s: float) -> bool:
        if self._latest is None or update.stage != self._latest.stage:
            return True
        if update == self._latest:  # a job that waits in a queue has nothing new to report
            return False
        is_finished = update.share is not None and update.share >= 1
        return is_finished or now_s - self._written_s >= EVENT_INTERVAL_S


class _LineWriter:
    """Writes a line when a stage begins and at every quarter of a long one."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._lock = threading.Lock()
        self._stage: str | None = None
        self._next_share = LINE_SHARE

    def __call__(self, update: ProgressUpdate) -> None:
        with self._lock:
            if update.stage != self._stage:
                self._stage, self._next_share = update.stage, LINE_SHARE
                self._console.say(f"{update.title} ...")
            share = update.share or 0.0
            if self._next_share <= share < 1:
                self._next_share = (share // LINE_SHARE + 1) * LINE_SHARE
                left = _time_left(update)
                self._console.say(f"{update.title}: {share:.0%}{f', {left}' if left else ''}")


@contextmanager
def _bars() -> Iterator[UpdateListener]:
    """A bar for each stage on the terminal, taken away at the end."""
    from rich.console import Console as RichConsole
    from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn

    columns = (
        TextColumn("{task.description:<20}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[left]}"),
    )
    with Progress(*columns, console=RichConsole(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def show(update: ProgressUpdate) -> None:
            if update.stage not in tasks:
                for earlier in tasks.values():
                    bars.update(earlier, total=1.0, completed=1.0, left="")
                tasks[update.stage] = bars.add_task(update.title, total=None, left="")
            task = tasks[update.stage]
            if update.share is not None:
                bars.update(task, total=1.0, completed=update.share)
            bars.update(task, left=_time_left(update))

        yield show


def _time_left(update: ProgressUpdate) -> str:
    return "" if update.seconds_left is None else f"{readable_duration(update.seconds_left)} left"
