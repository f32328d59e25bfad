"""Removing what is no longer needed: expired uploads, results, answers and webhook events; old rows of the
log of what was made; files without a row; and what is left of files that were never stored whole.
"""

from __future__ import annotations

import structlog

from lipwright.server.accounts import sessions
from lipwright.server.database.clock import read_now_ms
from lipwright.server.jobs import idempotency
from lipwright.server.jobs import repository as jobs
from lipwright.server.jobs.lifecycle import delete_expired, delete_hidden
from lipwright.server.made_files.repository import delete_made_before
from lipwright.server.services import Services
from lipwright.server.uploads import repository as uploads
from lipwright.server.uploads.service import ASSET_FOLDER
from lipwright.server.webhooks import repository as webhooks

_log = structlog.get_logger(__name__)

UPKEEP_S = 60.0
DAY_MS = 24 * 3600 * 1000
# Rows per round: small enough that nobody waits for the database because of it.
BATCH = 200
# Looking at every file of a large store takes a while; files without a row are rare.
UNREFERENCED_CHECK_S = 6 * 3600.0
# A file this old is not about to be named by a row.
UNREFERENCED_AGE_S = 3600.0
# A store takes no longer than this for the largest result. Less could end an upload that is still going on.
UNFINISHED_AGE_S = 24 * 3600.0


def remove_expired(services: Services) -> None:
    """One round of upkeep. Several processes may do it at once."""
    removed = _remove_old_uploads(services) + _remove_old_outputs(services) + delete_hidden(services, BATCH)
    with services.database.write() as connection:
        idempotency.delete_old(connection)
        sessions.delete_old(connection)
        limit = read_now_ms(connection) - int(services.settings.webhook_retention_days * DAY_MS)
        webhooks.delete_old_events(connection, limit, BATCH)
        if services.settings.made_files_days is not None:
            limit = read_now_ms(connection) - int(services.settings.made_files_days * DAY_MS)
            delete_made_before(connection, limit, BATCH)
    if removed:
        _log.info("expired files removed", files=removed)


def remove_unreferenced(services: Services, older_than_s: float = UNREFERENCED_AGE_S) -> int:
    """Delete files that no row names, left when a render was stored as its job was canceled; how many."""
    with services.database.read() as connection:
        limit = read_now_ms(connection) - int(older_than_s * 1000)
    count = 0
    for file in services.store.files():
        if file.modified_at_ms <= limit and not _is_referenced(services, file.key):
            services.store.remove(file.key)
            count += 1
    return count


def remove_unfinished(services: Services, older_than_s: float = UNFINISHED_AGE_S) -> int:
    """Delete parts of files that a process was storing when it died; of how many files."""
    with services.database.read() as connection:
        limit = read_now_ms(connection) - int(older_than_s * 1000)
    count = services.store.remove_unfinished(limit)
    if count:
        _log.info("unfinished uploads removed", files=count)
    return count


def _is_referenced(services: Services, key: str) -> bool:
    with services.database.read() as connection:
        if key.startswith(f"{ASSET_FOLDER}/"):
            return uploads.has_upload(connection, key)
        job = jobs.get_job(connection, key.partition("/")[0])
    return job is not None and (key in job.file_keys or not job.is_final)


def _remove_old_uploads(services: Services) -> int:
    with services.database.read() as connection:
        limit = read_now_ms(connection) - int(services.settings.asset_retention_days * DAY_MS)
        old = uploads.list_uploads_before(connection, limit, BATCH)
    for file_path in old:
        services.store.remove(file_path)  # the file first: a row without a file is tried again
        with services.database.write() as connection:
            uploads.delete_upload(connection, file_path)
    return len(old)


def _remove_old_outputs(services: Services) -> int:
    if services.settings.output_retention_days is None:
        return 0
    with services.database.read() as connection:
        limit = read_now_ms(connection) - int(services.settings.output_retention_days * DAY_MS)
    return delete_expired(services, limit, BATCH)
