"""Keys that are elsewhere sign, too; whatever is wrong with them is said before anything is written."""

from __future__ import annotations

import dataclasses
import shlex
import sys
import textwrap
from pathlib import Path

import pytest

from lipwright.provenance.credentials import (
    CredentialsState,
    open_identity,
    read_credentials,
    sign_output,
    trusted_roots,
)
from lipwright.provenance.errors import BadMarkingSettings, CredentialsTooOpen, SigningFailed
from lipwright.provenance.settings import MarkingSettings
from tests.provenance.credentials.certificates import certificate
from tests.provenance.credentials.conftest import TALKING

# Stands in for OpenSC's command, with the options that we give: signs a digest where the PIN is right.
PKCS11_TOOL = """
    import os, sys
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec, padding, utils

    said = dict(zip(sys.argv[1:], sys.argv[2:]))
    assert "--sign" in sys.argv and said["--module"] == "/usr/lib/module.so"
    assert said.get("--label") == "signing" or said.get("--id") == "a1b2"
    if "--login" in sys.argv:
        assert said["--pin"].startswith("env:") and os.environ[said["--pin"][4:]] == "5678"
    with open({key!r}, "rb") as file:
        key = serialization.load_pem_private_key(file.read(), None)
    digest = sys.stdin.buffer.read()
    if said["--mechanism"] == "ECDSA":
        size = (key.key_size + 7) // 8
        kind = {{32: hashes.SHA256, 48: hashes.SHA384}}[size]()
        numbers = utils.decode_dss_signature(key.sign(digest, ec.ECDSA(utils.Prehashed(kind))))
        signature = b"".join(number.to_bytes(size, "big") for number in numbers)
    else:
        salted = padding.PSS(padding.MGF1(hashes.SHA256()), int(said["--salt-len"]))
        signature = key.sign(digest, salted, utils.Prehashed(hashes.SHA256()))
    sys.stdout.buffer.write(signature)
"""


def written_certificate(folder: Path, curve: str = "secp256r1") -> tuple[Path, Path]:
    pem, key_pem = certificate(curve=curve)
    chain, key = folder / "chain.pem", folder / "elsewhere.key"
    chain.write_bytes(pem)
    key.write_bytes(key_pem)
    key.chmod(0o600)
    return chain, key


def program(path: Path, source: str) -> Path:
    path.write_text(f"#!{sys.executable}\n{textwrap.dedent(source)}")
    path.chmod(0o700)
    return path


def with_command(settings: MarkingSettings, chain: Path, command: str) -> MarkingSettings:
    return dataclasses.replace(settings, credentials_certificates=chain, credentials_command=command)


def is_trusted(settings: MarkingSettings, path: Path) -> bool:
    found = read_credentials(path, trusted_roots(settings))
    return found is not None and found.state is CredentialsState.TRUSTED


@pytest.mark.parametrize("curve", ["secp256r1", "secp384r1"])
def test_a_program_of_the_operators_signs(
    curve: str, settings: MarkingSettings, media: Path, tmp_path: Path
) -> None:
    chain, key = written_certificate(tmp_path, curve)
    digest = {"secp256r1": "sha256", "secp384r1": "sha384"}[curve]
    named = with_command(settings, chain, f"openssl dgst -{digest} -sign {shlex.quote(str(key))}")
    sign_output(media / "clip.mp4", TALKING, [], open_identity(named))
    assert is_trusted(named, media / "clip.mp4")


