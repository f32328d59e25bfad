"""Reading an account's ledger, projects and keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from lipwright.server.database.tables import api_keys, ledger, projects

DAY_MS = 24 * 3600 * 1000


def ledger_rows(
    connection: sa.Connection, account_id: str, *, limit: int, before_id: int | None
) -> Sequence[Any]:
    """Rows before one, newest first."""
    query = (
        sa.select(ledger.c.id, ledger.c.reference, ledger.c.credits, ledger.c.note, ledger.c.created_at_ms)
        .where(ledger.c.account_id == account_id)
        .order_by(ledger.c.id.desc())
        .limit(limit)
    )
    if before_id is not None:
        query = query.where(ledger.c.id < before_id)
    return connection.execute(query).all()


def usage_by_day(
    connection: sa.Connection, account_id: str, since_ms: int
) -> dict[int, tuple[int, float, int]]:
    """Of each day since 1970: how many projects were complete, how many seconds they have, what they cost."""
    day = projects.c.created_at_ms // DAY_MS
    query = (
        sa.select(
            day.label("day"),
            sa.func.count().label("number"),
            sa.func.coalesce(sa.func.sum(projects.c.duration_s), 0.0).label("seconds"),
            sa.func.coalesce(sa.func.sum(projects.c.credits_charged), 0).label("credits"),
        )
        .where(
            projects.c.account_id == account_id,
            projects.c.created_at_ms >= since_ms,
            projects.c.status == "complete",
        )
        .group_by(sa.text("day"))  # by its name: PostgreSQL takes two equal terms with parameters for two
    )
    return {
        int(row.day): (int(row.number), float(row.seconds), int(row.credits))
        for row in connection.execute(query)
    }


def keys_of(connection: sa.Connection, account_id: str) -> Sequence[Any]:
    """Keys, newest first."""
    query = (
        sa.select(
            api_keys.c.id,
            api_keys.c.name,
            api_keys.c.hint,
            api_keys.c.created_at_ms,
            api_keys.c.revoked_at_ms,
        )
        .where(api_keys.c.account_id == account_id)
        .order_by(api_keys.c.created_at_ms.desc(), api_keys.c.id.desc())
    )
    return connection.execute(query).all()
