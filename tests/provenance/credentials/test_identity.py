"""An installation's number, key and certificate: made once, kept from others, missed when they are gone."""

from __future__ import annotations

import dataclasses
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import lipwright.provenance.credentials.identity as identity_module
from lipwright.provenance.credentials import (
    ClaimInput,
    CredentialsState,
    Identity,
    InputRole,
    import_certificate,
    import_root,
    known_installation,
    known_watermark_key,
    make_watermark_secret,
    open_identity,
    own_roots,
    read_credentials,
    rotate,
    sign_output,
    trusted_roots,
)
from lipwright.provenance.credentials.authority import make_authority
from lipwright.provenance.errors import (
    BadMarkingSettings,
    CredentialsBroken,
    CredentialsError,
    CredentialsExpired,
    CredentialsMismatch,
    CredentialsMissing,
    CredentialsTooOpen,
    UnusableCertificate,
)
from lipwright.provenance.settings import MarkingSettings
from tests.provenance.credentials.certificates import certificate
from tests.provenance.credentials.conftest import TALKING

PROJECT = Path(__file__).resolve().parents[3]


def key_path(settings: MarkingSettings, number: int = 1) -> Path:
    return settings.credentials_folder / f"authority-{number}" / "signing.key"


def written_authority(folder: Path, *, installation: int = 5) -> tuple[Path, Path]:
    """A chain and its key, as an operator has them."""
    made = make_authority(installation)
    chain, key = folder / "chain.pem", folder / "own.key"
    chain.write_bytes(made.certificate + made.root)
    key.write_bytes(made.key)
    key.chmod(0o600)
    return chain, key


def test_the_first_look_makes_an_identity_and_later_ones_find_it(settings: MarkingSettings) -> None:
    first, second = open_identity(settings), open_identity(settings)
    assert 0 <= first.installation < 2**24
    assert (first.installation, first.roots) == (second.installation, second.roots)
    assert first.signer.chain.pem == second.signer.chain.pem
    assert first.signer.chain.algorithm == "ES256"


@pytest.mark.usefixtures("identity")
def test_only_the_owner_may_read_the_files(settings: MarkingSettings) -> None:
    make_watermark_secret(settings)
    paths = [settings.credentials_folder, *settings.credentials_folder.rglob("*")]
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths if path.is_dir()} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths if path.is_file()} == {0o600}
    assert [path.name for path in paths if path.name.endswith(".part")] == []


@pytest.mark.usefixtures("identity")
def test_the_key_of_the_root_is_forgotten(settings: MarkingSettings) -> None:
    keys = [
        path
        for path in settings.credentials_folder.rglob("*")
        if path.is_file() and b"KEY" in path.read_bytes()
    ]
    assert keys == [key_path(settings)]


def test_looking_makes_nothing(settings: MarkingSettings) -> None:
    assert (own_roots(settings), trusted_roots(settings)) == ((), ())
    assert known_installation(settings) is None
    assert known_watermark_key(settings) is None
    assert not settings.credentials_folder.exists()


def test_processes_that_start_together_make_one_key(tmp_path: Path) -> None:
    program = (
        "import sys, json\n"
        "from lipwright.provenance.credentials import open_identity\n"
        "from lipwright.provenance.settings import load_marking_settings\n"
        "sys.stdin.readline()\n"
        "made = open_identity(load_marking_settings())\n"
        "print(json.dumps([made.installation, made.signer.chain.pem, made.roots]))\n"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program],
            cwd=PROJECT,
            env={**os.environ, "LIPWRIGHT_HOME": str(tmp_path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("now\n")
        process.stdin.flush()
    made = [json.loads(process.communicate()[0]) for process in processes]
    assert [process.returncode for process in processes] == [0] * 4
    assert made[1:] == made[:-1]
    names = sorted(path.name for path in (tmp_path / "credentials").iterdir())
    assert names == ["authority-1", "installation"]


@pytest.mark.usefixtures("identity")
def test_a_lost_key_is_said(settings: MarkingSettings) -> None:
    key_path(settings).unlink()
    with pytest.raises(CredentialsMissing, match=r"signing\.key is gone"):
        open_identity(settings)


@pytest.mark.usefixtures("identity")
def test_a_broken_key_is_said(settings: MarkingSettings) -> None:
    key_path(settings).write_bytes(key_path(settings).read_bytes()[:60])
    with pytest.raises(CredentialsBroken, match="holds no private key"):
        open_identity(settings)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o620, 0o604])
