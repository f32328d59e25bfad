"""Whether this server can take and finish work."""

from __future__ import annotations

import shutil

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from lipwright.server.database.clock import database_now_ms
from lipwright.server.database.tables import processes
from lipwright.server.database.waits import DatabaseBusy
from lipwright.server.runtime.heartbeats import HEARTBEAT_TIMEOUT_MS, ProcessKind
from lipwright.server.services import Services

# Below this the next upload or result may not fit.
LEAST_FREE_BYTES = 200 * 1024 * 1024


def check_readiness(services: Services, worker_trouble: str | None) -> str | None:
    """What is missing, in one sentence for the operator; None when the server is ready.

    worker_trouble: what is wrong with the workers that this server started; others may be well.
    """
    try:
        alive = count_alive(services)
    except (SQLAlchemyError, DatabaseBusy):
        return "The database does not answer."
    if alive.get(ProcessKind.WORKER, 0) == 0:
        if alive.get(ProcessKind.FAILING_WORKER, 0):
            return "No worker can render: the engine does not start. The log says why."
        return worker_trouble or (
            "No worker is ready yet." if alive.get(ProcessKind.STARTING_WORKER, 0) else "No worker is alive."
        )
    if shutil.disk_usage(services.settings.home).free < LEAST_FREE_BYTES:
        return "The disk is nearly full."
    return None


def count_alive(services: Services) -> dict[str, int]:
    """How many servers and workers are alive."""
    query = (
        sa.select(processes.c.kind, sa.func.count())
        .where(processes.c.seen_at_ms > database_now_ms() - HEARTBEAT_TIMEOUT_MS)
        .group_by(processes.c.kind)
    )
    with services.database.read() as connection:
        return {kind: count for kind, count in connection.execute(query)}  # noqa: C416  rows are no pairs
