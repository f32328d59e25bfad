"""`lipwright batch` makes what is not made, goes on after a failure or a kill, and says how each row went."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lipwright.cli.batches import processes
from lipwright.cli.batches.journal import Journal, made_files
from lipwright.engine import BadParameters
from tests.cli.finished import Command
from tests.support import stand_in_batch


@pytest.fixture(autouse=True)
def stand_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Rows are made by a stand-in of the engine, which notes what it made."""
    monkeypatch.setattr(processes, "ROW_PROCESS", stand_in_batch.STAND_IN_ROWS)
    monkeypatch.setenv("STAND_IN_LOG", str(tmp_path / "renders.txt"))
    monkeypatch.setenv("LIPWRIGHT_MARKING", "off")
    monkeypatch.setenv("LIPWRIGHT_HOME", str(tmp_path / "home"))


def renders(tmp_path: Path) -> Counter[str]:
    """How often each output was finished, by the name of its unfinished file's folder mate."""
    log = tmp_path / "renders.txt"
    return Counter(log.read_text().split()) if log.exists() else Counter()


def write_rows(tmp_path: Path, words: list[str], **more: str) -> Path:
    """A file with a row for each word, and the picture that says it."""
    with (tmp_path / "rows.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["image", "text", "output", *more])
        for number, word in enumerate(words):
            (tmp_path / f"{number}.jpg").write_text(word)
            writer.writerow([f"{number}.jpg", "Hello", f"{number}.mp4", *more.values()])
    return tmp_path / "rows.csv"


def rows_of(log: Path) -> dict[str, dict[str, Any]]:
    """The newest line about each row of the log, by its output."""
    entries = [json.loads(line) for line in log.read_text().splitlines()]
    return {entry["output"]: entry for entry in entries if entry["event"] == "row" and "output" in entry}


def test_every_row_is_made_and_told(command: Command, tmp_path: Path) -> None:
    done = command("batch", write_rows(tmp_path, ["fine", "fine"], seed="7"), "-o", "out")
    assert done.status == 0, done.err
    assert "--seed=7" in (tmp_path / "out" / "1.mp4").read_text()
    table = [line.split("\t") for line in done.out.splitlines()]
    assert table[0] == ["line", "output", "state", "seconds", "what"]
    assert [row[:3] for row in table[1:]] == [["2", "0.mp4", "made"], ["3", "1.mp4", "made"]]
    assert done.err.splitlines()[-1] == "2 rows: 2 made."
    log = rows_of(tmp_path / "out" / "batch.jsonl")
    assert log["0.mp4"]["figures"]["frame_count"] == 5
    assert log["0.mp4"]["size_bytes"] == (tmp_path / "out" / "0.mp4").stat().st_size


def test_a_failed_row_stops_no_other(command: Command, tmp_path: Path) -> None:
    done = command("batch", write_rows(tmp_path, ["fine", "bad", "dies", "fine"]), "-o", "out", "--jobs", 2)
    assert done.status == 3
    log = rows_of(tmp_path / "out" / "batch.jsonl")
    assert [log[f"{number}.mp4"]["state"] for number in range(4)] == ["done", "failed", "failed", "done"]
    assert (log["1.mp4"]["column"], log["1.mp4"]["code"]) == ("image", "invalid_image_file")
    assert "SIGKILL" in log["2.mp4"]["message"]
    assert "error [invalid_image_file]: [" in done.err


def test_what_is_made_and_unchanged_is_skipped(command: Command, tmp_path: Path) -> None:
    rows = write_rows(tmp_path, ["fine", "fine", "bad", "fine"])
    assert command("batch", rows, "-o", "out").status == 3
    (tmp_path / "0.jpg").write_text("fine")  # as large as before, but of another time
    os.utime(tmp_path / "0.jpg", (1, 1))
    (tmp_path / "2.jpg").write_text("fine")
    (tmp_path / "out" / "3.mp4").unlink()
    done = command("batch", rows, "-o", "out", "--json")
    assert done.status == 0, done.out
    states = {event["output"]: event["state"] for event in done.events if event["event"] == "row"}
    assert states == {"0.mp4": "done", "1.mp4": "skipped", "2.mp4": "done", "3.mp4": "done"}
    assert done.events[-1] == {"event": "batch", "done": 3, "skipped": 1}


def test_a_dry_run_checks_rows_and_files_and_writes_nothing(command: Command, tmp_path: Path) -> None:
    rows = write_rows(tmp_path, ["fine", "bad", "fine"])
    rows.write_text(rows.read_text() + "3.jpg,Hello,3.gif,\nfour.jpg,Hello,../4.mp4\n")
    (tmp_path / "3.jpg").write_text("fine")
    before = sorted(path for path in tmp_path.rglob("*") if "home" not in path.parts)
    done = command("batch", rows, "-o", "out", "--dry-run")
    assert done.status == 3
    assert sorted(path for path in tmp_path.rglob("*") if "home" not in path.parts) == before
    table = [line.split("\t") for line in done.out.splitlines()[1:]]
    assert [row[2] for row in table] == ["good", "failed", "good", "good", "failed"]
    assert table[1][4] == "image: 1.jpg is no picture. [invalid_image_file]"
    assert table[4][4].startswith("output: '../4.mp4' is no file below the folder")


def test_a_column_that_is_no_option_is_refused_before_any_work(command: Command, tmp_path: Path) -> None:
    done = command("batch", write_rows(tmp_path, ["fine"], sead="1"), "-o", "out")
    assert done.status == 2
    assert done.error_line == (
        "error [invalid_parameters]: Line 2 has a column 'sead', which is no option of talk or sync. "
        "Did you mean seed?"
    )
    assert not (tmp_path / "out").exists()


def test_no_overwrite_keeps_what_another_made(command: Command, tmp_path: Path) -> None:
    rows = write_rows(tmp_path, ["fine"])
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "0.mp4").write_text("mine")
    done = command("batch", rows, "-o", "out", "--no-overwrite")
    assert done.status == 3
    assert (tmp_path / "out" / "0.mp4").read_text() == "mine"


