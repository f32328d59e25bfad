"""Who an installation is: its number, and the key and certificate that sign its outputs.

credentials/                  in the data folder
|-- installation/number.json  the number, made at first use
|-- authority-1/              made at first use, or imported; rotating adds the next
|   |-- certificates.pem      the signer's certificate, then those that lead to the root
|   |-- root.pem              to hand out
|   |-- checked.json          that the two files of the signer were found good
|   `-- signing.key           gone once there is a newer authority
|-- roots/                    roots of others that are trusted here
`-- watermark.key             where the watermark is secret

Folders appear whole, so that processes and machines that share them make one of each. The roots of older
authorities stay, and with them what their keys have signed.
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from lipwright.provenance.credentials.authority import make_authority
from lipwright.provenance.credentials.certificates import (
    CertificateChain,
    check_match,
    check_time,
    read_chain,
    read_key,
)
from lipwright.provenance.credentials.checked_before import checked_chain, remember_checked
from lipwright.provenance.credentials.made_once import made_once, read_private, reading, write_private
from lipwright.provenance.credentials.outside_signers import command_signer, pkcs11_signer
from lipwright.provenance.credentials.signer import Signer, key_signer
from lipwright.provenance.errors import BadMarkingSettings, CredentialsBroken, CredentialsMissing
from lipwright.provenance.settings import MarkingSettings

INSTALLATION_BITS = 24
# A key of 256 bits, as the watermark takes.
WATERMARK_KEY_BYTES = 32

_CERTIFICATES, _ROOT, _KEY = "certificates.pem", "root.pem", "signing.key"
_AUTHORITY = re.compile(r"authority-([1-9][0-9]*)")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Identity:
    """Whose outputs these are.

    installation: its number, 24 bits. settings: what it was opened with. watermark_key: where the watermark
    is secret.
    """

    installation: int
    signer: Signer
    settings: MarkingSettings
    watermark_key: bytes | None = field(default=None, repr=False)

    @property
    def roots(self) -> tuple[str, ...]:
        """What `trusted_roots` finds now."""
        return trusted_roots(self.settings)


def open_identity(settings: MarkingSettings) -> Identity:
    """The installation's identity, made now where there is none.

    Raises what is wrong with the settings or the files: see :mod:`lipwright.provenance.errors`.
    """
    folder = settings.credentials_folder
    installation = _installation_number(folder)
    signer = _signer(settings, installation)
    return Identity(
        installation=installation,
        signer=signer,
        settings=settings,
        watermark_key=_watermark_key(folder),
    )


def trusted_roots(settings: MarkingSettings) -> tuple[str, ...]:
    """Certificates in PEM whose outputs are trusted here, our own first; none where nothing was made yet.

    Raises CredentialsMissing, CredentialsBroken.
    """
    others = sorted((settings.credentials_folder / "roots").glob("*.pem"))
    return tuple(dict.fromkeys([*own_roots(settings), *(_root_of(_read(path), path) for path in others)]))


def own_roots(settings: MarkingSettings) -> tuple[str, ...]:
    """The roots of this installation alone, the present one first; makes nothing.

    Raises CredentialsMissing, CredentialsBroken.
    """
    named = settings.credentials_certificates
    paths = [] if named is None else [named]
    paths += [authority / _ROOT for authority in reversed(_authorities(settings.credentials_folder))]
    return tuple(dict.fromkeys(_root_of(_read(path), path) for path in paths))


def known_installation(settings: MarkingSettings) -> int | None:
    """The installation's number, None where it has none yet; makes nothing. Raises CredentialsBroken."""
    folder = settings.credentials_folder
    return _installation_number(folder) if (folder / "installation").exists() else None


def known_watermark_key(settings: MarkingSettings) -> bytes | None:
    """The secret watermark key, None where there is none. Raises CredentialsTooOpen, CredentialsBroken."""
    return _watermark_key(settings.credentials_folder)


