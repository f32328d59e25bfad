"""Files in an object store, through obstore: S3 and what speaks like it, or memory for tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import NotFoundError
from obstore.store import MemoryStore, S3Store

from lipwright.server.settings import Settings
from lipwright.server.storage.store import FileMissing, StoredFile, content_type, is_key

if TYPE_CHECKING:
    from lipwright.server.storage.stores.bucket_parts import BucketParts

# Parts of a large upload; S3 wants at least 5 MiB and at most 10,000 of them (so up to 160 GB).
PART_BYTES = 16 * 1024 * 1024

# Of an address that is signed to learn how addresses of the store begin.
_ANY_KEY = "a.a"


class ObjectStore:
    """A Store in a bucket."""

    def __init__(
        self, store: S3Store | MemoryStore, open_parts: Callable[[], BucketParts] | None = None
    ) -> None:
        """open_parts: how unfinished uploads are reached; None where nothing can be left of them."""
        self._store = store
        self._open_parts = open_parts

    def adopt(self, key: str, path: Path) -> None:
        obstore.put(self._store, key, path, attributes=self._attributes(key), chunk_size=PART_BYTES)
        path.unlink()

    def find(self, key: str) -> StoredFile | None:
        try:
            return _stored(obstore.head(self._store, key))
        except (NotFoundError, FileNotFoundError):
            return None

    def fetch(self, key: str, path: Path) -> None:
        try:
            answer = obstore.get(self._store, key)
        except (NotFoundError, FileNotFoundError):
            raise FileMissing(key) from None
        with path.open("wb") as file:
            for chunk in answer.stream(min_chunk_size=PART_BYTES):
                file.write(chunk)

    def local_path(self, key: str) -> Path | None:  # noqa: ARG002
        return None

    def remove(self, key: str) -> None:
        try:
            obstore.delete(self._store, key)
        except (NotFoundError, FileNotFoundError):
            return

    def files(self, prefix: str = "") -> Iterator[StoredFile]:
        for batch in obstore.list(self._store, prefix=prefix.rstrip("/") or None):
            for found in batch:
                yield _stored(found)

    def remove_unfinished(self, begun_before_ms: int) -> int:
        return 0 if self._open_parts is None else self._open_parts().remove(begun_before_ms)

    def key_of(self, url: str) -> str | None:
        base_url = self.signed_url("GET", _ANY_KEY, 60)
        if base_url is None:
            return None
        base, address = urlsplit(base_url), urlsplit(url)
        folder = unquote(base.path).removesuffix(_ANY_KEY)
        path = unquote(address.path)
        is_ours = (address.scheme, address.netloc.lower()) == (base.scheme, base.netloc.lower())
        key = path.removeprefix(folder)
        return key if is_ours and path.startswith(folder) and is_key(key) else None

    def signed_url(self, method: str, key: str, lifetime_s: int) -> str | None:
        if isinstance(self._store, MemoryStore):
            return None
        chosen: Any = method
        return obstore.sign(self._store, chosen, key, timedelta(seconds=lifetime_s))

    def _attributes(self, key: str) -> Any:
        """The store's own downloads carry this type. Memory keeps none."""
        return None if isinstance(self._store, MemoryStore) else {"Content-Type": content_type(key)}


def bucket_store(settings: Settings, bucket: str, prefix: str) -> ObjectStore:
    """A store in an S3 bucket, under a prefix, as the settings say."""
    options: dict[str, Any] = {"region": settings.s3_region}
    if settings.s3_endpoint:
        options["endpoint"] = settings.s3_endpoint
        options["client_options"] = {"allow_http": settings.s3_endpoint.startswith("http://")}
    if settings.s3_access_key:
        options["access_key_id"] = settings.s3_access_key
    if settings.s3_secret_key:
        options["secret_access_key"] = settings.s3_secret_key.get_secret_value()

    def open_parts() -> BucketParts:
        from lipwright.server.storage.stores.bucket_parts import BucketParts  # large, and rarely used

        return BucketParts(settings, bucket, prefix)

    return ObjectStore(S3Store(bucket, prefix=prefix or None, **options), open_parts)


def memory_store() -> ObjectStore:
    """A store that forgets everything at the end of the process."""
    return ObjectStore(MemoryStore())


def _stored(found: Any) -> StoredFile:
    return StoredFile(
        key=found["path"],
        size_bytes=found["size"],
        modified_at_ms=int(found["last_modified"].timestamp() * 1000),
    )
