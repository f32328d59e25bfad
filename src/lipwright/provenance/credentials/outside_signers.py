"""Keys that are not here: a program of the operator's, and a module that PKCS #11 describes."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import parse_qs, unquote

from lipwright.provenance.credentials.certificates import CertificateChain
from lipwright.provenance.credentials.made_once import read_private
from lipwright.provenance.credentials.signer import PSS_SALT_BYTES, Signer, digest_of, verified
from lipwright.provenance.errors import BadMarkingSettings, SigningFailed

# OpenSC's command speaks with every module. It takes the PIN from a variable, so that no list of processes
# shows it.
PKCS11_COMMAND = "pkcs11-tool"
_PIN_VARIABLE = "LIPWRIGHT_PKCS11_PIN"
_ALGORITHM_VARIABLE = "LIPWRIGHT_SIGNING_ALGORITHM"
# More than the longest signature that C2PA allows in any form.
_LONGEST_SIGNATURE_BYTES = 2048


def command_signer(command: str, chain: CertificateChain, timeout_s: float) -> Signer:
    """Signs with a program: bytes on its standard input, the signature on its standard output.

    command: with arguments, split as a shell does; no shell runs it. The program finds the algorithm's word
    in LIPWRIGHT_SIGNING_ALGORITHM. Raises BadMarkingSettings.
    """
    try:
        arguments = shlex.split(command)
    except ValueError:
        arguments = []
    if not arguments:
        raise BadMarkingSettings("LIPWRIGHT_CREDENTIALS_COMMAND is no command line.")

    def sign(data: bytes) -> bytes:
        source = f"the signing command `{Path(arguments[0]).name}`"
        written = _run(arguments, data, {_ALGORITHM_VARIABLE: chain.algorithm}, timeout_s, source)
        return verified(written, data, chain, source)

    return Signer(chain=chain, kind="signing command", sign=sign)


def pkcs11_signer(address: str, chain: CertificateChain, timeout_s: float) -> Signer:
    """Signs with a key in a module.

    address: as RFC 7512 has it, with `object` or `id` of the key, `module-path`, and `pin-source` for the
    file that holds the PIN. Raises BadMarkingSettings and what a PIN's file raises.
    """
    path, query = _parts(address)
    module, pin_source = query.get("module-path"), query.get("pin-source")
    if module is None or not ("object" in path or "id" in path):
        raise BadMarkingSettings(
            "LIPWRIGHT_CREDENTIALS_PKCS11 is an address such as "
            "pkcs11:token=studio;object=signing?module-path=/usr/lib/module.so&pin-source=file:/run/pin."
        )
    if "pin-value" in query:
        raise BadMarkingSettings(
            "LIPWRIGHT_CREDENTIALS_PKCS11 names the PIN itself. Put it into a file and name that: "
            "pin-source=file:/path."
        )
    if chain.algorithm == "ED25519":
        raise BadMarkingSettings("A key in a module has to be one of ECDSA or RSA.")
    arguments = [PKCS11_COMMAND, "--module", module, "--sign", *_mechanism(chain.algorithm)]
    for word, option in (("token", "--token-label"), ("object", "--label")):
        arguments += [option, path[word]] if word in path else []
    arguments += ["--id", path["id"].encode("latin-1").hex()] if "id" in path else []
    variables = {}
    if pin_source is not None:
        pin = read_private(Path(pin_source.removeprefix("file:"))).decode("utf-8", "replace").strip()
        arguments += ["--login", "--pin", f"env:{_PIN_VARIABLE}"]
        variables[_PIN_VARIABLE] = pin

    def sign(data: bytes) -> bytes:
        from cryptography.hazmat.primitives.hashes import Hash

        digest = Hash(digest_of(chain.algorithm))
        digest.update(data)
        source = f"the module {Path(module).name}"
        written = _run(arguments, digest.finalize(), variables, timeout_s, source)
        return verified(written, data, chain, source)

    return Signer(chain=chain, kind="PKCS #11 module", sign=sign)


def _parts(address: str) -> tuple[dict[str, str], dict[str, str]]:
    """What stands before and after the question mark of an address. Raises BadMarkingSettings."""
    scheme, _, rest = address.partition(":")
    if scheme != "pkcs11":
        raise BadMarkingSettings("LIPWRIGHT_CREDENTIALS_PKCS11 begins with `pkcs11:`.")
    before, _, after = rest.partition("?")
    pairs = (part.partition("=") for part in before.split(";") if part)
    path = {name: unquote(value, encoding="latin-1" if name == "id" else "utf-8") for name, _, value in pairs}
    return path, {name: values[-1] for name, values in parse_qs(after).items()}


def _mechanism(algorithm: str) -> Sequence[str]:
    """The options that let a digest be signed."""
    if algorithm == "PS256":
        return (
            "--mechanism",
            "RSA-PKCS-PSS",
            "--hash-algorithm",
            "SHA256",
            "--mgf",
            "MGF1-SHA256",
            "--salt-len",
            str(PSS_SALT_BYTES),
        )
    return ("--mechanism", "ECDSA", "--signature-format", "rs")


def _run(
    arguments: Sequence[str], data: bytes, variables: Mapping[str, str], timeout_s: float, source: str
) -> bytes:
    """What a program writes on its standard output; what it says besides may hold secrets and is dropped.

    Raises SigningFailed.
    """
    not_written = "The output was not written."
    try:
        ended = subprocess.run(
            arguments,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **variables},
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SigningFailed(
            f"{source[0].upper()}{source[1:]} took longer than {timeout_s:g} s. {not_written}"
        ) from None
    except OSError as error:
        raise SigningFailed(f"`{arguments[0]}` cannot be started: {error.strerror}. {not_written}") from None
    if ended.returncode != 0:
        raise SigningFailed(
            f"{source[0].upper()}{source[1:]} ended with status {ended.returncode}. "
            f"Run it by hand to see why. {not_written}"
        )
    return ended.stdout[:_LONGEST_SIGNATURE_BYTES]