def rotate(settings: MarkingSettings) -> None:
    """Make another authority, whose key signs from now on, and remove the key before it.

    Raises BadMarkingSettings where the settings name a certificate.
    """
    _refuse_named_certificate(settings)
    installation = _installation_number(settings.credentials_folder)
    _add_authority(settings.credentials_folder, lambda folder: _fill_authority(folder, installation))


def import_certificate(settings: MarkingSettings, certificates: Path, key: Path, root: Path | None) -> None:
    """Copy an operator's certificates and key; they sign from now on.

    root: the certificate to hand out; the last of the chain where absent. Raises what is wrong with them.
    """
    _refuse_named_certificate(settings)
    pem, key_pem = _read(certificates), read_private(key)
    chain = read_chain(pem, str(certificates))
    check_time(chain, str(certificates))
    check_match(read_key(key_pem, str(key)), chain, str(key))
    root_pem = _root_of(_read(root), root) if root is not None else _root_of(pem, certificates)
    _installation_number(settings.credentials_folder)

    def fill(folder: Path) -> None:
        write_private(folder / _CERTIFICATES, chain.pem.encode("ascii"))
        write_private(folder / _ROOT, root_pem.encode("ascii"))
        write_private(folder / _KEY, key_pem)

    _add_authority(settings.credentials_folder, fill)


def import_root(settings: MarkingSettings, root: Path) -> None:
    """Trust another installation's root from now on. Raises CredentialsBroken."""
    import hashlib

    pem = _root_of(_read(root), root)
    folder = settings.credentials_folder / "roots"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with contextlib.suppress(FileExistsError):
        write_private(folder / f"{hashlib.sha256(pem.encode()).hexdigest()[:16]}.pem", pem.encode("ascii"))


def make_watermark_secret(settings: MarkingSettings) -> None:
    """Give the installation a secret watermark key, unless it has one."""
    _installation_number(settings.credentials_folder)
    with contextlib.suppress(FileExistsError):
        content = f"{secrets.token_hex(WATERMARK_KEY_BYTES)}\n"
        write_private(settings.credentials_folder / "watermark.key", content.encode("ascii"))


def _installation_number(folder: Path) -> int:
    """The number, made where there is none."""
    path = folder / "installation" / "number.json"

    def fill(draft: Path) -> None:
        number = secrets.randbelow(2**INSTALLATION_BITS)
        write_private(draft / path.name, json.dumps({"installation": number}).encode("ascii"))

    if not path.parent.exists():
        made_once(path.parent, fill)
    try:
        number = json.loads(_read(path))["installation"]
    except (ValueError, TypeError, KeyError):
        number = None
    if not isinstance(number, int) or not 0 <= number < 2**INSTALLATION_BITS:
        raise CredentialsBroken(f"{path} does not hold the installation's number. Put the right file back.")
    return number


def _watermark_key(folder: Path) -> bytes | None:
    path = folder / "watermark.key"
    if not path.exists():
        return None
    try:
        key = bytes.fromhex(read_private(path).decode("ascii", "replace").strip())
    except ValueError:
        key = b""
    if len(key) != WATERMARK_KEY_BYTES:
        raise CredentialsBroken(f"{path} holds no key of {WATERMARK_KEY_BYTES} bytes in hexadecimal digits.")
    return key


def _signer(settings: MarkingSettings, installation: int) -> Signer:
    if settings.credentials_certificates is not None:
        return _named_signer(settings, settings.credentials_certificates)
    if any((settings.credentials_key, settings.credentials_pkcs11, settings.credentials_command)):
        raise BadMarkingSettings(
            "A key for credentials is set, but no certificate. Set LIPWRIGHT_CREDENTIALS_CERTIFICATES, too."
        )
    folder = settings.credentials_folder
    if not _authorities(folder):
        made_once(folder / "authority-1", lambda draft: _fill_authority(draft, installation))
    authority = _authorities(folder)[-1]
    try:
        return _file_signer(authority)
    except CredentialsMissing:
        # Another process may have rotated between the two looks.
        newest = _authorities(folder)[-1]
        if newest == authority:
            raise
        return _file_signer(newest)


