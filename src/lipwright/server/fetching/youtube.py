"""Fetching a video from YouTube through yt-dlp, where it is installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lipwright.engine import BadInput, TooLarge

_HOSTS = ("youtube.com", "youtu.be", "youtube-nocookie.com")
SOCKET_TIMEOUT_S = 20
# One file with picture and sound where there is one: no merging, which would need a further program.
_FORMAT = "best[ext=mp4]/best"


class BadYoutubeUrl(BadInput):
    """An address that is no public video of YouTube, or one that cannot be downloaded."""

    code = "invalid_youtube_url"
    message = "The video cannot be fetched from YouTube. Download it and upload the file."


def fetch_youtube(url: str, folder: Path, *, is_allowed: bool, max_bytes: int) -> Path:
    """The file of a video. Raises BadYoutubeUrl or TooLarge."""
    if not is_allowed:
        raise BadYoutubeUrl("YouTube is switched off on this server. Download the video and upload the file.")
    host = (urlsplit(url).hostname or "").lower()
    if urlsplit(url).scheme not in ("http", "https") or not any(
        host == known or host.endswith(f".{known}") for known in _HOSTS
    ):
        raise BadYoutubeUrl("This is not an address of YouTube. Give one, or upload the file.")
    try:
        import yt_dlp
    except ModuleNotFoundError:
        raise BadYoutubeUrl(
            "This server cannot fetch from YouTube: its part for that is not installed. "
            "Download the video and upload the file."
        ) from None
    options: dict[str, Any] = {
        "format": _FORMAT,
        "outtmpl": str(folder / "youtube.%(ext)s"),
        "quiet": True,
        "no_warnings": True,
        "noprogress": True,
        "noplaylist": True,
        "socket_timeout": SOCKET_TIMEOUT_S,
        "retries": 2,
        "max_filesize": max_bytes,
        "cachedir": False,
    }
    try:
        with yt_dlp.YoutubeDL(options) as downloader:
            downloader.download([url])
    except yt_dlp.utils.DownloadError:
        raise BadYoutubeUrl from None
    found = find_fetched(folder)
    if found is None:  # yt-dlp skips a file that is too large and reports nothing
        raise TooLarge("The video is larger than your plan allows.")
    return found


def find_fetched(folder: Path) -> Path | None:
    """The file of a video that was fetched into a folder; None when there is none."""
    return next((path for path in folder.glob("youtube.*") if path.suffix != ".part"), None)
