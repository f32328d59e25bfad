"""The client that is awaited, behind the face of the plain one."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

# Makes a client of the fake service; takes a transport and settings.
MakeClient = Callable[..., Any]


class Awaited:
    """Something whose methods are awaited here, so that a test can call them like plain ones."""

    def __init__(self, inner: Any, loop: asyncio.Runner) -> None:
        self._inner = inner
        self._loop = loop

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._inner, name)
        if inspect.iscoroutinefunction(value):
            return lambda *args, **keywords: self._loop.run(value(*args, **keywords))
        return Awaited(value, self._loop) if hasattr(value, "__dict__") else value
