"""Connections of strangers: bounded in number, and in the time that each may keep us waiting.

uvicorn waits without end for the rest of a request and for a client that does not read. Here every wait for
the client has an end, and when there is no room the connection from which nothing came for longest makes room
for a new one. So those who open connections and send nothing, or little, keep nobody out.
"""

from __future__ import annotations

import asyncio
import resource
from dataclasses import dataclass
from typing import Any, ClassVar

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from lipwright.server.settings import Settings

# Files that are open at once beside connections: tables (two per thread that asks them), logs, the pipes of
# workers, and connections that were accepted and have not been counted yet.
RESERVED_FILES = 128
# A connection, and the file that is uploaded or downloaded over it.
FILES_PER_CONNECTION = 2
# Fewer are no service. With so few files even this may be too many; `serve` goes on all the same.
LEAST_CONNECTIONS = 8
# Accepted in one go, before any of them can be closed again: few where there are few files, many where many
# callers may come at once and would be kept waiting by the system.
LEAST_BACKLOG, MOST_BACKLOG = 32, 2048
FILES_PER_WAITING = 32
# What is left of a request that was answered already is thrown away for this long. At once would cut off the
# answer with it; a client that sends on and on would else do so for ever.
LEFTOVER_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLimits:
    """How much strangers may take up.

    most: connections at once. backlog: those that the system keeps waiting. patience_s: how long the head of
    a request, or a reader who is stuck, may take.
    """

    most: int
    backlog: int
    patience_s: float


def connection_limits(settings: Settings) -> ConnectionLimits:
    """The limits of this process: those of the settings, within the number of files that it may open.

    The system's soft limit of files is raised to the hard one.
    """
    _, files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    if files == resource.RLIM_INFINITY:
        files = MOST_BACKLOG * FILES_PER_WAITING
    room = max(LEAST_CONNECTIONS, (files - RESERVED_FILES) // FILES_PER_CONNECTION)
    return ConnectionLimits(
        most=min(settings.max_connections, room),
        backlog=min(MOST_BACKLOG, max(LEAST_BACKLOG, files // FILES_PER_WAITING)),
        patience_s=settings.client_timeout_s,
    )


def bounded_connections(limits: ConnectionLimits) -> type[asyncio.Protocol]:
    """The class of connections within these limits, for uvicorn's setting `http`."""
    return type("BoundedConnection", (_BoundedConnection,), {"limits": limits})


class _BoundedConnection(H11Protocol):
    """One connection. At most one timer runs: whoever it waits for too long is cut off."""

    limits: ClassVar[ConnectionLimits]

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._timer: asyncio.TimerHandle | None = None
        self._heard_s = self.loop.time()
        self._is_stuck = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait_at_most(self.limits.patience_s)
        if len(self.connections) > self.limits.most:
            self._make_room()

    def data_received(self, data: bytes) -> None:
        self._heard_s = self.loop.time()
        super().data_received(data)
        if self._is_stuck:
            return
        if self._is_in_work:
            self._wait_no_longer()
        elif self._timer is None:
            self._wait_at_most(self.limits.patience_s)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._is_stuck or self._is_in_work:  # or the next request came with the last one
            return
        if self.transport.is_closing():  # once the client has taken the answer
            self._wait_at_most(self.limits.patience_s)
        elif self.conn.their_state is h11.SEND_BODY:
            self._wait_at_most(LEFTOVER_S)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._is_stuck = True
        self._wait_at_most(self.limits.patience_s)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._is_stuck = False
        self._heard_s = self.loop.time()
        if self._is_in_work:
            self._wait_no_longer()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._wait_at_most(self.limits.patience_s)

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_longer()
        super().connection_lost(exc)

    @property
    def _is_in_work(self) -> bool:
        """Whether a request is being read or answered."""
        return self.cycle is not None and not self.cycle.response_complete

    @property
    def is_waited_for(self) -> bool:
        """Whether it is the client's turn: to ask, to send the rest, or to read."""
        return not self._is_in_work or self.cycle.more_body or self._is_stuck

    def _make_room(self) -> None:
        """Cut off whom we wait for and heard nothing of for longest; this one when we wait for nobody."""
        others = [
            one
            for one in self.connections
            if isinstance(one, _BoundedConnection) and one is not self and one.is_waited_for
        ]
        longest = min(others, key=lambda one: one._heard_s, default=self)
        self.connections.discard(longest)
        longest.transport.abort()

    def _wait_at_most(self, seconds: float) -> None:
        self._wait_no_longer()
        self._timer = self.loop.call_later(seconds, self.transport.abort)

    def _wait_no_longer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
