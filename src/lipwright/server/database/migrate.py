"""Bringing the tables to the present state. Run as a command for databases other than the embedded one:
`python -m lipwright.server.database.migrate`.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from lipwright.server.database.database import Database
from lipwright.server.database.tables import METADATA
from lipwright.server.jobs.workflow import migrate_workflows
from lipwright.server.settings import Settings, load_settings


def migrate(settings: Settings) -> None:
    """Make or renew all tables; one process at a time."""
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(settings):
        database = Database(settings.sql_url)
        with database.write() as connection:
            METADATA.create_all(connection)
        database.close()
        migrate_workflows(settings)


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    with (settings.home / "migrate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    migrate(load_settings())
