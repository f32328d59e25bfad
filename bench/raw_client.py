"""A client that costs little itself: non-blocking sockets, one loop, bytes made before.

What a server takes is told apart from what this client takes: both in processor time, which other work on the
machine changes less than the clock.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

_LENGTH = b"content-length:"
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What came of many calls. times_ms: of each. client_s: processor time of this client."""

    times_ms: list[float]
    wall_s: float
    client_s: float


@dataclass(slots=True)
class _Connection:
    """One client's connection and the answer that it waits for."""

    socket: socket.socket
    sent_s: float = 0.0
    received: bytearray = field(default_factory=bytearray)
    unsent: memoryview = field(default_factory=lambda: memoryview(b""))


def request_bytes(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "host: localhost", *(f"{key}: {headers[key]}" for key in headers)]
    if body or method != "GET":
        lines.append(f"content-length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def run_load(port: int, next_request: Callable[[], bytes], calls: int, clients: int) -> Load:
    """So many calls by so many clients at once, each over one connection. Raises SystemExit for a failure."""
    waiting = selectors.DefaultSelector()
    connections = [_Connection(socket.create_connection(("127.0.0.1", port))) for _ in range(clients)]
    for one in connections:
        one.socket.setblocking(False)
        one.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        waiting.register(one.socket, selectors.EVENT_READ, one)
    times_ms: list[float] = []
    begun_s, begun_cpu_s = time.perf_counter(), time.process_time()
    left = calls
    for one in connections[:calls]:
        left -= 1
        _send(waiting, one, next_request())
    while len(times_ms) < calls:
        for key, events in waiting.select():
            one = key.data
            if events & selectors.EVENT_WRITE:
                _send_rest(waiting, one)
            if events & selectors.EVENT_READ and _is_answered(one):
                times_ms.append((time.perf_counter() - one.sent_s) * 1000)
                if left > 0:
                    left -= 1
                    _send(waiting, one, next_request())
    load = Load(
        times_ms=times_ms,
        wall_s=time.perf_counter() - begun_s,
        client_s=time.process_time() - begun_cpu_s,
    )
    for one in connections:
        one.socket.close()
    return load


def processor_s(process_ids: Iterable[int]) -> float:
    """Processor time that these processes have taken so far, in ticks of 10 ms. Ended threads count too."""
    total = 0
    for process_id in process_ids:
        fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(") ")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / _TICKS_PER_S


def _send(waiting: selectors.BaseSelector, one: _Connection, request: bytes) -> None:
    one.received.clear()
    one.sent_s = time.perf_counter()
    one.unsent = memoryview(request)
    _send_rest(waiting, one)


def _send_rest(waiting: selectors.BaseSelector, one: _Connection) -> None:
    with contextlib.suppress(BlockingIOError):
        one.unsent = one.unsent[one.socket.send(one.unsent) :]
    events = selectors.EVENT_READ | (selectors.EVENT_WRITE if one.unsent else 0)
    if waiting.get_key(one.socket).events != events:
        waiting.modify(one.socket, events, one)


def _is_answered(one: _Connection) -> bool:
    """Whether the whole answer is there. Answers have a length; one that is no 200 ends the measuring."""
    chunk = one.socket.recv(65536)
    one.received += chunk
    head, found, body = bytes(one.received).partition(b"\r\n\r\n")
    if not chunk or (found and not head.startswith(b"HTTP/1.1 200 ")):
        raise SystemExit(bytes(one.received).decode(errors="replace") or "the server closed a connection")
    if not found:
        return False
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(_LENGTH))
    return len(body) >= int(length.removeprefix(_LENGTH))
