"""`lipwright credentials`: who signs what is made here, and whom this installation trusts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lipwright.cli.terminal import output_options
from lipwright.cli.terminal.console import console
from lipwright.engine import BadParameters
from lipwright.provenance.settings import LAW_NOTE, load_marking_settings

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from lipwright.provenance.credentials import Identity
    from lipwright.provenance.settings import MarkingSettings

app = typer.Typer(
    no_args_is_help=True, help="Show and change the key and certificate that sign what is made here."
)


@app.command()
def show(
    root: Annotated[
        bool,
        typer.Option("--root", help="Print the root certificate alone, to hand out: it holds no secret."),
    ] = False,
    as_json: output_options.JsonResult = False,
) -> None:
    """Show who signs here, and try the key. Makes credentials where there are none."""
    console.configure(json_events=as_json)
    from lipwright.provenance.credentials import open_identity, own_roots

    settings = load_marking_settings()
    identity = open_identity(settings)
    if root:
        console.data(own_roots(settings)[0].rstrip("\n"))
        return
    # A key that is elsewhere is found wanting here rather than after a render.
    identity.signer.sign(b"lipwright credentials show")
    facts = _facts(identity, settings)
    if as_json:
        console.data(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    for name, value in facts.items():
        console.data(f"{name.replace('_', ' ')}: {', '.join(value) if isinstance(value, list) else value}")
    if not settings.marking:
        console.warn(f"Marks are turned off by LIPWRIGHT_MARKING. {LAW_NOTE}")


@app.command()
def init(
    secret_watermark: Annotated[
        bool,
        typer.Option(
            "--secret-watermark",
            help="Read and write watermarks with a secret key, so that no other Lipwright recognises them.",
        ),
    ] = False,
) -> None:
    """Make the credentials now; else they are made when the first output is signed."""
    from lipwright.provenance.credentials import make_watermark_secret, open_identity

    settings = load_marking_settings()
    open_identity(settings)
    if secret_watermark:
        make_watermark_secret(settings)
    console.say(f"The credentials lie in {settings.credentials_folder}. Keep a copy of it in a safe place.")


@app.command("import")
def import_files(
    certificates: Annotated[
        Path | None,
        typer.Option(metavar="CHAIN.pem", help="Certificates to sign with, the signer's own first."),
    ] = None,
    key: Annotated[
        Path | None, typer.Option(metavar="KEY.pem", help="The private key of the first certificate.")
    ] = None,
    root: Annotated[
        Path | None,
        typer.Option(
            metavar="ROOT.pem",
            help="The root of the chain; alone: somebody else's root, trusted from now on.",
        ),
    ] = None,
) -> None:
    """Sign with certificates of your own from now on, or trust somebody else's root."""
    from lipwright.provenance.credentials import import_certificate, import_root

    settings = load_marking_settings()
    if certificates is not None and key is not None:
        import_certificate(settings, certificates, key, root)
        console.say("Outputs are signed with the imported certificate from now on. Old ones still verify.")
    elif root is not None and certificates is None and key is None:
        import_root(settings, root)
        console.say("Outputs whose certificates lead to that root are trusted here from now on.")
    else:
        raise BadParameters("Name --certificates and --key, or --root alone.")


@app.command()
def rotate() -> None:
    """Make another key and root, and remove the key before. Old outputs still verify by the old root."""
    from lipwright.provenance.credentials import rotate as make_another

    make_another(load_marking_settings())
    console.say(
        "Outputs are signed with a new key from now on. "
        "Hand out the new root: `lipwright credentials show --root`."
    )


def _facts(identity: Identity, settings: MarkingSettings) -> dict[str, object]:
    """What a person or a program wants to know; nothing of it is secret."""
    leaf = identity.signer.chain.leaf
    return {
        "marking": "on" if settings.marking else "off",
        "installation": f"{identity.installation:06x}",
        "signer": _name(leaf),
        "issuer": leaf.issuer.rfc4514_string(),
        "key": f"{identity.signer.kind}, {identity.signer.chain.algorithm}",
        "valid_until": f"{leaf.not_valid_after_utc:%Y-%m-%d}",
        "time_stamps": identity.settings.credentials_time_stamp_url or "none",
        "watermark_key": "public" if identity.watermark_key is None else "secret",
        "trusted_roots": [_fingerprint(root) for root in identity.roots],
        "folder": str(settings.credentials_folder),
    }


def _name(certificate: Certificate) -> str:
    return certificate.subject.rfc4514_string()


def _fingerprint(root_pem: str) -> str:
    """A root's SHA-256, by which people compare it."""
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256

    return x509.load_pem_x509_certificate(root_pem.encode("ascii")).fingerprint(SHA256()).hex()
