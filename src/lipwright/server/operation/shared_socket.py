"""Taking connections from a socket that several processes share, so that each gets about as many.

Left to itself the process that wakes first takes nearly all: 23 of 24 were seen. So one that has many
connections waits a moment before it takes another, and one with few is quicker.
"""

from __future__ import annotations

import asyncio
import socket

import uvicorn

# One that has this many more connections than another waits a millisecond longer: loops tell no shorter
# times apart. More would be less even; less would make each wait for longer.
CONNECTIONS_PER_MS = 4
# The longest wait. Longer and a busy server would be slow to connect to.
LONGEST_WAIT_S = 0.008
# Taken after one wait: so many come at once on a busy server. More would all go to one process.
TAKEN_AT_ONCE = 4


class SharedSocketServer(uvicorn.Server):
    """A server on sockets that other processes have as well."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=[])  # what is not about sockets
        self.servers = [_Acceptor(self, one) for one in sockets or []]  # type: ignore[misc]


class _Acceptor:
    """Takes connections from one socket. What uvicorn asks of a server of asyncio's."""

    def __init__(self, server: uvicorn.Server, listener: socket.socket) -> None:
        self._server = server
        self._listener = listener
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._beginning: set[asyncio.Task[None]] = set()
        listener.setblocking(False)
        self._loop.add_reader(listener, self._wait)

    def close(self) -> None:
        """Take no more."""
        self._loop.remove_reader(self._listener)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def wait_closed(self) -> None:
        """Nothing goes on after `close`."""

    def _wait(self) -> None:
        """Somebody is there: the others may be quicker."""
        connections = len(self._server.server_state.connections)
        wait_s = min(LONGEST_WAIT_S, connections // CONNECTIONS_PER_MS / 1000)
        self._loop.remove_reader(self._listener)
        self._timer = self._loop.call_later(wait_s, self._take)

    def _take(self) -> None:
        self._timer = None
        for _ in range(TAKEN_AT_ONCE):
            try:
                connection, _address = self._listener.accept()
            except (
                BlockingIOError,
                InterruptedError,
                ConnectionAbortedError,
            ):  # another was quicker, or it left
                break
            except OSError:  # no room for another file: the next look comes by itself
                self._timer = self._loop.call_later(1.0, self._take)
                return
            connection.setblocking(False)
            task = self._loop.create_task(self._begin(connection))
            self._beginning.add(task)
            task.add_done_callback(self._beginning.discard)
        self._loop.add_reader(self._listener, self._wait)

    async def _begin(self, connection: socket.socket) -> None:
        await self._loop.connect_accepted_socket(self._protocol, connection)

    def _protocol(self) -> asyncio.Protocol:
        protocol: asyncio.Protocol = self._server.config.http_protocol_class(  # type: ignore[call-arg]
            config=self._server.config,
            server_state=self._server.server_state,
            app_state=self._server.lifespan.state,
            _loop=self._loop,
        )
        return protocol
