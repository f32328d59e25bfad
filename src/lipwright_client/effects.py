"""What a flow asks the outside world to do.

The work of the client is written once, as flows: generators that yield effects and are sent the results.
`runners` carry the effects out, one with blocking calls and one with awaiting ones; they hold no decisions.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import httpx

Result = TypeVar("Result")


class ByteSource(Protocol):
    """Bytes to be uploaded."""

    @property
    def size(self) -> int | None:
        """How many; None when not known."""

    def chunks(self) -> Iterator[bytes]:
        """The bytes from the start, each time it is called."""


class ByteSink(Protocol):
    """Where a download goes."""

    def accepts(self, response: httpx.Response) -> bool:
        """Look at status and headers; True when the body is to be written here."""

    def write(self, chunk: bytes) -> None:
        """Take the next bytes of the body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """Send a call and read the whole answer. The result is the response."""

    method: str
    url: str
    headers: dict[str, str] = field(repr=False)
    params: dict[str, str]
    json: dict[str, Any] | None
    timeout_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """Upload bytes piece by piece. The result is the response."""

    url: str
    source: ByteSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """Download piece by piece into a sink. The result is the response; its body is read when refused."""

    url: str
    headers: dict[str, str]
    sink: ByteSink


@dataclass(frozen=True, slots=True, kw_only=True)
class Sleep:
    """Wait. There is no result."""

    seconds: float


Effect = Send | Put | Fetch | Sleep
Flow = Generator[Effect, Any, Result]
