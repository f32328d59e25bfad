"""An output gets its credentials: inside the file, or beside it where its container has no place for them."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from lipwright.engine import written_whole
from lipwright.provenance.credentials.claim import (
    Claim,
    ClaimInput,
    PreparedInput,
    manifest_of,
    prepare_inputs,
    read_prepared,
)
from lipwright.provenance.credentials.identity import Identity
from lipwright.provenance.credentials.library import LIBRARY_SETTINGS, load_library
from lipwright.provenance.credentials.media_types import CARRYING_TYPES, media_type_of
from lipwright.provenance.credentials.signer import Signer
from lipwright.provenance.errors import SigningFailed, TimeStampFailed

SIDECAR_SUFFIX = ".c2pa"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOutput:
    """What was written. sidecar: the file with the credentials, None where they are inside the output."""

    path: Path
    sidecar: Path | None
    manifest_bytes: int


def sign_output(
    path: Path, claim: Claim, inputs: Sequence[ClaimInput], identity: Identity, *, sidecar: Path | None = None
) -> SignedOutput:
    """Sign a finished file in its place, whole or not at all.

    sidecar: where the credentials go that the container has no place for; beside the file where absent.
    Raises SigningFailed, TimeStampFailed, OutputFailed.
    """
    try:
        prepared = prepare_inputs(inputs)
    except OSError as error:
        raise SigningFailed(
            f"{error.filename} cannot be read any more, so the output was not signed and not written."
        ) from None
    return _sign(path, claim, prepared, identity, sidecar)


def sign_prepared(
    path: Path, claim: Claim, archive: Path, identity: Identity, *, sidecar: Path | None = None
) -> SignedOutput:
    """The same, with what `prepare_claim` wrote into an archive. Raises CredentialsUnreadable, too."""
    return _sign(path, claim, read_prepared(archive), identity, sidecar)


def sidecar_path(path: Path) -> Path:
    """Where the credentials of a file lie that cannot hold them."""
    return path.with_suffix(SIDECAR_SUFFIX)


def _sign(
    path: Path, claim: Claim, inputs: Sequence[PreparedInput], identity: Identity, sidecar: Path | None
) -> SignedOutput:
    media_type = media_type_of(path)
    definition = manifest_of(claim, inputs, media_type)
    if media_type in CARRYING_TYPES:
        with written_whole(path) as part, part.open("w+b") as signed:
            manifest = _written(path, signed, media_type, definition, inputs, identity)
        return SignedOutput(path=path, sidecar=None, manifest_bytes=len(manifest))
    sidecar = sidecar or sidecar_path(path)
    with written_whole(sidecar) as part:
        manifest = _written(path, None, media_type, definition, inputs, identity)
        part.write_bytes(manifest)
    return SignedOutput(path=path, sidecar=sidecar, manifest_bytes=len(manifest))


def _written(
    source: Path,
    signed: BinaryIO | None,
    media_type: str,
    definition: dict[str, Any],
    inputs: Sequence[PreparedInput],
    identity: Identity,
) -> bytes:
    """The credentials of a file; where `signed` is given, a copy of the file that holds them goes there."""
    c2pa = load_library()
    time_stamp_url = identity.settings.credentials_time_stamp_url
    failures: list[BaseException] = []
    signatures: list[bytes] = []

    def sign(data: bytes) -> bytes:
        # Nothing may be raised into the library, which would log it or lose it.
        try:
            signatures.append(identity.signer.sign(data))
        except BaseException as failure:
            failures.append(failure)
            return b""
        return signatures[-1]

    try:
        with c2pa.Context.from_dict(LIBRARY_SETTINGS) as context:
            builder = c2pa.Builder(definition, context=context)
            for each in inputs:
                if each.chain is not None:
                    builder.add_ingredient_from_archive(io.BytesIO(each.chain))
            with (
                _library_signer(c2pa, identity.signer, sign, time_stamp_url) as signer,
                source.open("rb") as unsigned,
            ):
                if signed is None:
                    builder.set_no_embed()
                manifest: bytes = builder.sign(signer, media_type, unsigned, signed or _Nowhere())
                return manifest
    except c2pa.C2paError as error:
        if failures:
            raise failures[0] from None
        # The time stamp is asked for last.
        if time_stamp_url is not None and signatures:
            raise TimeStampFailed(
                f"The time-stamp server {time_stamp_url} gave no time stamp, so the output was not written."
            ) from None
        raise SigningFailed(f"The output could not be signed: {error}. It was not written.") from None


def _library_signer(
    c2pa: Any, signer: Signer, sign: Callable[[bytes], bytes], time_stamp_url: str | None
) -> Any:
    """The library's own signer where it can read the key, else one that calls `sign`.

    Its own needs no second library for keys. It does not tell whether it was the time stamp that failed.
    """
    algorithm = c2pa.C2paSigningAlg[signer.chain.algorithm]
    if signer.library_key is not None and time_stamp_url is None:
        chain = signer.chain.pem.encode("ascii")
        return c2pa.Signer.from_info(c2pa.C2paSignerInfo(algorithm, chain, signer.library_key, None))
    return c2pa.Signer.from_callback(sign, algorithm, signer.chain.pem, time_stamp_url)


class _Nowhere(io.RawIOBase):
    """Takes the copy of a file that the library makes also when the file stays as it is."""

    _position = 0

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, _buffer: object) -> int:
        return 0

    def write(self, data: Any) -> int:
        self._position += len(data)
        return len(data)

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._position = offset if whence == io.SEEK_SET else self._position + offset
        return self._position
