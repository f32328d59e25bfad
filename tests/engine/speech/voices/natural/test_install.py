"""A voice is fetched by name: from a server of this test, with a file of this test."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hibari.voices import VOICES

from lipwright.engine.errors import OutputNotWritable, VoiceUnavailable
from lipwright.engine.speech.voices.folder import VOICES_PATH_VARIABLE
from lipwright.engine.speech.voices.natural.install import install_voice
from lipwright.engine.speech.voices.speak import find_voice

NAME, KEY = "en-us-fenrir", "fenrir"
CONTENT = np.random.default_rng(1).bytes(300_000)


class Shelf:
    """A server of files. sent: what it gives; breaks_after: bytes after which it hangs up; asked: ranges."""

    def __init__(self) -> None:
        self.sent = CONTENT
        self.breaks_after: int | None = None
        self.knows_ranges = True
        self.asked: list[str | None] = []
        shelf = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked = self.headers["Range"]
                shelf.asked.append(asked)
                if self.path != f"/voices/{VOICES[KEY]['file']}":
                    self.send_error(404)
                    return
                first = int(asked.split("=")[1].rstrip("-")) if asked and shelf.knows_ranges else 0
                self.send_response(206 if first else 200)
                self.send_header("Content-Length", str(len(shelf.sent) - first))
                self.end_headers()
                self.wfile.write(shelf.sent[first : shelf.breaks_after])

            def log_message(self, *_: Any) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}/voices/"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    shelf = Shelf()
    yield shelf
    shelf.close()


@pytest.fixture(autouse=True)
def made_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package's table names the file of this test."""
    monkeypatch.setitem(VOICES[KEY], "bytes", len(CONTENT))
    monkeypatch.setitem(VOICES[KEY], "sha256", hashlib.sha256(CONTENT).hexdigest())


def test_a_voice_is_fetched_whole_and_known_from_then_on(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VOICES_PATH_VARIABLE, str(tmp_path / "voices"))
    assert not find_voice(NAME).is_available
    told: list[tuple[int, int]] = []
    path = install_voice(
        NAME,
        tmp_path / "voices",
        address=shelf.address,
        advance=lambda done, total: told.append((done, total)),
    )
    assert path.read_bytes() == CONTENT
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    assert find_voice(NAME).is_available


def test_a_voice_that_is_there_is_not_fetched_again(shelf: Shelf, tmp_path: Path) -> None:
    install_voice(NAME, tmp_path, address=shelf.address)
    install_voice(NAME, tmp_path, address=shelf.address)
    assert len(shelf.asked) == 1


@pytest.mark.parametrize("knows_ranges", [True, False])
def test_an_interrupted_download_goes_on_where_it_ended(
    shelf: Shelf, tmp_path: Path, knows_ranges: bool
) -> None:
    shelf.breaks_after = 100_000
    with pytest.raises(VoiceUnavailable, match="goes on from there"):
        install_voice(NAME, tmp_path, address=shelf.address)
    assert not (tmp_path / str(VOICES[KEY]["file"])).exists()
    shelf.breaks_after, shelf.knows_ranges = None, knows_ranges
    assert install_voice(NAME, tmp_path, address=shelf.address).read_bytes() == CONTENT
    assert shelf.asked == [None, "bytes=100000-"]


@pytest.mark.parametrize("sent", [bytes(len(CONTENT)), CONTENT + b"more"])
def test_another_file_than_the_voices_is_thrown_away(shelf: Shelf, tmp_path: Path, sent: bytes) -> None:
    shelf.sent = sent
    if sent.startswith(CONTENT):  # what is too much is not read
        assert install_voice(NAME, tmp_path, address=shelf.address).read_bytes() == CONTENT
        return
    with pytest.raises(VoiceUnavailable, match="not the file"):
        install_voice(NAME, tmp_path, address=shelf.address)
    assert list(tmp_path.iterdir()) == []


def test_a_part_of_another_file_is_found_out(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / f"{VOICES[KEY]['file']}.part").write_bytes(bytes(1000))
    with pytest.raises(VoiceUnavailable, match="not the file"):
        install_voice(NAME, tmp_path, address=shelf.address)
    assert install_voice(NAME, tmp_path, address=shelf.address).read_bytes() == CONTENT


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/", "http://{}.invalid/", "no address at all"])
def test_without_a_connection_it_says_where_the_file_goes(tmp_path: Path, address: str) -> None:
    with pytest.raises(VoiceUnavailable, match="copy that file") as told:
        install_voice(NAME, tmp_path, address=address)
    assert str(tmp_path / str(VOICES[KEY]["file"])) in str(told.value)


def test_a_server_without_the_file_is_said_so(shelf: Shelf, tmp_path: Path) -> None:
    with pytest.raises(VoiceUnavailable, match="Not Found"):
        install_voice(NAME, tmp_path, address=shelf.address + "elsewhere")


@pytest.mark.parametrize("name", ["en-us-heart", "de-female", "nobody"])
def test_a_voice_without_a_file_cannot_be_fetched(tmp_path: Path, name: str) -> None:
    with pytest.raises(VoiceUnavailable, match="no file to fetch"):
        install_voice(name, tmp_path)


def test_a_folder_that_cannot_be_made_is_said_so(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(OutputNotWritable):
        install_voice(NAME, tmp_path / "file", address=shelf.address)
