"""`lipwright doctor`: what works here, tried for real."""

from __future__ import annotations

import json

import pytest

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
    def fail(*_: object) -> None:
        raise OSError("libEGL.so.1: cannot open shared object file")

    monkeypatch.setattr("lipwright.engine.face.find.landmarks.find_faces", fail)
    done = command("doctor")
    assert done.status == 2
    assert "face models\tbroken\tOSError: libEGL.so.1: cannot open shared object file" in done.out


def test_an_absent_extra_is_no_fault(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lipwright.diagnostics._EXTRAS", (("no_such_module", "no-such", "youtube"),))
    found = json.loads(command("doctor", "--json").out)
    absent = [part for part in found["parts"] if part["outcome"] == "absent"]
    assert [part["detail"] for part in absent] == ["pip install 'lipwright[youtube]' brings it"]
    assert found["works"]
