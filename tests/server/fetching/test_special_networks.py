"""Every network of the registries of special addresses is refused, at both of its ends."""

from __future__ import annotations

import ipaddress

import pytest

from lipwright.server.fetching.address_guard import AddressGuard
from lipwright.server.fetching.special_networks import SPECIAL_V4, SPECIAL_V6

# The registries of IANA as of 2026: those of special-purpose addresses, and of multicast and reserved space.
# Without ::ffff:0:0/96: a mapped address is judged by the one inside.
REGISTRIES = [
    "0.0.0.0/8",
    "0.0.0.0/32",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.0.0/29",
    "192.0.0.8/32",
    "192.0.0.9/32",
    "192.0.0.10/32",
    "192.0.0.170/32",
    "192.0.0.171/32",
    "192.0.2.0/24",
    "192.31.196.0/24",
    "192.52.193.0/24",
    "192.88.99.0/24",
    "192.88.99.2/32",
    "192.168.0.0/16",
    "192.175.48.0/24",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "255.255.255.255/32",
    "::1/128",
    "::/128",
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "100:0:0:1::/64",
    "2001::/23",
    "2001::/32",
    "2001:1::1/128",
    "2001:1::2/128",
    "2001:1::3/128",
    "2001:2::/48",
    "2001:3::/32",
    "2001:4:112::/48",
    "2001:10::/28",
    "2001:20::/28",
    "2001:30::/28",
    "2001:db8::/32",
    "2002::/16",
    "2620:4f:8000::/48",
    "3fff::/20",
    "5f00::/16",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
]
# IPv6 addresses that carry an IPv4 one: loopback, private, metadata of a cloud, and a public one.
CARRIERS = [
    "::{high}:{low}",
    "::ffff:0:{high}:{low}",
    "64:ff9b::{high}:{low}",
    "64:ff9b:1::{high}:{low}",
    "2002:{high}:{low}::1",
    "2001:0:{high}:{low}::",
]
CARRIED = ["127.0.0.1", "10.0.0.1", "169.254.169.254", "8.8.8.8"]


@pytest.mark.parametrize("network", REGISTRIES)
def test_a_network_of_the_registries_is_refused_from_its_first_address_to_its_last(network: str) -> None:
    found = ipaddress.ip_network(network)
    guard = AddressGuard()
    for address in (found[0], found[found.num_addresses // 2], found[-1]):
        assert not guard.allows(str(address)), address
    assert any(found.subnet_of(ours) for ours in map(ipaddress.ip_network, table_for(found)))  # type: ignore[arg-type]


def table_for(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> list[str]:
    return list(SPECIAL_V4 if network.version == 4 else SPECIAL_V6)


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("carried", CARRIED)
def test_an_address_that_carries_another_is_refused(carrier: str, carried: str) -> None:
    number = int(ipaddress.IPv4Address(carried))
    address = carrier.format(high=f"{number >> 16:x}", low=f"{number & 0xFFFF:x}")
    assert not AddressGuard().allows(address)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "100.64.0.1", "168.63.129.16", "203.0.113.9"])
def test_a_mapped_address_is_judged_by_the_one_inside(address: str) -> None:
    assert not AddressGuard().allows(f"::ffff:{address}")
    assert AddressGuard().allows("::ffff:9.9.9.9")
    assert AddressGuard([f"{address}/32"]).allows(f"::ffff:{address}")


@pytest.mark.parametrize(
    "address",
    [
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2001:200::1",
        "2003::1",
        "2a00:1450:4001::1",
        "2620:4f:8001::1",
        "2606:4700::1111",
    ],
)
def test_what_lies_beside_a_special_network_is_allowed(address: str) -> None:
    assert AddressGuard().allows(address)


@pytest.mark.parametrize("address", ["4000::1", "8000::1", "1::1", "fe00::1", "5f00::1", "3fff:fff::1"])
def test_ipv6_that_was_never_given_out_is_refused(address: str) -> None:
    assert not AddressGuard().allows(address)
