"""Bringing the files that an order names into a folder, whatever their source."""

from __future__ import annotations

from pathlib import Path

from lipwright.engine.errors import BadAudioPath, BadImagePath, BadInput, BadVideoPath, TooLarge
from lipwright.server.fetching.address_guard import AddressGuard
from lipwright.server.fetching.download import CannotFetch, TooManyBytes, download
from lipwright.server.fetching.youtube import fetch_youtube
from lipwright.server.jobs.model import FacesOrder, Order, PhotoOrder, Source, SyncOrder
from lipwright.server.settings import Settings
from lipwright.server.storage.store import FileMissing, Store
from lipwright.server.uploads.formats import EXTENSIONS

Inputs = dict[str, Path]


def fetch_inputs(order: Order, store: Store, settings: Settings, folder: Path) -> Inputs:
    """The local file of each field of an order: `image`, `audio`, `video`, `target`.

    Raises BadImagePath, BadAudioPath, BadVideoPath, BadYoutubeUrl or TooLarge.
    """
    guard = AddressGuard(settings.reachable_hosts)
    inputs: Inputs = {}
    for source in _sources(order):
        path = folder / f"{source.field}.{source.extension}"
        try:
            if source.key is not None:
                store.fetch(source.key, path)
            elif source.url is not None:
                download(
                    source.url,
                    path,
                    guard,
                    max_bytes=order.max_fetch_bytes,
                    timeout_s=settings.fetch_timeout_s,
                )
        except FileMissing:
            raise _bad_path(source, "the file was deleted in the meantime") from None
        except CannotFetch as failure:
            raise _bad_path(source, str(failure)) from None
        except TooManyBytes:
            raise TooLarge(f"The {source.field} is larger than {order.max_fetch_bytes} bytes.") from None
        if path.stat().st_size > order.max_fetch_bytes:
            raise TooLarge(f"The {source.field} is larger than {order.max_fetch_bytes} bytes.")
        inputs[source.field] = path
    if isinstance(order, SyncOrder) and order.youtube_url is not None:
        inputs["video"] = fetch_youtube(
            order.youtube_url, folder, is_allowed=settings.youtube, max_bytes=order.max_fetch_bytes
        )
    return inputs


def _sources(order: Order) -> list[Source]:
    match order:
        case PhotoOrder():
            named = [order.image, order.audio]
        case SyncOrder():
            named = [order.video, order.audio]
        case FacesOrder():
            named = [order.target]
        case _:
            named = []
    return [source for source in named if source is not None]


def _bad_path(source: Source, reason: str) -> BadInput:
    if source.field == "audio":
        return BadAudioPath(f"The sound cannot be fetched: {reason}. Check its address, or upload it again.")
    if source.field == "video" or source.extension in EXTENSIONS["video"]:
        return BadVideoPath(f"The video cannot be fetched: {reason}. Check its address, or upload it again.")
    return BadImagePath(f"The picture cannot be fetched: {reason}. Check its address, or upload it again.")
