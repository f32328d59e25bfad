"""What the tests of the command line share."""

from __future__ import annotations

from pathlib import Path

import pytest

from lipwright.cli.main import run
from tests.cli.finished import Command, Finished
from tests.support.portrait import PORTRAIT_PATH


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """Runs `lipwright` with these arguments, in an empty folder, its log file out of the way.

    Marks are off: they have tests of their own, and stand-ins of the engine write no videos.
    """
    monkeypatch.setenv("LIPWRIGHT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LIPWRIGHT_MARKING", "off")
    monkeypatch.delenv("LIPWRIGHT_DEBUG", raising=False)
    monkeypatch.chdir(tmp_path)

    def run_command(*arguments: object) -> Finished:
        capsys.readouterr()
        status = run([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Finished(status=status, out=printed.out, err=printed.err)

    return run_command


@pytest.fixture(scope="session")
def portrait() -> Path:
    """The sample picture of the package."""
    return PORTRAIT_PATH
