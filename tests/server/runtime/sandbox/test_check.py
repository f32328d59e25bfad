"""What the operator is told of the sandbox, and that a worker does not start without one that is required."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import structlog

from lipwright.cli.main import run
from lipwright.server.errors import BadSettings
from lipwright.server.operation import work
from lipwright.server.runtime.sandbox import check, start
from lipwright.server.runtime.sandbox.layers import Layer, LayersFound
from lipwright.server.settings import Settings, load_settings

NOTHING = LayersFound(in_force=(Layer.LIMITS,), missing={Layer.FILES: "function not implemented"})
FILES_ONLY = LayersFound(in_force=(Layer.LIMITS, Layer.FILES), missing={})
ENOUGH = LayersFound(in_force=(Layer.LIMITS, Layer.FILES, Layer.SYSTEM_CALLS), missing={})


@pytest.fixture
def required(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("LIPWRIGHT_HOME", str(tmp_path / "home"))
    return load_settings(sandbox="require")


@pytest.mark.parametrize(
    ("found", "lacking"), [(NOTHING, "files and the network"), (FILES_ONLY, "the network")]
)
def test_a_worker_does_not_start_without_a_required_sandbox(
    required: Settings, monkeypatch: pytest.MonkeyPatch, found: LayersFound, lacking: str
) -> None:
    monkeypatch.setattr(check, "try_sandbox", lambda _mode: found)
    monkeypatch.setattr(work, "configure_logs", lambda _settings: None)
    with pytest.raises(BadSettings, match=f"nothing keeps a render from {lacking}"):
        work.run_worker(required)


def test_what_is_in_force_is_logged(required: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "try_sandbox", lambda _mode: ENOUGH)
    with structlog.testing.capture_logs() as lines:
        check.check_sandbox(required)
    assert lines[0]["log_level"] == "info"
    monkeypatch.setattr(check, "try_sandbox", lambda _mode: NOTHING)
    with structlog.testing.capture_logs() as lines:
        check.check_sandbox(required.model_copy(update={"sandbox": "auto"}))
    assert lines[0]["log_level"] == "warning"
    assert lines[0]["missing"] == {"Landlock for files": "function not implemented"}


def test_doctor_names_every_layer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("lipwright.diagnostics.examine", lambda: ())
    monkeypatch.setattr(start, "try_sandbox", lambda: NOTHING)
    assert run(["doctor", "--json"]) == 0
    parts = {part["part"]: part for part in json.loads(capsys.readouterr().out)["parts"]}
    assert list(parts) == [f"sandbox: {layer}" for layer in Layer]
    assert parts["sandbox: resource limits"]["outcome"] == "works"
    assert parts["sandbox: Landlock for files"]["outcome"] == "note"
    assert "function not implemented" in parts["sandbox: Landlock for files"]["detail"]
