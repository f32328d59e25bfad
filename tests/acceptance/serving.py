"""A server as an operator starts it: one command, a free port, a data folder of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

# Some seconds on a quiet machine; a minute was seen where many others worked on the same two cores.
START_LIMIT_S = 200
STOP_LIMIT_S = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningServer:
    """A started server. token: a key of an account without limits. log: what it has written."""

    process: subprocess.Popen[bytes]
    base_url: str
    home: Path
    token: str
    log: Path

    @property
    def headers(self) -> dict[str, str]:
        """The header of a call."""
        return {"Authorization": f"Bearer {self.token}"}

    def stored(self, file_path: str) -> bytes | None:
        """The content of an uploaded file in the data folder; None when there is none."""
        file = self.home / "files" / file_path
        return file.read_bytes() if file.is_file() else None

    def create_key(self, account: str) -> str:
        """A key of an account without limits; the account is made when it is new."""
        printed = run_lipwright(self.home, "keys", "create", "--plan", "unlimited", "--account", account)
        return printed.splitlines()[-1]


def run_lipwright(home: Path, *arguments: str) -> str:
    """What a command of the operator prints."""
    result = subprocess.run(
        lipwright_command(*arguments), env=environment(home), capture_output=True, text=True, timeout=120
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def lipwright_command(*arguments: str) -> list[str]:
    """The command line of `lipwright` with these arguments."""
    return [str(Path(sys.executable).with_name("lipwright")), *arguments]


def environment(home: Path) -> dict[str, str]:
    """The environment of a server that may fetch from this machine, and of its operator's commands."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIPWRIGHT_")}
    ours = {
        "LIPWRIGHT_HOME": str(home),
        "LIPWRIGHT_REACHABLE_HOSTS": '["127.0.0.1"]',
        "LIPWRIGHT_WORKERS": "2",
        "OMP_NUM_THREADS": "1",
    }
    return kept | ours


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(home: Path, *, port: int | None = None, may_be_killed: bool = False) -> Iterator[RunningServer]:
    """A server while the block runs; its log must hold no traceback at the end.

    port: a free one by default. may_be_killed: the block may end the process.
    """
    home.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    log = home.parent / f"{home.name}.log"
    with log.open("ab") as log_file:
        process = subprocess.Popen(
            lipwright_command("serve", "--host", "127.0.0.1", "--port", str(port)),
            env=environment(home),
            stdout=log_file,
            stderr=subprocess.STDOUT,
        )
        try:
            base_url = f"http://127.0.0.1:{port}"
            _wait_until_ready(base_url, process, log)
            token = run_lipwright(home, "keys", "create", "--plan", "unlimited").splitlines()[-1]
            yield RunningServer(process=process, base_url=base_url, home=home, token=token, log=log)
            assert may_be_killed or process.poll() is None, f"the server ended by itself:\n{_tail(log)}"
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    assert "Traceback" not in log.read_text(errors="replace"), _tail(log)


def _wait_until_ready(base_url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline_s = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline_s:
        if process.poll() is not None:
            raise AssertionError(f"the server did not start:\n{_tail(log)}")
        try:
            if httpx.get(f"{base_url}/readyz", timeout=5).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"the server was not ready after {START_LIMIT_S} s:\n{_tail(log)}")


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-40:])
