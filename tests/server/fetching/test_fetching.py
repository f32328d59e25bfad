"""Fetching assets from a web server on this machine: limits, redirects, and what is refused."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from lipwright.engine.errors import BadAudioPath, BadImagePath, BadVideoPath, TooLarge
from lipwright.server.fetching.address_guard import AddressGuard
from lipwright.server.fetching.download import CannotFetch, TooManyBytes, download
from lipwright.server.fetching.youtube import BadYoutubeUrl, fetch_youtube
from lipwright.server.jobs.model import FaceDetectionSpec, Source
from lipwright.server.rendering.inputs import copy_stored
from lipwright.server.services import Services

HERE = AddressGuard(["127.0.0.1"])
CONTENT = b"picture " * 1000


class Web(BaseHTTPRequestHandler):
    """Answers by path."""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith("/to/"):
            self.send_response(302)
            self.send_header("location", self.path.removeprefix("/to/"))
            self.send_header("content-length", "0")
            self.end_headers()
        elif path == "/loop.png":
            self.send_response(301)
            self.send_header("location", "/loop.png")
            self.end_headers()
        elif path == "/missing.png":
            self.send_error(404)
        elif path == "/endless.png":
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"x" * 65536)
            except OSError:
                return
        elif path == "/slow.png":
            self.send_response(200)
            self.end_headers()
            try:
                for _ in range(200):
                    self.wfile.write(b"x")
                    time.sleep(0.05)
            except OSError:
                return
        elif path == "/secret.png":
            expected = "Basic " + base64.b64encode(b"me:p w").decode()
            self.send_response(200 if self.headers["authorization"] == expected else 401)
            self.end_headers()
        else:
            self.send_response(200)
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


def get(
    url: str, path: Path, guard: AddressGuard = HERE, *, max_bytes: int = 10**7, timeout_s: float = 30
) -> None:
    download(url, path, guard, max_bytes=max_bytes, timeout_s=timeout_s)


def test_a_file_arrives_whole_also_through_a_redirect(web: str, tmp_path: Path) -> None:
    get(f"{web}/face.png?size=2", tmp_path / "a")
    get(f"{web}/to//face.png", tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes() == CONTENT


def test_name_and_password_in_an_address_are_used(web: str, tmp_path: Path) -> None:
    get(f"{web.replace('//', '//me:p%20w@')}/secret.png", tmp_path / "a")
    with pytest.raises(CannotFetch, match="401"):
        get(f"{web}/secret.png", tmp_path / "a")


@pytest.mark.parametrize(
    ("path", "reason"),
    [("/loop.png", "too many redirects"), ("/missing.png", "status 404"), ("/to/ftp://x/y.png", "not http")],
)
def test_an_address_that_leads_nowhere_says_why(web: str, tmp_path: Path, path: str, reason: str) -> None:
    with pytest.raises(CannotFetch, match=reason):
        get(f"{web}{path}", tmp_path / "a")


def test_a_file_without_end_is_stopped_at_the_limit(web: str, tmp_path: Path) -> None:
    with pytest.raises(TooManyBytes):
        get(f"{web}/endless.png", tmp_path / "a", max_bytes=1_000_000)
    assert (tmp_path / "a").stat().st_size <= 1_000_000
    with pytest.raises(TooManyBytes):  # told at the start
        get(f"{web}/face.png", tmp_path / "b", max_bytes=100)
    assert not (tmp_path / "b").exists()


def test_a_file_that_trickles_is_stopped_in_time(web: str, tmp_path: Path) -> None:
    started_s = time.monotonic()
    with pytest.raises(CannotFetch, match="in time"):
        get(f"{web}/slow.png", tmp_path / "a", timeout_s=0.3)
    assert time.monotonic() - started_s < 5


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/face.png",
        "http://localhost/face.png",
        "http://2130706433/face.png",
        "http://0x7f.1/face.png",
        "http://0177.0.0.1/face.png",
        "http://[::1]/face.png",
        "http://[::ffff:127.0.0.1]/face.png",
        "http://[::ffff:7f00:1]/face.png",
        "http://169.254.169.254/latest/meta-data/face.png",
        "http://user@127.0.0.1/face.png",
        "http://example.org@127.0.0.1/face.png",
        "http://127.0.0.1#@example.org/face.png",
    ],
)
def test_inner_addresses_are_refused_before_a_connection(address: str, tmp_path: Path) -> None:
    with pytest.raises(CannotFetch, match=r"not public|not http"):
        get(address, tmp_path / "a", AddressGuard())


def test_a_redirect_leads_no_further_inside_than_a_caller(web: str, tmp_path: Path) -> None:
    with pytest.raises(CannotFetch, match="not public"):
        get(f"{web}/to/http://127.0.0.2:80/face.png", tmp_path / "a", HERE)


@pytest.mark.parametrize("address", ["file:///etc/passwd", "gopher://x/1", "http://", "http:///x.png", "x"])
def test_other_schemes_are_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(CannotFetch, match="not http"):
        get(address, tmp_path / "a")


def faces_order(source: Source, max_fetch_bytes: int = 10**6) -> FaceDetectionSpec:
    return FaceDetectionSpec(target=source, min_confidence=0.5, max_fetch_bytes=max_fetch_bytes)


@pytest.mark.parametrize(
    ("field", "extension", "error"),
    [("image", "png", BadImagePath), ("audio", "mp3", BadAudioPath), ("video", "mp4", BadVideoPath)],
)
def test_an_upload_that_vanished_before_its_job_is_a_bad_path(
    services: Services, tmp_path: Path, field: str, extension: str, error: type[Exception]
) -> None:
    source = Source.model_validate(
        {"field": field, "extension": extension, "key": f"api-assets/gone/{field}.{extension}"}
    )
    with pytest.raises(error, match="deleted in the meantime"):
        copy_stored(faces_order(source), services.store, tmp_path)


def test_an_asset_larger_than_the_plan_is_too_large(services: Services, tmp_path: Path) -> None:
    big = tmp_path / "big"
    big.write_bytes(b"x" * 2000)
    services.store.adopt("api-assets/big/image.png", big)
    source = Source(field="image", extension="png", key="api-assets/big/image.png")
    with pytest.raises(TooLarge):
        copy_stored(faces_order(source, 1000), services.store, tmp_path)


def youtube(url: str, folder: Path, guard: AddressGuard = HERE, *, is_allowed: bool = True) -> Path:
    return fetch_youtube(url, folder, guard, is_allowed=is_allowed, max_bytes=10**6, timeout_s=30)


def test_youtube_is_refused_where_it_is_switched_off_or_the_address_is_another(tmp_path: Path) -> None:
    with pytest.raises(BadYoutubeUrl, match="switched off"):
        youtube("https://youtu.be/x", tmp_path, is_allowed=False)
    for address in ("http://169.254.169.254/youtube.com", "https://youtube.com.example.org/x", "file:///x"):
        with pytest.raises(BadYoutubeUrl, match="not an address of YouTube"):
            youtube(address, tmp_path)


def test_youtube_without_its_part_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "yt_dlp", None)
    with pytest.raises(BadYoutubeUrl, match="not installed"):
        youtube("https://www.youtube.com/watch?v=x", tmp_path)