@pytest.mark.usefixtures("identity")
def test_a_key_that_others_may_read_is_said(settings: MarkingSettings, mode: int) -> None:
    key_path(settings).chmod(mode)
    with pytest.raises(CredentialsTooOpen, match="chmod 600"):
        open_identity(settings)


@pytest.mark.usefixtures("identity")
def test_a_key_of_another_certificate_is_said(settings: MarkingSettings) -> None:
    key_path(settings).write_bytes(make_authority(1).key)
    with pytest.raises(CredentialsMismatch):
        open_identity(settings)


@pytest.mark.usefixtures("identity")
def test_broken_certificates_and_numbers_are_said(settings: MarkingSettings) -> None:
    number = settings.credentials_folder / "installation" / "number.json"
    for content in ("", "[]", '{"installation": "1"}', '{"installation": 16777216}'):
        number.write_text(content)
        with pytest.raises(CredentialsBroken, match="installation's number"):
            open_identity(settings)
    number.write_text('{"installation": 1}')
    (key_path(settings).parent / "certificates.pem").write_text("nothing")
    with pytest.raises(CredentialsBroken, match="no certificates"):
        open_identity(settings)


def test_files_that_were_found_good_are_not_taken_apart_again(
    settings: MarkingSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_identity(settings)
    monkeypatch.setattr(identity_module, "read_chain", None)
    monkeypatch.setattr(identity_module, "read_key", None)
    again = open_identity(settings).signer.chain
    assert dataclasses.astuple(again) == dataclasses.astuple(first.signer.chain)


def test_the_usual_output_is_signed_without_the_library_for_keys(media: Path, tmp_path: Path) -> None:
    program = (
        "import sys, datetime\n"
        "from pathlib import Path\n"
        "from lipwright.provenance.credentials import Claim, Product, open_identity, sign_output\n"
        "from lipwright.provenance.settings import load_marking_settings\n"
        "identity = open_identity(load_marking_settings())\n"
        "claim = Claim(product=Product.SPEECH)\n"
        "sign_output(Path(sys.argv[1]), claim, [], identity)\n"
        "print('cryptography' in sys.modules)\n"
    )
    said = []
    for name in ("clip.mov", "clip.mp4"):
        run = subprocess.run(
            [sys.executable, "-c", program, str(media / name)],
            cwd=PROJECT,
            env={**os.environ, "LIPWRIGHT_HOME": str(tmp_path)},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        said.append(run.stdout.strip())
    assert said == ["True", "False"]


@pytest.mark.parametrize("note", ["", "{}", '{"digest": 1}', "\0", '{"digest": null, "algorithm": "ES256"}'])
@pytest.mark.usefixtures("identity")
def test_a_spoilt_note_of_what_was_good_is_no_harm(settings: MarkingSettings, note: str) -> None:
    path = key_path(settings).parent / "checked.json"
    path.write_text(note)
    assert open_identity(settings).signer.chain.algorithm == "ES256"
    assert json.loads(path.read_text())["algorithm"] == "ES256"


@pytest.mark.usefixtures("identity")
def test_what_was_good_has_its_end(settings: MarkingSettings) -> None:
    path = key_path(settings).parent / "checked.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "valid_until": "2020-01-01T00:00:00+00:00"}))
    with pytest.raises(CredentialsExpired, match="2020-01-01"):
        open_identity(settings)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CredentialsBroken, match="LIPWRIGHT_CREDENTIALS_FOLDER"):
        open_identity(MarkingSettings(credentials_folder=tmp_path / "file" / "credentials"))


def test_after_rotating_old_outputs_still_verify(
    settings: MarkingSettings, identity: Identity, media: Path
) -> None:
    sign_output(media / "clip.mp4", TALKING, [], identity)
    earlier = identity.roots
    rotate(settings)
    later = open_identity(settings)
    sign_output(media / "clip.mov", TALKING, [], later)
    assert later.installation == identity.installation
    assert later.roots == (*own_roots(settings)[:1], *earlier)
    assert not key_path(settings).exists()
    for name in ("clip.mp4", "clip.mov"):
        found = read_credentials(media / name, trusted_roots(settings))
        assert found is not None
        assert found.state is CredentialsState.TRUSTED
    known_before = read_credentials(media / "clip.mov", earlier)
    assert known_before is not None
    assert known_before.state is CredentialsState.WHOLE


def test_rotating_mends_a_lost_key(settings: MarkingSettings, identity: Identity) -> None:
    key_path(settings).unlink()
    rotate(settings)
    assert open_identity(settings).signer.chain.pem != identity.signer.chain.pem


def test_an_operators_certificate_is_imported(
    settings: MarkingSettings, identity: Identity, media: Path, tmp_path: Path
) -> None:
    chain, key = written_authority(tmp_path)
    import_certificate(settings, chain, key, None)
    signing = open_identity(settings)
    sign_output(media / "clip.mp4", TALKING, [], signing)
    found = read_credentials(media / "clip.mp4", trusted_roots(settings))
    assert found is not None
    assert (found.state, found.own.signer) == (CredentialsState.TRUSTED, "Lipwright installation 000005")
    assert signing.installation == identity.installation
    assert len(signing.roots) == 2


def test_only_files_that_go_together_are_imported(settings: MarkingSettings, tmp_path: Path) -> None:
    chain, key = written_authority(tmp_path)
    other = tmp_path / "other.key"
    other.write_bytes(make_authority(1).key)
    other.chmod(0o600)
    with pytest.raises(CredentialsMismatch):
        import_certificate(settings, chain, other, None)
    key.chmod(0o644)
    with pytest.raises(CredentialsTooOpen):
        import_certificate(settings, chain, key, None)
    assert not settings.credentials_folder.exists()


def test_a_root_of_others_is_trusted_when_it_was_imported(
    settings: MarkingSettings, media: Path, tmp_path: Path
) -> None:
    theirs = open_identity(MarkingSettings(credentials_folder=tmp_path / "theirs"))
    sign_output(media / "clip.mp4", TALKING, [], theirs)
    (tmp_path / "root.pem").write_text(theirs.roots[0])
    import_root(settings, tmp_path / "root.pem")
    import_root(settings, tmp_path / "root.pem")
    found = read_credentials(media / "clip.mp4", trusted_roots(settings))
    assert found is not None
    assert found.state is CredentialsState.TRUSTED
    assert own_roots(settings) == ()
    (tmp_path / "root.pem").write_text("nothing")
    with pytest.raises(CredentialsBroken):
        import_root(settings, tmp_path / "root.pem")


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"days": -1}, CredentialsExpired),
        ({"purpose": "1.3.6.1.5.5.7.3.1"}, UnusableCertificate),
        ({"purpose": "2.5.29.37.0"}, UnusableCertificate),
        ({"purpose": None}, UnusableCertificate),
        ({"is_authority": True}, UnusableCertificate),
        ({"curve": "secp256k1"}, UnusableCertificate),
        ({"curve": "secp521r1"}, UnusableCertificate),
    ],
)
def test_a_certificate_that_c2pa_forbids_is_refused(
    settings: MarkingSettings, tmp_path: Path, given: dict[str, object], error: type[CredentialsError]
) -> None:
    pem, key_pem = certificate(**given)  # type: ignore[arg-type]
    chain, key = tmp_path / "chain.pem", tmp_path / "own.key"
    chain.write_bytes(pem)
    key.write_bytes(key_pem)
    key.chmod(0o600)
    with pytest.raises(error):
        import_certificate(settings, chain, key, None)
    named = dataclasses.replace(settings, credentials_certificates=chain, credentials_key=key)
    with pytest.raises(error):
        open_identity(named)