def _named_signer(settings: MarkingSettings, path: Path) -> Signer:
    """The signer that the settings describe."""
    ways = (settings.credentials_key, settings.credentials_pkcs11, settings.credentials_command)
    if sum(way is not None for way in ways) != 1:
        raise BadMarkingSettings(
            "LIPWRIGHT_CREDENTIALS_CERTIFICATES goes with one of LIPWRIGHT_CREDENTIALS_KEY, "
            "LIPWRIGHT_CREDENTIALS_PKCS11 and LIPWRIGHT_CREDENTIALS_COMMAND."
        )
    chain = _valid_chain(_read(path), path)
    if settings.credentials_key is not None:
        key = settings.credentials_key
        return _matched_signer(read_private(key), key, chain)
    if settings.credentials_pkcs11 is not None:
        return pkcs11_signer(settings.credentials_pkcs11, chain, settings.credentials_timeout_s)
    assert settings.credentials_command is not None
    return command_signer(settings.credentials_command, chain, settings.credentials_timeout_s)


def _file_signer(authority: Path) -> Signer:
    chain_path, key_path = authority / _CERTIFICATES, authority / _KEY
    certificates, key = _read(chain_path), read_private(key_path)
    chain = checked_chain(authority, certificates, key)
    if chain is not None:
        check_time(chain, str(chain_path))
        return key_signer(key, chain)
    signer = _matched_signer(key, key_path, _valid_chain(certificates, chain_path))
    if signer.chain.pem.encode("ascii") == certificates:
        remember_checked(authority, certificates, key, signer.chain)
    return signer


def _valid_chain(pem: bytes, path: Path) -> CertificateChain:
    chain = read_chain(pem, str(path))
    check_time(chain, str(path))
    return chain


def _matched_signer(pem: bytes, path: Path, chain: CertificateChain) -> Signer:
    check_match(read_key(pem, str(path)), chain, str(path))
    return key_signer(pem, chain)


def _fill_authority(folder: Path, installation: int) -> None:
    made = make_authority(installation)
    write_private(folder / _CERTIFICATES, made.certificate)
    write_private(folder / _ROOT, made.root)
    write_private(folder / _KEY, made.key)


def _add_authority(folder: Path, fill: Callable[[Path], None]) -> None:
    """Add the next authority, then remove the keys of those before it."""
    older = _authorities(folder)
    number = 1 + (int(older[-1].name.rpartition("-")[2]) if older else 0)
    if not made_once(folder / f"authority-{number}", fill):
        raise CredentialsBroken("Another process made other credentials at the same moment. Look at them.")
    for authority in older:
        (authority / _KEY).unlink(missing_ok=True)


def _refuse_named_certificate(settings: MarkingSettings) -> None:
    if settings.credentials_certificates is not None:
        raise BadMarkingSettings(
            "LIPWRIGHT_CREDENTIALS_CERTIFICATES names the certificate: change it there, or take it away."
        )


def _root_of(pem: bytes, path: Path) -> str:
    """The last certificate of a text, in PEM. Raises CredentialsBroken."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    try:
        last = x509.load_pem_x509_certificates(pem)[-1]
    except (ValueError, IndexError):
        raise CredentialsBroken(f"{path} holds no certificate in PEM.") from None
    return last.public_bytes(Encoding.PEM).decode("ascii")


def _read(path: Path) -> bytes:
    """A file that holds no secret. Raises CredentialsMissing, CredentialsBroken."""
    with reading(path):
        return path.read_bytes()


def _authorities(folder: Path) -> list[Path]:
    """The folders of authorities, the oldest first."""
    if not folder.is_dir():
        return []
    numbered = ((_AUTHORITY.fullmatch(path.name), path) for path in folder.iterdir())
    return [path for _, path in sorted((int(found[1]), path) for found, path in numbered if found)]
