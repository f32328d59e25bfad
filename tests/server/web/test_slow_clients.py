"""Clients that keep the server waiting: each is cut off in time, and many of them keep nobody out."""

from __future__ import annotations

import contextlib
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from lipwright.server.jobs import events_stream
from lipwright.server.services import Services, open_services
from lipwright.server.settings import load_settings
from lipwright.server.web import connections
from tests.server.callers import Caller, new_caller, serving_application
from tests.support.service import wait_until

MOST = 8
# Nothing is cut off by the server's patience here before it is to be; what makes room is another matter.
LONG_S = 600.0


def opened(home: Path, template: Path, **settings: object) -> Iterator[Services]:
    home.mkdir()
    shutil.copy(template, home / "lipwright.sqlite3")
    services = open_services(load_settings(home=home, **settings))
    yield services
    services.database.close()


@pytest.fixture
def impatient(tmp_path: Path, sqlite_template: Path) -> Iterator[Caller]:
    """A caller of a server that waits for nobody."""
    for services in opened(tmp_path / "home", sqlite_template, client_timeout_s=0.3):
        for http in serving_application(services):
            yield new_caller(services, http)


@pytest.fixture
def small(tmp_path: Path, sqlite_template: Path) -> Iterator[Caller]:
    """A caller of a server with room for a few connections."""
    settings = {"max_connections": MOST, "client_timeout_s": LONG_S}
    for services in opened(tmp_path / "home", sqlite_template, **settings):
        for http in serving_application(services):
            yield new_caller(services, http)


def connect(http: httpx.Client) -> socket.socket:
    return socket.create_connection(("127.0.0.1", http.base_url.port or 0), timeout=20)


def upload_head(caller: Caller, length: int = 10**6) -> bytes:
    items = {"items": [{"type": "image", "extension": "png"}]}
    address = urlsplit(caller.post("/v1/files/upload-urls", items).json()["items"][0]["upload_url"])
    return (
        f"PUT {address.path}?{address.query} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n".encode()
    )


def call_head(caller: Caller, key: str | None = None, length: int = 1000) -> bytes:
    return (
        f"POST /v1/lip-sync HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key or caller.key}\r\n"
        f"Content-Length: {length}\r\n\r\n"
    ).encode()


