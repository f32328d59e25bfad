"""Local files that are to be uploaded: what they are called, what they hold, how they are read.

Only the name tells the type here; the server looks at the content.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from lipwright_client.errors import FileMissing, UnusableFile
from lipwright_client.params import FileType, LocalFile, UploadItem

# The first type that lists an extension is taken, unless the field wants another one that lists it too.
EXTENSIONS: dict[FileType, tuple[str, ...]] = {
    "video": ("mp4", "m4v", "mov", "webm"),
    "audio": ("mp3", "wav", "aac", "flac", "webm", "weba", "m4a", "opus", "ogg", "oga", "aiff", "amr"),
    "image": (
        "png", "jpg", "jpeg", "jfif", "heic", "heif", "webp", "avif", "jp2", "tiff", "tif", "bmp",
    ),
}  # fmt: skip
UPLOADED_PREFIX = "api-assets/"
# Read in steps that a progress bar can show.
READ_BYTES = 1 << 18


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadFile:
    """One local file. It is opened when it is read, and again when the upload is repeated.

    size: in bytes; None for a stream whose end is not known.
    """

    item: UploadItem
    size: int | None
    open: Callable[[], BinaryIO]
    is_ours: bool

    def chunks(self) -> Iterator[bytes]:
        """The content from its start, never more than `size`."""
        file = self.open()
        left = self.size
        try:
            while chunk := file.read(READ_BYTES if left is None else min(READ_BYTES, left)):
                yield chunk
                if left is not None:
                    left -= len(chunk)
        finally:
            if self.is_ours:
                file.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A file whose reading is counted. on_read: told the number of bytes of every piece."""

    file: UploadFile
    on_read: Callable[[int], None]

    @property
    def size(self) -> int | None:
        """Bytes in all."""
        return self.file.size

    def chunks(self) -> Iterator[bytes]:
        """The content from its start."""
        for chunk in self.file.chunks():
            yield chunk
            self.on_read(len(chunk))


def is_remote(file: LocalFile) -> bool:
    """Whether the server can reach it already: an http(s) address, or a path that an upload returned."""
    if not isinstance(file, str):
        return False
    return file.startswith(UPLOADED_PREFIX) or file[:8].lower().startswith(("http://", "https://"))


def describe_file(file: LocalFile, wanted: FileType | None = None) -> UploadFile:
    """What is to be uploaded. Raises FileMissing, and UnusableFile for a type that no service takes.

    wanted: the type of the field that it is for, where its extension allows several.
    """
    if isinstance(file, str | os.PathLike):
        path = Path(file)
        if not path.is_file():
            raise FileMissing(f"There is no file {path}.")
        return UploadFile(
            item=_item(path.name, wanted),
            size=path.stat().st_size,
            open=lambda: cast(BinaryIO, path.open("rb")),
            is_ours=True,
        )
    name = getattr(file, "name", None)
    if not isinstance(name, str):
        raise UnusableFile("The open file has no name, so its type is unknown. Set its attribute `name`.")
    item = _item(os.path.basename(name), wanted)
    if not file.seekable():
        return UploadFile(item=item, size=None, open=_only_once(file), is_ours=False)
    return UploadFile(item=item, size=file.seek(0, os.SEEK_END), open=lambda: _rewound(file), is_ours=False)


def _rewound(file: BinaryIO) -> BinaryIO:
    file.seek(0)
    return file


def _only_once(file: BinaryIO) -> Callable[[], BinaryIO]:
    """Hand a stream out; a second time it would be empty, and an empty upload would pass for the file."""
    used = False

    def hand_out() -> BinaryIO:
        nonlocal used
        if used:
            raise UnusableFile("The upload broke, and this stream cannot be read twice. Give a path.")
        used = True
        return file

    return hand_out


def _item(name: str, wanted: FileType | None) -> UploadItem:
    extension = os.path.splitext(name)[1].lstrip(".").lower()
    if wanted is not None and extension in EXTENSIONS[wanted]:
        return {"type": wanted, "extension": extension}
    for file_type, extensions in EXTENSIONS.items():
        if extension in extensions:
            return {"type": file_type, "extension": extension}
    known = "; ".join(f"{file_type}: {' '.join(extensions)}" for file_type, extensions in EXTENSIONS.items())
    raise UnusableFile(f"'{name}' does not end in an extension that can be uploaded. {known}.")