def test_certificates_in_the_wrong_order_are_no_chain(settings: MarkingSettings, tmp_path: Path) -> None:
    chain, key = written_authority(tmp_path)
    made = make_authority(1)
    chain.write_bytes(made.certificate + make_authority(2).root)
    with pytest.raises(UnusableCertificate, match="no chain"):
        open_identity(dataclasses.replace(settings, credentials_certificates=chain, credentials_key=key))


def test_named_files_sign_without_being_copied(
    settings: MarkingSettings, media: Path, tmp_path: Path
) -> None:
    chain, key = written_authority(tmp_path)
    named = dataclasses.replace(settings, credentials_certificates=chain, credentials_key=key)
    sign_output(media / "clip.mp4", TALKING, [], open_identity(named))
    found = read_credentials(media / "clip.mp4", trusted_roots(named))
    assert found is not None
    assert found.state is CredentialsState.TRUSTED
    assert sorted(path.name for path in settings.credentials_folder.iterdir()) == ["installation"]
    for change in (rotate, lambda named: import_certificate(named, chain, key, None)):
        with pytest.raises(BadMarkingSettings, match="LIPWRIGHT_CREDENTIALS_CERTIFICATES"):
            change(named)


def test_a_certificate_goes_with_one_way_to_its_key(settings: MarkingSettings, tmp_path: Path) -> None:
    chain, key = written_authority(tmp_path)
    for given in (
        {"credentials_certificates": chain},
        {"credentials_certificates": chain, "credentials_key": key, "credentials_command": "sign"},
        {"credentials_key": key},
    ):
        with pytest.raises(BadMarkingSettings):
            open_identity(dataclasses.replace(settings, **given))


