"""Chains of certificates: read, held against what C2PA asks of a signer, and matched with a key.

C2PA specification 2.2, section 14.5, "X.509 certificates": the leaf is version 3, no authority, its key usage
is a digital signature, and its extended key usage names one of those below and not any.
"""

from __future__ import annotations

import datetime
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lipwright.provenance.errors import (
    CredentialsBroken,
    CredentialsExpired,
    CredentialsMismatch,
    UnusableCertificate,
)

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
    from cryptography.x509 import Certificate

EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4"
C2PA_CLAIM_SIGNING = "1.3.6.1.4.1.62558.2.1"
DOCUMENT_SIGNING = "1.3.6.1.5.5.7.3.36"
MICROSOFT_C2PA_SIGNING = "1.3.6.1.4.1.311.76.59.1.9"
SIGNING_PURPOSES = (C2PA_CLAIM_SIGNING, EMAIL_PROTECTION, DOCUMENT_SIGNING, MICROSOFT_C2PA_SIGNING)
_ANY_PURPOSE = "2.5.29.37.0"
# C2PA allows P-521, too, which its most used reader does not verify.
_CURVE_ALGORITHMS = {"secp256r1": "ES256", "secp384r1": "ES384"}
_LEAST_RSA_BITS = 2048


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CertificateChain:
    """Certificates, the signer's first and each signed by the next.

    pem: all of them. algorithm: the signature's, a word of COSE such as ES256. valid_from, valid_until: of
    the signer's own.
    """

    pem: str
    algorithm: str
    valid_from: datetime.datetime
    valid_until: datetime.datetime

    @property
    def leaf(self) -> Certificate:
        """The signer's own."""
        from cryptography import x509

        return x509.load_pem_x509_certificates(self.pem.encode("ascii"))[0]


def read_chain(pem: bytes, source: str) -> CertificateChain:
    """The chain in a text. source: names it in errors.

    Raises CredentialsBroken, UnusableCertificate; the time is looked at by `check_time`.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    try:
        certificates = tuple(x509.load_pem_x509_certificates(pem))
    except ValueError:
        raise CredentialsBroken(f"{source} holds no certificates in PEM.") from None
    for lower, upper in itertools.pairwise(certificates):
        try:
            lower.verify_directly_issued_by(upper)
        except Exception:
            raise UnusableCertificate(
                f"The certificates in {source} are no chain: the signer's comes first, "
                "and each is signed by the next."
            ) from None
    _check_profile(certificates[0], source)
    return CertificateChain(
        valid_from=certificates[0].not_valid_before_utc,
        valid_until=certificates[0].not_valid_after_utc,
        pem="".join(each.public_bytes(Encoding.PEM).decode("ascii") for each in certificates),
        algorithm=_algorithm(certificates[0], source),
    )


def check_time(chain: CertificateChain, source: str) -> None:
    """Raise CredentialsExpired for a signer's certificate that is not valid now."""
    now = datetime.datetime.now(datetime.UTC)
    if not chain.valid_from <= now <= chain.valid_until:
        raise CredentialsExpired(
            f"The certificate in {source} is valid from {chain.valid_from:%Y-%m-%d} "
            f"to {chain.valid_until:%Y-%m-%d}, not now. "
            "Use another, or make one with `lipwright credentials rotate`."
        )


def read_key(pem: bytes, source: str) -> PrivateKeyTypes:
    """A private key in PEM, without a password. Raises CredentialsBroken."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        return load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise CredentialsBroken(
            f"{source} holds no private key in PEM without a password. Put the right file back."
        ) from None


def check_match(key: PrivateKeyTypes, chain: CertificateChain, source: str) -> None:
    """Raise CredentialsMismatch for a key that is not the chain's."""
    if key.public_key() != chain.leaf.public_key():
        raise CredentialsMismatch(
            f"{source} is not the key of the certificate. Use the two that were made together."
        )


def _check_profile(leaf: Certificate, source: str) -> None:
    from cryptography import x509

    extensions = leaf.extensions
    try:
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
        purposes = {
            each.dotted_string for each in extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        }
    except x509.ExtensionNotFound:
        raise UnusableCertificate(
            f"The certificate in {source} does not say what its key is for: it needs a key usage "
            "and an extended key usage."
        ) from None
    if not usage.digital_signature or usage.key_cert_sign:
        raise UnusableCertificate(f"The first certificate in {source} is not one for signatures.")
    if _ANY_PURPOSE in purposes or not purposes & set(SIGNING_PURPOSES):
        raise UnusableCertificate(
            f"The certificate in {source} is for other purposes. C2PA asks for the extended key usage "
            f"{C2PA_CLAIM_SIGNING} (claim signing), {EMAIL_PROTECTION} (email) or "
            f"{DOCUMENT_SIGNING} (documents)."
        )


def _algorithm(leaf: Certificate, source: str) -> str:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    key = leaf.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in _CURVE_ALGORITHMS:
        return _CURVE_ALGORITHMS[key.curve.name]
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= _LEAST_RSA_BITS:
        return "PS256"
    if isinstance(key, ed25519.Ed25519PublicKey):
        return "ED25519"
    raise UnusableCertificate(
        f"The key of the certificate in {source} is of a kind that not every reader knows: "
        "use P-256, P-384, Ed25519 or RSA of 2048 bits and more."
    )
