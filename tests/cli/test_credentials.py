"""`lipwright credentials`: who signs is shown, and changed without a secret being printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography import x509

from lipwright.provenance.credentials import own_roots
from lipwright.provenance.credentials.authority import make_authority
from lipwright.provenance.settings import load_marking_settings
from tests.cli.finished import Command


def test_the_credentials_are_made_and_shown(command: Command, tmp_path: Path) -> None:
    shown = command("credentials", "show", "--json")
    assert shown.status == 0, shown.err
    facts = json.loads(shown.out)
    assert facts["folder"] == str(tmp_path / "home" / "credentials")
    assert facts["key"] == "key file, ES256"
    assert facts["installation"] in facts["signer"]
    assert (facts["marking"], facts["watermark_key"]) == ("off", "public")
    assert len(facts["trusted_roots"]) == 1
    plain = command("credentials", "show")
    assert f"signer: {facts['signer']}" in plain.out.splitlines()


def test_the_root_alone_can_be_handed_out(command: Command) -> None:
    printed = command("credentials", "show", "--root")
    root = x509.load_pem_x509_certificate(printed.out.encode())
    assert printed.err == ""
    assert own_roots(load_marking_settings()) == (printed.out,)
    assert root.issuer == root.subject


def test_turned_off_marks_come_with_a_word_on_the_law(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Article 50" in command("credentials", "show").err
    monkeypatch.setenv("LIPWRIGHT_MARKING", "on")
    assert command("credentials", "show").err == ""


def test_rotating_makes_another_root_and_keeps_the_older(command: Command) -> None:
    before = json.loads(command("credentials", "show", "--json").out)
    assert "show --root" in command("credentials", "rotate").err
    after = json.loads(command("credentials", "show", "--json").out)
    assert after["trusted_roots"][1:] == before["trusted_roots"]
    assert after["installation"] == before["installation"]


def test_certificates_and_roots_are_imported(command: Command, tmp_path: Path) -> None:
    made = make_authority(9)
    for name, content in (("chain.pem", made.certificate + made.root), ("own.key", made.key)):
        (tmp_path / name).write_bytes(content)
        (tmp_path / name).chmod(0o600)
    done = command("credentials", "import", "--certificates", "chain.pem", "--key", "own.key")
    assert done.status == 0, done.err
    assert "installation 000009" in command("credentials", "show").out
    (tmp_path / "root.pem").write_bytes(make_authority(3).root)
    assert command("credentials", "import", "--root", "root.pem").status == 0
    assert len(json.loads(command("credentials", "show", "--json").out)["trusted_roots"]) == 2


@pytest.mark.parametrize(
    "options", [(), ("--key", "own.key"), ("--certificates", "chain.pem"), ("--root", "r.pem", "--key", "k")]
)
def test_half_of_an_import_is_refused(options: tuple[str, ...], command: Command, tmp_path: Path) -> None:
    done = command("credentials", "import", *options)
    assert (done.status, (tmp_path / "home").exists()) == (2, False)
    assert done.error_line.startswith("error [invalid_parameters]: ")


def test_no_secret_is_printed(command: Command, tmp_path: Path) -> None:
    said = [command("credentials", "init", "--secret-watermark"), command("credentials", "show")]
    folder = tmp_path / "home" / "credentials"
    key, secret = folder / "authority-1" / "signing.key", folder / "watermark.key"
    canaries = [*key.read_text().splitlines()[1:-1], secret.read_text().strip()]
    said += [command("credentials", "show", "--json"), command("credentials", "show", "--root")]
    key.write_text(key.read_text()[:-50])
    said.append(command("credentials", "show"))
    assert said[-1].error_line.startswith("error [credentials_broken]: ")
    said += [command("credentials", "rotate"), command("credentials", "show")]
    assert said[-1].status == 0
    printed = "".join(done.out + done.err for done in said)
    assert [canary for canary in canaries if canary in printed] == []