def test_a_second_batch_is_kept_from_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lipwright.cli.batches.journal.LOCK_PATIENCE_S", 0.2)
    with Journal(tmp_path / "out"), pytest.raises(BadParameters, match="Another batch is at work"):
        Journal(tmp_path / "out")
    Journal(tmp_path / "out").__exit__()


def test_a_line_that_a_crash_cut_off_is_dropped(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.add("row", state="done", output="a.mp4")
    with (tmp_path / "batch.jsonl").open("a") as file:
        file.write('{"event": "row", "state": "done", "outp')
    with Journal(tmp_path) as journal:
        journal.add("row", state="done", output="b.mp4")
        assert list(made_files(journal.entries)) == ["a.mp4", "b.mp4"]
    assert list(rows_of(tmp_path / "batch.jsonl")) == ["a.mp4", "b.mp4"]


@contextlib.contextmanager
def started(tmp_path: Path, *arguments: str, each_s: float = 0.0) -> Iterator[subprocess.Popen[str]]:
    """The command as a process of its own; whatever is left of it is killed."""
    process = subprocess.Popen(
        [sys.executable, stand_in_batch.__file__, "batch", *arguments],
        cwd=tmp_path,
        env={**os.environ, "STAND_IN_S": str(each_s)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def made_in(folder: Path) -> int:
    return len(list(folder.glob("*.mp4"))) if folder.exists() else 0


def wait_for(count: int, folder: Path, process: subprocess.Popen[str]) -> None:
    until_s = time.monotonic() + 60
    while made_in(folder) < count:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until_s
        time.sleep(0.02)


def children_of(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(word) for word in text.split()]


def test_ctrl_c_ends_cleanly_and_keeps_what_is_made(tmp_path: Path) -> None:
    rows = write_rows(tmp_path, ["fine", "slow", "slow"])
    with started(tmp_path, str(rows), "-o", "out", "--jobs", "2") as process:
        wait_for(1, tmp_path / "out", process)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 130, err
    states = [line.split("\t")[2] for line in out.splitlines()[1:]]
    assert states == ["made", "not made", "not made"]
    assert list((tmp_path / "out").glob(".lipwright-*")) == []
    assert "error [cancelled]" in err


def test_a_batch_of_50_with_failures_that_is_killed_twice_ends_with_50_right_rows(
    command: Command, tmp_path: Path
) -> None:
    bad = {4, 9, 23, 24, 31, 48}
    rows = write_rows(tmp_path, ["bad" if number in bad else "fine" for number in range(50)])
    folder = tmp_path / "out"
    with started(tmp_path, str(rows), "-o", "out", "--jobs", "2", each_s=0.1) as process:
        wait_for(8, folder, process)
        process.kill()  # its processes live on, and stop by themselves
    with started(tmp_path, str(rows), "-o", "out", "--jobs", "2", each_s=0.1) as process:
        wait_for(20, folder, process)
        victims = children_of(process.pid)
        for pid in (process.pid, *victims):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    assert command("batch", rows, "-o", "out", "--jobs", 2).status == 3
    log = rows_of(folder / "batch.jsonl")
    assert {number for number in range(50) if log[f"{number}.mp4"]["state"] == "failed"} == bad
    assert made_in(folder) == 50 - len(bad)
    for number in bad:
        (tmp_path / f"{number}.jpg").write_text("fine")
    done = command("batch", rows, "-o", "out", "--jobs", 2)
    assert done.status == 0, done.err
    assert done.err.splitlines()[-1] == "50 rows: 6 made, 44 up to date."
    for number in range(50):
        assert (folder / f"{number}.mp4").read_text().startswith(f"{number}.jpg ")
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        ["batch.jsonl", *(f"{number}.mp4" for number in range(50))]
    )
    # What was in the hands of two processes at a kill is made again; nothing else is.
    assert sum(renders(tmp_path).values()) <= 50 + 2 * 2
