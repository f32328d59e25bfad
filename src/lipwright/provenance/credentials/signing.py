"""An output gets its credentials: inside the file, or beside it where its container has no place for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lipwright.engine import EngineError, written_whole
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
from lipwright.provenance.errors import SigningFailed, TimeStampFailed

SIDECAR_SUFFIX = ".c2pa"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOutput:
    """What was written. sidecar: the file with the credentials, None where they are inside the output."""

    path: Path
    sidecar: Path | None
    manifest_bytes: int


def sign_output(
    path: Path, claim: Claim, inputs: Sequence[ClaimInput], identity: Identity, *, target: Path | None = None
) -> SignedOutput:
    """Sign a finished file, whole or not at all.

    target: where the signed file goes, in place of an older one; the file itself where absent.
    Raises SigningFailed, TimeStampFailed, OutputFailed and OSError for an input that cannot be read.
    """
    return _sign(path, claim, prepare_inputs(inputs), identity, target or path)


def sign_prepared(
    path: Path, claim: Claim, archive: Path, identity: Identity, *, target: Path | None = None
) -> SignedOutput:
    """The same, with what `prepare_claim` wrote into an archive. Raises CredentialsUnreadable, too."""
    return _sign(path, claim, read_prepared(archive), identity, target or path)


def sidecar_path(path: Path) -> Path:
    """Where the credentials of a file lie that cannot hold them."""
    return path.with_suffix(SIDECAR_SUFFIX)


def _sign(
    path: Path, claim: Claim, inputs: Sequence[PreparedInput], identity: Identity, target: Path
) -> SignedOutput:
    media_type = media_type_of(path)
    definition = manifest_of(claim, inputs, media_type)
    if media_type in CARRYING_TYPES:
        with written_whole(target) as part:
            manifest = _written(path, part, media_type, definition, inputs, identity)
        if path != target:
            path.unlink()
        return SignedOutput(path=target, sidecar=None, manifest_bytes=len(manifest))
    sidecar = sidecar_path(target)
    with written_whole(sidecar) as part:
        part.write_bytes(_written(path, None, media_type, definition, inputs, identity))
        manifest_bytes = part.stat().st_size
    path.replace(target)
    return SignedOutput(path=target, sidecar=sidecar, manifest_bytes=manifest_bytes)


def _written(
    source: Path,
    signed: Path | None,
    media_type: str,
    definition: dict[str, Any],
    inputs: Sequence[PreparedInput],
    identity: Identity,
) -> bytes:
    """The credentials of a file; with `signed`, a copy of the file that holds them is written there."""
    import io

    c2pa = load_library()
    failures: list[EngineError] = []

    def sign(data: bytes) -> bytes:
        try:
            return identity.signer.sign(data)
        except EngineError as failure:
            failures.append(failure)
            raise

    try:
        with c2pa.Context.from_dict(LIBRARY_SETTINGS) as context:
            builder = c2pa.Builder(definition, context=context)
            for each in inputs:
                if each.chain is not None:
                    builder.add_ingredient_from_archive(io.BytesIO(each.chain))
            signer = c2pa.Signer.from_callback(
                sign,
                c2pa.C2paSigningAlg[identity.signer.chain.algorithm],
                identity.signer.chain.pem,
                identity.time_stamp_url,
            )
            with signer, source.open("rb") as unsigned:
                if signed is None:
                    builder.set_no_embed()
                    return _signed(builder, signer, media_type, unsigned, io.BytesIO())
                with signed.open("w+b") as file:
                    return _signed(builder, signer, media_type, unsigned, file)
    except c2pa.C2paError as error:
        if failures:
            raise failures[0] from None
        if identity.time_stamp_url is not None and "time" in str(error).lower():
            raise TimeStampFailed(
                f"The time-stamp server {identity.time_stamp_url} gave no time stamp, "
                "so the output was not written."
            ) from None
        raise SigningFailed(f"The output could not be signed: {error}. It was not written.") from None


def _signed(builder: Any, signer: Any, media_type: str, unsigned: Any, signed: Any) -> bytes:
    manifest: bytes = builder.sign(signer, media_type, unsigned, signed)
    return manifest
