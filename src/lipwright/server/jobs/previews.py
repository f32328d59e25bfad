"""The newest frame of each job that is rendered, as a row."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from lipwright.server.database.clock import database_now_ms
from lipwright.server.database.tables import previews


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A frame of a video that is being made. jpeg: small."""

    frame: int
    made_at_ms: int
    jpeg: bytes


def put_preview(connection: sa.Connection, job_id: str, frame: int, jpeg: bytes) -> None:
    """Let this be the newest frame of a job."""
    values = {"frame": frame, "jpeg": jpeg, "made_at_ms": database_now_ms()}
    changed = connection.execute(sa.update(previews).where(previews.c.project_id == job_id).values(**values))
    if not changed.rowcount:
        connection.execute(sa.insert(previews).values(project_id=job_id, **values))


def find_preview(connection: sa.Connection, job_id: str) -> Preview | None:
    """The newest frame of a job; None before there is one, and after the job has ended."""
    query = sa.select(previews.c.frame, previews.c.made_at_ms, previews.c.jpeg).where(
        previews.c.project_id == job_id
    )
    row = connection.execute(query).first()
    return Preview(**row._mapping) if row else None


def drop_preview(connection: sa.Connection, job_id: str) -> None:
    """Forget the frame of a job that ended."""
    connection.execute(sa.delete(previews).where(previews.c.project_id == job_id))