def test_the_program_learns_the_algorithm(settings: MarkingSettings, tmp_path: Path) -> None:
    chain, _ = written_certificate(tmp_path)
    told = tmp_path / "told"
    teller = program(
        tmp_path / "teller",
        f"""
        import os, pathlib
        pathlib.Path({str(told)!r}).write_text(os.environ["LIPWRIGHT_SIGNING_ALGORITHM"])
        """,
    )
    with pytest.raises(SigningFailed, match="no ES256 signature"):
        open_identity(with_command(settings, chain, str(teller))).signer.sign(b"words")
    assert told.read_text() == "ES256"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import sys; sys.exit(3)", "ended with status 3"),
        ("print('no signature at all')", "no ES256 signature"),
        ("import time; time.sleep(60)", "took longer than 2 s"),
        ("import sys; sys.stdout.write('x' * 10_000_000)", "no ES256 signature"),
    ],
)
def test_a_program_that_fails_is_said_and_what_it_says_is_not(
    source: str, words: str, settings: MarkingSettings, media: Path, tmp_path: Path
) -> None:
    chain, _ = written_certificate(tmp_path)
    loud = f"import sys; sys.stderr.write('canary'); sys.stderr.flush(); {source}"
    command = str(program(tmp_path / "signer", loud))
    named = dataclasses.replace(with_command(settings, chain, command), credentials_timeout_s=2.0)
    before = (media / "clip.mp4").read_bytes()
    with pytest.raises(SigningFailed, match=words) as failure:
        sign_output(media / "clip.mp4", TALKING, [], open_identity(named))
    assert "canary" not in failure.value.message
    assert (media / "clip.mp4").read_bytes() == before


def test_a_program_that_is_not_there_is_said(settings: MarkingSettings, tmp_path: Path) -> None:
    chain, _ = written_certificate(tmp_path)
    for command, error in ((str(tmp_path / "nowhere"), SigningFailed), ("'", BadMarkingSettings)):
        with pytest.raises(error):
            open_identity(with_command(settings, chain, command)).signer.sign(b"words")


@pytest.mark.parametrize("curve", ["secp256r1", "secp384r1", "rsa"])
def test_a_key_in_a_module_signs(
    curve: str, settings: MarkingSettings, media: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain, key = written_certificate(tmp_path, curve)
    (tmp_path / "bin").mkdir()
    program(tmp_path / "bin" / "pkcs11-tool", PKCS11_TOOL.format(key=str(key)))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    pin = tmp_path / "pin"
    pin.write_text("5678\n")
    pin.chmod(0o600)
    for name in ("object=signing", "id=%A1%B2"):
        address = f"pkcs11:token=studio;{name}?module-path=/usr/lib/module.so&pin-source=file:{pin}"
        named = dataclasses.replace(settings, credentials_certificates=chain, credentials_pkcs11=address)
        sign_output(media / "clip.mp4", TALKING, [], open_identity(named))
        assert is_trusted(named, media / "clip.mp4")
    pin.write_text("0000")
    with pytest.raises(SigningFailed, match=r"The module module\.so ended with status 1") as failure:
        open_identity(named).signer.sign(b"words")
    assert "0000" not in failure.value.message
    pin.chmod(0o644)
    with pytest.raises(CredentialsTooOpen):
        open_identity(named)


@pytest.mark.parametrize(
    "address",
    [
        "token=studio",
        "pkcs11:object=signing",
        "pkcs11:token=studio?module-path=/usr/lib/module.so",
        "pkcs11:object=signing?module-path=/usr/lib/module.so&pin-value=5678",
    ],
)
def test_an_address_of_a_key_is_checked(address: str, settings: MarkingSettings, tmp_path: Path) -> None:
    chain, _ = written_certificate(tmp_path)
    named = dataclasses.replace(settings, credentials_certificates=chain, credentials_pkcs11=address)
    with pytest.raises(BadMarkingSettings) as failure:
        open_identity(named)
    assert "5678" not in failure.value.message


@pytest.mark.parametrize("curve", ["secp384r1", "rsa", "ed25519"])
def test_keys_of_every_allowed_kind_sign(
    curve: str, settings: MarkingSettings, media: Path, tmp_path: Path
) -> None:
    chain, key = written_certificate(tmp_path, curve)
    named = dataclasses.replace(settings, credentials_certificates=chain, credentials_key=key)
    sign_output(media / "clip.mp4", TALKING, [], open_identity(named))
    assert is_trusted(named, media / "clip.mp4")
