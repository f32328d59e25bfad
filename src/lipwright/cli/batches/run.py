"""A batch on this machine: which rows are to be made, how each went, and what is said of it."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lipwright.cli.batches.journal import Journal, made_files, read_journal
from lipwright.cli.batches.orders import Order, Problem
from lipwright.cli.batches.processes import STOP_PATIENCE_S, RowOutcome, RowProcesses
from lipwright.cli.terminal.console import console
from lipwright.cli.terminal.failures import Interrupted
from lipwright.cli.terminal.interrupts import noted_signals
from lipwright.cli.terminal.progress import readable_duration
from lipwright.cli.terminal.table import print_table
from lipwright.engine import EngineError, OutputNotWritable, usable_processors

# What a render of a large picture takes, with the engine; less, and several at once would swap.
MEMORY_FOR_A_ROW_BYTES = 1_000_000_000
# Signals are looked at this often.
_LOOK_S = 0.25
_DIED = "The process that made it ended ({how}). Is there enough memory? Fewer --jobs need less."
_WORDS = {"done": "made", "skipped": "up to date", "failed": "failed", "checked": "good", "left": "not made"}


@dataclass(slots=True, kw_only=True)
class BatchResult:
    """What became of the rows: one line of the log for each, in the order of the file."""

    rows: dict[int, dict[str, Any]] = field(default_factory=dict)

    def count(self, state: str) -> int:
        """How many rows ended so."""
        return sum(row["state"] == state for row in self.rows.values())


def default_jobs() -> int:
    """Rows at once that processors and free memory allow, at least 1."""
    return max(1, min(usable_processors(), _free_memory_bytes() // MEMORY_FOR_A_ROW_BYTES))


def make_rows(
    rows: Sequence[Order | Problem], folder: Path, *, file: str, jobs: int, more: Sequence[str] = ()
) -> BatchResult:
    """Make what is not made yet. more: options for every row. Raises Interrupted, and what the log raises."""
    with Journal(folder) as journal:
        made = made_files(journal.entries)
        journal.add("started", file=file, rows=len(rows), jobs=jobs)
        run = _Run(rows, journal)
        waiting = run.settle(made, folder)
        with RowProcesses(jobs, journal.lock_fd) as processes:
            stopped_by = run.carry_out(processes, waiting, lambda order: _command_line(order, folder, more))
        counts = {state: run.result.count(state) for state in ("done", "skipped", "failed")}
        journal.add("ended", **counts, stopped=stopped_by is not None)
    _report(run.result, rows)
    if stopped_by is not None:
        raise Interrupted(stopped_by)
    return run.result


def check_rows(
    rows: Sequence[Order | Problem], folder: Path, *, jobs: int, more: Sequence[str] = ()
) -> BatchResult:
    """Check every row and every file, and make nothing. Raises Interrupted."""
    _check_folder(folder)
    run = _Run(rows, None)
    waiting = run.settle(made_files(read_journal(folder)), folder)
    with tempfile.TemporaryDirectory(prefix="lipwright-batch-") as aside, RowProcesses(jobs) as processes:
        stopped_by = run.carry_out(
            processes, waiting, lambda order: _command_line(order, Path(aside), ("--dry-run", *more))
        )
    _report(run.result, rows)
    if stopped_by is not None:
        raise Interrupted(stopped_by)
    return run.result


class _Run:
    """One pass over the rows. journal: None where nothing is made."""

    def __init__(self, rows: Sequence[Order | Problem], journal: Journal | None) -> None:
        self._rows = rows
        self._journal = journal
        self._fingerprints: dict[int, str] = {}
        self._begun_s: dict[int, float] = {}
        self._places = {id(row): at for at, row in enumerate(rows)}
        self.result = BatchResult()

    def settle(self, made: dict[str, dict[str, Any]], folder: Path) -> list[Order]:
        """Note the rows that are wrong or made already; return the others."""
        waiting = []
        for row in self._rows:
            if isinstance(row, Problem):
                told = {"line": row.line, "column": row.column, "code": row.code, "message": row.message}
                self._note(row, state="failed", **told)
                continue
            if is_made(row, made.get(row.output), folder):
                self._note(row, state="skipped", **_name(row))
            else:
                waiting.append(row)
        return waiting

    def carry_out(self, processes: RowProcesses, waiting: list[Order], command_line: Any) -> int | None:
        """Carry out rows; the number of the signal that stopped it, None where none did."""
        waiting = waiting[::-1]
        seen, give_up_s = 0, float("inf")
        with noted_signals() as received:
            while processes.is_busy or (waiting and not received):
                while waiting and not received and processes.has_room():
                    order = waiting.pop()
                    place = self._places[id(order)]
                    self._begun_s[place] = time.monotonic()
                    self._fingerprints[place] = order.fingerprint()
                    processes.begin(order, command_line(order))
                for outcome in processes.outcomes(_LOOK_S):
                    self._settle_outcome(outcome, is_stopping=bool(received))
                if received and not seen:
                    console.say("Stopping; what is made stays. Ctrl-C again breaks off at once.")
                    give_up_s = time.monotonic() + STOP_PATIENCE_S
                if len(received) > seen:
                    processes.stop(signal.SIGTERM if seen == 0 and len(received) == 1 else signal.SIGKILL)
                    seen = len(received)
                if time.monotonic() > give_up_s:
                    processes.stop(signal.SIGKILL)
        return received[0] if received else None

    def _settle_outcome(self, outcome: RowOutcome, *, is_stopping: bool) -> None:
        order = outcome.order
        place = self._places[id(order)]
        told: dict[str, Any] = {**_name(order), "seconds": round(time.monotonic() - self._begun_s[place], 2)}
        warnings = [event["message"] for event in outcome.events if event.get("event") == "warning"]
        if warnings:
            told["warnings"] = warnings
        ended = next((one for one in outcome.events if one.get("event") in ("done", "checked")), None)
        if outcome.status == 0 and ended is not None:
            figures = {
                name: value for name, value in ended.items() if name not in ("event", "output", "seconds")
            }
            if ended["event"] == "checked":
                self._note(order, state="checked", **{**told, "seconds": ended["seconds"]})
                return
            size = os.stat(ended["output"]).st_size
            key = self._fingerprints[place]
            self._note(order, state="done", **told, fingerprint=key, size_bytes=size, figures=figures)
            return
        if is_stopping and outcome.status in (None, 128 + signal.SIGTERM, 128 + signal.SIGINT):
            return
        error = next((one for one in outcome.events if one.get("event") == "error"), None)
        code, sentence = EngineError.code, _DIED.format(how=outcome.died_of)
        if error is not None:
            code, sentence = error["code"], error["message"]
        self._note(
            order, state="failed", **told, column=order.column_of(sentence), code=code, message=sentence
        )

    def _note(self, row: Order | Problem, **told: Any) -> None:
        entry = {"event": "row", **told} if self._journal is None else self._journal.add("row", **told)
        self.result.rows[self._places[id(row)]] = entry
        console.event(**{"kind": "row", **{name: value for name, value in entry.items() if name != "event"}})
        number = f"[{len(self.result.rows)}/{len(self._rows)}]"
        match told["state"]:
            case "failed" if not console.json_events:
                console.fail(told["code"], f"{number} {_where(told)}: {told['message']}")
            case "done":
                console.say(f"{number} {told['output']}, made in {readable_duration(told['seconds'])}.")


def is_made(order: Order, entry: dict[str, Any] | None, folder: Path) -> bool:
    """Whether what a line of the log tells of is still there and still what the row asks for."""
    if entry is None or entry.get("fingerprint") != order.fingerprint():
        return False
    files = [folder / name for name in order.files()]
    return all(file.is_file() for file in files) and files[0].stat().st_size == entry.get("size_bytes")


def _command_line(order: Order, folder: Path, more: Sequence[str]) -> list[str]:
    """The row's command line, with the folder for its output made."""
    for name in order.files():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
    command, *rest = order.command_line(folder)
    return [command, *more, *rest]


