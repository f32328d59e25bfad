"""What the credentials of an output say: how it was made, and from what.

Inputs appear by their hash and type: no content, no names, no thumbnails. Credentials that an input has
itself are kept whole, as the chain. Taking an input apart may meet a stranger's file, so it is a step of its
own that needs no key: `prepare_claim` writes what it found into an archive, and whoever has the key signs
from that.
"""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from lipwright import __version__
from lipwright.provenance.credentials.library import LIBRARY_SETTINGS, load_library
from lipwright.provenance.credentials.media_types import CARRYING_TYPES, media_type_of
from lipwright.provenance.credentials.store_search import READ_BYTES, StoreSearch
from lipwright.provenance.errors import CredentialsUnreadable

# https://cv.iptc.org/newscodes/digitalsourcetype: real pictures or sounds, and movements that a model made.
COMPOSITE_SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
# The same list: made by a model alone, as a synthetic voice.
GENERATED_SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"

# A chain longer than this would outweigh most outputs; the input then counts as one without credentials.
LARGEST_CHAIN_BYTES = 4_000_000
_LIST_NAME = "inputs.json"
_MEDIA_TYPE = re.compile(r"[a-z]{1,20}/[a-z0-9.-]{1,60}")


class Product(StrEnum):
    """What Lipwright made."""

    TALKING_PHOTO = "talking_photo"
    LIP_SYNC = "lip_sync"
    SPEECH = "speech"
    FACES = "faces"
    MEASUREMENT = "measurement"


# The same list: a drawing of figures.
DATA_SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/dataDrivenMedia"
_SOURCE_TYPES = {
    Product.TALKING_PHOTO: COMPOSITE_SOURCE_TYPE,
    Product.LIP_SYNC: COMPOSITE_SOURCE_TYPE,
    Product.SPEECH: GENERATED_SOURCE_TYPE,
    Product.MEASUREMENT: DATA_SOURCE_TYPE,
}


class InputRole(StrEnum):
    """What an input is to the output, in the words of C2PA.

    PARENT: the output is an edited version of it. COMPONENT: it is seen or heard in the output. GUIDE: it
    steered what was made.
    """

    PARENT = "parentOf"
    COMPONENT = "componentOf"
    GUIDE = "inputTo"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimInput:
    """A file that went into an output."""

    path: Path
    role: InputRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """How an output was made.

    mode: a word of the product's, None where it has none. watermark: the installation's number and the
    output's, where it carries a watermark.
    """

    product: Product
    mode: str | None = None
    watermark: tuple[int, int] | None = None
    made_at: datetime.datetime = field(default_factory=lambda: datetime.datetime.now(datetime.UTC))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PreparedInput:
    """An input as the credentials name it. chain: its own credentials, as the library archives them."""

    sha256: str
    media_type: str
    role: InputRole
    chain: bytes | None = None

    @property
    def instance_id(self) -> str:
        """The name of the input in the credentials, which is its hash."""
        return f"sha256:{self.sha256}"

    @property
    def definition(self) -> dict[str, str]:
        """The ingredient as the library takes it."""
        return {"instance_id": self.instance_id, "format": self.media_type, "relationship": self.role.value}


def prepare_claim(inputs: Sequence[ClaimInput], archive: Path) -> None:
    """Write what the credentials of an output will say about its inputs. Needs no key.

    Raises OSError.
    """
    prepared = prepare_inputs(inputs)
    listed = [
        {"sha256": each.sha256, "media_type": each.media_type, "role": each.role.value} for each in prepared
    ]
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(_LIST_NAME, json.dumps(listed))
        for number, each in enumerate(prepared):
            if each.chain is not None:
                file.writestr(f"{number}.c2pa", each.chain)


def read_prepared(archive: Path) -> tuple[PreparedInput, ...]:
    """What `prepare_claim` wrote. Raises CredentialsUnreadable for anything else."""
    try:
        with zipfile.ZipFile(archive) as file:
            sizes = {entry.filename: entry.file_size for entry in file.infolist()}
            if any(size > 2 * LARGEST_CHAIN_BYTES for size in sizes.values()):
                raise CredentialsUnreadable
            listed = json.loads(file.read(_LIST_NAME))
            if not all(_MEDIA_TYPE.fullmatch(each["media_type"]) for each in listed):
                raise CredentialsUnreadable
            return tuple(
                PreparedInput(
                    sha256=bytes.fromhex(each["sha256"]).hex(),
                    media_type=each["media_type"],
                    role=InputRole(each["role"]),
                    chain=file.read(f"{number}.c2pa") if f"{number}.c2pa" in sizes else None,
                )
                for number, each in enumerate(listed)
            )
    except (OSError, zipfile.BadZipFile, ValueError, KeyError, TypeError):
        raise CredentialsUnreadable("What was prepared for the credentials cannot be read.") from None


