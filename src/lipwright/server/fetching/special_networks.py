"""Networks in which nobody offers a file to everybody: those of the registries, and some beside them.

Source: the registries of special-purpose addresses of IANA for IPv4 and IPv6 (RFC 6890), those for multicast
and for IPv6 in all. An entry that a registry calls globally reachable is here as well: it leads to a service
of the network itself, or carries another address inside.
"""

from __future__ import annotations

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# By network: what it is for.
SPECIAL_V4 = {
    "0.0.0.0/8": "this network",
    "10.0.0.0/8": "private use",
    "100.64.0.0/10": "carrier-grade NAT",
    "127.0.0.0/8": "loopback",
    "168.63.129.16/32": "a cloud's own service; public by the registry",
    "169.254.0.0/16": "link-local, metadata of the clouds",
    "172.16.0.0/12": "private use",
    "192.0.0.0/24": "protocol assignments",
    "192.0.2.0/24": "documentation",
    "192.31.196.0/24": "AS112",
    "192.52.193.0/24": "multicast tunnels",
    "192.88.99.0/24": "6to4 relays",
    "192.168.0.0/16": "private use",
    "192.175.48.0/24": "AS112",
    "198.18.0.0/15": "benchmarks",
    "198.51.100.0/24": "documentation",
    "203.0.113.0/24": "documentation",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved, broadcast",
}
SPECIAL_V6 = {
    "::/96": "unspecified, loopback, IPv4-compatible",
    "::ffff:0:0/96": "IPv4-mapped",
    "::ffff:0:0:0/96": "IPv4-translated",
    "64:ff9b::/96": "translation to IPv4",
    "64:ff9b:1::/48": "local translation to IPv4",
    "100::/64": "discarded",
    "100:0:0:1::/64": "dummy prefix",
    "2001::/23": "protocol assignments, Teredo, benchmarks, ORCHID, drones",
    "2001:db8::/32": "documentation",
    "2002::/16": "6to4",
    "2620:4f:8000::/48": "AS112",
    "3fff::/20": "documentation",
    "5f00::/16": "segment routing",
    "fc00::/7": "unique local",
    "fe80::/10": "link-local",
    "fec0::/10": "site-local",
    "ff00::/8": "multicast",
}
# All that was ever given out of IPv6 for everybody; what lies outside is special or unused.
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_SPECIAL = tuple(ipaddress.ip_network(text) for text in (*SPECIAL_V4, *SPECIAL_V6))


def is_special(number: Address) -> bool:
    """Whether an address belongs to a special network, or to none that was given out."""
    if any(number in network for network in _SPECIAL if network.version == number.version):
        return True
    return isinstance(number, ipaddress.IPv6Address) and number not in _GLOBAL_V6
