"""Fetching a video from YouTube through yt-dlp, where it is installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lipwright.engine import BadInput, TooLarge
from lipwright.server.fetching.address_guard import AddressGuard

_HOSTS = ("youtube.com", "youtu.be", "youtube-nocookie.com")
SOCKET_TIMEOUT_S = 20
# One file with picture and sound where there is one: no merging, which would need a further program.
_FORMAT = "best[ext=mp4][protocol^=http]/best[protocol^=http]/best[protocol=m3u8_native]"


class BadYoutubeUrl(BadInput):
    """An address that is no public video of YouTube, or one that cannot be downloaded."""

    code = "invalid_youtube_url"
    message = "The video cannot be fetched from YouTube. Download it and upload the file."


def fetch_youtube(
    url: str, folder: Path, guard: AddressGuard, *, is_allowed: bool, max_bytes: int, timeout_s: float
) -> Path:
    """The file of a video, fetched over the guarded network in time. Raises BadYoutubeUrl or TooLarge."""
    if not is_allowed:
        raise BadYoutubeUrl("YouTube is switched off on this server. Download the video and upload the file.")
    host = (urlsplit(url).hostname or "").lower()
    if urlsplit(url).scheme not in ("http", "https") or not any(
        host == known or host.endswith(f".{known}") for known in _HOSTS
    ):
        raise BadYoutubeUrl("This is not an address of YouTube. Give one, or upload the file.")
    try:
        import yt_dlp

        from lipwright.server.fetching.youtube_requests import OneExtractorDownloader, video_id_of
    except ModuleNotFoundError:
        raise BadYoutubeUrl(
            "This server cannot fetch from YouTube: its part for that is not installed. "
            "Download the video and upload the file."
        ) from None
    video_id = video_id_of(url)
    if video_id is None:
        raise BadYoutubeUrl("This address of YouTube names no video. Give that of a video.")
    options: dict[str, Any] = {
        "format": _FORMAT,
        "outtmpl": {"default": str(folder / "youtube.%(ext)s")},
        "quiet": True,
        "no_warnings": True,
        "noprogress": True,
        "noplaylist": True,
        "socket_timeout": SOCKET_TIMEOUT_S,
        "retries": 2,
        "fragment_retries": 2,
        "extractor_retries": 1,
        "max_filesize": max_bytes,
    }
    try:
        with OneExtractorDownloader(options, guard, max_bytes=max_bytes, timeout_s=timeout_s) as downloader:
            downloader.fetch(video_id)
    except yt_dlp.utils.YoutubeDLError:
        raise BadYoutubeUrl from None
    found = find_fetched(folder)
    if found is None or found.stat().st_size > max_bytes:  # one that is too large is skipped without a word
        raise TooLarge("The video is larger than your plan allows.")
    return found


def find_fetched(folder: Path) -> Path | None:
    """The file of a video that was fetched into a folder; None when there is none."""
    return next((path for path in folder.glob("youtube.*") if path.suffix != ".part"), None)
