"""Looking at projects, canceling and deleting them. Knows nothing of how they are rendered."""

from __future__ import annotations

from lipwright.server.accounts.repository import Account
from lipwright.server.credits.service import refund
from lipwright.server.errors import InvalidRequest, NotFound
from lipwright.server.ids import looks_like_id
from lipwright.server.jobs import repository
from lipwright.server.jobs.model import Project
from lipwright.server.services import Services


def get_project(services: Services, account: Account, project_id: str, kinds: tuple[str, ...]) -> Project:
    """A project of the caller. Raises NotFound."""
    if looks_like_id(project_id):
        with services.database.read() as connection:
            project = repository.find_project(connection, project_id, account.id, kinds)
        if project is not None:
            return project
    raise NotFound


def cancel_project(services: Services, account: Account, project_id: str, kinds: tuple[str, ...]) -> Project:
    """Stop a project that is not final and give its credits back; a final one stays as it is."""
    project = get_project(services, account, project_id, kinds)
    with services.database.write() as connection:
        if repository.cancel(connection, project.id):
            refund(connection, account.id, project.id, project.credits_charged)
    return get_project(services, account, project_id, kinds)


def delete_project(services: Services, account: Account, project_id: str, kinds: tuple[str, ...]) -> None:
    """Remove the outputs of a project for good; one that is not final is stopped first."""
    project = cancel_project(services, account, project_id, kinds)
    with services.database.write() as connection:
        repository.disable(connection, project.id)
    for key in project.output_keys:
        services.store.remove(key)


def list_projects(
    services: Services,
    account: Account,
    kinds: tuple[str, ...],
    *,
    limit: int,
    cursor: str | None,
    status: str | None,
) -> tuple[list[Project], str | None]:
    """One page of projects, newest first, and the cursor of the next. Raises InvalidRequest."""
    with services.database.read() as connection:
        found = repository.list_projects(
            connection, account.id, kinds, limit=limit + 1, before=_parse_cursor(cursor), status=status
        )
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], f"{last.created_at_ms}.{last.id}"


def _parse_cursor(cursor: str | None) -> tuple[int, str] | None:
    if cursor is None:
        return None
    time_text, _, project_id = cursor.partition(".")
    if not (
        time_text.isascii() and time_text.isdigit() and len(time_text) < 16 and looks_like_id(project_id)
    ):
        raise InvalidRequest("Invalid value for cursor: use next_cursor of an earlier answer")
    return int(time_text), project_id
