"""Bringing the files that a spec names into a folder, whatever their source.

The worker copies what lies in the store, for which it has the rights. What strangers have to give is fetched
by a process of its own. The process that renders only finds the files there.
"""

from __future__ import annotations

from pathlib import Path

from lipwright.engine import BadAudioPath, BadImagePath, BadInput, BadVideoPath, TooLarge
from lipwright.server.fetching.address_guard import AddressGuard
from lipwright.server.fetching.download import CannotFetch, TooManyBytes, download
from lipwright.server.fetching.youtube import fetch_youtube, find_fetched
from lipwright.server.jobs.model import FaceDetectionSpec, JobSpec, LipSyncSpec, Source, TalkingPhotoSpec
from lipwright.server.rendering.messages import FetchRules
from lipwright.server.storage.store import FileMissing, Store
from lipwright.server.uploads.formats import EXTENSIONS

Inputs = dict[str, Path]


def copy_stored(spec: JobSpec, store: Store, folder: Path) -> None:
    """Copy the files of a spec that lie in the store.

    Raises BadImagePath, BadAudioPath, BadVideoPath or TooLarge.
    """
    for source in _sources(spec):
        if source.key is None:
            continue
        path = _path(source, folder)
        try:
            store.fetch(source.key, path)
        except FileMissing:
            raise _bad_path(source, "the file was deleted in the meantime") from None
        _check_size(source, path, spec.max_fetch_bytes)


def fetch_addresses(spec: JobSpec, rules: FetchRules, folder: Path) -> None:
    """Fetch the files of a spec that have an address.

    Raises BadImagePath, BadAudioPath, BadVideoPath, BadYoutubeUrl or TooLarge.
    """
    guard = AddressGuard(rules.reachable_hosts)
    for source in _sources(spec):
        if source.url is None:
            continue
        path = _path(source, folder)
        try:
            download(source.url, path, guard, max_bytes=spec.max_fetch_bytes, timeout_s=rules.timeout_s)
        except CannotFetch as failure:
            raise _bad_path(source, str(failure)) from None
        except TooManyBytes:
            raise _too_large(source, spec.max_fetch_bytes) from None
    if isinstance(spec, LipSyncSpec) and spec.youtube_url is not None:
        fetch_youtube(
            spec.youtube_url,
            folder,
            guard,
            is_allowed=rules.youtube,
            max_bytes=spec.max_fetch_bytes,
            timeout_s=rules.timeout_s,
        )


def find_inputs(spec: JobSpec, folder: Path) -> Inputs:
    """The local file of each field: `image`, `audio`, `video`, `motion`, `target`; all were brought.

    Further sounds are `audio-1` and so on.
    """
    inputs = {source.name: _path(source, folder) for source in _sources(spec)}
    if isinstance(spec, LipSyncSpec) and spec.youtube_url is not None:
        video = find_fetched(folder)
        assert video is not None
        inputs["video"] = video
    return inputs


def has_addresses(spec: JobSpec) -> bool:
    """Whether a spec names a file that somebody else has to give, at whatever speed."""
    is_youtube = isinstance(spec, LipSyncSpec) and spec.youtube_url is not None
    return is_youtube or any(source.url is not None for source in _sources(spec))


def is_stored_far_away(spec: JobSpec, store: Store) -> bool:
    """Whether a spec names a file that is not on this machine."""
    return any(source.key is not None and store.local_path(source.key) is None for source in _sources(spec))


def _sources(spec: JobSpec) -> list[Source]:
    match spec:
        case TalkingPhotoSpec():
            named = [spec.image, spec.audio, spec.motion]
        case LipSyncSpec():
            named = [spec.video, spec.audio, *(person.audio for person in spec.voices)]
        case FaceDetectionSpec():
            named = [spec.target]
        case _:
            named = []
    return [source for source in named if source is not None]


def _path(source: Source, folder: Path) -> Path:
    return folder / f"{source.name}.{source.extension}"


def _check_size(source: Source, path: Path, max_bytes: int) -> None:
    if path.stat().st_size > max_bytes:
        raise _too_large(source, max_bytes)


def _too_large(source: Source, max_bytes: int) -> TooLarge:
    return TooLarge(f"The {source.field} is larger than {max_bytes} bytes.")


def _bad_path(source: Source, reason: str) -> BadInput:
    if source.field == "audio":
        return BadAudioPath(f"The sound cannot be fetched: {reason}. Check its address, or upload it again.")
    if source.field in ("video", "motion") or source.extension in EXTENSIONS["video"]:
        return BadVideoPath(f"The video cannot be fetched: {reason}. Check its address, or upload it again.")
    return BadImagePath(f"The picture cannot be fetched: {reason}. Check its address, or upload it again.")
