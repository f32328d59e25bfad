"""One of several processes of a server that answer calls on one socket.

`lipwright serve --processes N` opens the socket, starts them and replaces those that die; it does itself what
only one may do. A connection that no process has taken yet waits in the socket, which all of them have: when
one dies the others take it.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import uvicorn

from lipwright.provenance.settings import PREFIX
from lipwright.server.database.waits import BRIEF
from lipwright.server.operation.app import create_app
from lipwright.server.operation.http_server import keep_up, server_config
from lipwright.server.operation.shared_socket import SharedSocketServer
from lipwright.server.runtime.heartbeats import HEARTBEAT_S, ProcessKind, register, scratch_folder, unregister
from lipwright.server.runtime.logs import configure_logs
from lipwright.server.runtime.private_files import keep_files_private
from lipwright.server.runtime.repeating_work import repeat
from lipwright.server.services import open_services
from lipwright.server.settings import Settings, load_settings
from lipwright.server.web.connections import connection_limits
from lipwright.server.web.rate_limits import share_counts
from lipwright.server.web.request_counters import COUNTERS_FOLDER

# How often is looked whether the parent is gone, or told us to end before we had begun.
_LOOK_S = 0.5
_TROUBLE_FILE = "trouble"


class SharedFolder:
    """What the processes of one server know of each other, besides the database: a folder while it runs."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._trouble = path / _TROUBLE_FILE

    @property
    def counters(self) -> Path:
        """Where each keeps its counters for /metrics."""
        return self.path / "counters"

    def make(self) -> None:
        """Make it, for this user alone."""
        self.counters.mkdir(mode=0o700, parents=True)

    def tell_trouble(self, trouble: str | None) -> None:
        """Let the others know what is wrong with the workers."""
        with tempfile.NamedTemporaryFile("w", dir=self.path, delete=False) as whole:
            whole.write(trouble or "")
        os.replace(whole.name, self._trouble)

    def trouble(self) -> str | None:
        """What is wrong with the workers, as it was told last."""
        try:
            return self._trouble.read_text() or None
        except FileNotFoundError:
            return None


def open_sockets(settings: Settings) -> list[socket.socket]:
    """Sockets that listen at the address of the settings, one for each kind of address that a name has.

    Raises OSError, also where another server listens there.
    """
    found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    backlog = connection_limits(settings).backlog
    sockets: list[socket.socket] = []
    try:
        for family, kind, protocol, _, address in dict.fromkeys(found):
            one = socket.socket(family, kind, protocol)
            sockets.append(one)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.bind(address)
            one.listen(backlog)
    except OSError:
        for one in sockets:
            one.close()
        raise
    return sockets


def starter(
    sockets: Sequence[socket.socket], shared: SharedFolder
) -> Callable[[Settings], subprocess.Popen[bytes]]:
    """What starts one such process, in its own session, so that Ctrl-C reaches it through us and once."""
    numbers = [one.fileno() for one in sockets]

    def start(settings: Settings) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", __name__, str(shared.path), *map(str, numbers)],
            stdin=subprocess.PIPE,
            pass_fds=numbers,
            start_new_session=True,
            env={
                **os.environ,
                f"{PREFIX}HOME": str(settings.home),
                f"{PREFIX}HOST": settings.host,
                f"{PREFIX}PORT": str(settings.port),
                COUNTERS_FOLDER: str(shared.counters),
            },
        )

    return start


def run_api_process(settings: Settings, shared: SharedFolder, sockets: list[socket.socket]) -> None:
    """Answer calls until told to stop by a signal, or by the end of the parent."""
    configure_logs(settings)
    keep_files_private()
    told = threading.Event()
    # Before uvicorn listens to signals, and after it has ended, when it raises the last one once more.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: told.set())
    services = open_services(settings, BRIEF)
    share_counts(shared.path)
    process = register(services, ProcessKind.SERVER)
    stop = threading.Event()
    try:
        app = create_app(services, scratch_folder(services, process), shared.trouble)
        repeat(lambda: keep_up(services, process), every_s=HEARTBEAT_S, until=stop)
        server = SharedSocketServer(server_config(app, settings))
        threading.Thread(target=_watch_parent, args=(told,), daemon=True).start()
        repeat(lambda: _end_when(told, server), every_s=_LOOK_S, until=stop)
        server.run(sockets)
    finally:
        stop.set()
        unregister(services, process)


def _watch_parent(told: threading.Event) -> None:
    """The parent holds the other end of our standard input; it is closed when the parent is gone."""
    while os.read(0, 1):  # unbuffered: nothing is locked when the process ends
        pass
    told.set()


def _end_when(told: threading.Event, server: uvicorn.Server) -> None:
    if told.is_set():
        server.should_exit = True


if __name__ == "__main__":
    run_api_process(
        load_settings(), SharedFolder(Path(sys.argv[1])), [socket.socket(fileno=int(n)) for n in sys.argv[2:]]
    )
