"""Accounts and their keys, as rows. A key itself is never stored."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import sqlalchemy as sa

from lipwright.server.database.clock import database_now_ms
from lipwright.server.database.connection import Database
from lipwright.server.database.prepared import PreparedQuery
from lipwright.server.database.tables import accounts, api_keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who may call, and on which plan."""

    id: str
    name: str
    plan: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key without its secret; hint is its beginning, enough to distinguish keys."""

    id: str
    account: str
    plan: str
    name: str
    hint: str
    created_at_ms: int
    revoked_at_ms: int | None


def hash_key(key: str) -> str:
    """What is stored in place of a key."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


# Asked at every call.
_ACCOUNT_OF_KEY = PreparedQuery(
    sa.select(accounts.c.id, accounts.c.name, accounts.c.plan)
    .join(api_keys, api_keys.c.account_id == accounts.c.id)
    .where(api_keys.c.key_hash == sa.bindparam("key_hash"), api_keys.c.revoked_at_ms.is_(None))
)


async def account_of_key(database: Database, key_hash: str) -> Account | None:
    """Whose key this is, by what is stored of it; None when it is unknown or revoked. Nothing is cached."""
    row = await database.first(_ACCOUNT_OF_KEY, key_hash=key_hash)
    return None if row is None else Account(id=row[0], name=row[1], plan=row[2])


def owner_of_key(connection: sa.Connection, key: str) -> tuple[str, str] | None:
    """The ids of the account of a key and of the key; None when it is unknown or revoked."""
    query = sa.select(api_keys.c.account_id, api_keys.c.id).where(_is_good(key))
    row = connection.execute(query).first()
    return (row.account_id, row.id) if row else None


def _is_good(key: str) -> sa.ColumnElement[bool]:
    """The condition for the row of a key that is known and not revoked."""
    return sa.and_(api_keys.c.key_hash == hash_key(key), api_keys.c.revoked_at_ms.is_(None))


def get_account(connection: sa.Connection, account_id: str) -> Account:
    """The account of an id that a job or a key names."""
    query = sa.select(accounts.c.id, accounts.c.name, accounts.c.plan).where(accounts.c.id == account_id)
    return Account(**connection.execute(query).one()._mapping)


def find_account(connection: sa.Connection, name: str) -> Account | None:
    """The account of that name or id."""
    query = sa.select(accounts.c.id, accounts.c.name, accounts.c.plan).where(
        sa.or_(accounts.c.name == name, accounts.c.id == name)
    )
    row = connection.execute(query).first()
    return Account(**row._mapping) if row else None


def list_accounts(connection: sa.Connection) -> list[Account]:
    """All accounts by name."""
    query = sa.select(accounts.c.id, accounts.c.name, accounts.c.plan).order_by(accounts.c.name)
    return [Account(**row._mapping) for row in connection.execute(query)]


def add_account(connection: sa.Connection, account: Account) -> None:
    """Store a new account."""
    connection.execute(
        sa.insert(accounts).values(
            id=account.id, name=account.name, plan=account.plan, created_at_ms=database_now_ms()
        )
    )


def set_plan(connection: sa.Connection, account_id: str, plan: str) -> None:
    """Change the plan of an account."""
    connection.execute(sa.update(accounts).where(accounts.c.id == account_id).values(plan=plan))


def add_key(
    connection: sa.Connection, *, key_id: str, account_id: str, name: str, key_hash: str, hint: str
) -> None:
    """Store what is kept of a new key."""
    connection.execute(
        sa.insert(api_keys).values(
            id=key_id,
            account_id=account_id,
            name=name,
            key_hash=key_hash,
            hint=hint,
            created_at_ms=database_now_ms(),
        )
    )


def list_keys(connection: sa.Connection) -> list[ApiKey]:
    """All keys, oldest first."""
    query = (
        sa.select(
            api_keys.c.id,
            accounts.c.name.label("account"),
            accounts.c.plan,
            api_keys.c.name,
            api_keys.c.hint,
            api_keys.c.created_at_ms,
            api_keys.c.revoked_at_ms,
        )
        .join(accounts, accounts.c.id == api_keys.c.account_id)
        .order_by(api_keys.c.created_at_ms, api_keys.c.id)
    )
    return [ApiKey(**row._mapping) for row in connection.execute(query)]


def revoke_key(connection: sa.Connection, which: str) -> int:
    """Revoke by id, by hint or by the key itself; how many were revoked."""
    result = connection.execute(
        sa.update(api_keys)
        .where(
            sa.or_(
                api_keys.c.id == which,
                api_keys.c.hint == which.rstrip("."),
                api_keys.c.key_hash == hash_key(which),
            ),
            api_keys.c.revoked_at_ms.is_(None),
        )
        .values(revoked_at_ms=database_now_ms())
    )
    return result.rowcount
