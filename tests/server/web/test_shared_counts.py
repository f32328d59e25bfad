"""Counts that several processes share: together they grant what one would, whatever becomes of one."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lipwright.server.errors import TooManyCalls, Unavailable
from lipwright.server.web import rate_limits
from lipwright.server.web.rate_limits import FreeCalls, share_counts
from lipwright.server.web.shared_counts import FILE_NAME, SharedCounts


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[SharedCounts, SharedCounts]]:
    """The same counts, opened twice."""
    both = SharedCounts(tmp_path), SharedCounts(tmp_path)
    yield both
    for one in both:
        one.close()


def test_nothing_was_counted_at_first(two: tuple[SharedCounts, SharedCounts]) -> None:
    over_at_s, left = two[0].look("a", 3, 10)
    assert left == 3
    assert abs(over_at_s - time.time() - 10) < 1


def test_what_one_counts_the_other_knows(two: tuple[SharedCounts, SharedCounts]) -> None:
    first, second = two
    assert [first.hit("a", 3, 10), second.hit("a", 3, 10), first.hit("a", 3, 10)] == [True] * 3
    assert not second.hit("a", 3, 10)
    assert second.look("a", 3, 10)[1] == 0
    assert second.hit("b", 3, 10), "others are counted by themselves"


def test_what_is_over_makes_room(two: tuple[SharedCounts, SharedCounts]) -> None:
    first, second = two
    assert first.hit("a", 1, 0.2)
    assert not second.hit("a", 1, 0.2)
    time.sleep(0.25)
    assert second.hit("a", 1, 0.2)


def test_many_at_once_are_granted_as_many_as_there_are(two: tuple[SharedCounts, SharedCounts]) -> None:
    granted: list[bool] = []

    def ask(counts: SharedCounts) -> None:
        granted.extend(counts.hit("a", 20, 60) for _ in range(10))

    threads = [threading.Thread(target=ask, args=(counts,)) for counts in two * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(granted) == 20


_COUNTS_FOR_EVER = """
import sys
from pathlib import Path
from lipwright.server.web.shared_counts import SharedCounts
counts = SharedCounts(Path(sys.argv[1]))
print("ready", flush=True)
while True:
    counts.hit("other", 10**9, 60)
"""


def test_a_process_that_is_killed_leaves_the_counts_whole(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _COUNTS_FOR_EVER, str(tmp_path)], stdout=subprocess.PIPE
    ) as other:
        assert other.stdout
        assert other.stdout.readline()
        time.sleep(0.2)
        other.send_signal(signal.SIGKILL)
    counts = SharedCounts(tmp_path)
    assert counts.hit("a", 1, 60)
    assert counts.look("other", 10**9, 60)[1] < 10**9
    counts.close()


def test_nobody_waits_long_for_a_process_that_stopped_in_the_middle(tmp_path: Path) -> None:
    counts = SharedCounts(tmp_path)
    holder = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    begun_s = time.monotonic()
    with pytest.raises(Unavailable):
        counts.hit("a", 1, 60)
    assert time.monotonic() - begun_s < 5
    holder.execute("ROLLBACK")
    assert counts.hit("a", 1, 60)
    holder.close()
    counts.close()


def test_what_is_counted_apart_stays_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "_shared", None)
    share_counts(tmp_path)
    shared = rate_limits._shared
    assert shared is not None
    looks, checks = FreeCalls("looks", 1), FreeCalls("checks", 1)
    looks.count("somebody")
    checks.count("somebody")
    with pytest.raises(TooManyCalls):
        FreeCalls("looks", 1).count("somebody")
    shared.close()
