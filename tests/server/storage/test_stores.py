"""One suite over every kind of store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lipwright.server.storage.store import FileMissing, Store, content_type, is_key
from lipwright.server.storage.stores.folder import FolderStore
from lipwright.server.storage.stores.objects import memory_store
from tests.support.buckets import Bucket

KEY = "api-assets/c0/image.png"


@pytest.fixture(params=["folder", "memory", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "folder":
        yield FolderStore(tmp_path / "files")
    elif request.param == "memory":
        yield memory_store()
    else:
        bucket: Bucket = request.getfixturevalue("bucket")
        yield bucket.open_store()


def put(store: Store, tmp_path: Path, key: str, content: bytes) -> None:
    path = tmp_path / "finished"
    path.write_bytes(content)
    store.adopt(key, path)
    assert not path.exists()


def test_what_was_never_stored_is_missing(store: Store, tmp_path: Path) -> None:
    assert store.find(KEY) is None
    assert list(store.files()) == []
    with pytest.raises(FileMissing):
        store.fetch(KEY, tmp_path / "x")
    assert store.local_path(KEY) is None
    store.remove(KEY)


def test_a_file_comes_back_as_it_was(store: Store, tmp_path: Path) -> None:
    content = bytes(range(256)) * 50
    put(store, tmp_path, KEY, content)
    found = store.find(KEY)
    assert found
    assert (found.key, found.size_bytes) == (KEY, len(content))
    store.fetch(KEY, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == content
    local = store.local_path(KEY)
    assert (local is not None) == isinstance(store, FolderStore)
    assert local is None or local.read_bytes() == content


def test_a_second_file_replaces_the_first(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path, KEY, b"first, and longer")
    put(store, tmp_path, KEY, b"second")
    store.fetch(KEY, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b"second"


def test_an_empty_file_is_a_file(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path, KEY, b"")
    found = store.find(KEY)
    assert found
    assert found.size_bytes == 0
    store.fetch(KEY, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b""


def test_files_are_listed_by_folder_and_removed_one_by_one(store: Store, tmp_path: Path) -> None:
    for key in (KEY, "api-assets/c1/audio.mp3", "c2/output.mp4"):
        put(store, tmp_path, key, b"x")
    assert sorted(file.key for file in store.files("api-assets/")) == [KEY, "api-assets/c1/audio.mp3"]
    store.remove(KEY)
    assert sorted(file.key for file in store.files()) == ["api-assets/c1/audio.mp3", "c2/output.mp4"]
    assert store.find(KEY) is None


def test_keys_are_of_our_own_making() -> None:
    for good in (KEY, "c2/output.mp4", "api-assets/6f0d6a52-2a0e-4f8e-9d3e-0b8b6c1e7a11/0-0.png"):
        assert is_key(good)
    for bad in (
        "",
        "/etc/passwd",
        "../x.png",
        "a/../x.png",
        "a//x.png",
        "a/x",
        "a/.png",
        "a\\x.png",
        "a/x.png\n",
    ):
        assert not is_key(bad), bad


def test_a_folder_gives_nothing_outside_itself(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"x")
    folder = FolderStore(tmp_path / "files")
    assert folder.find("../secret.png") is None
    assert folder.local_path("../secret.png") is None
    with pytest.raises(FileMissing):
        folder.fetch("../secret.png", tmp_path / "copy")


def test_types_that_a_browser_would_run_are_never_told() -> None:
    assert content_type("a/output.mp4") == "video/mp4"
    for key in ("a/x.html", "a/x.svg", "a/x.js", "a/x.tif"):
        assert content_type(key) == "application/octet-stream"


def test_whole_files_are_not_unfinished(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path, KEY, b"whole")
    assert store.remove_unfinished(2**42) == 0
    assert store.find(KEY)
