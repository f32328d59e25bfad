"""Bringing the tables to the present state. Run as a command for databases other than the embedded one:
`python -m lipwright.server.operation.migrate`.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from lipwright.server.database import migrations
from lipwright.server.database.connection import Database
from lipwright.server.errors import BadSettings
from lipwright.server.operation.installation import take_over_own_files
from lipwright.server.rendering.workflow_engine import WorkflowEngine
from lipwright.server.runtime.private_files import keep_files_private
from lipwright.server.settings import Settings, load_settings

_MIGRATIONS = Path(migrations.__file__).parent
# Any number that no other program uses as a lock in the same database: "lipw" in ASCII.
MIGRATION_LOCK = 0x6C697077


def migrate(settings: Settings) -> None:
    """Make or renew all tables, and give them this machine's plans and voice names where they have none.

    One process at a time, on whatever machine.
    """
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database(settings.sql_url)
    try:
        with _alone(settings, database):
            with database.write() as connection:
                if _revision(connection) != _newest_revision():
                    upgrade(connection)
                take_over_own_files(connection, settings)
            WorkflowEngine.migrate(settings)
    finally:
        database.close()


def upgrade(connection: sa.Connection) -> None:
    """Run the migrations that are missing."""
    command.upgrade(_config(connection), "head")


def prepare_database(settings: Settings) -> None:
    """Migrate the embedded database; check any other. Raises BadSettings when it is not up to date."""
    if settings.database_url is None:
        migrate(settings)
        return
    database = Database(settings.sql_url)
    try:
        with database.read() as connection:
            found = _revision(connection)
    except sa.exc.OperationalError:
        raise BadSettings("The database does not answer. Check database_url.") from None
    finally:
        database.close()
    if found != _newest_revision():
        raise BadSettings(
            "The tables of the database are not up to date. "
            "Run `python -m lipwright.server.operation.migrate` once, then start again."
        )


def _config(connection: sa.Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _revision(connection: sa.Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _newest_revision() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


@contextmanager
def _alone(settings: Settings, database: Database) -> Iterator[None]:
    """No other process migrates the same database. The lock goes with its holder, however that ends."""
    if database.is_sqlite:  # a file of this machine, and so is its lock
        with (settings.home / "migrate.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        return
    with database.advisory_lock(MIGRATION_LOCK):
        yield


if __name__ == "__main__":
    keep_files_private()
    migrate(load_settings())
