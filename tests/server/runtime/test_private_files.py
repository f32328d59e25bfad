"""Everything in the data folder is its user's alone, whoever made it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from lipwright.server.operation.administration import opened_services
from lipwright.server.runtime.private_files import MendedModes, keep_files_private, mend_modes
from lipwright.server.settings import load_settings
from lipwright.server.storage.stores.folder import FolderStore


@pytest.fixture(autouse=True)
def open_mask() -> Iterator[None]:
    """What a service manager or a shell may set."""
    before = os.umask(0o000)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("LIPWRIGHT_HOME", str(folder))
    return folder


def check_all(home: Path) -> int:
    """Every folder 0700, every file 0600; how many there are."""
    paths = [home, *home.rglob("*")]
    for path in paths:
        assert mode(path) == (0o700 if path.is_dir() else 0o600), path
    return len(paths)


def test_a_command_makes_a_closed_data_folder(home: Path) -> None:
    with opened_services() as services, services.database.write():
        assert (home / "lipwright.sqlite3-wal").exists()
        assert check_all(home) >= 5


def test_an_open_data_folder_is_closed_at_the_start_with_a_word(home: Path) -> None:
    (home / "files" / "api-assets" / "x").mkdir(parents=True)
    (home / "scratch" / "gone").mkdir(parents=True)
    for name in (
        "lipwright.sqlite3",
        "lipwright.sqlite3-wal",
        "workflows.sqlite3-shm",
        "lipwright.toml",
        "files/api-assets/x/image.png",
        "scratch/gone/render-1.log",
    ):
        (home / name).write_text("")
    outside = home.parent / "outside"
    outside.write_text("")
    (home / "files" / "link").symlink_to(outside)
    with structlog.testing.capture_logs() as lines:
        assert mend_modes(load_settings()) == MendedModes(closed=12, refused=0)
    assert [(line["log_level"], line["files"]) for line in lines] == [("warning", 12)]
    assert "image.png" not in str(lines)
    (home / "files" / "link").unlink()
    check_all(home)
    assert mode(outside) == 0o666
    with structlog.testing.capture_logs() as lines:
        assert mend_modes(load_settings()) == MendedModes(closed=0, refused=0)
    assert lines == []


def test_what_is_made_later_is_closed(home: Path) -> None:
    keep_files_private()
    home.mkdir()
    (home / "made.txt").write_text("")
    check_all(home)


def test_a_stored_file_is_closed_whatever_it_was_before(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "new" / "files")
    part = tmp_path / "part"
    part.write_text("x")
    store.adopt("api-assets/x/image.png", part)
    check_all(tmp_path / "new")


def test_files_that_are_not_ours_in_the_folder_keep_their_modes(home: Path) -> None:
    home.mkdir()
    other = home / "of-somebody-else"
    other.write_text("")
    mend_modes(load_settings())
    assert mode(other) == 0o666
    assert mode(home) == 0o700


def test_a_folder_of_everybody_is_left_as_it_is(home: Path) -> None:
    home.mkdir()
    home.chmod(0o1777)
    assert mend_modes(load_settings()).closed == 0
    assert mode(home) == 0o777 | stat.S_ISVTX
