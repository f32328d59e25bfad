"""The first key is shown to a person at a terminal and to nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from lipwright.cli.main import run
from lipwright.server.accounts import repository, sessions
from lipwright.server.operation import serve
from lipwright.server.operation.administration import opened_services
from lipwright.server.services import Services


def start(services: Services, capsys: pytest.CaptureFixture[str], *, is_terminal: bool) -> str:
    """What a start prints."""
    serve._print_address_and_first_key(services, is_terminal=is_terminal)
    return capsys.readouterr().out


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIPWRIGHT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_elsewhere_no_key_is_made_and_the_command_is_named(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened_services() as services:
        for _ in range(2):
            printed = start(services, capsys, is_terminal=False)
            assert "lwk_" not in printed
            assert "lipwright keys create" in printed
        with services.database.read() as connection:
            assert repository.list_keys(connection) == []
    assert not any(b"lwk_" in path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert run(["keys", "create"]) == 0
    key = capsys.readouterr().out.splitlines()[-1]
    with opened_services() as services:
        with services.database.read() as connection:
            owner = repository.owner_of_key(connection, key)
            assert owner
            assert repository.get_account(connection, owner[0]).name == "default"
        printed = start(services, capsys, is_terminal=False)
    assert "serves at" in printed
    assert "keys create" not in printed


def test_at_a_terminal_it_is_shown_once(capsys: pytest.CaptureFixture[str]) -> None:
    with opened_services() as services:
        printed = start(services, capsys, is_terminal=True)
        key = next(line.strip() for line in printed.splitlines() if line.strip().startswith("lwk_"))
        with services.database.read() as connection:
            assert repository.owner_of_key(connection, key) is not None
        assert "lwk_" not in start(services, capsys, is_terminal=True)


def test_a_link_to_the_studio_is_shown_at_a_terminal_only(capsys: pytest.CaptureFixture[str]) -> None:
    with opened_services() as services:
        serve._print_studio_link(services, is_terminal=False)
        assert "lwc_" not in capsys.readouterr().out
        serve._print_studio_link(services, is_terminal=True)
        printed = capsys.readouterr().out
        link = next(line.strip() for line in printed.splitlines() if "/sign-in#code=lwc_" in line)
        with services.database.write() as connection:
            account_id = sessions.use_code(connection, link.partition("#code=")[2])
            assert account_id is not None
            assert repository.get_account(connection, account_id).name == "default"
