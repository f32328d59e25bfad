"""Every failure becomes one line and one exit status."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from lipwright.cli.terminal.console import Console
from lipwright.cli.terminal.failures import Interrupted, report_failure
from lipwright.engine import errors


def leaves_of(kind: type[errors.EngineError]) -> list[type[errors.EngineError]]:
    """The errors of the engine's own tree that have no kinds of their own."""
    children = [child for child in kind.__subclasses__() if child.__module__ == errors.__name__]
    return [leaf for child in children for leaf in leaves_of(child)] if children else [kind]


USER_ERRORS = [kind for kind in leaves_of(errors.EngineError) if kind is not errors.Cancelled]


@pytest.mark.parametrize("kind", USER_ERRORS, ids=lambda kind: kind.__name__)
def test_what_a_person_can_mend_is_one_line_and_status_2(
    kind: type[errors.EngineError], capsys: pytest.CaptureFixture[str]
) -> None:
    assert report_failure(kind(), Console()) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"error [{kind.code}]: ")
    assert printed.err.count("\n") == 1


def test_a_hostile_file_name_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    report_failure(errors.BadImageFile("a\x1b[2J\nb\x07.png is damaged."), Console())
    assert capsys.readouterr().err == "error [invalid_image_file]: a [2J b .png is damaged.\n"


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (errors.Cancelled(), 130),
        (Interrupted(signal.SIGINT), 130),
        (Interrupted(signal.SIGTERM), 143),
    ],
)
def test_a_stopped_command_ends_with_the_status_of_the_signal(
    failure: errors.Cancelled, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report_failure(failure, Console()) == status
    assert capsys.readouterr().err.startswith("error [cancelled]: ")


def test_an_internal_error_keeps_its_traceback_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LIPWRIGHT_HOME", str(tmp_path))
    monkeypatch.delenv("LIPWRIGHT_DEBUG", raising=False)
    assert report_failure(ZeroDivisionError("seven over nothing"), Console()) == 1
    line = capsys.readouterr().err
    assert line.startswith("error [unknown_error]: internal error; ")
    assert "seven" not in line
    assert "ZeroDivisionError: seven over nothing" in (tmp_path / "errors.log").read_text()


def test_an_internal_error_shows_its_traceback_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LIPWRIGHT_HOME", str(tmp_path))
    monkeypatch.setenv("LIPWRIGHT_DEBUG", "1")
    assert report_failure(ZeroDivisionError("seven over nothing"), Console()) == 1
    assert "ZeroDivisionError: seven over nothing" in capsys.readouterr().err
    assert not (tmp_path / "errors.log").exists()


def test_an_internal_error_is_told_where_no_log_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    monkeypatch.setenv("LIPWRIGHT_HOME", str(blocked))
    monkeypatch.delenv("LIPWRIGHT_DEBUG", raising=False)
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(blocked))
    assert report_failure(ZeroDivisionError(), Console()) == 1
    assert "LIPWRIGHT_DEBUG=1" in capsys.readouterr().err
