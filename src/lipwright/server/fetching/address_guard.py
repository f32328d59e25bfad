"""Which addresses the server may connect to on behalf of a caller.

A host name is resolved here, every address of it is checked, and the connection goes to a checked one: so
neither a redirect nor a name that resolves differently the second time leads inside. Names and numbers in
any spelling (decimal, octal, IPv6 with an IPv4 inside) end in the same check, on the numeric address.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable

import httpcore

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# IPv6 ranges that carry an IPv4 address inside: translation, 6to4 and Teredo lead to that one.
_TRANSLATED_V6 = (
    ipaddress.ip_network("64:ff9b::/96"),
    ipaddress.ip_network("64:ff9b:1::/48"),
    ipaddress.ip_network("2002::/16"),
    ipaddress.ip_network("2001::/32"),
)
# Global by the registry, yet inside for whoever runs in such a cloud or behind such a carrier.
_INNER_NETWORKS = (
    ipaddress.ip_network("100.64.0.0/10"),
    ipaddress.ip_network("168.63.129.16/32"),
    ipaddress.ip_network("192.88.99.0/24"),
)


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
                self._names.add(entry.lower().rstrip("."))

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
        if host.lower().rstrip(".") not in self._names and not all(map(self.allows, addresses)):
            raise AddressRefused(f"{host} is not a public address")
        return addresses[0]


def _is_public(number: Address) -> bool:
    if isinstance(number, ipaddress.IPv6Address):
        if any(number in network for network in _TRANSLATED_V6):
            return False
    elif any(number in network for network in _INNER_NETWORKS):
        return False
    return number.is_global and not (number.is_multicast or number.is_reserved or number.is_unspecified)


class GuardedNetwork(httpcore.NetworkBackend):
    """Opens connections, only to addresses that the guard allows. TLS still checks the host's name."""

    def __init__(self, guard: AddressGuard) -> None:
        self._guard = guard
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        address = self._guard.resolve(host, port)
        return self._network.connect_tcp(address, port, timeout, local_address, socket_options)

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        raise AddressRefused(f"{path} is a local socket")

    def sleep(self, seconds: float) -> None:
        self._network.sleep(seconds)
