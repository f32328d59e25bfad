"""The store that the settings name."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import SplitResult, urlsplit

from lipwright.server.errors import BadSettings
from lipwright.server.settings import Settings
from lipwright.server.storage.store import Store
from lipwright.server.storage.stores.folder import FolderStore


def _open_bucket(settings: Settings, address: SplitResult) -> Store:
    from lipwright.server.storage.stores.objects import bucket_store

    return bucket_store(settings, address.netloc, address.path.strip("/"))


# How the store of an address is opened, by the scheme. A new kind is a file in stores/ and a row here.
OPENERS: dict[str, Callable[[Settings, SplitResult], Store]] = {"s3": _open_bucket}


def open_store(settings: Settings) -> Store:
    """The store of a server. Raises BadSettings for an address of another kind."""
    if settings.storage_url is None:
        return FolderStore(settings.files_folder)
    address = urlsplit(settings.storage_url)
    if address.scheme not in OPENERS or not address.netloc:
        known = " or ".join(f"{scheme}://bucket/prefix" for scheme in OPENERS)
        raise BadSettings(f"storage_url is '{settings.storage_url}'; use {known} or leave it out.")
    return OPENERS[address.scheme](settings, address)
