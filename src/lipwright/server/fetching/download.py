"""Downloading a file from an address that a caller named: guarded, bounded in size and time."""

from __future__ import annotations

import base64
import time
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import httpcore

from lipwright.server.fetching.address_guard import AddressGuard, AddressRefused, GuardedNetwork

MAX_REDIRECTS = 5
CONNECT_TIMEOUT_S = 10.0
# A server that is silent for this long is given up.
READ_TIMEOUT_S = 30.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TIMEOUTS = {
    "connect": CONNECT_TIMEOUT_S,
    "read": READ_TIMEOUT_S,
    "write": READ_TIMEOUT_S,
    "pool": CONNECT_TIMEOUT_S,
}


class CannotFetch(Exception):
    """The address does not lead to a file; the message says why, for the person."""


class TooManyBytes(Exception):
    """The file is larger than allowed."""


def download(url: str, path: Path, guard: AddressGuard, *, max_bytes: int, timeout_s: float) -> None:
    """Write what is at an address to a path. Raises CannotFetch or TooManyBytes."""
    deadline_s = time.monotonic() + timeout_s
    with httpcore.ConnectionPool(network_backend=GuardedNetwork(guard)) as pool:
        for _ in range(MAX_REDIRECTS + 1):
            _check_scheme(url)
            try:
                next_url = _get(pool, url, path, max_bytes, deadline_s)
            except AddressRefused:
                raise CannotFetch("the address is not public") from None
            except (httpcore.NetworkError, httpcore.ProtocolError) as error:
                raise CannotFetch(f"the connection failed ({type(error).__name__})") from None
            except httpcore.TimeoutException:
                raise CannotFetch("the server did not answer in time") from None
            except httpcore.UnsupportedProtocol:
                raise CannotFetch("the address is not http or https") from None
            if next_url is None:
                return
            url = next_url
    raise CannotFetch("there are too many redirects")


def _get(
    pool: httpcore.ConnectionPool, url: str, path: Path, max_bytes: int, deadline_s: float
) -> str | None:
    """Store the answer; or the address to which it redirects."""
    headers = [("user-agent", "lipwright"), ("accept", "*/*"), ("accept-encoding", "identity")]
    headers += _credentials(url)
    with pool.stream("GET", _plain(url), headers=headers, extensions={"timeout": _TIMEOUTS}) as response:
        found = {name.decode().lower(): value.decode("latin-1") for name, value in response.headers}
        if response.status in _REDIRECTS:
            return urljoin(_plain(url), found.get("location", ""))
        if response.status != 200:
            raise CannotFetch(f"the server answers with status {response.status}")
        announced = found.get("content-length", "")
        if announced.isdecimal() and int(announced) > max_bytes:
            raise TooManyBytes
        size = 0
        with path.open("wb") as file:
            for chunk in response.iter_stream():
                size += len(chunk)
                if size > max_bytes:
                    raise TooManyBytes
                if time.monotonic() > deadline_s:
                    raise CannotFetch("the file did not arrive in time")
                file.write(chunk)
    return None


def _check_scheme(url: str) -> None:
    try:
        address = urlsplit(url)
        is_good = address.scheme in ("http", "https") and bool(address.hostname) and address.port != 0
    except ValueError:
        is_good = False
    if not is_good:
        raise CannotFetch("the address is not http or https")


def _plain(url: str) -> str:
    """The address without name and password."""
    address = urlsplit(url)
    return address._replace(netloc=address.netloc.rpartition("@")[2]).geturl()


def _credentials(url: str) -> list[tuple[str, str]]:
    """The header for a name and password in the address."""
    address = urlsplit(url)
    if address.username is None:
        return []
    pair = f"{unquote(address.username)}:{unquote(address.password or '')}"
    return [("authorization", "Basic " + base64.b64encode(pair.encode()).decode())]
