"""Which host a process is on, and what is removed of dead ones."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from lipwright.server.database.tables import processes
from lipwright.server.runtime import heartbeats
from lipwright.server.runtime.heartbeats import (
    ProcessKind,
    register,
    remove_abandoned_scratch,
    remove_dead_processes,
    scratch_folder,
    send_heartbeat,
    unregister,
)
from lipwright.server.services import Services

# Above the limit of the kernel: no process has it.
NOBODYS_PID = 2**22 + 1


def boot(monkeypatch: pytest.MonkeyPatch, folder: Path, boot_id: str) -> None:
    """From now on this process is on a machine that was started under this id. Its name stays."""
    file = folder / "boot_id"
    file.write_text(f"{boot_id}\n")
    monkeypatch.setattr(heartbeats, "BOOT_ID_FILE", file, raising=False)


def register_gone(services: Services) -> str:
    """Enter a process that is not there, and was seen a moment ago; its id."""
    process = register(services, ProcessKind.WORKER)
    with services.database.write() as connection:
        row = sa.update(processes).where(processes.c.id == process.id)
        connection.execute(
            row.values(pid=NOBODYS_PID, seen_at_ms=processes.c.seen_at_ms - 2 * heartbeats.JUST_SEEN_MS)
        )
    return process.id


def test_a_process_of_a_machine_of_the_same_name_is_not_looked_for_here(
    any_services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    boot(monkeypatch, tmp_path, "11111111-1111-1111-1111-111111111111")
    theirs = register_gone(any_services)
    boot(monkeypatch, tmp_path, "22222222-2222-2222-2222-222222222222")
    ours = register_gone(any_services)
    assert remove_dead_processes(any_services) == [ours]
    boot(monkeypatch, tmp_path, "11111111-1111-1111-1111-111111111111")
    assert remove_dead_processes(any_services) == [theirs]


def test_where_no_boot_id_is_to_be_had_only_heartbeats_tell(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeats, "BOOT_ID_FILE", tmp_path / "none", raising=False)
    register_gone(services)
    assert remove_dead_processes(services) == []


def let_time_pass(folder: Path) -> None:
    """Make a folder older than that of a process that is just starting."""
    long_ago_s = time.time() - 60
    os.utime(folder, (long_ago_s, long_ago_s))


def test_scratch_of_a_process_that_lives_stays_though_others_took_it_for_dead(services: Services) -> None:
    slow = register(services, ProcessKind.SERVER)
    folder = scratch_folder(services, slow)
    let_time_pass(folder)
    with services.database.write() as connection:  # as another machine does, after 15 silent seconds
        connection.execute(sa.delete(processes))
    remove_dead_processes(services)
    assert folder.is_dir()
    send_heartbeat(services, slow)
    unregister(services, slow)
    assert not folder.exists()


def test_scratch_of_hosts_that_are_gone_is_removed_also_where_others_found_them_dead(
    services: Services,
) -> None:
    alive = scratch_folder(services, register(services, ProcessKind.SERVER))
    gone = services.settings.scratch_folder / "c0gone"
    (gone / "c0job").mkdir(parents=True)
    (gone / "c0job" / "video.mp4").write_bytes(b"x")
    (gone / heartbeats.SCRATCH_LOCK).touch()
    starting = services.settings.scratch_folder / "c0starting"
    starting.mkdir()
    for folder in (alive, gone):
        let_time_pass(folder)
    remove_abandoned_scratch(services)
    assert (alive.is_dir(), gone.exists(), starting.is_dir()) == (True, False, True)
