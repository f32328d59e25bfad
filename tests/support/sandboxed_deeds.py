"""What a process in a sandbox may try: each deed says in one word how it went."""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path


def main(arguments: list[str]) -> None:
    """Carry out deeds, each written as `name:argument`, and print how each went as a JSON object."""
    outcomes = {}
    for deed in arguments:
        name, _, argument = deed.partition(":")
        try:
            outcomes[name] = str(DEEDS[name](argument))
        except (OSError, subprocess.SubprocessError, MemoryError) as error:
            outcomes[name] = type(error).__name__
    json.dump(outcomes, sys.stdout)


def _connect(port: str) -> str:
    socket.create_connection(("127.0.0.1", int(port)), timeout=5).close()
    return "done"


def _listen(_: str) -> str:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
    return "done"


def _send(port: str) -> str:
    with socket.socket(type=socket.SOCK_DGRAM) as sender:
        sender.sendto(b"x", ("127.0.0.1", int(port)))
    return "done"


def _write(path: str) -> str:
    Path(path).write_bytes(b"x")
    return "done"


def _write_much(path: str) -> str:
    Path(path).write_bytes(b"x" * 3_000_000)
    return "done"


def _link(paths: str) -> str:
    """Get a name for a readable file where it could be written."""
    source, _, target = paths.partition(">")
    os.link(source, target)
    Path(target).write_bytes(b"changed")
    return "done"


def _take_memory(megabytes: str) -> str:
    return str(len(bytearray(int(megabytes) * 1024 * 1024)))


def _signal(process: str) -> str:
    os.kill(int(process), 0)
    return "done"


def _remove(path: str) -> str:
    Path(path).unlink()
    return "done"


DEEDS: dict[str, Callable[[str], object]] = {
    "read": lambda path: Path(path).read_text(),
    "read_bytes": lambda path: len(Path(path).read_bytes()),
    "list": lambda path: len(os.listdir(path)),
    "write": _write,
    "write_much": _write_much,
    "remove": _remove,
    "link": _link,
    "connect": _connect,
    "listen": _listen,
    "send": _send,
    "run": lambda program: subprocess.run([program], check=True).returncode,
    "memory": _take_memory,
    "signal": _signal,
    "environment": lambda _: sorted(os.environ),
    "started_with": lambda process: Path(f"/proc/{process or 'self'}/environ").read_text(),
    "processor_s": lambda _: resource.getrlimit(resource.RLIMIT_CPU)[1],
    "core_bytes": lambda _: resource.getrlimit(resource.RLIMIT_CORE)[1],
}
