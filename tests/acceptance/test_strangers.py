"""Three hundred strangers keep a server waiting that may open few files: it answers, its log stays quiet."""

from __future__ import annotations

import contextlib
import socket
import threading
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.support.service import Service, prepared

pytestmark = pytest.mark.slow  # starts servers

STRANGERS = 300
# What some systems give a service; 300 connections do not fit.
OPEN_FILES = 256
DRIP_S = 0.3


def upload_head(service: Service) -> bytes:
    items = {"items": [{"type": "image", "extension": "png"}]}
    url = urlsplit(service.http.post("/v1/files/upload-urls", json=items).json()["items"][0]["upload_url"])
    return f"PUT {url.path}?{url.query} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n".encode()


def stranger_sends(service: Service, kind: str) -> tuple[bytes, bytes]:
    """What a stranger sends at once, and then again and again."""
    match kind:
        case "nothing":
            return b"", b""
        case "headers":
            return b"GET /healthz HTTP/1.1\r\n", b"x: y\r\n"
        case "no HTTP":
            return b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b""
        case "a body without a key":
            return b"POST /v1/lip-sync HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n", b" "
        case "a body with a key":
            key = service.key.encode()
            head = b"POST /v1/lip-sync HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + key
            return head + b"\r\nContent-Length: 900000\r\n\r\n", b" "
        case "an upload that stalls":
            return upload_head(service) + bytes(1000), b""
        case "an upload that trickles":
            return upload_head(service), b"x"
    raise AssertionError(kind)


@pytest.mark.parametrize(
    "kind",
    [
        "nothing",
        "headers",
        "no HTTP",
        "a body without a key",
        "a body with a key",
        "an upload that stalls",
        "an upload that trickles",
    ],
)
def test_three_hundred_strangers_keep_nobody_out(tmp_path: Path, kind: str) -> None:
    stop = threading.Event()
    with prepared(tmp_path / "home") as service, contextlib.ExitStack() as kept:
        service.serve(workers=0, open_files=OPEN_FILES)
        at_start = service.logs()  # it tells of files that the test left open to other users
        first, drip = stranger_sends(service, kind)
        address = ("127.0.0.1", service.http.base_url.port or 0)
        strangers = []
        for _ in range(STRANGERS):
            strangers.append(kept.enter_context(socket.create_connection(address, timeout=20)))
            with contextlib.suppress(OSError):
                strangers[-1].sendall(first)

        def trickle() -> None:
            while not stop.wait(DRIP_S):
                for stranger in strangers:
                    with contextlib.suppress(OSError):
                        stranger.sendall(drip)

        thread = threading.Thread(target=trickle)
        thread.start()
        try:
            for _ in range(20):
                with httpx.Client(base_url=service.base_url, trust_env=False, timeout=20) as fresh:
                    assert fresh.get("/healthz").status_code == 200
                    items = {"items": [{"type": "image", "extension": "png"}]}
                    answer = fresh.post("/v1/files/upload-urls", json=items, headers=service.headers)
                    assert answer.status_code == 200
                    item = answer.json()["items"][0]
                    assert fresh.put(item["upload_url"], content=bytes(300_000)).status_code == 200
        finally:
            stop.set()
            thread.join()
        log = service.logs().removeprefix(at_start)
    for word in ("Traceback", "[error", "[warning", "WARNING", "ERROR", "socket.accept"):
        assert word not in log
