"""Where results are saved: safe names, and files that appear whole or not at all.

The name comes from a server and is not trusted.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

import httpx

from lipwright_client.errors import UnexpectedAnswer

# File systems take 255 bytes; some room is left for what people add to a name.
MAX_NAME_BYTES = 200
# Path separators of any system, characters that Windows refuses, and what steers a terminal.
_UNSAFE_CHARACTERS = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|]')
_RESERVED_ON_WINDOWS = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def safe_name(url: str, fallback: str = "output.mp4") -> str:
    """A file name from the last part of an address's path, without power over where the file goes."""
    last = unquote(urlsplit(url).path.rsplit("/", 1)[-1])
    name = _UNSAFE_CHARACTERS.sub("_", last).strip(" .")
    if not name or _RESERVED_ON_WINDOWS.fullmatch(name):
        return fallback
    while len(name.encode()) > MAX_NAME_BYTES:
        stem, extension = os.path.splitext(name)
        name = stem[:-1] + extension if stem[:-1] else name[1:]
    return name


class PartialFile:
    """A download on its way to `target`: kept under a temporary name beside it until it is whole.

    A connection that broke is taken up where it ended, if the server can and the content is the same.
    """

    def __init__(self, target: Path, on_fraction: Callable[[float | None], None]) -> None:
        """on_fraction: told 0 to 1 of the whole after every piece; None when its length is not known."""
        self._target = target
        self._on_fraction = on_fraction
        self._file: BinaryIO | None = None
        self._path: Path | None = None
        self._validator: str | None = None
        self._total_bytes: int | None = None
        self._is_welcome = False

    @property
    def _received_bytes(self) -> int:
        return self._file.tell() if self._file else 0

    def headers(self) -> dict[str, str]:
        """What to send: the plain bytes, from where the last connection ended."""
        headers = {"Accept-Encoding": "identity"}
        if self._received_bytes and self._validator:
            headers |= {"Range": f"bytes={self._received_bytes}-", "If-Range": self._validator}
        return headers

    def accepts(self, response: httpx.Response) -> bool:
        """Take the body of a 200 from the start and that of a 206 as the continuation."""
        self._is_welcome = response.status_code == 200 or self._continues(response)
        if response.status_code == 200:
            self._begin(response)
        return self._is_welcome

    def write(self, chunk: bytes) -> None:
        """Add the next bytes."""
        assert self._file is not None
        self._file.write(chunk)
        self._on_fraction(min(1.0, self._received_bytes / self._total_bytes) if self._total_bytes else None)

    def commit(self) -> Path:
        """Give the file its name, in place of any that had it. Raises UnexpectedAnswer if it is not whole."""
        is_whole = self._total_bytes in (None, self._received_bytes)
        if not (self._is_welcome and is_whole and self._file and self._path):
            raise UnexpectedAnswer("The server answered a download with something other than the whole file.")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        os.replace(self._path, self._target)
        self._file = self._path = None
        return self._target

    def discard(self) -> None:
        """Leave nothing behind; nothing to do after commit."""
        if self._file:
            self._file.close()
        if self._path:
            self._path.unlink(missing_ok=True)
        self._file = self._path = None

    def _continues(self, response: httpx.Response) -> bool:
        given = str(response.headers.get("content-range", ""))
        return response.status_code == 206 and given.startswith(f"bytes {self._received_bytes}-")

    def _begin(self, response: httpx.Response) -> None:
        self._start_again()
        etag = response.headers.get("etag", "")
        self._validator = etag if etag.startswith('"') else None
        length = response.headers.get("content-length", "")
        self._total_bytes = int(length) if length.isascii() and length.isdigit() else None

    def _start_again(self) -> None:
        if self._file:
            self._file.seek(0)
            self._file.truncate()
            return
        self._target.parent.mkdir(parents=True, exist_ok=True)
        self._path = self._target.with_name(f".lipwright-{secrets.token_hex(8)}.part")
        self._file = self._path.open("xb")
