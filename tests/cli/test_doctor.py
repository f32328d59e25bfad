"""`lipwright doctor`: what works here, tried for real."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from lipwright import diagnostics
from lipwright.diagnostics import Library, Outcome, engine_parts, examine, try_library
from tests.cli.finished import Command


def test_on_this_machine_everything_needed_works(command: Command) -> None:
    done = command("doctor", "--json")
    found = json.loads(done.out)
    assert [part for part in found["parts"] if part["outcome"] == "broken"] == []
    assert (done.status, found["works"]) == (0, True)
    assert {"face models", "speech recognizer", "video formats", "voices"} <= {
        part["part"] for part in found["parts"]
    }


def test_a_broken_part_is_named_with_its_reason(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> str:
        raise OSError("libEGL.so.1: cannot open shared object file")

    parts = {**engine_parts(), "face models": fail}
    monkeypatch.setattr(diagnostics, "examine", partial(examine, parts=parts))
    done = command("doctor")
    assert done.status == 2
    assert "face models\tbroken\tOSError: libEGL.so.1: cannot open shared object file" in done.out


def test_an_absent_extra_is_no_fault(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    absent_extra = Library(module="no_such_module", distribution="no-such", extra="youtube")
    monkeypatch.setattr(diagnostics, "examine", partial(examine, [absent_extra]))
    found = json.loads(command("doctor", "--json").out)
    absent = [part for part in found["parts"] if part["outcome"] == "absent"]
    assert [part["detail"] for part in absent] == ["pip install 'lipwright[youtube]' brings it"]
    assert found["works"]


def test_plans_that_are_not_those_of_the_installation_are_told(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lipwright.server.operation.migrate import migrate
    from lipwright.server.settings import load_settings

    monkeypatch.setattr(diagnostics, "examine", lambda: ())
    monkeypatch.setenv("LIPWRIGHT_HOME", str(tmp_path / "home"))
    assert "plans" not in command("doctor").out  # no service here
    migrate(load_settings())
    assert "plans and voice names\tworks\tas the installation has them" in command("doctor").out
    (tmp_path / "home" / "plans.toml").write_text("[prices]\n")
    done = command("doctor")
    assert done.status == 0
    assert "plans and voice names\tnote\t" in done.out
    assert "`lipwright installation load plans" in done.out


def test_an_absent_library_that_is_needed_is_a_fault() -> None:
    finding = try_library(Library(module="no_such_module", distribution="no-such"))
    assert finding.outcome is Outcome.BROKEN
    assert "no_such_module" in finding.detail


def test_the_examination_needs_no_terminal() -> None:
    script = "import lipwright.diagnostics, sys; print({'typer', 'rich', 'click'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