def test_a_watermark_key_is_made_once_and_checked(settings: MarkingSettings) -> None:
    assert open_identity(settings).watermark_key is None
    make_watermark_secret(settings)
    first = known_watermark_key(settings)
    make_watermark_secret(settings)
    assert first is not None
    assert len(first) == 32
    assert open_identity(settings).watermark_key == known_watermark_key(settings) == first
    (settings.credentials_folder / "watermark.key").write_text("abc")
    with pytest.raises(CredentialsBroken, match="hexadecimal"):
        open_identity(settings)


def test_no_key_gets_into_errors_outputs_or_what_is_printed(
    settings: MarkingSettings, media: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    make_watermark_secret(settings)
    identity = open_identity(settings)
    pem = key_path(settings).read_text()
    canaries = {line for line in pem.splitlines() if "-----" not in line}
    assert identity.watermark_key is not None
    canaries.add(identity.watermark_key.hex())
    said = [repr(identity), repr(identity.signer)]
    inputs = [ClaimInput(path=media / "picture.png", role=InputRole.COMPONENT)]
    sign_output(media / "clip.mp4", TALKING, inputs, identity)
    said.append((media / "clip.mp4").read_bytes().decode("latin-1"))
    said.append(str(read_credentials(media / "clip.mp4", identity.roots)))
    for spoilt in (
        pem[:-40],
        pem.replace("A", "B"),
        f"{pem}{pem}",
        make_authority(1).key.decode(),
        "\0" + pem,
    ):
        key_path(settings).write_text(spoilt)
        try:
            open_identity(settings)
        except CredentialsError as error:
            said += [error.message, repr(error), repr(error.__cause__)]
    said += [record.getMessage() for record in caplog.records]
    assert len(said) > 8
    assert [text for text in said if any(canary in text for canary in canaries)] == []
