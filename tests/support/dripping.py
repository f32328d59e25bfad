"""A web server that answers a byte at a time, for as long as somebody listens, and never ends."""

from __future__ import annotations

import contextlib
import itertools
import socket
import threading
import time
from collections.abc import Iterator

# What is sent at once, and then again and again: each keeps a client waiting for the end of another part.
DRIPS = {
    "silence": (b"", b""),
    "status line": (b"HTTP/1.1 2", b"0"),
    "headers": (b"HTTP/1.1 200 OK\r\n", b"x: y\r\n"),
    "one header": (b"HTTP/1.1 200 OK\r\nx: ", b"y"),
    "early hints": (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "body": (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
    "chunk size": (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", b"0"),
    "trailers": (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n", b"x: y\r\n"),
}
DRIP_S = 0.02


@contextlib.contextmanager
def dripping(first: bytes, then: bytes) -> Iterator[int]:
    """The port of a server that does so."""
    closed = threading.Event()

    def answer(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.sendall(first)
            while not closed.is_set():
                connection.sendall(then)
                time.sleep(DRIP_S)

    def accept(listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            for _ in itertools.count():
                connection, _ = listener.accept()
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0), backlog=100) as listener:
        threading.Thread(target=accept, args=(listener,), daemon=True).start()
        yield listener.getsockname()[1]
        closed.set()
        listener.shutdown(socket.SHUT_RDWR)
