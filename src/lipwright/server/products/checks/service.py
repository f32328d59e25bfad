"""Checking where a file is from: one that was uploaded, or one at an address."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from lipwright.provenance.check.known_marks import KnownMarks, known_marks
from lipwright.provenance.errors import CredentialsError
from lipwright.server.accounts.repository import Account
from lipwright.server.jobs.model import Source
from lipwright.server.made_files.service import find_made
from lipwright.server.products.checks.child import check_in_child, fetch_in_child
from lipwright.server.products.checks.messages import CheckTask
from lipwright.server.products.checks.schemas import Check, CheckRequest
from lipwright.server.products.inspection.local_files import (
    MOST_COPIED_BYTES,
    local_file,
    temporary_folder,
)
from lipwright.server.products.sources import any_field, resolve_source
from lipwright.server.services import Services
from lipwright.server.settings import Settings

_log = structlog.get_logger(__name__)


def check(services: Services, scratch: Path, account: Account, request: CheckRequest) -> Check:
    """What says where a file is from. Raises Refused and Unavailable."""
    source = resolve_source(services, account, any_field(request.file_path), request.file_path)
    with _local_file(services, scratch, account, source) as path:
        found = check_in_child(services.settings, scratch, _task(services.settings, path))
    return found.model_copy(update={"project_id": _project_id(services, account, found)})


def _task(settings: Settings, path: Path) -> CheckTask:
    try:
        known = known_marks(settings.marking_settings)
    except CredentialsError as failure:
        _log.warning("own marks are not recognised", reason=failure.message)
        known = KnownMarks()
    return CheckTask(
        path=str(path),
        installation=known.installation,
        own_roots=known.own_roots,
        roots=known.roots,
        watermark_keys=known.watermark_keys,
    )


def _project_id(services: Services, account: Account, found: Check) -> str | None:
    """The project of this account that made a file, as its watermark or its credentials say."""
    numbers = [found.watermark.number if found.watermark.is_ours else None]
    if found.credentials.is_ours and found.credentials.manifest is not None:
        numbers.append(found.credentials.manifest.number)
    for number in numbers:
        if number is not None and (made := find_made(services, number, account.id)):
            return made[0].project_id
    return None


@contextmanager
def _local_file(services: Services, scratch: Path, account: Account, source: Source) -> Iterator[Path]:
    """The file on this machine, for as long as the call lasts."""
    if source.key is not None:
        with local_file(services, scratch, source.key) as path:
            yield path
        return
    assert source.url is not None
    allowed = services.price_list.plan(account.plan).upload_bytes
    with temporary_folder(scratch) as folder:
        path = folder / f"file.{source.extension}"
        fetch_in_child(services.settings, source.url, path, min(allowed, MOST_COPIED_BYTES))
        yield path
