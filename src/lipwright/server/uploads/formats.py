"""Which file extensions go with which kind of media, and which kinds with a field of a request."""

from __future__ import annotations

from typing import Literal

MediaKind = Literal["video", "audio", "image"]
# What a file is for in a job: `motion` is the video that a picture moves like, `target` is where faces are
# looked for.
InputField = Literal["image", "audio", "video", "motion", "target"]

EXTENSIONS: dict[MediaKind, tuple[str, ...]] = {
    "video": ("mp4", "m4v", "mov", "webm"),
    "audio": ("mp3", "wav", "aac", "flac", "webm", "weba", "m4a", "opus", "ogg", "oga", "aiff", "amr"),
    "image": ("png", "jpg", "jpeg", "jfif", "heic", "heif", "webp", "avif", "jp2", "tiff", "tif", "bmp"),
}
# What may stand in a field: a video gives its sound where a sound is wanted.
FIELD_KINDS: dict[InputField, tuple[MediaKind, ...]] = {
    "image": ("image",),
    "audio": ("audio", "video"),
    "video": ("video",),
    "motion": ("video",),
    "target": ("image", "video"),
}


def field_extensions(field: InputField) -> tuple[str, ...]:
    """The extensions that a field takes, without repeats."""
    return tuple(dict.fromkeys(one for kind in FIELD_KINDS[field] for one in EXTENSIONS[kind]))


def extension(path: str) -> str:
    """The extension at the end of a path, lower case, empty when there is none."""
    name = path.rpartition("/")[2]
    return name.rpartition(".")[2].lower() if "." in name else ""
