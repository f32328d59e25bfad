"""A file that a call names, on this machine: where it lies, or a copy for as long as the call lasts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lipwright.server.errors import Refused
from lipwright.server.ids import new_id
from lipwright.server.services import Services
from lipwright.server.storage.store import FileMissing

# A larger one is not brought here from another machine only to be looked at.
MOST_COPIED_BYTES = 1_000_000_000


@contextmanager
def temporary_folder(scratch: Path) -> Iterator[Path]:
    """A folder of one call."""
    folder = scratch / f"look-{new_id()}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def local_file(services: Services, scratch: Path, key: str) -> Iterator[Path]:
    """The file of a key. Raises Refused where it is gone, or too large to be brought here."""
    path = services.store.local_path(key)
    if path is not None:
        yield path
        return
    found = services.store.find(key)
    if found is None:
        raise Refused("The file was deleted in the meantime. Upload it again.")
    if found.size_bytes > MOST_COPIED_BYTES:
        raise Refused("The file is too large to be looked into before the job.")
    with temporary_folder(scratch) as folder:
        copy = folder / f"file.{key.rpartition('.')[2]}"
        try:
            services.store.fetch(key, copy)
        except FileMissing:
            raise Refused("The file was deleted in the meantime. Upload it again.") from None
        yield copy
