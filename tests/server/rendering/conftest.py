"""What stands for the engine's pipelines."""

from __future__ import annotations

from typing import Any

import pytest

from lipwright import engine
from lipwright.engine import RenderReport
from tests.server.rendering.orders import REPORT


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What the engine was asked."""
    calls: list[tuple[Any, ...]] = []

    def pipeline(*arguments: Any) -> RenderReport:
        calls.append(arguments)
        return REPORT

    monkeypatch.setattr(engine, "talking_photo", pipeline)
    monkeypatch.setattr(engine, "lip_sync", pipeline)
    return calls
