"""Files in a local folder. Moves are renames, so that a file is there whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from lipwright.server.storage.store import FileMissing, StoredFile, is_key

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600


class FolderStore:
    """A Store in a folder; addresses to it are served by our own routes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        _make_private_folders(folder)

    def adopt(self, key: str, path: Path) -> None:
        target = self._path(key)
        path.chmod(PRIVATE_FILE)
        # A clean-up may remove the empty folder between the two calls; then once more.
        for last_try in (False, True):
            _make_private_folders(target.parent)
            try:
                os.replace(path, target)
                return
            except FileNotFoundError:
                if last_try or not path.exists():
                    raise

    def find(self, key: str) -> StoredFile | None:
        try:
            state = self._path(key).stat()
        except (FileMissing, FileNotFoundError, NotADirectoryError):
            return None
        return StoredFile(key=key, size_bytes=state.st_size, modified_at_ms=state.st_mtime_ns // 1_000_000)

    def fetch(self, key: str, path: Path) -> None:
        try:
            source = self._path(key)
            try:
                os.link(source, path)  # costs nothing; a copy only where the disk cannot link
            except FileNotFoundError:
                raise
            except OSError:
                shutil.copyfile(source, path)
        except FileNotFoundError:
            raise FileMissing(key) from None

    def local_path(self, key: str) -> Path | None:
        return self._path(key) if self.find(key) is not None else None

    def remove(self, key: str) -> None:
        path = self._path(key)
        path.unlink(missing_ok=True)
        for parent in path.parents:
            if parent == self._folder:
                break
            try:
                parent.rmdir()
            except OSError:  # not empty, or gone already
                break

    def files(self, prefix: str = "") -> Iterator[StoredFile]:
        root = self._folder / prefix
        for path in sorted(root.rglob("*")):
            found = self.find(path.relative_to(self._folder).as_posix()) if path.is_file() else None
            if found is not None:
                yield found

    def remove_unfinished(self, begun_before_ms: int) -> int:  # noqa: ARG002
        return 0  # a file is moved here when it is whole

    def key_of(self, url: str) -> str | None:  # noqa: ARG002
        return None

    def signed_url(self, method: str, key: str, lifetime_s: int) -> str | None:  # noqa: ARG002
        return None

    def _path(self, key: str) -> Path:
        if not is_key(key):
            raise FileMissing(key)
        return self._folder / key


def _make_private_folders(folder: Path) -> None:
    """Make a folder, and those above it that are not there, for this user alone."""
    for one in (*reversed(folder.parents), folder):
        if not one.exists():
            one.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
