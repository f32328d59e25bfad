"""Puts functions in the place of the engine's public ones, and fails when the engine has no such function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lipwright import engine

# The functions that the commands render with. Those that a test does not replace may not be called.
RENDERING = ("talking_photo", "lip_sync", "estimate_talking_photo", "estimate_lip_sync")


def replace_engine(monkeypatch: pytest.MonkeyPatch, **functions: Callable[..., Any]) -> None:
    """Let commands call these functions until the test ends.

    Raises AttributeError for a name that the engine does not make public.
    """
    for name in (*RENDERING, *functions):
        if name not in engine.__all__:
            raise AttributeError(f"lipwright.engine makes no '{name}' public")
        # The engine loads a name when it is first asked for; setattr asks, so it also fails without the name.
        monkeypatch.setattr(engine, name, functions.get(name, _forbidden(name)), raising=True)


def _forbidden(name: str) -> Callable[..., Any]:
    def fail(*_arguments: object, **_keywords: object) -> None:
        pytest.fail(f"the command called the real {name}")

    return fail
