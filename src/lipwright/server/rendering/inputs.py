"""Bringing the files that a spec names into a folder, whatever their source."""

from __future__ import annotations

from pathlib import Path

from lipwright.engine import BadAudioPath, BadImagePath, BadInput, BadVideoPath, TooLarge
from lipwright.server.fetching.address_guard import AddressGuard
from lipwright.server.fetching.download import CannotFetch, TooManyBytes, download
from lipwright.server.fetching.youtube import fetch_youtube, find_fetched
from lipwright.server.jobs.model import FaceDetectionSpec, JobSpec, LipSyncSpec, Source, TalkingPhotoSpec
from lipwright.server.settings import Settings
from lipwright.server.storage.store import FileMissing, Store
from lipwright.server.uploads.formats import EXTENSIONS

Inputs = dict[str, Path]


def fetch_inputs(spec: JobSpec, store: Store, settings: Settings, folder: Path) -> Inputs:
    """The local file of each field of a spec: `image`, `audio`, `video`, `motion`, `target`.

    What an earlier process brought into the folder is taken as it is.
    Raises BadImagePath, BadAudioPath, BadVideoPath, BadYoutubeUrl or TooLarge.
    """
    guard = AddressGuard(settings.reachable_hosts)
    inputs: Inputs = {}
    for source in _sources(spec):
        path = folder / f"{source.field}.{source.extension}"
        try:
            if path.exists():
                pass
            elif source.key is not None:
                store.fetch(source.key, path)
            elif source.url is not None:
                download(
                    source.url,
                    path,
                    guard,
                    max_bytes=spec.max_fetch_bytes,
                    timeout_s=settings.fetch_timeout_s,
                )
        except FileMissing:
            raise _bad_path(source, "the file was deleted in the meantime") from None
        except CannotFetch as failure:
            raise _bad_path(source, str(failure)) from None
        except TooManyBytes:
            raise TooLarge(f"The {source.field} is larger than {spec.max_fetch_bytes} bytes.") from None
        if path.stat().st_size > spec.max_fetch_bytes:
            raise TooLarge(f"The {source.field} is larger than {spec.max_fetch_bytes} bytes.")
        inputs[source.field] = path
    if isinstance(spec, LipSyncSpec) and spec.youtube_url is not None:
        inputs["video"] = find_fetched(folder) or fetch_youtube(
            spec.youtube_url, folder, is_allowed=settings.youtube, max_bytes=spec.max_fetch_bytes
        )
    return inputs


def has_addresses(spec: JobSpec) -> bool:
    """Whether a spec names a file that somebody else has to give, at whatever speed."""
    is_youtube = isinstance(spec, LipSyncSpec) and spec.youtube_url is not None
    return is_youtube or any(source.url is not None for source in _sources(spec))


def _sources(spec: JobSpec) -> list[Source]:
    match spec:
        case TalkingPhotoSpec():
            named = [spec.image, spec.audio, spec.motion]
        case LipSyncSpec():
            named = [spec.video, spec.audio]
        case FaceDetectionSpec():
            named = [spec.target]
        case _:
            named = []
    return [source for source in named if source is not None]


def _bad_path(source: Source, reason: str) -> BadInput:
    if source.field == "audio":
        return BadAudioPath(f"The sound cannot be fetched: {reason}. Check its address, or upload it again.")
    if source.field in ("video", "motion") or source.extension in EXTENSIONS["video"]:
        return BadVideoPath(f"The video cannot be fetched: {reason}. Check its address, or upload it again.")
    return BadImagePath(f"The picture cannot be fetched: {reason}. Check its address, or upload it again.")
