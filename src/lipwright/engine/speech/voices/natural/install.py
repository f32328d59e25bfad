"""A natural voice is fetched, because somebody asked for it by name; nothing else here uses a network.

The file is known by its size and its hash before the first byte comes. An interrupted download goes on where
it ended.
"""

from __future__ import annotations

import hashlib
import os
import urllib.error
import urllib.request
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from hibari.voices import BASE_URL, VOICES

from lipwright.engine.errors import DiskFull, OutputNotWritable, VoiceUnavailable
from lipwright.engine.speech.voices.natural.kind import name_of

VOICES_ADDRESS: str = BASE_URL
_BLOCK_BYTES = 1 << 16
_PATIENCE_S = 30.0


def install_voice(
    name: str,
    folder: Path,
    *,
    address: str = VOICES_ADDRESS,
    advance: Callable[[int, int], None] = lambda _done, _total: None,
) -> Path:
    """Fetch the file of a voice into the folder of voices, and return its place; a file that is whole stays.

    address: the folder on the web. advance: told how many bytes of how many are there. A part of the file
    stays for the next time; it appears under its name when it is whole. Raises VoiceUnavailable where there
    is nothing to fetch, no connection, or another file than the voice's; OutputNotWritable, DiskFull.
    """
    key = next((key for key in VOICES if name_of(key) == name), None)
    if key is None or VOICES[key].get("bundled"):
        raise VoiceUnavailable(
            f"The voice {name} has no file to fetch. `lipwright voices` says what it needs."
        )
    entry = VOICES[key]
    file_name, size, wanted = str(entry["file"]), int(entry["bytes"]), str(entry["sha256"])
    target, part = folder / file_name, folder / f"{file_name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if target.is_file() and _hash_of(target) == wanted:
            return target
        if part.is_file() and part.stat().st_size > size:
            part.unlink()
        if not part.is_file() or part.stat().st_size < size:
            _fetch(name, address.rstrip("/") + "/" + file_name, part, size, target, advance)
        if part.stat().st_size != size or _hash_of(part) != wanted:
            part.unlink()
            raise VoiceUnavailable(
                f"What came from {address} is not the file of {name}, so it was thrown away. Try again."
            )
        os.replace(part, target)
    except OSError as error:
        if error.errno == 28:  # no space left on the device
            raise DiskFull(f"There is no room for the voice {name} in {folder}.") from error
        raise OutputNotWritable(f"The folder {folder} cannot be written to: {error.strerror}.") from error
    return target


def _fetch(
    name: str, address: str, part: Path, size: int, target: Path, advance: Callable[[int, int], None]
) -> None:
    """Bring what is missing of a file. Raises VoiceUnavailable, OSError."""
    done = part.stat().st_size if part.is_file() else 0
    try:
        request = urllib.request.Request(address, headers={"Range": f"bytes={done}-"} if done else {})
        answer = urllib.request.urlopen(request, timeout=_PATIENCE_S)
    except (urllib.error.URLError, TimeoutError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise VoiceUnavailable(
            f"The voice {name} cannot be fetched from {address}: {reason}. With a connection, try again; "
            f"without one, copy that file to {target}."
        ) from error
    with answer, part.open("ab" if answer.status == HTTPStatus.PARTIAL_CONTENT else "wb") as file:
        done = file.tell()
        while done < size:
            try:
                block = answer.read(min(_BLOCK_BYTES, size - done))
            except (OSError, ValueError) as error:
                raise _interrupted(name, done, size) from error
            if not block:
                raise _interrupted(name, done, size)
            file.write(block)
            done += len(block)
            advance(done, size)


def _interrupted(name: str, done: int, size: int) -> VoiceUnavailable:
    return VoiceUnavailable(
        f"The connection ended after {done} of {size} bytes of the voice {name}. "
        f"`lipwright voices install {name}` goes on from there."
    )


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
