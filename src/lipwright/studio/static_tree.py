"""The files of the pages, read once: typed, compressed, and under an address that their content names.

A browser keeps what it got under such an address for a year. Another content has another address.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
SHELL_NAME = "index.html"
# In the shell this stands where the address of the files belongs.
SHELL_PREFIX = "/static/"
# Half a SHA-256 says enough: nobody chooses these contents but us.
VERSION_LENGTH = 16

CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".wav": "audio/wav",
    ".mp3": "audio/mpeg",
    ".webmanifest": "application/manifest+json",
}
# These are small already: compressing them again only costs the reader time.
_PACKED = frozenset({".png", ".jpg", ".webp", ".woff2", ".mp3"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticFile:
    """One file. compressed: its gzip form, None where that is no smaller. etag: quoted, for headers."""

    content: bytes
    compressed: bytes | None
    content_type: str
    etag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticTree:
    """All files by their path below the folder. version: changes with any of them.

    shell: the page that every address of the studio answers with; None where there is none.
    """

    version: str
    files: Mapping[str, StaticFile]
    shell: StaticFile | None


def read_tree(folder: Path = FOLDER) -> StaticTree:
    """The files below a folder whose type is known; hidden ones are left out."""
    contents = {path.relative_to(folder).as_posix(): path.read_bytes() for path in _files_of(folder)}
    digest = hashlib.sha256()
    for name, content in contents.items():
        digest.update(f"{name}\n{len(content)}\n".encode() + content)
    version = digest.hexdigest()[:VERSION_LENGTH]
    shell = contents.pop(SHELL_NAME, None)
    if shell is not None:
        shell = shell.replace(SHELL_PREFIX.encode(), f"{SHELL_PREFIX}{version}/".encode())
    return StaticTree(
        version=version,
        files={name: _static_file(name, content) for name, content in contents.items()},
        shell=None if shell is None else _static_file(SHELL_NAME, shell),
    )


def state_of(folder: Path = FOLDER) -> tuple[tuple[str, int, int], ...]:
    """Name, size and time of every file: another value where one was changed."""
    found = []
    for path in _files_of(folder):
        state = path.stat()
        found.append((path.relative_to(folder).as_posix(), state.st_size, state.st_mtime_ns))
    return tuple(found)


def _files_of(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix in CONTENT_TYPES
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def _static_file(name: str, content: bytes) -> StaticFile:
    suffix = Path(name).suffix
    # Without a time in it, so that the same file is the same bytes at every start.
    packed = None if suffix in _PACKED else gzip.compress(content, compresslevel=9, mtime=0)
    return StaticFile(
        content=content,
        compressed=packed if packed is not None and len(packed) < len(content) else None,
        content_type=CONTENT_TYPES[suffix],
        etag=f'"{hashlib.sha256(content).hexdigest()[:VERSION_LENGTH]}"',
    )
