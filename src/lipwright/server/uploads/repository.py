"""Upload permissions as rows: who asked for which file path."""

from __future__ import annotations

import sqlalchemy as sa

from lipwright.server.database.clock import database_now_ms
from lipwright.server.database.tables import uploads
from lipwright.server.uploads.formats import MediaKind


def add_upload(connection: sa.Connection, file_path: str, account_id: str, kind: MediaKind) -> None:
    """Let an account upload a file, and then use it."""
    connection.execute(
        sa.insert(uploads).values(
            file_path=file_path, account_id=account_id, kind=kind, created_at_ms=database_now_ms()
        )
    )


def owns_upload(connection: sa.Connection, file_path: str, account_id: str) -> bool:
    """Whether a file path was given to this account."""
    query = sa.select(uploads.c.file_path).where(
        uploads.c.file_path == file_path, uploads.c.account_id == account_id
    )
    return connection.execute(query).first() is not None


def has_upload(connection: sa.Connection, file_path: str) -> bool:
    """Whether a file path was given to any account."""
    return (
        connection.execute(sa.select(uploads.c.kind).where(uploads.c.file_path == file_path)).first()
        is not None
    )


def list_uploads_before(connection: sa.Connection, time_ms: int, limit: int) -> list[str]:
    """File paths that were asked for before a time."""
    query = sa.select(uploads.c.file_path).where(uploads.c.created_at_ms < time_ms).limit(limit)
    return list(connection.execute(query).scalars())


def delete_upload(connection: sa.Connection, file_path: str) -> None:
    """Remove the row of a file that is gone."""
    connection.execute(sa.delete(uploads).where(uploads.c.file_path == file_path))
