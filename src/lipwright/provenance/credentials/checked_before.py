"""Certificates and a key that were found good are not taken apart again while their files are the same.

checked.json in the folder of an authority holds the digest of both and what was read of the certificate.
The library that takes them apart costs a tenth of a second and 12 MB, which every output would pay.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import os
import secrets
from pathlib import Path

from lipwright.provenance.credentials.certificates import CertificateChain
from lipwright.provenance.credentials.made_once import write_private

# To be raised when more is asked of certificates than before.
_RULES = 1
_FILE_NAME = "checked.json"


def checked_chain(folder: Path, certificates: bytes, key: bytes) -> CertificateChain | None:
    """The chain of an authority whose files were found good as they are; None where they must be checked."""
    try:
        known = json.loads((folder / _FILE_NAME).read_bytes())
        if known["digest"] != _digest(certificates, key):
            return None
        return CertificateChain(
            pem=certificates.decode("ascii"),
            algorithm=str(known["algorithm"]),
            valid_from=datetime.datetime.fromisoformat(known["valid_from"]),
            valid_until=datetime.datetime.fromisoformat(known["valid_until"]),
        )
    except (OSError, ValueError, TypeError, KeyError):
        return None


def remember_checked(folder: Path, certificates: bytes, key: bytes, chain: CertificateChain) -> None:
    """Note that files are good. A folder that cannot be written to is checked again next time."""
    known = {
        "digest": _digest(certificates, key),
        "algorithm": chain.algorithm,
        "valid_from": chain.valid_from.isoformat(),
        "valid_until": chain.valid_until.isoformat(),
    }
    draft = folder / f".{_FILE_NAME}-{secrets.token_hex(6)}.part"
    try:
        with contextlib.suppress(OSError):
            write_private(draft, json.dumps(known).encode("ascii"))
            os.replace(draft, folder / _FILE_NAME)
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def _digest(certificates: bytes, key: bytes) -> str:
    parts = [hashlib.sha256(content).digest() for content in (certificates, key)]
    return hashlib.sha256(b"%d" % _RULES + b"".join(parts)).hexdigest()
