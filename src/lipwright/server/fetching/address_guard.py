"""Which addresses the server may connect to on behalf of a caller.

A host name is resolved here, every address of it is checked, and the connection goes to a checked one: so
neither a redirect nor a name that resolves differently the second time leads inside. Names and numbers in
any spelling (decimal, octal, IPv6 with an IPv4 inside) end in the same check, on the numeric address.

Every step of an exchange, from looking up the name to the last byte, ends with one deadline: a stranger that
sends a byte now and then holds nobody longer than one that is silent.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterable
from concurrent.futures import Future
from typing import Any

import httpcore

from lipwright.server.fetching.deadline import Deadline
from lipwright.server.fetching.special_networks import Address, is_special
from lipwright.server.fetching.web_addresses import BadAddress, encode_address

# A connection takes a piece of this size at once; a larger one may be taken byte by byte, without end.
_WRITE_BYTES = 16 * 1024


class AddressRefused(httpcore.ConnectError):
    """The address leads to where callers must not reach."""


class AddressGuard:
    """Decides about numeric addresses."""

    def __init__(self, reachable_hosts: Iterable[str] = ()) -> None:
        """reachable_hosts: inner host names, addresses or networks that are allowed all the same."""
        self._names: set[str] = set()
        self._networks: list[ipaddress.IPv4Network | ipaddress.IPv6Network] = []
        for entry in reachable_hosts:
            try:
                self._networks.append(ipaddress.ip_network(entry, strict=False))
            except ValueError:
                self._names.add(_ascii_name(entry))

    def allows(self, address: str) -> bool:
        """Whether a numeric address may be connected to."""
        try:
            number = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        number = getattr(number, "ipv4_mapped", None) or number
        if any(number in network for network in self._networks if network.version == number.version):
            return True
        return _is_public(number)

    def resolve(self, host: str, port: int) -> str:
        """A numeric address of a host that may be connected to.

        All of its addresses must be allowed: a name with one inner address is not to be trusted.
        Raises AddressRefused.
        """
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} has no address") from error
        addresses = [str(entry[4][0]) for entry in found]
        if not addresses:
            raise httpcore.ConnectError(f"{host} has no address")
        if _ascii_name(host) not in self._names and not all(map(self.allows, addresses)):
            raise AddressRefused(f"{host} is not a public address")
        return addresses[0]


def _ascii_name(host: str) -> str:
    """A host name as it is compared; it may be written with letters beyond ASCII."""
    with contextlib.suppress(BadAddress):
        host = encode_address(f"http://{host}").raw_host.decode()
    return host.lower().rstrip(".")


def _is_public(number: Address) -> bool:
    """By our table and by Python's, which knows the registries of its day."""
    is_strange = number.is_multicast or number.is_reserved or number.is_unspecified
    return not is_special(number) and number.is_global and not is_strange


class GuardedNetwork(httpcore.NetworkBackend):
    """Opens connections, only to addresses that the guard allows. TLS still checks the host's name."""

    def __init__(self, guard: AddressGuard, deadline: Deadline) -> None:
        """deadline: of everything that is done over these connections together."""
        self._guard = guard
        self._deadline = deadline
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        address = self._resolve(host, port, timeout)
        left_s = _time_for(httpcore.ConnectTimeout, self._deadline, timeout)
        stream = self._network.connect_tcp(address, port, left_s, local_address, socket_options)
        return _TimedStream(stream, self._deadline)

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        raise AddressRefused(f"{path} is a local socket")

    def sleep(self, seconds: float) -> None:
        self._network.sleep(self._deadline.limit(seconds))

    def _resolve(self, host: str, port: int, timeout: float | None) -> str:
        """In a thread of its own: the system's resolver knows no time limit of ours."""
        found: Future[str] = Future()

        def resolve() -> None:
            try:
                found.set_result(self._guard.resolve(host, port))
            except Exception as error:
                found.set_exception(error)

        threading.Thread(target=resolve, daemon=True).start()
        try:
            return found.result(self._deadline.limit(timeout))
        except TimeoutError:
            raise httpcore.ConnectTimeout(f"{host} was not found in time") from None


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every step ends with the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _time_for(httpcore.ReadTimeout, self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """In pieces: a receiver that takes them one by one would stretch a single timeout."""
        for start in range(0, len(buffer), _WRITE_BYTES):
            left_s = _time_for(httpcore.WriteTimeout, self._deadline, timeout)
            self._stream.write(buffer[start : start + _WRITE_BYTES], left_s)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        try:
            left_s = _time_for(httpcore.ConnectTimeout, self._deadline, timeout)
            stream = self._stream.start_tls(ssl_context, server_hostname, left_s)
        except BaseException:
            self._stream.close()
            raise
        return _TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _time_for(failure: type[httpcore.TimeoutException], deadline: Deadline, timeout: float | None) -> float:
    """How long a step may take. Raises the failure when no time is left; 0 would mean not to wait at all."""
    left_s = deadline.limit(timeout)
    if left_s <= 0:
        raise failure("the deadline is over")
    return left_s