# What a client sends at once, and then again and again.
Sending = tuple[Callable[[Caller], bytes], bytes]
DRIPS: dict[str, Sending] = {
    "nothing": (lambda _: b"", b""),
    "half a line": (lambda _: b"GET /hea", b"l"),
    "headers": (lambda _: b"GET /healthz HTTP/1.1\r\n", b"x: y\r\n"),
    "a second request": (lambda _: b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET", b"x"),
    "a call's body": (call_head, b" "),
    "an upload": (upload_head, b""),
    "a trickling upload": (upload_head, b"x"),
    "chunk sizes": (
        lambda caller: upload_head(caller).replace(b"Content-Length: 1000000", b"Transfer-Encoding: chunked"),
        b"0",
    ),
}


def read_answer(connection: socket.socket) -> bytes:
    """A short answer in JSON, whole."""
    received = b""
    while not received.endswith(b"}"):
        received += connection.recv(4096)
    return received


def read_to_end(connection: socket.socket, drip: bytes) -> bytes:
    """What comes until the server closes; meanwhile bytes are sent."""
    received = b""
    connection.settimeout(0.02)
    while True:
        try:
            if drip:
                connection.sendall(drip)
            chunk = connection.recv(65536)
        except TimeoutError:
            continue
        except OSError:
            return received
        if not chunk:
            return received
        received += chunk


@pytest.mark.timeout(60)  # each would go on for ever
@pytest.mark.parametrize("kind", [*DRIPS])
def test_a_client_that_keeps_the_server_waiting_is_cut_off(impatient: Caller, kind: str) -> None:
    first, drip = DRIPS[kind]
    with connect(impatient.http) as connection:
        connection.sendall(first(impatient))
        answer = read_to_end(connection, drip)
    if "body" in kind or "upload" in kind or "chunk" in kind:
        assert b" 408 " in answer
        assert b"did not arrive in time" in answer
    assert impatient.http.get("/healthz").status_code == 200


@pytest.mark.timeout(60)
def test_what_follows_a_refusal_is_thrown_away_for_a_limited_time(
    impatient: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "LEFTOVER_S", 0.3)
    with connect(impatient.http) as connection:
        connection.sendall(call_head(impatient, key="nobodys-key", length=10**9))
        assert b" 401 " in read_to_end(connection, b"x")


@pytest.mark.timeout(60)
def test_a_client_that_does_not_take_what_it_asked_for_is_cut_off(
    tmp_path: Path, sqlite_template: Path
) -> None:
    for services in opened(tmp_path / "home", sqlite_template, client_timeout_s=0.3):
        for http in serving_application(services):
            key = new_caller(services, http).upload("video", "mp4", bytes(30_000_000))
            url = urlsplit(services.addresses.download(str(http.base_url), key).url)
            with connect(http) as connection:
                connection.sendall(f"GET {url.path}?{url.query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                assert connection.recv(20).startswith(b"HTTP/1.1 200")
                wait_until(partial(is_cut_off, http, connection), 30, "it is cut off")


def is_cut_off(http: httpx.Client, connection: socket.socket) -> bool:
    """Whether the server gave up its end of a connection, by the system's table."""
    ours, theirs = connection.getsockname()[1], http.base_url.port
    ends = f":{theirs:04X} 0100007F:{ours:04X} 01 "
    return not any(ends in line for line in Path("/proc/net/tcp").read_text().splitlines())


def test_an_upload_that_goes_on_is_not_cut_off(impatient: Caller) -> None:
    """Slower than the patience as a whole, and fast enough at any time."""
    with connect(impatient.http) as connection:
        connection.sendall(upload_head(impatient, 10 * 2000))
        for _ in range(10):
            connection.sendall(bytes(2000))
            time.sleep(0.1)
        assert b" 200 " in connection.recv(4096)


def test_a_connection_that_is_kept_open_between_calls_is_not_cut_off(impatient: Caller) -> None:
    with connect(impatient.http) as connection:
        for _ in range(2):
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b" 200 " in read_answer(connection)
            time.sleep(0.5)


@pytest.mark.parametrize("kind", [*DRIPS])
def test_where_there_is_no_room_those_who_keep_the_server_waiting_make_it(small: Caller, kind: str) -> None:
    first, _ = DRIPS[kind]
    with contextlib.ExitStack() as kept:
        for _ in range(3 * MOST):
            connection = kept.enter_context(connect(small.http))
            connection.sendall(first(small))
            if kind == "a second request":  # while a call is in work it makes no room
                assert b" 200 " in read_answer(connection)
        small.http.close()
        with httpx.Client(base_url=small.http.base_url, trust_env=False) as fresh:
            assert fresh.get("/healthz").status_code == 200


def test_an_account_has_a_limited_number_of_progress_streams(
    small: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events_stream, "STREAMS_PER_ACCOUNT", 2)
    path = f"/v1/video-projects/{small.post('/v1/ai-talking-photo', small.photo_body()).json()['id']}"
    lines = []
    with contextlib.ExitStack() as kept:
        for _ in range(2):
            stream = kept.enter_context(small.http.stream("GET", f"{path}/events", headers=small.headers))
            lines.append(stream.iter_lines())  # a stream ends with its iterator
            assert next(lines[-1])
        refused = small.get(f"{path}/events")
        assert refused.status_code == 429
        assert "retry-after" in refused.headers
        assert small.get(path).status_code == 200, "polling goes on"
    wait_until(lambda: has_stream(small, path), 30, "the streams are forgotten")


def has_stream(caller: Caller, path: str) -> bool:
    with caller.http.stream("GET", f"{path}/events", headers=caller.headers) as stream:
        return stream.status_code == 200


def test_a_call_in_work_makes_no_room(small: Caller) -> None:
    """A progress stream stays, whoever else comes."""
    job = small.post("/v1/ai-talking-photo", small.photo_body()).json()["id"]
    with small.http.stream("GET", f"/v1/video-projects/{job}/events", headers=small.headers) as stream:
        lines = stream.iter_lines()
        assert next(lines)
        with contextlib.ExitStack() as kept:
            for _ in range(3 * MOST):
                kept.enter_context(connect(small.http))
            with httpx.Client(base_url=small.http.base_url, trust_env=False) as fresh:
                assert fresh.post(f"/v1/video-projects/{job}/cancel", headers=small.headers).is_success
            assert any("canceled" in line for line in lines)
