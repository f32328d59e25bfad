"""The log as rows: added, looked up, and removed after their time. No statement changes one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from lipwright.server.database.clock import database_now_ms
from lipwright.server.database.tables import accounts, made_files
from lipwright.server.made_files.model import MadeFile, MadeOutput

# Rows that are held in memory while a long log is written out.
_PAGE = 1000
_FIELDS = [
    accounts.c.name.label("account") if name == "account" else made_files.c[name]
    for name in MadeFile.__dataclass_fields__
]


def add_made(
    connection: sa.Connection, *, account_id: str, project_id: str, product: str, made: Sequence[MadeOutput]
) -> None:
    """Enter the files of a project."""
    owner = {
        "account_id": account_id,
        "project_id": project_id,
        "product": product,
        "made_at_ms": database_now_ms(),
    }
    for output in made:
        connection.execute(sa.insert(made_files).values(**owner, **output.model_dump()))


def find_by_number(
    connection: sa.Connection, number: int, account_id: str | None = None
) -> tuple[MadeFile, ...]:
    """Files whose watermark says this number, newest first; those of one account where it is given."""
    return _found(connection, made_files.c.watermark_number == number, account_id)


def find_by_project(
    connection: sa.Connection, project_id: str, account_id: str | None = None
) -> tuple[MadeFile, ...]:
    """Files of a project, likewise."""
    return _found(connection, made_files.c.project_id == project_id, account_id)


def find_by_sha256(
    connection: sa.Connection, sha256: str, account_id: str | None = None
) -> tuple[MadeFile, ...]:
    """Files of exactly these bytes, likewise."""
    return _found(connection, made_files.c.sha256 == sha256, account_id)


def all_made(
    connection: sa.Connection, *, account_id: str | None = None, newest_first: bool = False
) -> Iterator[MadeFile]:
    """Every row, the oldest first unless it is said otherwise, read page by page."""
    last: int | None = None
    while True:
        query = _select(sa.true(), account_id).limit(_PAGE)
        query = query.order_by(made_files.c.id.desc() if newest_first else made_files.c.id)
        if last is not None:
            query = query.where(made_files.c.id < last if newest_first else made_files.c.id > last)
        rows = connection.execute(query).all()
        for row in rows:
            yield MadeFile(**row._mapping)
        if len(rows) < _PAGE:
            return
        last = rows[-1].id


def delete_made_before(connection: sa.Connection, time_ms: int, limit: int) -> int:
    """Remove rows of before a time, at most `limit`; how many there were."""
    old = sa.select(made_files.c.id).where(made_files.c.made_at_ms < time_ms).limit(limit)
    return connection.execute(sa.delete(made_files).where(made_files.c.id.in_(old))).rowcount


def _select(condition: sa.ColumnElement[bool], account_id: str | None) -> sa.Select[tuple[object, ...]]:
    query = sa.select(*_FIELDS).outerjoin(accounts, accounts.c.id == made_files.c.account_id).where(condition)
    return query if account_id is None else query.where(made_files.c.account_id == account_id)


def _found(
    connection: sa.Connection, condition: sa.ColumnElement[bool], account_id: str | None
) -> tuple[MadeFile, ...]:
    query = _select(condition, account_id).order_by(made_files.c.id.desc())
    return tuple(MadeFile(**row._mapping) for row in connection.execute(query))
