"""Heartbeats: every server and worker renews its row in a table, and is dead when it no longer does."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa

from lipwright.server.database.clock import database_now_ms
from lipwright.server.database.tables import processes
from lipwright.server.ids import new_id
from lipwright.server.services import Services

# A process renews its row this often, also while it renders.
HEARTBEAT_S = 2.0
# A row older than this belongs to a dead process. Shorter gives up workers on a busy machine and renders
# their jobs twice (charged once all the same); longer leaves the jobs of a lost machine lying. A dead process
# of this machine is noticed at once.
HEARTBEAT_TIMEOUT_MS = 15_000
# In a scratch folder; its process holds it locked.
SCRATCH_LOCK = "lock"
# Linux makes a new one at every start of a machine; its containers share it.
BOOT_ID_FILE = Path("/proc/sys/kernel/random/boot_id")
# A row that was renewed while we looked at it is left alone until the next look.
JUST_SEEN_MS = 1_000


class ProcessKind(StrEnum):
    """What a process is. A worker whose engine has not started, or does not any more, is none to count on."""

    SERVER = "server"
    WORKER = "worker"
    STARTING_WORKER = "starting-worker"
    FAILING_WORKER = "failing-worker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One server or worker, under an id that no other process ever had."""

    id: str
    kind: ProcessKind


def this_host() -> str:
    """Where numbers of processes mean something: a start of a machine, or a container of it.

    Names do not tell: machines made from one image share theirs, and a machine keeps its own over a restart.
    """
    try:
        numbers = os.stat("/proc/self/ns/pid").st_ino
        return f"{BOOT_ID_FILE.read_text().strip()}/{numbers}"
    except OSError:  # nobody is at the same place then: only heartbeats tell
        return f"unknown/{new_id()}"


def register(services: Services, kind: ProcessKind) -> Process:
    """Enter this process into the table."""
    process = Process(id=new_id(), kind=kind)
    with services.database.write() as connection:
        _enter(connection, process)
    return process


def send_heartbeat(services: Services, process: Process) -> None:
    """Renew this process's row and its kind; it is entered again when another process removed it."""
    with services.database.write() as connection:
        renewed = connection.execute(
            sa.update(processes)
            .where(processes.c.id == process.id)
            .values(kind=process.kind, seen_at_ms=database_now_ms())
        ).rowcount
        if not renewed:
            _enter(connection, process)


def unregister(services: Services, process: Process) -> None:
    """Remove this process: what it still holds is free for others at once."""
    with services.database.write() as connection:
        connection.execute(sa.delete(processes).where(processes.c.id == process.id))
    shutil.rmtree(services.settings.scratch_folder / process.id, ignore_errors=True)


def remove_dead_processes(services: Services) -> list[str]:
    """Remove the rows of dead processes and scratch folders without a row; the ids removed."""
    with services.database.read() as connection:
        silent_ms = (database_now_ms() - processes.c.seen_at_ms).label("silent_ms")
        rows = connection.execute(
            sa.select(processes.c.id, processes.c.host, processes.c.pid, silent_ms)
        ).all()
    dead = [row.id for row in rows if _is_dead(row.host, row.pid, row.silent_ms)]
    if dead:
        with services.database.write() as connection:
            connection.execute(
                sa.delete(processes).where(
                    processes.c.id.in_(dead), processes.c.seen_at_ms < database_now_ms() - JUST_SEEN_MS
                )
            )
    _remove_scratch(services.settings.scratch_folder, alive={row.id for row in rows} - set(dead))
    return dead


def remove_abandoned_scratch(services: Services) -> None:
    """Remove scratch folders here of processes that others found dead, on this host or an earlier one."""
    with services.database.read() as connection:
        alive = set(connection.execute(sa.select(processes.c.id)).scalars())
    _remove_scratch(services.settings.scratch_folder, alive)


def scratch_folder(services: Services, process: Process) -> Path:
    """Where this process keeps unfinished files."""
    folder = services.settings.scratch_folder / process.id
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(OSError):  # a disk that knows no locks: the table has to do
        # Open and locked until the process ends, however it ends.
        fcntl.flock(os.open(folder / SCRATCH_LOCK, os.O_CREAT | os.O_RDWR, 0o600), fcntl.LOCK_EX)
    return folder


def _enter(connection: sa.Connection, process: Process) -> None:
    row = {"id": process.id, "kind": process.kind, "host": this_host(), "pid": os.getpid()}
    times = {"started_at_ms": database_now_ms(), "seen_at_ms": database_now_ms()}
    connection.execute(sa.insert(processes).values(**row, **times))


def _is_dead(host: str, pid: int, silent_ms: int) -> bool:
    if silent_ms > HEARTBEAT_TIMEOUT_MS:
        return True
    if host != this_host():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _remove_scratch(folder: Path, alive: set[str]) -> None:
    """Folders of processes that are not in the table, nor alive here: a process that was too slow for others
    loses its row for a moment. A young folder may belong to a process just starting.
    """
    for path in folder.glob("*"):
        try:
            age_s = time.time() - path.stat().st_mtime  # of files here, by the clock here
        except FileNotFoundError:
            continue
        if path.name not in alive and age_s > HEARTBEAT_S and not _is_in_use(path):
            shutil.rmtree(path, ignore_errors=True)


def _is_in_use(folder: Path) -> bool:
    """Whether the process of a scratch folder still holds its lock."""
    try:
        with (folder / SCRATCH_LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # there is none
        return False
    return False
