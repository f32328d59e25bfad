"""What signs: a key in a file, a key in a module, or a program of the operator.

Each gives the signature in the form that COSE (RFC 9053) asks; what comes from outside is verified with the
certificate before it is used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lipwright.provenance.credentials.certificates import CertificateChain
from lipwright.provenance.errors import SigningFailed

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.padding import PSS
    from cryptography.hazmat.primitives.hashes import HashAlgorithm

# Bytes of each of the two numbers of an ECDSA signature.
_ECDSA_NUMBER_BYTES = {"ES256": 32, "ES384": 48}
_DIGESTS = {"ES256": "SHA256", "ES384": "SHA384", "PS256": "SHA256"}
PSS_SALT_BYTES = 32
# The only form of keys that the library reads.
_PKCS8_HEAD = b"-----BEGIN PRIVATE KEY-----"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Signer:
    """sign: the signature of bytes, as COSE has it; raises SigningFailed. kind: of the key, for people.

    library_key: the key in PEM where the library of the credentials can sign with it by itself.
    """

    chain: CertificateChain
    kind: str
    sign: Callable[[bytes], bytes] = field(repr=False)
    library_key: bytes | None = field(default=None, repr=False)


def digest_of(algorithm: str) -> HashAlgorithm:
    """The digest that goes with an algorithm other than ED25519."""
    from cryptography.hazmat.primitives import hashes

    made: HashAlgorithm = getattr(hashes, _DIGESTS[algorithm])()
    return made


def key_signer(key_pem: bytes, chain: CertificateChain) -> Signer:
    """Signs with a key that lies here, a good one that matches the chain."""

    def sign(data: bytes) -> bytes:
        from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        key = load_pem_private_key(key_pem, password=None)
        if isinstance(key, ec.EllipticCurvePrivateKey):
            return cose_signature(key.sign(data, ec.ECDSA(digest_of(chain.algorithm))), chain.algorithm)
        if isinstance(key, rsa.RSAPrivateKey):
            return key.sign(data, _pss(), digest_of(chain.algorithm))
        assert isinstance(key, ed25519.Ed25519PrivateKey)
        return key.sign(data)

    library_key = key_pem if key_pem.lstrip().startswith(_PKCS8_HEAD) else None
    return Signer(chain=chain, kind="key file", sign=sign, library_key=library_key)


def verified(signature: bytes, data: bytes, chain: CertificateChain, source: str) -> bytes:
    """A signature from outside, as COSE has it; ECDSA may also come in the ASN.1 form of most tools.

    Raises SigningFailed for one that the certificate does not verify.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    key, algorithm = chain.leaf.public_key(), chain.algorithm
    try:
        signature = cose_signature(signature, algorithm)
        if isinstance(key, ec.EllipticCurvePublicKey):
            half = _ECDSA_NUMBER_BYTES[algorithm]
            numbers = (int.from_bytes(signature[:half]), int.from_bytes(signature[half:]))
            key.verify(encode_dss_signature(*numbers), data, ec.ECDSA(digest_of(algorithm)))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, _pss(), digest_of(algorithm))
        else:
            assert isinstance(key, ed25519.Ed25519PublicKey)
            key.verify(signature, data)
    except (InvalidSignature, ValueError):
        raise SigningFailed(
            f"What {source} wrote is no {algorithm} signature by the key of the certificate. "
            "Compare the two; the output was not written."
        ) from None
    return signature


def cose_signature(signature: bytes, algorithm: str) -> bytes:
    """An ECDSA signature as two numbers of equal length; others as they are. Raises ValueError."""
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    number_bytes = _ECDSA_NUMBER_BYTES.get(algorithm)
    if number_bytes is None or len(signature) == 2 * number_bytes:
        return signature
    return b"".join(number.to_bytes(number_bytes) for number in decode_dss_signature(signature))


def _pss() -> PSS:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    return padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=PSS_SALT_BYTES)