def _name(order: Order) -> dict[str, Any]:
    return {"line": order.line, "command": order.command, "output": order.output}


def _where(told: dict[str, Any]) -> str:
    column = told.get("column")
    return f"line {told['line']}{'' if column is None else f', column {column}'}"


def _report(result: BatchResult, rows: Sequence[Order | Problem]) -> None:
    """The table at the end, and the counts; with `--json` the counts alone."""
    counts = {state: result.count(state) for state in _WORDS if state != "left"}
    counts["left"] = len(rows) - len(result.rows)
    console.event("batch", **{state: count for state, count in counts.items() if count})
    if console.json_events:
        return
    if not console.quiet:
        print_table(("line", "output", "state", "seconds", "what"), list(_table(result, rows)))
    told = ", ".join(f"{count} {_WORDS[state]}" for state, count in counts.items() if count)
    console.say(f"{len(rows)} rows: {told}.")


def _table(result: BatchResult, rows: Sequence[Order | Problem]) -> Iterator[tuple[str, ...]]:
    for at, row in enumerate(rows):
        entry = result.rows.get(at, {"state": "left"})
        what = "; ".join(entry.get("warnings", ()))
        if entry["state"] == "failed":
            column = "" if entry.get("column") is None else f"{entry['column']}: "
            what = f"{column}{entry['message']} [{entry['code']}]"
        seconds = f"{entry['seconds']:.1f}" if "seconds" in entry else ""
        output = row.output if isinstance(row, Order) else ""
        yield str(row.line), output, _WORDS[entry["state"]], seconds, what


def _check_folder(folder: Path) -> None:
    """Raises OutputNotWritable where the folder of the results could not be made or written to."""
    place = folder.absolute()
    while not place.exists():
        place = place.parent
    if not place.is_dir() or not os.access(place, os.W_OK):
        raise OutputNotWritable(f"{place} is no folder that can be written to. Choose another.")


def _free_memory_bytes() -> int:
    """What is free without swapping; where that is not told, all there is."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration, ValueError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
