"""A database server that cannot be reached counts as a lost connection, for which DBOS waits.

DBOS tries again for as long as a connection is lost, so that no finished step is forgotten. It knows a
failure to connect by a sentence that psycopg says of TCP only; on a Unix socket it would give the step up.
SQLAlchemy marks what counts as a lost connection, and its public event lets us mark a failure to connect, for
every engine of this process. Nothing private of DBOS is touched.
"""

from __future__ import annotations

import psycopg
import sqlalchemy as sa


def count_failures_to_connect_as_lost() -> None:
    """From now on a failure to connect to PostgreSQL is marked `connection_invalidated` in this process."""
    if not sa.event.contains(sa.Engine, "handle_error", mark_failure_to_connect):
        sa.event.listen(sa.Engine, "handle_error", mark_failure_to_connect)


def mark_failure_to_connect(context: sa.ExceptionContext) -> None:
    """SQLAlchemy's hook for an error of the driver; without a connection it is one of connecting."""
    if context.connection is None and isinstance(context.original_exception, psycopg.OperationalError):
        context.is_disconnect = True
