"""A fork server: what comes of its processes, and of itself."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lipwright.server.runtime.sandbox.fork_client import (
    UNKNOWN_STATUS,
    ForkedProcess,
    ForkServer,
    ForkServerGone,
)
from lipwright.server.runtime.sandbox.layers import Layer, Sandbox, SandboxMode
from lipwright.server.runtime.sandbox.start import MEGABYTE, clean_environment, most_processes
from tests.support.service import wait_until

ROOT = Path(__file__).parents[4]
MODULE = "tests.support.forked_work"


@pytest.fixture(autouse=True)
def _modules_of_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ForkServer]:
    started = ForkServer(
        MODULE, clean_environment(None), tmp_path / "printed.log", memory_bytes=1000 * MEGABYTE
    )
    wait_until(lambda: started.is_ready() or not started.is_alive, 60, "the module is loaded")
    yield started
    started.kill()


def sandbox_of(folder: Path, **changes: Any) -> Sandbox:
    usual: dict[str, Any] = {
        "mode": SandboxMode.OFF,
        "readable": (),
        "writable": (str(folder),),
        "has_network": False,
        "memory_bytes": 2000 * MEGABYTE,
        "file_bytes": MEGABYTE,
        "processor_s": 40,
        "max_processes": most_processes(),
    }
    return Sandbox(**(usual | changes))


def forked(server: ForkServer, folder: Path, *words: str) -> ForkedProcess:
    with (folder / "printed").open("wb") as printed, (folder / "answers").open("wb") as answers:
        return server.fork(
            sandbox_of(folder),
            Path("/nonexistent"),
            MODULE,
            *words,
            folder=folder,
            environment={**clean_environment(folder), "OWN": "value"},
            printed=printed.fileno(),
            answers=answers.fileno(),
        )


def ended(process: ForkedProcess) -> int:
    status = process.wait(timeout=60)
    process.forget()
    process.orders.close()
    return status


def test_a_process_has_what_was_loaded_and_what_it_was_given(server: ForkServer, tmp_path: Path) -> None:
    process = forked(server, tmp_path, "tell", "a word")
    process.orders.write(b"an order\n")
    process.orders.flush()
    assert ended(process) == 0
    told = json.loads((tmp_path / "answers").read_text())
    assert told == {
        "loaded_in": server.pid,
        "group": process.pid,
        "order": "an order",
        "words": ["a word"],
        "folder": str(tmp_path),
        "temporary": str(tmp_path),
        "own": "value",
        "threads": 1,
        "files": told["files"],
    }
    # Its three standard files and that for answers: the socket of the server is none of them.
    assert len(told["files"]) == 4
    assert not [name for name in told["files"] if "socket" in name]
    assert (tmp_path / "printed").read_text() == "said\n"


@pytest.mark.parametrize(("word", "status"), [("exit", 3), ("fail", 1), ("kill", -signal.SIGKILL)])
def test_how_a_process_ended_is_told(server: ForkServer, tmp_path: Path, word: str, status: int) -> None:
    process = forked(server, tmp_path, word)
    assert process.wait(timeout=60) == status
    assert process.poll() == status
    assert ended(process) == status
    if word == "fail":
        assert "a fault of the work" in (tmp_path / "printed").read_text()


def test_a_process_that_has_ended_keeps_its_number_until_it_is_forgotten(
    server: ForkServer, tmp_path: Path
) -> None:
    process = forked(server, tmp_path, "exit")
    process.wait(timeout=60)
    assert state_of(process.pid) == "Z"
    ended(process)
    wait_until(lambda: state_of(process.pid) is None, 10, "the process is gone")


def state_of(pid: int) -> str | None:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return None


def test_a_process_that_runs_is_waited_for_in_vain(server: ForkServer, tmp_path: Path) -> None:
    process = forked(server, tmp_path, "tell")
    assert process.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=0.05)
    process.orders.close()
    assert ended(process) == 0


def test_processes_outlive_their_server_and_no_more_are_made(server: ForkServer, tmp_path: Path) -> None:
    process = forked(server, tmp_path, "tell")
    os.kill(server.pid, signal.SIGKILL)
    wait_until(lambda: not server.is_alive, 10, "the server is gone")
    with pytest.raises(ForkServerGone):
        forked(server, tmp_path, "tell")
    assert process.poll() is None
    process.orders.close()
    assert ended(process) == UNKNOWN_STATUS
    assert "exit status -9" in server.describe_end()


def test_a_module_that_cannot_be_loaded_is_said(tmp_path: Path) -> None:
    broken = ForkServer(
        "tests.support.nothing",
        clean_environment(None),
        tmp_path / "printed.log",
        memory_bytes=1000 * MEGABYTE,
    )
    wait_until(lambda: not broken.is_alive, 60, "the server has ended")
    assert not broken.is_ready()
    assert "No module named" in broken.describe_end()
    broken.kill()
    assert list(tmp_path.iterdir()) == []


def test_a_module_that_needs_more_memory_than_allowed_is_not_loaded(tmp_path: Path) -> None:
    small = ForkServer(
        "tests.support.forked_deeds", clean_environment(None), tmp_path / "printed.log", memory_bytes=MEGABYTE
    )
    wait_until(lambda: not small.is_alive, 60, "the server has ended")
    assert not small.is_ready()
    small.kill()


def test_a_server_ends_with_its_owner(tmp_path: Path) -> None:
    program = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from lipwright.server.runtime.sandbox.fork_client import ForkServer\n"
        "from lipwright.server.runtime.sandbox.start import clean_environment\n"
        f"server = ForkServer({MODULE!r}, clean_environment(None), Path(sys.argv[1]), memory_bytes=10**9)\n"
        "while not server.is_ready(): time.sleep(0.02)\n"
        "print(server.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "printed.log")], stdout=subprocess.PIPE, text=True
    )
    with owner:
        assert owner.stdout is not None
        pid = int(owner.stdout.readline())
        assert state_of(pid) is not None
        owner.kill()
    wait_until(lambda: state_of(pid) in (None, "Z"), 10, "the server is gone")


def test_where_a_sandbox_is_required_and_lacking_nothing_runs(server: ForkServer, tmp_path: Path) -> None:
    sandbox = sandbox_of(tmp_path, mode=SandboxMode.REQUIRE, without=(Layer.FILES,))
    with (tmp_path / "printed").open("wb") as printed:
        process = server.fork(
            sandbox,
            Path("/nonexistent"),
            MODULE,
            "tell",
            folder=tmp_path,
            environment=clean_environment(tmp_path),
            printed=printed.fileno(),
            answers=printed.fileno(),
        )
    assert ended(process) == 1
    assert "The setting sandbox is 'require'" in (tmp_path / "printed").read_text()
