"""Addresses as people write them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from lipwright.server.fetching.address_guard import AddressGuard
from lipwright.server.fetching.download import CannotFetch, download
from lipwright.server.fetching.web_addresses import BadAddress, encode_address


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("https://example.org/a.png?x=1", "https://example.org/a.png?x=1"),
        ("https://bücher.example/gesicht.png", "https://xn--bcher-kva.example/gesicht.png"),
        ("https://BÜCHER.example/", "https://xn--bcher-kva.example/"),
        ("http://例え.jp:8080/顔.png", "http://xn--r8jz45g.jp:8080/%E9%A1%94.png"),
        ("http://h.example/ä b.png?n=ü&s=a%2Fb+c", "http://h.example/%C3%A4%20b.png?n=%C3%BC&s=a%2Fb+c"),
        ("http://h.example/%C3%A4%2f.png", "http://h.example/%C3%A4%2f.png"),
        ("http://h.example/😀.png", "http://h.example/%F0%9F%98%80.png"),
        ("http://[::1]:80/a", "http://[::1]/a"),
    ],
)
def test_letters_beyond_ascii_are_encoded_and_what_is_encoded_stays(written: str, sent: str) -> None:
    assert str(encode_address(written)) == sent
    assert str(encode_address(sent)) == sent


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "http://",
        "ftp://h/x",
        "http:///x.png",
        "http://h:0/",
        "http://h:70000/",
        "http://h:port/",
        "http://\uff11\uff12\uff17.0.0.1/",
        "http://☃.example/",
        "http://h.example/\r\nx: y",
        f"http://{'ä' * 80}.example/",
        "http://\ud83d.example/",
        "http://h.example/\ud83d",
        "http://[::1/",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(BadAddress):
        encode_address(text)


@pytest.fixture
def web() -> Iterator[str]:
    """A server with a picture under a path with letters beyond ASCII, to which others redirect."""

    class Web(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/utf-8":
                self.send_response(302)
                self.send_header("location", "/gesicht ä.png".encode().decode("latin-1"))
            else:
                self.send_response(200 if self.path == "/gesicht%20%C3%A4.png" else 404)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Web)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("path", ["/gesicht ä.png", "/gesicht%20%C3%A4.png", "/utf-8"])
def test_a_file_with_letters_beyond_ascii_in_its_address_arrives(web: str, tmp_path: Path, path: str) -> None:
    download(web + path, tmp_path / "a", AddressGuard(["127.0.0.1"]), max_bytes=10, timeout_s=30)
    assert (tmp_path / "a").exists()


def test_a_host_that_cannot_be_encoded_is_the_callers_fault(tmp_path: Path) -> None:
    with pytest.raises(CannotFetch, match="not http"):
        download("http://☃.example/a.png", tmp_path / "a", AddressGuard(), max_bytes=10, timeout_s=30)
