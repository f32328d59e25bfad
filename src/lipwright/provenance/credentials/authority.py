"""The small authority of an installation: a root that signs one certificate, whose key is then forgotten.

Nothing is left that could sign a second certificate in the installation's name; other credentials are another
root. The certificates keep to RFC 5280 and to what C2PA asks (see `certificates`).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from lipwright.provenance.credentials.certificates import C2PA_CLAIM_SIGNING, EMAIL_PROTECTION

# Without a time stamp an output counts only while the certificate does: shorter, and old outputs stop to
# verify; longer outlives the strength of the algorithms.
VALID_DAYS = 20 * 365
# Clocks of machines that share the credentials, or read an output, are not the same.
CLOCK_ERROR_DAYS = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAuthority:
    """All in PEM. root: the certificate to hand out. certificate, key: the signer's."""

    root: bytes
    certificate: bytes
    key: bytes = field(repr=False)


def make_authority(installation: int) -> NewAuthority:
    """A root and a signer's certificate on P-256 for the installation of that number."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID, ObjectIdentifier

    def name(common: str) -> x509.Name:
        return x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Lipwright"),
                x509.NameAttribute(NameOID.COMMON_NAME, common),
            ]
        )

    def usage(*, signs_certificates: bool) -> x509.KeyUsage:
        return x509.KeyUsage(
            digital_signature=not signs_certificates,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=signs_certificates,
            crl_sign=signs_certificates,
            encipher_only=False,
            decipher_only=False,
        )

    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_serial = x509.random_serial_number()
    # Two authorities of one installation have different names: readers look for the issuer by it.
    root_name = name(f"Lipwright root {installation:06x}-{root_serial & 0xFFFFFFFF:08x}")
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    begin = now - datetime.timedelta(days=CLOCK_ERROR_DAYS)
    end = now + datetime.timedelta(days=VALID_DAYS)
    root = (
        x509.CertificateBuilder(issuer_name=root_name, subject_name=root_name)
        .public_key(root_key.public_key())
        .serial_number(root_serial)
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    purposes = [ObjectIdentifier(EMAIL_PROTECTION), ObjectIdentifier(C2PA_CLAIM_SIGNING)]
    certificate = (
        x509.CertificateBuilder(
            issuer_name=root_name, subject_name=name(f"Lipwright installation {installation:06x}")
        )
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False
        )
        .sign(root_key, hashes.SHA256())
    )
    return NewAuthority(
        root=root.public_bytes(serialization.Encoding.PEM),
        certificate=certificate.public_bytes(serialization.Encoding.PEM),
        key=key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )
