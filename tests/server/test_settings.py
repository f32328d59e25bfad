"""Where settings come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from lipwright.server.errors import BadSettings
from lipwright.server.settings import describe, load_settings


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIPWRIGHT_HOME", str(tmp_path))
    return tmp_path


def sources() -> dict[str, tuple[str, str]]:
    return {line.name: (line.value, line.source) for line in describe(load_settings())}


def test_the_environment_comes_before_the_file_and_the_file_before_the_default(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "lipwright.toml").write_text('port = 9001\nhost = "0.0.0.0"\n')
    monkeypatch.setenv("LIPWRIGHT_PORT", "9002")
    found = sources()
    assert found["port"] == ("9002", "environment")
    assert found["host"] == ("0.0.0.0", "file")
    assert found["asset_retention_days"] == ("7.0", "default")
    assert load_settings(port=9003).port == 9003


def test_secrets_are_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIPWRIGHT_DATABASE_URL", "postgresql://me:hidden@db/lipwright")
    monkeypatch.setenv("LIPWRIGHT_S3_SECRET_KEY", "hidden")
    assert "hidden" not in str(sources())
    assert sources()["database_url"][0] == "postgresql://***@db/lipwright"


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "many"), ("WORKERS", "-1"), ("LOG_FORMAT", "xml"), ("RENDER_TIMEOUT_S", "0")]
)
def test_a_wrong_value_is_refused_by_its_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"LIPWRIGHT_{name}", value)
    with pytest.raises(BadSettings, match=name.lower()):
        load_settings()


def test_an_unknown_name_in_the_file_is_refused(home: Path) -> None:
    (home / "lipwright.toml").write_text("prot = 9001\n")
    with pytest.raises(BadSettings, match="prot"):
        load_settings()