def prepare_inputs(inputs: Sequence[ClaimInput]) -> list[PreparedInput]:
    """Read every input. One that is given twice, as a video that keeps its own sound, counts once, in its
    first role: credentials name each file by its hash. Raises OSError.
    """
    prepared: dict[str, PreparedInput] = {}
    for each in inputs:
        found = prepare_input(each)
        prepared.setdefault(found.sha256, found)
    return list(prepared.values())


def prepare_input(given: ClaimInput) -> PreparedInput:
    """Read a file to its end, and keep the credentials that it has. Raises OSError."""
    digest, search = hashlib.sha256(), StoreSearch()
    with given.path.open("rb") as file:
        while block := file.read(READ_BYTES):
            digest.update(block)
            search.look_at(block)
    prepared = PreparedInput(sha256=digest.hexdigest(), media_type=media_type_of(given.path), role=given.role)
    if not search.has_found or prepared.media_type not in CARRYING_TYPES:
        return prepared
    return replace(prepared, chain=_chain(given.path, prepared))


def _chain(path: Path, prepared: PreparedInput) -> bytes | None:
    """The credentials of a file as the library archives them; None where it cannot make sense of them."""
    c2pa = load_library()
    archive = io.BytesIO()
    try:
        with (
            path.open("rb") as file,
            c2pa.Context.from_dict(LIBRARY_SETTINGS) as context,
            c2pa.Builder({"claim_version": 2}, context=context) as builder,
        ):
            builder.add_ingredient(prepared.definition, prepared.media_type, file)
            builder.write_ingredient_archive(prepared.instance_id, archive)
    except c2pa.C2paError:
        return None
    chain = archive.getvalue()
    return chain if len(chain) <= LARGEST_CHAIN_BYTES else None


def manifest_of(claim: Claim, inputs: Sequence[PreparedInput], media_type: str) -> dict[str, Any]:
    """The definition of the credentials, but for those ingredients that have credentials of their own."""
    return {
        "claim_version": 2,
        "claim_generator_info": [{"name": "Lipwright", "version": __version__}],
        "format": media_type,
        "ingredients": [each.definition for each in inputs if each.chain is None],
        "assertions": [
            {
                "label": "c2pa.actions.v2",
                "data": {"actions": _actions(claim, inputs), "allActionsIncluded": True},
            }
        ],
    }


def _actions(claim: Claim, inputs: Sequence[PreparedInput]) -> list[dict[str, Any]]:
    """What was done, in order. An edited version first opens its parent; all else is created."""
    common = {
        "when": claim.made_at.isoformat(timespec="seconds"),
        "softwareAgent": {"name": "Lipwright", "version": __version__},
    }
    ids = {role: [each.instance_id for each in inputs if each.role is role] for role in InputRole}
    facts: dict[str, Any] = {"product": claim.product.value}
    if claim.mode is not None:
        facts["mode"] = claim.mode
    if claim.watermark is not None:
        facts["watermark"] = {"installation": claim.watermark[0], "number": claim.watermark[1]}
    if ids[InputRole.GUIDE]:
        facts["ingredientIds"] = ids[InputRole.GUIDE]
    actions: list[dict[str, Any]] = []
    if ids[InputRole.PARENT]:
        actions.append(
            {"action": "c2pa.opened", **common, "parameters": {"ingredientIds": ids[InputRole.PARENT]}}
        )
    actions.append({**_making(claim, is_edit=bool(actions)), **common, "parameters": facts})
    if ids[InputRole.COMPONENT]:
        actions.append(
            {"action": "c2pa.placed", **common, "parameters": {"ingredientIds": ids[InputRole.COMPONENT]}}
        )
    if claim.watermark is not None:
        actions.append({"action": "c2pa.watermarked.unbound", **common})
    return actions


def _making(claim: Claim, *, is_edit: bool) -> dict[str, str]:
    """The action that made the output. A picture with marked faces holds nothing generated."""
    if claim.product is Product.FACES:
        return {"action": "c2pa.drawing"}
    return {
        "action": "c2pa.edited" if is_edit else "c2pa.created",
        "digitalSourceType": _SOURCE_TYPES[claim.product],
    }
