"""Checking where a file is from: its content credentials, its watermark, its plain tags."""

from __future__ import annotations

from pathlib import Path

from lipwright.engine import (
    PUBLIC_WATERMARK_KEY,
    BadInput,
    BadVideoPath,
    find_watermark,
    probe_media,
)
from lipwright.provenance.check.known_marks import KnownMarks
from lipwright.provenance.check.plain_tags import read_plain_tags
from lipwright.provenance.check.report import (
    CheckReport,
    CredentialsFinding,
    CredentialsStanding,
    MediaWord,
    WatermarkFinding,
)
from lipwright.provenance.check.wording import UNREADABLE_CREDENTIALS
from lipwright.provenance.credentials import (
    CredentialsState,
    has_store,
    media_type_of,
    read_credentials,
    sidecar_of,
)
from lipwright.provenance.errors import CredentialsUnreadable

_MEDIA_SUFFIXES = (
    *(".png", ".jpg", ".jpeg", ".jfif", ".heic", ".heif", ".webp", ".avif", ".jp2", ".tif", ".tiff", ".bmp"),
    *(
        ".gif",
        ".mp4",
        ".m4v",
        ".mov",
        ".webm",
        ".mkv",
        ".avi",
        ".mpg",
        ".mpeg",
        ".ts",
        ".wmv",
        ".flv",
        ".3gp",
    ),
    *(".mp3", ".wav", ".aac", ".flac", ".weba", ".m4a", ".opus", ".ogg", ".oga", ".aiff", ".amr"),
)
SOUND_ONLY = "The file holds sound alone."


def check_file(path: Path, known: KnownMarks) -> CheckReport:
    """What a picture, a sound or a video says of where it is from.

    What is wrong with the contents of the file stands in the report. Raises BadVideoPath where there is none
    or it may not be read.
    """
    try:
        tags = read_plain_tags(path)
    except OSError as error:
        raise BadVideoPath(_no_file(path, error)) from None
    credentials = _credentials(path, known)
    media: MediaWord | None = None
    unreadable, mark = None, WatermarkFinding()
    try:
        media = _media(path)
        mark = _watermark(path, media, known)
    except BadInput as failure:
        unreadable = failure.message
    return CheckReport(
        file=path.name,
        media=media,
        credentials=credentials,
        watermark=mark,
        tags=tags,
        unreadable=unreadable,
    )


def _no_file(path: Path, error: OSError) -> str:
    if isinstance(error, PermissionError):
        return f"{path} may not be read. Check its permissions."
    if isinstance(error, IsADirectoryError):
        return f"{path} is a folder. Name a file."
    return f"There is no file at {path}. Check the path."


def _credentials(path: Path, known: KnownMarks) -> CredentialsFinding:
    """What the credentials of a file say, compared with our own roots first, then with those of others."""
    try:
        found = read_credentials(path, known.own_roots)
        is_own = found is not None and found.state is CredentialsState.TRUSTED
        if found is not None and found.state is CredentialsState.WHOLE and known.roots:
            found = read_credentials(path, known.roots)
    except CredentialsUnreadable:
        if sidecar_of(path) is None and not has_store(path):  # the file itself is damaged
            return CredentialsFinding()
        return CredentialsFinding(standing=CredentialsStanding.BROKEN, failures=(UNREADABLE_CREDENTIALS,))
    if found is None:
        return CredentialsFinding()
    return CredentialsFinding(
        standing=CredentialsStanding(found.state.value),
        is_ours=is_own,
        failures=found.failures,
        manifests=found.manifests,
        sidecar=None if found.sidecar is None else found.sidecar.name,
    )


def _media(path: Path) -> MediaWord:
    """What a file holds. Raises BadInput."""
    # FFmpeg's and Pillow's readers of it stay closed to strangers' files; the watermark's own opens it.
    if media_type_of(path) == "image/gif":
        return "image"
    info = probe_media(path)
    if info.is_still:
        return "image"
    return "video" if info.has_video else "audio"


def _watermark(path: Path, media: MediaWord, known: KnownMarks) -> WatermarkFinding:
    """The watermark of a file. Raises BadInput."""
    if media == "audio":
        return WatermarkFinding(not_looked_for=SOUND_ONLY)
    keys = tuple(dict.fromkeys((*known.watermark_keys, PUBLIC_WATERMARK_KEY)))
    found = find_watermark(path, keys)
    if found is None:
        return WatermarkFinding()
    return WatermarkFinding(
        installation=found.installation,
        number=found.number,
        is_ours=found.installation == known.installation,
        false_alarm_probability=found.false_alarm_probability,
        is_public=found.key_is_public,
    )


def is_named_like_media(path: Path) -> bool:
    """Whether the name of a file says that it is a picture, a sound or a video."""
    return path.suffix.lower() in _MEDIA_SUFFIXES
