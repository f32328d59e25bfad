"""Tables whose defaults are times in milliseconds work with any SQLite."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from lipwright.server.rendering import old_sqlite


@pytest.fixture
def patched() -> Iterator[None]:
    """This process as it is with a SQLite from before 3.42."""
    was_patched = sa.event.contains(sa.Engine, "connect", old_sqlite.add_unixepoch)
    old_sqlite.patch_old_sqlite(sqlite_version=(3, 40, 1))
    yield
    if not was_patched:
        sa.event.remove(sa.Engine, "connect", old_sqlite.add_unixepoch)


@pytest.mark.usefixtures("patched")
def test_a_default_in_milliseconds_is_filled_in() -> None:
    before_ms = time.time() * 1000
    with sa.create_engine("sqlite://").begin() as connection:
        connection.execute(
            sa.text("CREATE TABLE t (a INTEGER, at INTEGER NOT NULL DEFAULT (unixepoch('subsec') * 1000))")
        )
        connection.execute(sa.text("INSERT INTO t (a) VALUES (1)"))
        at_ms = connection.execute(sa.text("SELECT at FROM t")).scalar_one()
        whole_s = connection.execute(sa.text("SELECT unixepoch()")).scalar_one()
    assert before_ms - 1 <= at_ms <= time.time() * 1000 + 1
    assert whole_s == pytest.approx(at_ms / 1000, abs=2)


def test_a_new_sqlite_is_left_alone() -> None:
    was_patched = sa.event.contains(sa.Engine, "connect", old_sqlite.add_unixepoch)
    old_sqlite.patch_old_sqlite(sqlite_version=(3, 42, 0))
    assert sa.event.contains(sa.Engine, "connect", old_sqlite.add_unixepoch) == was_patched
