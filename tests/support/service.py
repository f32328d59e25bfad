"""The service in real processes: started, killed, started again; and what is left when all is done.

`serving` starts it as an operator does, by one command on an empty data folder. `prepared` makes tables and
a key and leaves it to the test which processes run.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa

from lipwright.server.accounts.repository import find_account
from lipwright.server.accounts.service import DEFAULT_ACCOUNT, create_key, ensure_account
from lipwright.server.credits.repository import balance
from lipwright.server.database.tables import ledger, processes, projects
from lipwright.server.operation.migrate import migrate
from lipwright.server.rendering.checkpoints import Checkpoint
from lipwright.server.services import Services, open_services
from lipwright.server.settings import load_settings
from tests.support.failing_worker import Failing
from tests.support.made_secrets import watch_here

# Some seconds on a quiet machine; a minute was seen where many others worked on the same two cores.
START_LIMIT_S = 200.0
STOP_LIMIT_S = 60.0
JOB_LIMIT_S = 240.0
COMMAND_LIMIT_S = 120.0
FINAL = ("complete", "error", "canceled")


@dataclass(kw_only=True)
class Service:
    """A data folder with its database, and the processes that were started on it.

    variables: the environment of these processes. key: of the account `default`, which has no limits.
    base_url: of the server that was started last.
    """

    home: Path
    variables: dict[str, str]
    database_url: str | None = None
    key: str = ""
    base_url: str = ""
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    http: httpx.Client = field(
        default_factory=lambda: httpx.Client(
            timeout=60, trust_env=False, event_hooks={"response": [_note_secrets]}
        )
    )

    @cached_property
    def services(self) -> Services:
        """Tables and files, opened in this process."""
        return open_services(load_settings(home=self.home, database_url=self.database_url))

    @property
    def headers(self) -> dict[str, str]:
        """The header of a call."""
        return {"Authorization": f"Bearer {self.key}"}

    def serve(
        self,
        *,
        workers: int | None = None,
        port: int | None = None,
        until: str = "/healthz",
        open_files: int | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start a server and wait until it answers on a path.

        workers: as the settings say by default. open_files: how many it may have open at once.
        """
        arguments = ["--host", "127.0.0.1", "--port", str(port or free_port())]
        if workers is not None:
            arguments += ["--workers", str(workers)]
        command = lipwright_command("serve", *arguments)
        if open_files is not None:
            command = ["sh", "-c", f'ulimit -n {open_files}; exec "$0" "$@"', *command]
        process = self._start(command)
        self.base_url = f"http://127.0.0.1:{arguments[3]}"
        self.http.base_url = httpx.URL(self.base_url)
        if self.key:
            self.http.headers.update(self.headers)
        wait_until(lambda: self._answers(process, until), START_LIMIT_S, "the server answers")
        return process

    def worker(self) -> subprocess.Popen[bytes]:
        """Start a worker of its own."""
        return self._start(lipwright_command("worker"))

    def crashing_worker(self, point: Checkpoint) -> subprocess.Popen[bytes]:
        """Start a worker that is killed at a checkpoint of its first job."""
        return self._start([sys.executable, "-m", "tests.support.crashing_worker", point])

    def failing_worker(self, failing: Failing) -> subprocess.Popen[bytes]:
        """Start a worker in which something fails."""
        return self._start([sys.executable, "-m", "tests.support.failing_worker", failing])

    def command(self, *arguments: str) -> str:
        """What a command of the operator prints."""
        result = subprocess.run(
            lipwright_command(*arguments),
            env=self.variables,
            capture_output=True,
            text=True,
            timeout=COMMAND_LIMIT_S,
        )
        assert result.returncode == 0, result.stderr
        watch_here().add_shown(result.stdout)
        return result.stdout.strip()

    def create_key(self, account: str = DEFAULT_ACCOUNT) -> str:
        """A key of an account without limits; the account is made when it is new."""
        printed = self.command("keys", "create", "--plan", "unlimited", "--account", account)
        return printed.splitlines()[-1]

    def speak(self, text: str = "Hello.") -> str:
        """Queue a short text; its id."""
        answer = self.http.post("/v1/ai-voice-generator", json={"style": {"prompt": text, "voice_name": "x"}})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id"])

    def upload(self, path: Path, kind: str) -> str:
        """The file path of a file that was uploaded."""
        items = {"items": [{"type": kind, "extension": path.suffix[1:]}]}
        item = self.http.post("/v1/files/upload-urls", json=items).json()["items"][0]
        assert httpx.put(item["upload_url"], content=path.read_bytes()).status_code == 200
        return str(item["file_path"])

    def stored(self, file_path: str) -> bytes | None:
        """The content of an uploaded file in the data folder; None when there is none."""
        file = self.home / "files" / file_path
        return file.read_bytes() if file.is_file() else None

    def status(self, job_id: str) -> str:
        """The state of a job, from the tables."""
        return str(self.row(job_id).status)

    def row(self, job_id: str) -> Any:
        """The row of a job."""
        with self.services.database.read() as connection:
            return connection.execute(sa.select(projects).where(projects.c.id == job_id)).one()

    def wait_for(self, job_ids: list[str]) -> list[str]:
        """The final states of jobs."""
        wait_until(lambda: all(self.status(one) in FINAL for one in job_ids), JOB_LIMIT_S, "jobs end")
        return [self.status(one) for one in job_ids]

    def check_books(self, job_ids: list[str]) -> None:
        """Every job was held once and ended once, and the balance is what the jobs say."""
        with self.services.database.read() as connection:
            entries = connection.execute(sa.select(ledger.c.reference, ledger.c.credits)).all()
            account = find_account(connection, DEFAULT_ACCOUNT)
            assert account
            total = balance(connection, account.id)
        references = [entry.reference for entry in entries]
        assert len(references) == len(set(references))
        for job_id in job_ids:
            assert f"hold:{job_id}" in references
            assert f"end:{job_id}" in references
        assert total == -sum(self.row(one).credits_charged for one in job_ids)

    def check_files(self, job_ids: list[str], uploads: int = 0) -> None:
        """One file per output, poster and upload, and nothing else, unfinished or not."""
        rows = [self.row(one) for one in job_ids]
        expected = {key for row in rows for key in (*row.output_keys, row.poster_key) if key is not None}
        kept = {file.key for file in self.services.store.files()}
        assert {key for key in kept if not key.startswith("api-assets/")} == {
            key for key in expected if not key.startswith("api-assets/")
        }
        assert len(kept) == len(expected) + uploads
        on_disk = [path for path in self.services.settings.files_folder.rglob("*") if path.is_file()]
        assert len(on_disk) == len(kept)

    def stop(self) -> None:
        """Wait until dead processes are removed, end the others, and check that no scratch file is left."""
        wait_until(self._dead_processes_are_removed, JOB_LIMIT_S, "dead processes are removed")
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes:
            process.wait(timeout=STOP_LIMIT_S)
        assert [path for path in self._scratch.rglob("*") if path.is_file()] == []

    def logs(self) -> str:
        """Everything that the processes wrote."""
        return "\n".join(path.read_text(errors="replace") for path in self._log_files())

    def close(self) -> None:
        """End every process that still runs, at once."""
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait()
        watch_here().log_files += self._log_files()
        self.http.close()
        if "services" in self.__dict__:
            self.services.database.close()

    @property
    def _scratch(self) -> Path:
        return self.services.settings.scratch_folder

    def _dead_processes_are_removed(self) -> bool:
        with self.services.database.read() as connection:
            rows = connection.execute(sa.select(processes.c.id, processes.c.pid)).all()
        folders = {folder.name for folder in self._scratch.glob("*")}
        return all(Path(f"/proc/{row.pid}").exists() for row in rows) and folders <= {row.id for row in rows}

    def _log_files(self) -> list[Path]:
        return sorted(self.home.parent.glob(f"{self.home.name}-*.log"))

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        log = self.home.parent / f"{self.home.name}-{len(self._log_files()):03}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(command, env=self.variables, stdout=output, stderr=subprocess.STDOUT)
        self.processes.append(process)
        return process

    def _answers(self, process: subprocess.Popen[bytes], path: str) -> bool:
        assert process.poll() is None, f"the server did not start:\n{tail(self.logs())}"
        try:
            return self.http.get(path, timeout=5).is_success
        except httpx.TransportError:
            return False


