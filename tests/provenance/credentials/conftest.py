"""An installation in a folder of its own, and small files to sign."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lipwright.provenance.credentials import Claim, Identity, Product, open_identity
from lipwright.provenance.settings import MarkingSettings
from tests.support.signed_files import write_media

TALKING = Claim(product=Product.TALKING_PHOTO, mode="realistic", watermark=(1_234_567, 3_735_928_559))
SYNCED = Claim(product=Product.LIP_SYNC, mode="standard", watermark=(1_234_567, 7))


@pytest.fixture
def settings(tmp_path: Path) -> MarkingSettings:
    return MarkingSettings(credentials_folder=tmp_path / "home" / "credentials")


@pytest.fixture
def identity(settings: MarkingSettings) -> Identity:
    return open_identity(settings)


@pytest.fixture(scope="session")
def made_media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media")
    write_media(folder)
    return folder


@pytest.fixture
def media(made_media: Path, tmp_path: Path) -> Path:
    """A folder with a small file of every kind that is written, for one test."""
    return Path(shutil.copytree(made_media, tmp_path / "media"))
