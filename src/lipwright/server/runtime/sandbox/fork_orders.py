"""What is said between a fork server and its client: one message of JSON each, with open files beside it."""

from __future__ import annotations

import os
import socket
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

# An order names some folders and what a sandbox may read.
_MAX_BYTES = 256 * 1024
_MAX_DESCRIPTORS = 3

MessageT = TypeVar("MessageT")


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ForkOrder(_Message):
    """Fork a process. Beside it come its standard input, where it prints, and where it answers.

    sandbox: as `Sandbox.to_json` gives it. private: a folder that is not readable. folder: the current one.
    environment: all of it. module: whose `main` is called, with the number of the file for answers, then
    arguments.
    """

    kind: Literal["fork"] = "fork"
    sandbox: str
    private: str
    folder: str
    environment: dict[str, str]
    module: str
    arguments: tuple[str, ...]


class StatusOrder(_Message):
    """Tell how a forked process ended; waits for its end. It stays known."""

    kind: Literal["status"] = "status"
    pid: int


class ForgetOrder(_Message):
    """Forget a forked process that has ended: its number is free again. Not answered."""

    kind: Literal["forget"] = "forget"
    pid: int


class Ready(_Message):
    """The module is loaded."""

    kind: Literal["ready"] = "ready"


class Forked(_Message):
    """The number of a new process, which is that of its group as well."""

    kind: Literal["forked"] = "forked"
    pid: int


class ForkFailed(_Message):
    """The system forks no more."""

    kind: Literal["fork_failed"] = "fork_failed"
    reason: str


class StatusTold(_Message):
    """As `subprocess.Popen.returncode` has it; None for a process that is not known."""

    kind: Literal["status_told"] = "status_told"
    status: int | None


ORDER: TypeAdapter[ForkOrder | StatusOrder | ForgetOrder] = TypeAdapter(
    Annotated[ForkOrder | StatusOrder | ForgetOrder, Field(discriminator="kind")]
)
REPLY: TypeAdapter[Ready | Forked | ForkFailed | StatusTold] = TypeAdapter(
    Annotated[Ready | Forked | ForkFailed | StatusTold, Field(discriminator="kind")]
)


def socket_pair() -> tuple[socket.socket, socket.socket]:
    """The two ends; each message arrives whole."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def send(connection: socket.socket, message: BaseModel, descriptors: tuple[int, ...] = ()) -> None:
    """Send a message, and open files. Raises OSError where the other end is gone."""
    socket.send_fds(connection, [message.model_dump_json().encode()], descriptors)


def receive(connection: socket.socket, kinds: TypeAdapter[MessageT]) -> tuple[MessageT, list[int]] | None:
    """The next message and the files beside it; None where the other end is gone. Raises OSError."""
    content, descriptors, _, _ = socket.recv_fds(connection, _MAX_BYTES, _MAX_DESCRIPTORS)
    if not content:
        return None
    for descriptor in descriptors:
        os.set_inheritable(descriptor, False)
    return kinds.validate_json(content), list(descriptors)
