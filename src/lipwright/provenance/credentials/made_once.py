"""Folders and files of secrets that appear whole, once, whoever else makes them at the same moment."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from lipwright.provenance.errors import CredentialsBroken, CredentialsMissing, CredentialsTooOpen

_TAKEN_ERRORS = (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR)


def made_once(folder: Path, fill: Callable[[Path], None]) -> bool:
    """Make a folder whole and give it its name in one step; whether it was this call that did.

    fill: writes what belongs into an empty folder. A folder of that name with something in it stays: the one
    that another process made first counts, also one on another machine that shares the disk.
    Raises CredentialsBroken where nothing can be written.
    """
    draft = folder.parent / f".{folder.name}-{secrets.token_hex(6)}.part"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft.mkdir(mode=0o700)
        fill(draft)
        os.rename(draft, folder)
    except OSError as error:
        if error.errno in _TAKEN_ERRORS and folder.is_dir():
            return False
        raise CredentialsBroken(
            f"The credentials cannot be written to {folder.parent}: {error.strerror}. "
            "Choose another folder with LIPWRIGHT_CREDENTIALS_FOLDER."
        ) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return True


def write_private(path: Path, content: bytes) -> None:
    """A new file that only its owner may read, on the disk when the call returns. Raises OSError."""
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def read_private(path: Path) -> bytes:
    """The content of a file that others may not read.

    A file of the system's administrator may be read by the group, as it is where secrets are mounted.
    Raises CredentialsMissing, CredentialsTooOpen, CredentialsBroken.
    """
    with reading(path), path.open("rb") as file:
        status = os.fstat(file.fileno())
        allowed = 0o700 if status.st_uid != 0 or os.geteuid() == 0 else 0o740
        if status.st_mode & 0o777 & ~allowed:
            raise CredentialsTooOpen(
                f"{path} can be read or changed by others. Take their rights away: chmod 600 {path}"
            )
        return file.read()


@contextlib.contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what the operating system says of a file of the credentials into our errors.

    Raises CredentialsMissing, CredentialsBroken.
    """
    try:
        yield
    except FileNotFoundError:
        raise CredentialsMissing(
            f"{path} is gone. Put it back, or make other credentials with `lipwright credentials rotate`."
        ) from None
    except OSError as error:
        raise CredentialsBroken(f"{path} cannot be read: {error.strerror}.") from None
