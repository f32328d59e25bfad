"""Folders and files of the service for its user alone, whoever made them and with whatever mask."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import structlog

from lipwright.provenance.settings import FILE_NAME
from lipwright.server.settings import Settings

_log = structlog.get_logger(__name__)

FOLDER_MODE, FILE_MODE = 0o700, 0o600
# What is made from now on: nothing for the group, nothing for others.
_MASK = 0o077
# What lies in the data folder and is ours. Another file there keeps its mode: the folder itself is closed.
_DATABASES = ("lipwright.sqlite3", "workflows.sqlite3")
_BESIDE_A_DATABASE = ("", "-wal", "-shm", "-journal")
_FILES = (FILE_NAME, "plans.toml", "voices.toml", "migrate.lock", "errors.log")


@dataclass(frozen=True, slots=True, kw_only=True)
class MendedModes:
    """How many folders and files were open to others, and are closed now or could not be."""

    closed: int
    refused: int


def keep_files_private() -> None:
    """Make what this process and its children make for this user alone."""
    os.umask(_MASK)


def mend_modes(settings: Settings) -> MendedModes:
    """Close what lies open in the data folder, with a word in the log; the data folder is made if need be."""
    keep_files_private()
    settings.home.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
    closed = refused = 0
    for path in _ours(settings):
        try:
            if _close(path):
                closed += 1
        except FileNotFoundError:  # gone meanwhile
            continue
        except OSError:
            refused += 1
    if closed:
        _log.warning("files of the service were open to other users and are closed now", files=closed)
    if refused:
        _log.error("files of the service are open to other users and are not this user's", files=refused)
    return MendedModes(closed=closed, refused=refused)


def _close(path: Path) -> bool:
    """Take every right of the group and of others; whether they had any."""
    mode = path.lstat().st_mode
    # A link has no rights of its own. A folder that everybody may write to, like /tmp, is nobody's alone.
    if stat.S_ISLNK(mode) or mode & stat.S_ISVTX or not mode & _MASK:
        return False
    path.chmod(stat.S_IMODE(mode) & ~_MASK)
    return True


def _ours(settings: Settings) -> Iterator[Path]:
    home = settings.home
    yield home
    for name in (*(base + end for base in _DATABASES for end in _BESIDE_A_DATABASE), *_FILES):
        if (home / name).exists():
            yield home / name
    for folder in (settings.files_folder, settings.scratch_folder):
        if folder.is_dir() and not folder.is_symlink():
            yield folder
            for place, folders, files in os.walk(folder):
                yield from (Path(place, name) for name in (*folders, *files))
