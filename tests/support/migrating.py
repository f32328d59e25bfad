"""Processes that migrate one database together, each as on a machine of its own.

`python -m tests.support.migrating COUNT DATABASE_URL FOLDER` gives each a data folder of its own in FOLDER;
with "" for the address of the database they share FOLDER and the SQLite file in it.
"""

from __future__ import annotations

import multiprocessing
import sys
from pathlib import Path
from typing import Any

from lipwright.server.operation.migrate import migrate
from lipwright.server.settings import load_settings

START_LIMIT_S = 60.0


def migrate_together(count: int, database_url: str | None, folder: Path) -> list[int | None]:
    """The exit statuses."""
    forked = multiprocessing.get_context("fork")
    barrier = forked.Barrier(count)
    homes = [folder / str(number) if database_url else folder for number in range(count)]
    processes = [forked.Process(target=_migrate, args=(barrier, database_url, home)) for home in homes]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return [process.exitcode for process in processes]


def _migrate(barrier: Any, database_url: str | None, home: Path) -> None:
    barrier.wait(START_LIMIT_S)
    migrate(load_settings(home=home, database_url=database_url))


if __name__ == "__main__":
    count, url, folder = sys.argv[1:]
    statuses = migrate_together(int(count), url or None, Path(folder))
    sys.exit(max(status or 0 for status in statuses))
