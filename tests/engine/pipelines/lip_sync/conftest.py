"""Clips and sounds that the tests of lip sync share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.pipelines.lip_sync.talking_clips import syllables, write_talking
from tests.support.sounds import silence, write_sound


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lip_sync")


@pytest.fixture(scope="session")
def talking(folder: Path) -> Path:
    """A second and a half of a woman who says a syllable three times a second."""
    return write_talking(folder / "talking.mp4", syllables(38, 3.0))


@pytest.fixture(scope="session")
def glimpse(folder: Path) -> Path:
    """A third of a second of her, for tests that look at something else than the mouth."""
    return write_talking(folder / "glimpse.mp4", syllables(8, 3.0))


@pytest.fixture(scope="session")
def quiet(folder: Path) -> Path:
    """Silence as long as she talks."""
    return write_sound(folder / "quiet.wav", silence(1.52))