@contextlib.contextmanager
def prepared(home: Path, database_url: str | None = None, **settings: str) -> Iterator[Service]:
    """A service with tables and a key and without processes yet; all of them are gone at the end."""
    service = Service(
        home=home, database_url=database_url, variables=environment(home, database_url, **settings)
    )
    migrate(load_settings(home=home, database_url=database_url))
    try:
        with service.services.database.write() as connection:
            account = ensure_account(connection, DEFAULT_ACCOUNT, "unlimited")
            service.key = create_key(connection, account, "test")
        yield service
    except BaseException:
        print(tail(service.logs()))
        raise
    finally:
        service.close()


@contextlib.contextmanager
def serving(home: Path, *, port: int | None = None, may_be_killed: bool = False) -> Iterator[Service]:
    """A server as an operator starts it, with two workers, that may fetch from this machine.

    Its log must hold no traceback at the end. port: a free one by default. may_be_killed: the block may
    end the process.
    """
    home.mkdir(parents=True, exist_ok=True)
    variables = environment(home, workers="2", reachable_hosts='["127.0.0.1"]')
    service = Service(home=home, variables=variables)
    try:
        server = service.serve(port=port, until="/readyz")
        service.key = service.create_key()
        service.http.headers.update(service.headers)
        yield service
        assert may_be_killed or server.poll() is None, f"the server ended by itself:\n{tail(service.logs())}"
        server.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(STOP_LIMIT_S)
    finally:
        service.close()
    assert "Traceback" not in service.logs(), tail(service.logs())


