"""A process that has loaded a module and forks sandboxed processes from it, each in a few milliseconds.

Run as `python -P -m lipwright.server.runtime.sandbox.fork_server SOCKET_FD MEMORY_BYTES MODULE`. It calls
`load` of the module within that much memory, says so on the socket, and answers one order after the other;
it ends when the socket is closed. It knows no settings and no secret, has opened nothing but the socket, and
carries out nothing itself: what it forks has one thread, enters its sandbox, and only then sees its task.

A forked process that has ended stays known until it is to be forgotten, so that no other gets its number.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import resource
import socket
import sys
import tempfile
import traceback
from typing import NoReturn

from lipwright.server.runtime.sandbox import launch
from lipwright.server.runtime.sandbox.fork_orders import (
    ORDER,
    ForgetOrder,
    Forked,
    ForkFailed,
    ForkOrder,
    Ready,
    StatusOrder,
    StatusTold,
    receive,
    send,
)


def main(arguments: list[str]) -> None:
    """Load the module, then fork whenever it is asked for."""
    server, memory_bytes, module = socket.socket(fileno=int(arguments[0])), int(arguments[1]), arguments[2]
    # What does not fit when it is loaded would not fit in any process that is forked.
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    importlib.import_module(module).load()
    # What is there now is shared by all that is forked, for as long as nobody writes to it.
    gc.collect()
    gc.freeze()
    send(server, Ready())
    while (received := receive(server, ORDER)) is not None:
        order, descriptors = received
        match order:
            case ForkOrder():
                try:
                    send(server, _forked(order, descriptors, server))
                finally:
                    for descriptor in descriptors:
                        os.close(descriptor)
            case StatusOrder(pid=pid):
                send(server, StatusTold(status=_status_of(pid)))
            case ForgetOrder(pid=pid):
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(pid, 0)


def _forked(order: ForkOrder, descriptors: list[int], server: socket.socket) -> Forked | ForkFailed:
    """Fork; returns in this process alone."""
    try:
        pid = os.fork()
    except OSError as error:
        return ForkFailed(reason=f"fork: {error.strerror}")
    if not pid:
        _become(order, descriptors, server)
    return Forked(pid=pid)


def _become(order: ForkOrder, descriptors: list[int], server: socket.socket) -> NoReturn:
    """What the forked process does, until it ends."""
    status = 1
    try:
        server.close()
        os.setsid()
        standard_input, printed, answers = descriptors
        for source, target in ((standard_input, 0), (printed, 1), (printed, 2)):
            os.dup2(source, target)
        os.close(standard_input)
        os.close(printed)
        os.chdir(order.folder)
        os.environ.clear()
        os.environ.update(order.environment)
        tempfile.tempdir = None
        launch.main([order.sandbox, order.private, order.module, str(answers), *order.arguments])
        status = 0
    except SystemExit as end:
        if isinstance(end.code, int):
            status = end.code
        else:
            print(end.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def _status_of(pid: int) -> int | None:
    """How a forked process ended, as `subprocess` has it; None for one that is not ours. Waits for it."""
    try:
        ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    except ChildProcessError:
        return None
    assert ended is not None
    return ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status


if __name__ == "__main__":
    main(sys.argv[1:])
