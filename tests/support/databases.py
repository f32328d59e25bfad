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
    """A running PostgreSQL server that only this process knows."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

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


@contextmanager
def postgres_cluster(programs: Path) -> Iterator[Cluster]:
    """A cluster in a folder of its own, reached by a socket there; gone at the end."""
    # Sockets have short paths, and the server refuses to run as root.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if user:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)

    def run(program: str, *arguments: str) -> None:
        command = [*user, str(programs / program), *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd=folder)

    data = folder / "data"
    try:
        run("initdb", "-D", str(data), "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-k {folder} -c listen_addresses= -c fsync=off -c max_connections=200"
        run("pg_ctl", "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start")
        try:
            yield Cluster(folder)
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server; the test is skipped where its programs are not installed."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip("no PostgreSQL server is installed here (initdb was not found)")
    with postgres_cluster(programs) as running:
        yield running
