"""What the tests of measuring share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.engine.quality.speaking_clips import SpeakingClip, write_speaking


@pytest.fixture(scope="session")
def speaking_clip(tmp_path_factory: pytest.TempPathFactory) -> SpeakingClip:
    """Writes a clip whose mouth follows a curve: see write_speaking."""
    folder = tmp_path_factory.mktemp("speaking")

    def write(*arguments: Any, **more: Any) -> Path:
        return write_speaking(folder / f"{len(list(folder.iterdir()))}.mp4", *arguments, **more)

    return write
