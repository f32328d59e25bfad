"""How the rendering process tells what the input causes from what may go well the next time."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from lipwright.engine import FaceCutOff, MouthNotDrawn, RendererFailed
from lipwright.server.jobs.model import SpeechSpec
from lipwright.server.rendering import child_main, handlers
from lipwright.server.rendering.messages import Crashed, InputRejected, Task

TASK = SpeechSpec(text="Hello.", voice=None, max_fetch_bytes=10**6)


@pytest.mark.parametrize(
    ("raised", "code", "is_logged"),
    [
        (FaceCutOff(), "no_source_face", False),
        (MouthNotDrawn(), "no_source_face", True),
        (ZeroDivisionError("float division by zero"), "unknown_error", True),
        (ValueError("shapes differ"), "unknown_error", True),
    ],
)
def test_what_the_input_causes_is_not_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: Exception, code: str, is_logged: bool
) -> None:
    answer = _answer(tmp_path, monkeypatch, raised)
    assert isinstance(answer, InputRejected)
    assert answer.code == code
    assert "ours" not in answer.message
    assert (answer.reason is not None) == is_logged
    if is_logged:
        assert type(raised).__name__ in str(answer.reason)


@pytest.mark.parametrize("raised", [OSError("device gone"), RendererFailed()])
def test_what_the_machine_causes_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: Exception
) -> None:
    assert isinstance(_answer(tmp_path, monkeypatch, raised), Crashed)


def _answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: Exception) -> object:
    def fail(*_: object) -> None:
        raise raised

    monkeypatch.setenv("LIPWRIGHT_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(handlers, "handle", fail)
    task = Task(spec=TASK, folder=str(tmp_path))
    return child_main._carry_out(task, io.BytesIO(), only_fetches=False)
