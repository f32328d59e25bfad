"""How the files of jobs are marked: what a render is told, and what the worker does with what comes back.

The render, in which strangers' files are opened, writes the watermark and prepares what the credentials will
say of its inputs. The worker signs, with a key that no render can read.
"""

from __future__ import annotations

import hashlib
import stat
from itertools import zip_longest
from pathlib import Path

from lipwright.engine import EngineError
from lipwright.provenance.credentials import Claim, Identity, Product, open_identity, sign_prepared
from lipwright.server.errors import BadSettings
from lipwright.server.jobs.model import JobKind, JobSpec, LipSyncSpec, TalkingPhotoSpec
from lipwright.server.made_files.model import MadeOutput
from lipwright.server.rendering.messages import Succeeded, TaskMarking
from lipwright.server.runtime.sandbox.paths import common_places
from lipwright.server.settings import Settings

_PRODUCTS = {
    JobKind.TALKING_PHOTO: Product.TALKING_PHOTO,
    JobKind.LIP_SYNC: Product.LIP_SYNC,
    JobKind.SPEECH: Product.SPEECH,
    JobKind.FACE_DETECTION: Product.FACES,
}


def check_marking(settings: Settings) -> None:
    """Make the credentials of the installation where there are none. Raises BadSettings where files of jobs
    could not be signed, or where a render could read the key.
    """
    if not settings.marking:
        return
    readable = [Path(place).resolve() for place in (*common_places(), *map(str, settings.sandbox_files))]
    marking = settings.marking_settings
    for secret in (marking.credentials_folder, marking.credentials_key):
        if secret is not None and any(secret.resolve().is_relative_to(place) for place in readable):
            raise BadSettings(
                f"{secret} lies where the processes read that open files of strangers. "
                "Keep the key in another folder, e.g. in the data folder."
            )
    try:
        open_identity(settings.marking_settings)
    except EngineError as error:
        raise BadSettings(error.message) from None


def open_marking(settings: Settings) -> Identity | None:
    """Who signs now; None where nothing is marked. Raises EngineError where the credentials are broken."""
    return open_identity(settings.marking_settings) if settings.marking else None


def has_watermark(spec: JobSpec) -> bool:
    """Whether the files of a job are videos, which bear a watermark."""
    return isinstance(spec, TalkingPhotoSpec | LipSyncSpec)


def task_marking(identity: Identity, number: int | None) -> TaskMarking:
    """What a render is told. number: of the watermark; None for what bears none."""
    key = identity.watermark_key
    return TaskMarking(
        installation=identity.installation,
        number=number,
        watermark_key=None if key is None or number is None else key.hex(),
    )


def mark_files(
    spec: JobSpec, folder: Path, answer: Succeeded, identity: Identity | None, number: int | None
) -> tuple[MadeOutput, ...]:
    """Sign what a render left in a folder, and say what the log keeps of each file.

    The render has ended. number: of the watermark. Raises EngineError, or OSError also for a file that is
    none: a process in which a stranger's file had its way may have left anything.
    """
    made = []
    for name, looks in zip_longest(answer.files, answer.perceptual_hashes[: len(answer.files)]):
        path = _plain_file(folder, name)
        if identity is not None:
            if answer.claim is None:
                raise OSError("the render prepared no credentials")
            sign_prepared(path, _claim(spec, identity, number), _plain_file(folder, answer.claim), identity)
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        made.append(
            MadeOutput(
                name=name,
                size_bytes=path.stat().st_size,
                sha256=sha256,
                perceptual_hash=looks,
                installation=None if identity is None or number is None else identity.installation,
                watermark_number=number,
                is_signed=identity is not None,
            )
        )
    return tuple(made)


def _claim(spec: JobSpec, identity: Identity, number: int | None) -> Claim:
    return Claim(
        product=_PRODUCTS[spec.kind],
        mode=str(spec.mode) if isinstance(spec, TalkingPhotoSpec | LipSyncSpec) else None,
        watermark=None if number is None else (identity.installation, number),
    )


def _plain_file(folder: Path, name: str) -> Path:
    """A file that lies in the folder itself, and is no link out of it. Raises OSError."""
    path = folder / name
    if path.parent != folder or not stat.S_ISREG(path.lstat().st_mode):
        raise OSError(f"the render left no plain file {name}")
    return path
