"""What the credentials of a file say, and whether they hold."""

from __future__ import annotations

import contextlib
import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from lipwright.provenance.credentials.certificates import SIGNING_PURPOSES
from lipwright.provenance.credentials.library import LIBRARY_SETTINGS, load_library
from lipwright.provenance.credentials.media_types import CARRYING_TYPES, SUFFIXES_WITH_SIDECAR, media_type_of
from lipwright.provenance.credentials.signing import sidecar_path
from lipwright.provenance.errors import CredentialsUnreadable


class CredentialsState(StrEnum):
    """Whether credentials hold.

    TRUSTED: whole, and signed by somebody whom the reader trusts. WHOLE: nothing was changed since they were
    signed, by somebody whom the reader does not know. BROKEN: the file or its credentials were changed.
    """

    TRUSTED = "trusted"
    WHOLE = "whole"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundInput:
    """An input as the credentials name it.

    role: parentOf, componentOf or inputTo. media_type, sha256: None where they are not said. manifest: the
    name of its own credentials, which are part of the chain.
    """

    role: str
    media_type: str | None
    sha256: str | None
    manifest: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundManifest:
    """One set of credentials: the file's own, or an input's in the chain.

    signer, issuer: as the certificate names them; None where it does not. actions: the words of C2PA, in
    order. source_types: IPTC digital source types as addresses. product, mode, watermark (the installation's
    number and the output's): of an output of Lipwright, None otherwise. time_stamp: by a time-stamp server.
    made_at: as the software says.
    """

    name: str
    signer: str | None
    issuer: str | None
    software: str | None
    software_version: str | None
    actions: tuple[str, ...]
    source_types: tuple[str, ...]
    product: str | None
    mode: str | None
    watermark: tuple[int, int] | None
    made_at: datetime.datetime | None
    time_stamp: datetime.datetime | None
    inputs: tuple[FoundInput, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialsFound:
    """The credentials of a file.

    manifests: the file's own first, then those of its inputs and of theirs. failures: codes of C2PA for what
    does not hold, none where all does; `signingCredential.untrusted` is not among them. sidecar: the file
    they lie in, None where they are inside.
    """

    state: CredentialsState
    manifests: tuple[FoundManifest, ...]
    failures: tuple[str, ...]
    sidecar: Path | None

    @property
    def own(self) -> FoundManifest:
        """The file's own."""
        return self.manifests[0]


# Says that the signer is unknown here, not that anything was changed.
_UNTRUSTED = "signingCredential.untrusted"


def read_credentials(path: Path, trusted_roots: Sequence[str] = ()) -> CredentialsFound | None:
    """The credentials inside a file or in the sidecar beside it; None where there are none.

    trusted_roots: certificates in PEM. Raises CredentialsUnreadable for credentials that cannot be taken
    apart, and OSError for a file that cannot be read.
    """
    c2pa = load_library()
    media_type = media_type_of(path)
    inside = media_type in CARRYING_TYPES
    sidecar = sidecar_of(path)
    if not inside and sidecar is None:
        return None
    trust = {"trust_config": "\n".join(SIGNING_PURPOSES)}
    if trusted_roots:
        trust["user_anchors"] = "".join(trusted_roots)
    settings = {**LIBRARY_SETTINGS, "trust": trust}
    with contextlib.ExitStack() as opened:
        context = opened.enter_context(c2pa.Context.from_dict(settings))
        file = opened.enter_context(path.open("rb"))
        try:
            if inside:
                with contextlib.suppress(c2pa.C2paError.ManifestNotFound):
                    return _found(c2pa.Reader(media_type, file, context=context), None)
            if sidecar is None:
                return None
            file.seek(0)
            return _found(c2pa.Reader(media_type, file, sidecar.read_bytes(), context=context), sidecar)
        except c2pa.C2paError:
            raise CredentialsUnreadable(
                f"The credentials of {path.name} cannot be read: they are damaged, or of an unknown form."
            ) from None


def sidecar_of(path: Path) -> Path | None:
    """The sidecar beside a file; None where there is none, or where it is that of a file of the same name.

    A file that can hold credentials inside leaves the sidecar to one that cannot.
    """
    sidecar = sidecar_path(path)
    if not sidecar.is_file():
        return None
    others = [path.with_suffix(suffix) for suffix in SUFFIXES_WITH_SIDECAR if suffix != path.suffix.lower()]
    if media_type_of(path) in CARRYING_TYPES and any(other.is_file() for other in others):
        return None
    return sidecar


def _found(reader: Any, sidecar: Path | None) -> CredentialsFound:
    with reader:
        report = json.loads(reader.json())
    failures = tuple(
        dict.fromkeys(
            each["code"] for each in report.get("validation_status") or () if each["code"] != _UNTRUSTED
        )
    )
    state = CredentialsState.WHOLE
    if report.get("validation_state") == "Invalid" and failures:
        state = CredentialsState.BROKEN
    elif report.get("validation_state") == "Trusted":
        state = CredentialsState.TRUSTED
    manifests: Mapping[str, Any] = report.get("manifests") or {}
    active = report.get("active_manifest")
    if active not in manifests:
        raise CredentialsUnreadable("The credentials of the file name no claim.")
    ordered = [active, *(name for name in manifests if name != active)]
    return CredentialsFound(
        state=state,
        manifests=tuple(_manifest(name, manifests[name]) for name in ordered),
        failures=failures,
        sidecar=sidecar,
    )


def _manifest(name: str, said: Mapping[str, Any]) -> FoundManifest:
    """One set of credentials from the library's report; what has an unexpected form counts as not said."""
    actions = [
        action
        for assertion in said.get("assertions") or ()
        if str(assertion.get("label", "")).startswith("c2pa.actions")
        for action in (assertion.get("data") or {}).get("actions") or ()
        if isinstance(action, Mapping)
    ]
    facts: Mapping[str, Any] = next(
        (found for action in actions if "product" in (found := action.get("parameters") or {})), {}
    )
    software: Mapping[str, Any] = next(iter(said.get("claim_generator_info") or ()), {})
    signature = said.get("signature_info") or {}
    return FoundManifest(
        name=name,
        signer=_text(signature.get("common_name")),
        issuer=_text(signature.get("issuer")),
        software=_text(software.get("name")),
        software_version=_text(software.get("version")),
        actions=tuple(str(action.get("action")) for action in actions),
        source_types=tuple(
            dict.fromkeys(
                str(action["digitalSourceType"]) for action in actions if "digitalSourceType" in action
            )
        ),
        product=_text(facts.get("product")),
        mode=_text(facts.get("mode")),
        watermark=_watermark(facts.get("watermark")),
        made_at=_time(next((action["when"] for action in actions if "when" in action), None)),
        time_stamp=_time(signature.get("time")),
        inputs=tuple(_input(each) for each in said.get("ingredients") or ()),
    )


def _input(said: Mapping[str, Any]) -> FoundInput:
    instance = str(said.get("instance_id", ""))
    return FoundInput(
        role=str(said.get("relationship")),
        media_type=_text(said.get("format")),
        sha256=instance.removeprefix("sha256:") if instance.startswith("sha256:") else None,
        manifest=_text(said.get("active_manifest")),
    )


def _watermark(said: object) -> tuple[int, int] | None:
    if not isinstance(said, Mapping):
        return None
    installation, number = said.get("installation"), said.get("number")
    return (installation, number) if isinstance(installation, int) and isinstance(number, int) else None


def _time(said: object) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromisoformat(str(said))
    except ValueError:
        return None


def _text(said: object) -> str | None:
    return said if isinstance(said, str) else None
