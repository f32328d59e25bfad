"""What is set about marks comes from the environment, then from the file, then from the defaults."""

from __future__ import annotations

from pathlib import Path

import pytest

from lipwright.provenance.errors import BadMarkingSettings
from lipwright.provenance.settings import MarkingSettings, load_marking_settings, marking_settings


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIPWRIGHT_HOME", str(tmp_path))
    return tmp_path


def test_without_a_word_outputs_are_marked(home: Path) -> None:
    assert load_marking_settings() == MarkingSettings(
        marking=True, credentials_folder=home / "credentials", credentials_timeout_s=30.0
    )


def test_the_environment_comes_before_the_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "lipwright.toml").write_text(
        'marking = false\nport = 80\ncredentials_command = "sign it"\ncredentials_timeout_s = 5\n'
    )
    monkeypatch.setenv("LIPWRIGHT_CREDENTIALS_FOLDER", str(home / "other"))
    monkeypatch.setenv("LIPWRIGHT_CREDENTIALS_TIMEOUT_S", "2.5")
    found = load_marking_settings()
    assert found.marking is False
    assert found.credentials_command == "sign it"
    assert found.credentials_timeout_s == 2.5
    assert found.credentials_folder == home / "other"


@pytest.mark.parametrize(
    ("word", "value"),
    [("on", True), ("Off", False), ("1", True), ("0", False), ("TRUE", True), ("no", False)],
)
def test_marks_are_on_or_off(word: str, value: bool, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert home.is_dir()
    monkeypatch.setenv("LIPWRIGHT_MARKING", word)
    assert load_marking_settings().marking is value


@pytest.mark.parametrize(
    "values",
    [
        {"marking": "maybe"},
        {"marking": ""},
        {"credentials_timeout_s": "soon"},
        {"credentials_timeout_s": 0},
        {"credentials_timeout_s": "inf"},
    ],
)
def test_a_value_that_cannot_be_used_is_said(values: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(BadMarkingSettings, match="LIPWRIGHT_"):
        marking_settings(values, tmp_path)


def test_a_file_that_cannot_be_read_is_said(home: Path) -> None:
    (home / "lipwright.toml").write_text("marking = ")
    with pytest.raises(BadMarkingSettings, match=r"lipwright\.toml"):
        load_marking_settings()


def test_values_of_other_settings_and_absent_ones_are_passed_over(tmp_path: Path) -> None:
    given = {"port": 80, "credentials_key": None, "credentials_certificates": Path("/c.pem"), "marking": True}
    assert marking_settings(given, tmp_path) == MarkingSettings(
        credentials_folder=tmp_path / "credentials", credentials_certificates=Path("/c.pem")
    )
