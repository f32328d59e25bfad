"""Files to the server and results from it, as flows (see `effects`). How they are named is in `files` and
`downloads`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import httpx

from lipwright_client import errors
from lipwright_client.calls import Call, Calls
from lipwright_client.downloads import PartialFile
from lipwright_client.effects import Fetch, Flow, Put
from lipwright_client.files import Counted, UploadFile
from lipwright_client.models import UploadUrl, UploadUrls
from lipwright_client.params import RequestOptions, UploadItem

FractionListener = Callable[[float | None], None]
"""Called with 0 to 1 of all that is to be transferred; None where that is not known."""


class Transfers:
    """Uploads and downloads of one client. The key stays at home: addresses carry their own permission."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def create_upload_urls(
        self, items: Sequence[UploadItem], options: RequestOptions | None = None
    ) -> Flow[UploadUrls]:
        """An address for each item."""
        call = Call(method="POST", path="/v1/files/upload-urls", json={"items": list(items)}, options=options)
        return self._calls.ask(call, UploadUrls)

    def upload(self, files: Sequence[UploadFile], on_fraction: FractionListener) -> Flow[list[str]]:
        """The paths by which the server knows the files, in the same order."""
        urls = yield from self.create_upload_urls([file.item for file in files])
        if len(urls.items) != len(files):
            raise errors.UnexpectedAnswer(
                f"{len(files)} upload addresses were asked for and {len(urls.items)} came."
            )
        total_bytes = sum(file.size or 0 for file in files)
        bytes_before = 0
        for file, url in zip(files, urls.items, strict=True):
            yield from self._put(file, url, on_fraction, bytes_before, total_bytes)
            bytes_before += file.size or 0
        return [url.file_path for url in urls.items]

    def _put(
        self,
        file: UploadFile,
        url: UploadUrl,
        on_fraction: FractionListener,
        bytes_before: int,
        total_bytes: int,
    ) -> Flow[None]:
        def start() -> Put:
            sent_bytes = bytes_before

            def count(read_bytes: int) -> None:
                nonlocal sent_bytes
                sent_bytes += read_bytes
                on_fraction(min(1.0, sent_bytes / total_bytes) if file.size else None)

            return Put(url=_usable(url.upload_url), source=Counted(file=file, on_read=count))

        yield from self._calls.until_answered(start)

    def download(self, url: str, target: Path, on_fraction: FractionListener) -> Flow[Path]:
        """Save what is at an address; the file appears whole. A broken connection is resumed."""
        partial = PartialFile(target, on_fraction)
        try:
            yield from self._calls.until_answered(
                lambda: Fetch(url=_usable(url), headers=partial.headers(), sink=partial)
            )
            return partial.commit()
        finally:
            partial.discard()


def _usable(url: str) -> str:
    """The address, if it is one of the web. Raises UnexpectedAnswer: it came from the server."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        parsed = httpx.URL()
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise errors.UnexpectedAnswer(f"The server handed out an unusable address: {url!r}.")
    return url
