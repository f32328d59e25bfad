"""The results of a batch as one ZIP archive that is written while it is sent."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from lipwright.server.ids import new_id
from lipwright.server.jobs.model import Job, JobStatus
from lipwright.server.storage.store import FileMissing, Store

# As much of a file as is in memory at once.
CHUNK_BYTES = 256 * 1024
# Names of files are the caller's words in letters that mean nothing to any system, and not too many.
_OTHER_LETTERS = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST_REFERENCE = 80
# ZIP knows no time zone; the same archive twice is the same bytes.
_TIME = (1980, 1, 1, 0, 0, 0)


def zip_results(store: Store, jobs: Sequence[Job], scratch: Path) -> Iterator[bytes]:
    """The archive in pieces: the files of complete jobs that were not deleted, as they are.

    scratch: where a file lies for a moment that the store keeps elsewhere.
    """
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for job in jobs:
            if job.status is not JobStatus.COMPLETE or not job.enabled:
                continue
            for number, key in enumerate(job.output_keys):
                yield from _member(archive, sink, store, key, result_name(job, number, key), scratch)
    yield sink.taken()


def result_name(job: Job, number: int, key: str) -> str:
    """`007-greeting.mp4`: the place of the order from 1, and the caller's word for it or the project's id."""
    word = _OTHER_LETTERS.sub("-", job.reference or "")[:_LONGEST_REFERENCE].strip("-") or job.id
    several = f"-{number + 1}" if number else ""
    return f"{(job.batch_place or 0) + 1:03d}-{word}{several}.{key.rpartition('.')[2]}"


def _member(
    archive: zipfile.ZipFile, sink: _Sink, store: Store, key: str, name: str, scratch: Path
) -> Iterator[bytes]:
    part = None
    path = store.local_path(key)
    try:
        if path is None:
            part = path = scratch / f"{new_id()}.part"
            store.fetch(key, part)
        with (
            path.open("rb") as file,
            archive.open(zipfile.ZipInfo(name, _TIME), "w", force_zip64=True) as out,
        ):
            while chunk := file.read(CHUNK_BYTES):
                out.write(chunk)
                yield sink.taken()
    except (FileMissing, FileNotFoundError):
        return  # deleted meanwhile
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


class _Sink:
    """A stream without a way back, whose content is taken piece by piece."""

    def __init__(self) -> None:
        self._content = bytearray()

    def write(self, data: bytes, /) -> int:
        self._content += data
        return len(data)

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """What was not taken yet stays."""

    def taken(self) -> bytes:
        content = bytes(self._content)
        self._content.clear()
        return content
