"""Fresh databases for tests: a SQLite file, or a database in a PostgreSQL cluster of our own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

# Debian keeps the server's programs out of the path.
_DEBIAN_FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def postgres_programs() -> Path | None:
    """The folder with the programs of a PostgreSQL server; None when there is none here."""
    found = shutil.which("initdb")
    folders = [Path(found).parent, *_DEBIAN_FOLDERS] if found else _DEBIAN_FOLDERS
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


class Cluster:
    """A PostgreSQL server that only this process knows; it can be stopped and started again."""

    def __init__(self, programs: Path) -> None:
        """Make its files, in a folder of its own with a socket."""
        self._programs = programs
        # Sockets have short paths, and the server refuses to run as root.
        self._folder = Path(tempfile.mkdtemp(prefix="pg"))
        self._user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self._user:
            owner = pwd.getpwnam("postgres")
            os.chown(self._folder, owner.pw_uid, owner.pw_gid)
        self._data = str(self._folder / "data")
        self._run("initdb", "-D", self._data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync")

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-k {self._folder} -c listen_addresses= -c fsync=off -c max_connections=200"
        log = str(self._folder / "log")
        self._run("pg_ctl", "-D", self._data, "-o", options, "-l", log, "-w", "start")

    def stop(self) -> None:
        """Stop it as a crash does: whoever is connected is cut off."""
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    def pid(self) -> int:
        """The number of its main process."""
        return int(Path(self._data, "postmaster.pid").read_text().split()[0])

    def remove(self) -> None:
        """Delete its files."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """Address of a database in it."""
        return f"postgresql://tester@/{database}?host={self._folder}"

    def create(self, template: str | None = None) -> str:
        """A new database, a copy of the template where one is given; its name."""
        name = f"test_{uuid.uuid4().hex}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template or "template1")
            )
            connection.execute(statement)
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is connected."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._user, str(self._programs / program), *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd=self._folder)


@contextmanager
def postgres_cluster() -> Iterator[Cluster]:
    """A running cluster, gone at the end; the test is skipped where PostgreSQL is not installed."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip("no PostgreSQL server is installed here (initdb was not found)")
    running = Cluster(programs)
    try:
        running.start()
        try:
            yield running
        finally:
            running.stop()
    finally:
        running.remove()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server."""
    with postgres_cluster() as running:
        yield running
