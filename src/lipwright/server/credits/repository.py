"""The ledger's rows. They are added, never changed; a balance is their sum."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from lipwright.server.database.clock import database_now_ms
from lipwright.server.database.tables import ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One fact: credits given (positive) or taken (negative)."""

    reference: str
    credits: int
    note: str
    created_at_ms: int


def balance(connection: sa.Connection, account_id: str) -> int:
    """The sum of an account's rows."""
    total = connection.execute(
        sa.select(sa.func.coalesce(sa.func.sum(ledger.c.credits), 0)).where(ledger.c.account_id == account_id)
    ).scalar_one()
    return int(total)


def has_entry(connection: sa.Connection, account_id: str, reference: str) -> bool:
    """Whether a fact was entered before."""
    query = sa.select(ledger.c.id).where(ledger.c.account_id == account_id, ledger.c.reference == reference)
    return connection.execute(query).first() is not None


def add_entry(connection: sa.Connection, account_id: str, reference: str, credits: int, note: str) -> bool:
    """Enter a fact. False when it was there already: the caller's work was done before."""
    if has_entry(connection, account_id, reference):
        return False
    connection.execute(
        sa.insert(ledger).values(
            account_id=account_id,
            reference=reference,
            credits=credits,
            note=note,
            created_at_ms=database_now_ms(),
        )
    )
    return True


def entries(connection: sa.Connection, account_id: str, limit: int) -> list[LedgerEntry]:
    """The newest rows of an account, newest first."""
    query = (
        sa.select(ledger.c.reference, ledger.c.credits, ledger.c.note, ledger.c.created_at_ms)
        .where(ledger.c.account_id == account_id)
        .order_by(ledger.c.id.desc())
        .limit(limit)
    )
    return [LedgerEntry(**row._mapping) for row in connection.execute(query)]
