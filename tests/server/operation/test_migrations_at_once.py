"""Machines that are started together migrate once, one after the other."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from lipwright.server.database.connection import Database
from lipwright.server.operation.migrate import MIGRATION_LOCK, migrate, prepare_database
from lipwright.server.settings import load_settings
from tests.support.databases import Cluster

TOGETHER = 10
# Longer than a migration takes.
HELD_S = 2.0


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_ten_processes_that_start_together_migrate_once(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = ""
    if kind == "postgres":
        cluster: Cluster = request.getfixturevalue("cluster")
        url = cluster.url(cluster.create())
    command = [sys.executable, "-m", "tests.support.migrating", str(TOGETHER), url, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    prepare_database(load_settings(home=tmp_path, database_url=url or None))


def test_a_migration_waits_for_one_on_another_machine(cluster: Cluster, tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path, database_url=cluster.url(cluster.create()))
    other = Database(settings.sql_url)
    with other.advisory_lock(MIGRATION_LOCK):
        waiting = threading.Thread(target=migrate, args=(settings,))
        waiting.start()
        waiting.join(HELD_S)
        assert waiting.is_alive()
    waiting.join()
    other.close()
    prepare_database(settings)
