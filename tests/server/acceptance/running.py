"""Real processes of the service: started, killed, started again; and what is left when all is done."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa

from lipwright.server.accounts.service import create_key, ensure_account
from lipwright.server.credits.repository import balance
from lipwright.server.database.tables import ledger, processes, projects
from lipwright.server.operation.migrate import migrate
from lipwright.server.services import Services, open_services
from lipwright.server.settings import load_settings

# Two busy cores need some seconds to load the engine; a test that waits longer has failed.
START_LIMIT_S = 90.0
JOB_LIMIT_S = 240.0
FINAL = ("complete", "error", "canceled")


@dataclass(kw_only=True)
class Running:
    """A data folder with its database, and the processes that were started on it."""

    home: Path
    variables: dict[str, str]
    services: Services
    account_id: str
    key: str
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=60, trust_env=False))

    def serve(self, workers: int) -> subprocess.Popen[bytes]:
        """Start a server and wait until it answers."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [str(Path(sys.executable).with_name("lipwright")), "serve"]
        process = self._start([*command, "--port", str(port), "--workers", str(workers)])
        self.http.base_url = httpx.URL(f"http://127.0.0.1:{port}")
        self.http.headers["authorization"] = f"Bearer {self.key}"
        wait_until(lambda: self._answers(process), START_LIMIT_S, "the server answers")
        return process

    def worker(self) -> subprocess.Popen[bytes]:
        """Start a worker of its own."""
        return self._start([str(Path(sys.executable).with_name("lipwright")), "worker"])

    def crashing_worker(self, point: str) -> subprocess.Popen[bytes]:
        """Start a worker that is killed at a point in its work."""
        return self._start([sys.executable, "-m", "tests.server.acceptance.crashing_worker", point])

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

    def status(self, job_id: str) -> str:
        """The state of a project, from the tables."""
        return str(self.row(job_id).status)

    def row(self, job_id: str) -> Any:
        """The row of a project."""
        with self.services.database.read() as connection:
            return connection.execute(sa.select(projects).where(projects.c.id == job_id)).one()

    def wait_for(self, job_ids: list[str]) -> list[str]:
        """The final states of projects."""
        wait_until(lambda: all(self.status(one) in FINAL for one in job_ids), JOB_LIMIT_S, "jobs end")
        return [self.status(one) for one in job_ids]

    def check_books(self, job_ids: list[str]) -> None:
        """Every project was held once and ended once, and the balance is what the projects say."""
        with self.services.database.read() as connection:
            entries = connection.execute(sa.select(ledger.c.reference, ledger.c.credits)).all()
            total = balance(connection, self.account_id)
        references = [entry.reference for entry in entries]
        assert len(references) == len(set(references))
        for job_id in job_ids:
            assert f"hold:{job_id}" in references
            assert f"end:{job_id}" in references
        assert total == -sum(self.row(one).credits_charged for one in job_ids)

    def check_files(self, job_ids: list[str], uploads: int = 0) -> None:
        """One file per output and per upload, and nothing else, unfinished or not."""
        expected = {key for one in job_ids for key in self.row(one).output_keys}
        kept = {file.key for file in self.services.store.files()}
        assert {key for key in kept if not key.startswith("api-assets/")} == {
            key for key in expected if not key.startswith("api-assets/")
        }
        assert len(kept) == len(expected) + uploads
        on_disk = [path for path in self.services.settings.files_folder.rglob("*") if path.is_file()]
        assert len(on_disk) == len(kept)

    def stop(self) -> None:
        """Wait until the dead are buried, end the living politely, and check that no scratch file is left."""
        wait_until(self._dead_are_buried, JOB_LIMIT_S, "the dead are buried")
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes:
            process.wait(timeout=60)
        assert [path for path in self._scratch.rglob("*") if path.is_file()] == []

    @property
    def _scratch(self) -> Path:
        return self.services.settings.scratch_folder

    def _dead_are_buried(self) -> bool:
        with self.services.database.read() as connection:
            rows = connection.execute(sa.select(processes.c.id, processes.c.pid)).all()
        folders = {folder.name for folder in self._scratch.glob("*")}
        return all(Path(f"/proc/{row.pid}").exists() for row in rows) and folders <= {row.id for row in rows}

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        log = (self.home.parent / f"log-{len(self.processes)}.txt").open("wb")
        with log:
            process = subprocess.Popen(command, env=self.variables, stdout=log, stderr=subprocess.STDOUT)
        self.processes.append(process)
        return process

    def _answers(self, process: subprocess.Popen[bytes]) -> bool:
        assert process.poll() is None, self.logs()
        try:
            return self.http.get("/healthz").status_code == 200
        except httpx.TransportError:
            return False

    def logs(self) -> str:
        """The ends of everything that the processes wrote."""
        return "\n".join(path.read_text()[-3000:] for path in sorted(self.home.parent.glob("log-*.txt")))


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


@contextmanager
def running(home: Path, database_url: str | None, **settings: str) -> Iterator[Running]:
    """A fresh service; all of its processes are gone at the end."""
    home.mkdir(parents=True)
    variables = {name: value for name, value in os.environ.items() if not name.startswith("LIPWRIGHT_")}
    variables |= {"LIPWRIGHT_HOME": str(home), "OMP_NUM_THREADS": "1"}
    variables |= {f"LIPWRIGHT_{name.upper()}": value for name, value in settings.items()}
    if database_url is not None:
        variables["LIPWRIGHT_DATABASE_URL"] = database_url
    loaded = load_settings(home=home, database_url=database_url)
    migrate(loaded)
    services = open_services(loaded)
    with services.database.write() as connection:
        account = ensure_account(connection, "default", "unlimited")
        key = create_key(connection, account, "test")
    found = Running(home=home, variables=variables, services=services, account_id=account.id, key=key)
    try:
        yield found
    except BaseException:
        print(found.logs())
        raise
    finally:
        for process in found.processes:
            if process.poll() is None:
                process.kill()
                process.wait()
        found.http.close()
        services.database.close()