def lipwright_command(*arguments: str) -> list[str]:
    """The command line of `lipwright` with these arguments."""
    return [str(Path(sys.executable).with_name("lipwright")), *arguments]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process as a power cut does."""
    process.send_signal(signal.SIGKILL)
    process.wait()


def wait_until(condition: Callable[[], bool], limit_s: float, what: str) -> None:
    """Look again and again until something is so. Fails when it takes too long."""
    deadline_s = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline_s, f"waited {limit_s} s in vain until {what}"
        time.sleep(0.05)


def _note_secrets(answer: httpx.Response) -> None:
    """Remember the keys and signatures in an answer: no log may hold them."""
    if answer.headers.get("content-type", "").startswith("application/json"):
        watch_here().add_shown(answer.read().decode())


def tail(log: str) -> str:
    """The end of a log."""
    return "\n".join(log.splitlines()[-80:])


def environment(home: Path, database_url: str | None = None, **settings: str) -> dict[str, str]:
    """The environment of the service's processes and of the operator's commands."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIPWRIGHT_")}
    # Whatever can be logged is, so that the search for secrets sees it. Every call of the contract is tried
    # with a wrong key, all from one address.
    ours = {
        "LIPWRIGHT_HOME": str(home),
        "LIPWRIGHT_LOG_LEVEL": "debug",
        "LIPWRIGHT_WRONG_KEYS_PER_MINUTE": "1000",
        "OMP_NUM_THREADS": "1",
    }
    if database_url is not None:
        ours["LIPWRIGHT_DATABASE_URL"] = database_url
    return kept | ours | {f"LIPWRIGHT_{name.upper()}": value for name, value in settings.items()}
