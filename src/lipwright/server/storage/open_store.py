"""The store that the settings name."""

from __future__ import annotations

from urllib.parse import urlsplit

from lipwright.server.errors import BadSettings
from lipwright.server.settings import Settings
from lipwright.server.storage.store import Store
from lipwright.server.storage.stores.folder import FolderStore


def open_store(settings: Settings) -> Store:
    """The store of a server. Raises BadSettings for an address of another kind."""
    if settings.storage_url is None:
        return FolderStore(settings.files_folder)
    address = urlsplit(settings.storage_url)
    if address.scheme == "s3" and address.netloc:
        from lipwright.server.storage.stores.objects import bucket_store

        return bucket_store(settings, address.netloc, address.path.strip("/"))
    raise BadSettings(f"storage_url is '{settings.storage_url}'; use s3://bucket/prefix or leave it out.")
