"""yt-dlp goes through the address guard, with the one extractor and nothing else of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from lipwright.engine import TooLarge
from lipwright.server.fetching.address_guard import AddressGuard
from lipwright.server.fetching.youtube import BadYoutubeUrl, fetch_youtube

yt_dlp = pytest.importorskip("yt_dlp")
HERE = AddressGuard(["127.0.0.1"])
CONTENT = b"video " * 10_000
ADDRESS = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"


class Web(BaseHTTPRequestHandler):
    """A film, redirects to it and elsewhere, and a film without an end."""

    def do_GET(self) -> None:
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("location", self.path.removeprefix("/to/"))
            self.send_header("content-length", "0")
            self.end_headers()
            return
        self.send_response(200)
        if self.path == "/endless.mp4":
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"x" * 65536)
            except OSError:
                return
        self.send_header("content-length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT)

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def web() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Web)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def leading_to(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Has YouTube's extractor answer that the film lies at an address."""
    from yt_dlp.extractor.youtube import YoutubeIE

    def lead(url: str) -> None:
        info = {"id": "dQw4w9WgXcQ", "title": "Film", "ext": "mp4", "url": url, "protocol": "https"}
        monkeypatch.setattr(YoutubeIE, "_real_extract", lambda _self, _url: dict(info))

    return lead


def fetch(folder: Path, guard: AddressGuard = HERE, *, url: str = ADDRESS, max_bytes: int = 10**6) -> Path:
    return fetch_youtube(url, folder, guard, is_allowed=True, max_bytes=max_bytes, timeout_s=30)


def test_a_film_arrives_also_through_a_redirect(web: str, leading_to: Any, tmp_path: Path) -> None:
    for number, path in enumerate(("/film.mp4", "/to//film.mp4")):
        folder = tmp_path / str(number)
        folder.mkdir()
        leading_to(f"{web}{path}")
        assert fetch(folder).read_bytes() == CONTENT


@pytest.mark.parametrize("through", ["", "{web}/to/"])
def test_a_film_at_an_inner_address_is_refused(
    web: str, leading_to: Any, tmp_path: Path, through: str
) -> None:
    inner = web.replace("127.0.0.1", "127.0.0.2")
    leading_to(f"{through.format(web=web)}{inner}/film.mp4")
    with pytest.raises(BadYoutubeUrl):
        fetch(tmp_path)
    assert list(tmp_path.glob("youtube.mp4")) == []


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/film.mp4"])
def test_a_film_of_another_scheme_is_refused(leading_to: Any, tmp_path: Path, url: str) -> None:
    leading_to(url)
    with pytest.raises(BadYoutubeUrl):
        fetch(tmp_path)


def test_a_film_without_an_end_is_stopped(
    web: str, leading_to: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lipwright.server.fetching import youtube_requests

    monkeypatch.setattr(youtube_requests, "PAGES_BYTES", 0)
    leading_to(f"{web}/endless.mp4")
    with pytest.raises((BadYoutubeUrl, TooLarge)):
        fetch(tmp_path, max_bytes=200_000)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 10**6


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com/playlist?list=PLx",
        "https://www.youtube.com/redirect?q=http://127.0.0.1/x",
        "https://www.youtube.com/",
    ],
)
def test_an_address_of_youtube_that_names_no_video_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(BadYoutubeUrl, match="names no video"):
        fetch(tmp_path, url=url)


def test_it_has_one_extractor_one_way_out_and_no_helpers(monkeypatch: pytest.MonkeyPatch) -> None:
    from yt_dlp.globals import plugin_dirs

    from lipwright.server.fetching.youtube_requests import OneExtractorDownloader

    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with OneExtractorDownloader({"quiet": True}, HERE, max_bytes=1, timeout_s=1) as downloader:
        assert list(downloader._ies) == ["Youtube"]
        assert list(downloader._request_director.handlers) == ["Guarded"]
        assert not any(downloader._pps.values())
        assert downloader.params["js_runtimes"] == {}
        assert len(downloader.cookiejar) == 0
        assert plugin_dirs.value == []
        for other in ("Generic", "Vimeo"):
            with pytest.raises(yt_dlp.utils.UnsupportedError):
                downloader.get_info_extractor(other)
        with pytest.raises(yt_dlp.utils.DownloadError):
            downloader.extract_info("http://127.0.0.1/film.mp4", download=False)
