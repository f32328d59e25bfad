"""That a test of a command cannot run the real engine unnoticed, nor replace what no command calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lipwright import engine
from tests.cli.engine_stand_in import RENDERING, replace_engine
from tests.cli.finished import Command


def test_a_name_that_is_gone_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AttributeError, match="talking_picture"):
        replace_engine(monkeypatch, talking_picture=print)


@pytest.mark.parametrize("name", RENDERING)
def test_a_name_that_the_engine_lost_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    lazy: Callable[[str], Any] = engine.__getattr__

    def without_it(wanted: str) -> Any:
        if wanted == name:
            raise AttributeError(wanted)
        return lazy(wanted)

    monkeypatch.delitem(vars(engine), name, raising=False)
    monkeypatch.setattr(engine, "__getattr__", without_it)
    with pytest.raises(AttributeError, match=name):
        replace_engine(monkeypatch, **{name: print})


def test_the_functions_take_the_engines_place_until_the_test_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    real = engine.talking_photo
    with monkeypatch.context() as patch:
        replace_engine(patch, talking_photo=print)
        assert vars(engine)["talking_photo"] is print
    assert engine.talking_photo is real


@pytest.mark.parametrize("arguments", [("talk", "me.jpg"), ("sync", "me.mp4")])
def test_a_command_cannot_reach_the_real_engine(
    command: Command, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    replace_engine(monkeypatch)
    with pytest.raises(pytest.fail.Exception, match="called the real"):
        command(*arguments, "voice.wav", "-o", "out.mp4")
