"""Which addresses the server may reach on behalf of a caller."""

from __future__ import annotations

import socket
from typing import Any

import httpcore
import pytest

from lipwright.server.fetching.address_guard import AddressGuard, AddressRefused, GuardedNetwork
from lipwright.server.fetching.deadline import Deadline

INNER = [
    "127.0.0.1",
    "127.1.2.3",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.5.5",
    "192.168.1.1",
    "169.254.169.254",  # metadata of the clouds
    "100.64.0.1",  # carrier-grade NAT
    "168.63.129.16",  # a cloud's own service, public by the registry
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "64:ff9b::7f00:1",  # an IPv4 address inside, behind a translator
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
    "2001:db8::1",
    "not an address",
]
# Spellings of inner addresses that the resolver understands as numbers.
SPELLINGS = [
    "localhost",
    "LOCALHOST.",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "127.1",
    "127.0.1",
    "0",
    "2852039166",  # 169.254.169.254
    "[::1]".strip("[]"),
    "::ffff:127.0.0.1",
]


@pytest.mark.parametrize("address", INNER)
def test_inner_addresses_are_refused(address: str) -> None:
    assert not AddressGuard().allows(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.215.14", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_public_addresses_are_allowed(address: str) -> None:
    assert AddressGuard().allows(address)


@pytest.mark.parametrize("host", SPELLINGS)
def test_every_spelling_of_an_inner_address_is_refused(host: str) -> None:
    with pytest.raises(httpcore.ConnectError):
        AddressGuard().resolve(host, 80)


def resolving_to(*addresses: str) -> Any:
    def getaddrinfo(_host: str, port: int, **_options: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    return getaddrinfo


def test_a_name_with_one_inner_address_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolving_to("1.1.1.1", "10.0.0.1"))
    with pytest.raises(AddressRefused):
        AddressGuard().resolve("rebinding.example", 80)


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that changes between check and connection gains nothing: it is resolved once."""
    answers = iter([resolving_to("1.1.1.1"), resolving_to("127.0.0.1")])
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **o: next(answers)(*a, **o))
    connected: list[str] = []

    def connect(_self: object, host: str, *_rest: object, **_named: object) -> httpcore.NetworkStream:
        connected.append(host)
        raise httpcore.ConnectError

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    with pytest.raises(httpcore.ConnectError):
        GuardedNetwork(AddressGuard(), Deadline(30)).connect_tcp("rebinding.example", 80)
    assert connected == ["1.1.1.1"]


def test_an_operator_may_open_single_hosts_and_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    guard = AddressGuard(["10.1.0.0/16", "media.intern", "Bücher.intern", "fd00::/8"])
    assert guard.allows("10.1.2.3")
    assert guard.allows("fd00::5")
    assert not guard.allows("10.2.0.1")
    monkeypatch.setattr(socket, "getaddrinfo", resolving_to("192.168.0.7"))
    assert guard.resolve("media.intern", 80) == "192.168.0.7"
    assert guard.resolve("xn--bcher-kva.intern", 80) == "192.168.0.7"
    with pytest.raises(AddressRefused):
        guard.resolve("other.intern", 80)


def test_local_sockets_are_refused() -> None:
    with pytest.raises(AddressRefused):
        GuardedNetwork(AddressGuard(), Deadline(30)).connect_unix_socket("/var/run/docker.sock")
