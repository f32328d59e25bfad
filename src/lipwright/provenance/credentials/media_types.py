"""What a file is, by its first bytes: names lie, and unfinished files have none."""

from __future__ import annotations

from pathlib import Path

HEAD_BYTES = 64
UNKNOWN_TYPE = "application/octet-stream"

# (offset, bytes, type), the first that fits.
_SIGNATURES = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF8", "image/gif"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"fLaC", "audio/flac"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (8, b"WAVE", "audio/wav"),
    (8, b"WEBP", "image/webp"),
    (8, b"AVI ", "video/x-msvideo"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftyphei", "image/heic"),
    (4, b"ftypmif1", "image/heif"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
)
_EBML = b"\x1aE\xdf\xa3"

# The types whose files can hold credentials inside, as far as the library writes and reads them.
CARRYING_TYPES = frozenset(kind for _, _, kind in _SIGNATURES) - {"audio/ogg"}
# Outputs of ours whose credentials lie in a sidecar.
SUFFIXES_WITH_SIDECAR = (".webm",)


def media_type_of(path: Path) -> str:
    """The type of a file, `application/octet-stream` where it is unknown. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    for offset, signature, kind in _SIGNATURES:
        if head[offset:].startswith(signature):
            return kind
    if head.startswith(_EBML):
        return "video/webm" if b"webm" in head else "video/x-matroska"
    return UNKNOWN_TYPE
