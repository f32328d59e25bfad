"""The operator's commands, run as a person runs them."""

from __future__ import annotations

from pathlib import Path

import pytest

from lipwright.cli.main import run
from lipwright.server.accounts import repository, sessions
from lipwright.server.operation.administration import opened_services


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder: the commands make what they need."""
    folder = tmp_path / "new" / "home"
    monkeypatch.setenv("LIPWRIGHT_HOME", str(folder))
    return folder


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """What a command writes to standard output."""
    assert run([*arguments]) == 0, capsys.readouterr().err
    return capsys.readouterr().out.splitlines()


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The line of a command that a person can mend."""
    assert run([*arguments]) == 2
    return capsys.readouterr().err


def test_a_new_key_stands_alone_on_the_last_line_and_works(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = printed(capsys, "keys", "create", "--plan", "creator", "--account", "alice")[-1]
    assert key.startswith("lwk_live_")
    with opened_services() as services:
        key_hash = repository.hash_key(key)
        account = asyncio.run(repository.account_of_key(services.database, key_hash))
    assert account
    assert (account.name, account.plan) == ("alice", "creator")
    assert key.encode() not in (home / "lipwright.sqlite3").read_bytes(), "only its hash is kept"
    (line,) = printed(capsys, "keys", "list")
    assert "alice" in line
    assert key not in line


def test_a_revoked_key_is_listed_as_such(capsys: pytest.CaptureFixture[str]) -> None:
    key = printed(capsys, "keys", "create")[-1]
    printed(capsys, "keys", "revoke", key[:15])
    assert "revoked" in printed(capsys, "keys", "list")[0]
    assert "no active key" in refused(capsys, "keys", "revoke", key)


def test_an_unknown_plan_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert "There is no plan 'gold'" in refused(capsys, "keys", "create", "--plan", "gold")


def test_credits_are_granted_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    printed(capsys, "keys", "create", "--account", "bob", "--plan", "free")
    assert printed(capsys, "credits", "grant", "bob", "250", "--note", "trial") == ["250"]
    assert printed(capsys, "credits", "balance") == ["bob  free  250"]
    (line,) = printed(capsys, "credits", "history", "bob")
    assert "+250" in line
    assert "trial" in line
    assert "There is no account" in refused(capsys, "credits", "grant", "nobody", "1")


def test_webhooks_are_registered_and_switched(capsys: pytest.CaptureFixture[str]) -> None:
    printed(capsys, "keys", "create")
    secret = printed(capsys, "webhooks", "add", "https://example.org/hook", "--event", "video.completed")[-1]
    assert secret.startswith("whsec_")
    (line,) = printed(capsys, "webhooks", "list")
    webhook_id = line.split()[0]
    assert line.endswith("video.completed")
    assert secret not in line
    printed(capsys, "webhooks", "disable", webhook_id)
    assert "disabled" in printed(capsys, "webhooks", "list")[0]
    assert printed(capsys, "webhooks", "deliveries", webhook_id) == []
    printed(capsys, "webhooks", "remove", webhook_id)
    assert printed(capsys, "webhooks", "list") == []
    assert "no webhook" in refused(capsys, "webhooks", "enable", webhook_id)
    assert "http or https" in refused(capsys, "webhooks", "add", "ftp://example.org")


def test_settings_are_printed_with_their_sources(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LIPWRIGHT_PORT", "9123")
    lines = printed(capsys, "settings")
    assert f"home = {home}  (environment)" in lines
    assert "port = 9123  (environment)" in lines
    assert "host = 127.0.0.1  (default)" in lines


def test_a_database_that_is_not_ours_is_named_in_the_refusal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LIPWRIGHT_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none?connect_timeout=2")
    assert "database does not answer" in refused(capsys, "keys", "list")


def test_plans_of_the_installation_are_shown_and_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "\n".join(printed(capsys, "installation", "show", "plans"))
    assert "photo_realistic_per_s = 48" in text
    file = tmp_path / "new.toml"
    file.write_text(text.replace("[plans.unlimited]", "[plans.gold]"))
    printed(capsys, "installation", "load", "plans", str(file))
    assert "There is no plan 'unlimited'" in refused(capsys, "keys", "create")
    monkeypatch.setenv("LIPWRIGHT_DEFAULT_PLAN", "gold")
    printed(capsys, "keys", "create")
    file.write_text("default = 3")
    assert "cannot be used" in refused(capsys, "installation", "load", "voices", str(file))


def test_a_link_signs_in_to_the_studio(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    link = printed(capsys, "studio", "link", "--account", "carol", "--address", "https://faces.example.org/")[
        -1
    ]
    address, _, code = link.partition("#code=")
    assert address == "https://faces.example.org/sign-in"
    with opened_services() as services, services.database.write() as connection:
        account_id = sessions.use_code(connection, code)
        assert account_id is not None
        assert repository.get_account(connection, account_id).name == "carol"
    monkeypatch.setenv("LIPWRIGHT_HOST", "0.0.0.0")
    assert printed(capsys, "studio", "link")[-1].startswith("http://127.0.0.1:8000/sign-in#code=")
    monkeypatch.setenv("LIPWRIGHT_STUDIO_ENABLED", "false")
    assert "switched off" in refused(capsys, "studio", "link")
