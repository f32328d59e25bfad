"""Where files are kept: the interface that every kind of store offers.

A key is a relative path of our own making, e.g. `api-assets/<id>/image.png` or `<job id>/output.mp4`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

# Keys are made by us; this keeps a slip of ours, or an altered address, from reaching another file.
_KEY_SHAPE = re.compile(r"[A-Za-z0-9_-]{1,64}(/[A-Za-z0-9_-]{1,64}){0,4}\.[a-z0-9]{1,8}\Z")

# By the end of a key. Anything else is handed out as bytes, which no browser runs.
CONTENT_TYPES = {
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "png": "image/png",
    "jpg": "image/jpeg",
}


def is_key(text: str) -> bool:
    """Whether a text has the shape of a key."""
    return _KEY_SHAPE.match(text) is not None


def content_type(key: str) -> str:
    """The content type of a file by its key."""
    return CONTENT_TYPES.get(key.rpartition(".")[2], "application/octet-stream")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file in a store."""

    key: str
    size_bytes: int
    modified_at_ms: int


class FileMissing(Exception):
    """There is no file under that key."""


class Store(Protocol):
    """A place for files. Safe to use from several threads and processes."""

    def adopt(self, key: str, path: Path) -> None:
        """Take over a finished local file, which is gone afterwards. An older file is replaced."""

    def find(self, key: str) -> StoredFile | None:
        """The file under a key, None when there is none."""

    def fetch(self, key: str, path: Path) -> None:
        """Copy a file to a local path. Raises FileMissing."""

    def local_path(self, key: str) -> Path | None:
        """Where a file can be read on this machine; None when there is none, or it is kept elsewhere."""

    def remove(self, key: str) -> None:
        """Delete a file; nothing happens when there is none."""

    def files(self, prefix: str = "") -> Iterator[StoredFile]:
        """All files whose key begins with a prefix, which ends with `/` or is empty."""

    def remove_unfinished(self, begun_before_ms: int) -> int:
        """Delete what is left of files that were begun before a time and never became whole; how many."""

    def key_of(self, url: str) -> str | None:
        """The key of the file to which an address of the store itself leads; None for any other address.

        Nothing is said of its signature: the store checks that when it is asked.
        """

    def signed_url(self, method: str, key: str, lifetime_s: int) -> str | None:
        """An address of the store itself that allows one method for a while; None when it has none."""
