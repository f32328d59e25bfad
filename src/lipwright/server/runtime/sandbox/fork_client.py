"""A fork server as its owner sees it: started, waited for, asked for processes."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

from pydantic import BaseModel

from lipwright.server.runtime.sandbox.fork_orders import (
    REPLY,
    ForgetOrder,
    Forked,
    ForkFailed,
    ForkOrder,
    Ready,
    StatusOrder,
    StatusTold,
    receive,
    send,
    socket_pair,
)
from lipwright.server.runtime.sandbox.layers import Sandbox

SERVER = "lipwright.server.runtime.sandbox.fork_server"
# What is told of a process whose server is gone, and with it how it ended.
UNKNOWN_STATUS = 255
# The end of what a dead process printed, for the log.
_PRINTED_TAIL_BYTES = 4000


class ChildProcess(Protocol):
    """A process that reads its orders from standard input and leads a group of its own."""

    @property
    def pid(self) -> int:
        """Its number, and that of its group."""

    @property
    def orders(self) -> BinaryIO:
        """Its standard input."""

    def poll(self) -> int | None:
        """How it ended, None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end and tell how it ended. Raises subprocess.TimeoutExpired."""

    def forget(self) -> None:
        """Let its number go; it has ended, and nothing is asked of it any more."""


class _Waited(Protocol):
    def wait(self, timeout: float | None = None) -> int: ...


def described_end(process: _Waited, printed: Path) -> str:
    """How a process ended and what it printed last, for the log."""
    try:
        status: int | str = process.wait(timeout=1)
    except subprocess.TimeoutExpired:
        status = "none yet"
    words = printed.read_bytes()
    if len(words) > _PRINTED_TAIL_BYTES:  # from the next word on: half a secret would not be recognised
        words = words[-_PRINTED_TAIL_BYTES:].partition(b"\n")[2] or b"..."
    return f"exit status {status}; {words.decode('utf-8', 'replace')}"


class ForkServerGone(Exception):
    """The server has ended, or could not fork."""


def can_fork() -> bool:
    """Whether this system has what fork servers are made of."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open")


class ForkServer:
    """A process that has loaded a module, and forks others from it. Several threads may ask."""

    def __init__(
        self, module: str, environment: Mapping[str, str], printed: Path, *, memory_bytes: int
    ) -> None:
        """Start it; the module loads meanwhile, within so much memory.

        printed: where it prints, removed by `kill`.
        """
        self._printed = printed
        self._connection, theirs = socket_pair()
        self._lock = threading.Lock()
        self._is_ready = False
        with printed.open("wb") as output, theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", SERVER, str(theirs.fileno()), str(memory_bytes), module],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
                cwd="/",
                env=dict(environment),
            )

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it loads or waits."""
        return self._process.poll() is None

    def is_ready(self) -> bool:
        """Whether the module is loaded."""
        with self._lock:
            if not self._is_ready and select.select([self._connection], [], [], 0)[0]:
                with contextlib.suppress(OSError):
                    received = receive(self._connection, REPLY)
                    self._is_ready = received is not None and isinstance(received[0], Ready)
            return self._is_ready

    def fork(
        self,
        sandbox: Sandbox,
        private: Path,
        module: str,
        *arguments: str,
        folder: Path,
        environment: Mapping[str, str],
        printed: int,
        answers: int,
    ) -> ForkedProcess:
        """A new process that enters a sandbox and calls `main` of a module; only once the server is ready.

        private: as for `sandboxed_command`. folder: its current one. printed, answers: open files; the number
        of the second is its first argument. Raises ForkServerGone.
        """
        order = ForkOrder(
            sandbox=sandbox.to_json(),
            private=str(private),
            folder=str(folder),
            environment=dict(environment),
            module=module,
            arguments=arguments,
        )
        theirs, ours = os.pipe()
        orders = os.fdopen(ours, "wb")
        try:
            reply = self._ask(order, (theirs, printed, answers))
            if not isinstance(reply, Forked):
                raise ForkServerGone(reply.reason if isinstance(reply, ForkFailed) else "no answer")
            return ForkedProcess(self, reply.pid, orders)
        except BaseException:
            orders.close()
            raise
        finally:
            os.close(theirs)

    def status_of(self, pid: int) -> int:
        """How a process ended that has ended."""
        try:
            reply = self._ask(StatusOrder(pid=pid))
        except ForkServerGone:
            return UNKNOWN_STATUS
        known = reply.status if isinstance(reply, StatusTold) else None
        return UNKNOWN_STATUS if known is None else known

    def forget(self, pid: int) -> None:
        """Let the number of a process go that has ended."""
        with self._lock, contextlib.suppress(OSError):
            send(self._connection, ForgetOrder(pid=pid))

    def kill(self) -> None:
        """End the server; what it forked goes on."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._connection.close()
        self._printed.unlink(missing_ok=True)

    def describe_end(self) -> str:
        """How it ended and what it printed last."""
        return described_end(self._process, self._printed)

    def _ask(self, order: BaseModel, descriptors: tuple[int, ...] = ()) -> BaseModel:
        """One order and its answer. Raises ForkServerGone."""
        with self._lock:
            try:
                send(self._connection, order, descriptors)
                received = receive(self._connection, REPLY)
            except OSError as error:
                raise ForkServerGone(str(error)) from None
        if received is None:
            raise ForkServerGone("the fork server has ended")
        return received[0]


class ForkedProcess:
    """A process of a fork server."""

    def __init__(self, server: ForkServer, pid: int, orders: BinaryIO) -> None:
        """Take over a process that its server has not forgotten."""
        self._server = server
        self.pid = pid
        self.orders = orders
        self._end = os.pidfd_open(pid)
        self._status: int | None = None

    def poll(self) -> int | None:
        """How it ended, None while it runs."""
        try:
            return self.wait(timeout=0)
        except subprocess.TimeoutExpired:
            return None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end and tell how it ended. Raises subprocess.TimeoutExpired."""
        if self._status is None:
            if not select.select([self._end], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(SERVER, timeout or 0)
            self._status = self._server.status_of(self.pid)
        return self._status

    def forget(self) -> None:
        """Let its number go; it has ended, and nothing is asked of it any more."""
        if self._end >= 0:
            os.close(self._end)
            self._end = -1
            self._server.forget(self.pid)


class StartedProcess:
    """A process that was started by itself, where there is no fork server."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        folder: Path,
        environment: Mapping[str, str],
        printed: int,
        answers: int,
    ) -> None:
        """command: what `sandboxed_command` gives. The others: as for `ForkServer.fork`."""
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=printed,
            stderr=printed,
            pass_fds=(answers,),
            start_new_session=True,
            cwd=folder,
            env=dict(environment),
        )
        assert self._process.stdin is not None
        self.pid = self._process.pid
        self.orders: BinaryIO = self._process.stdin  # type: ignore[assignment]

    def poll(self) -> int | None:
        """How it ended, None while it runs."""
        return self._process.poll()

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end and tell how it ended. Raises subprocess.TimeoutExpired."""
        return self._process.wait(timeout)

    def forget(self) -> None:
        """Nothing: its number went with `wait`."""
