"""Downloading a file from an address that a caller named: guarded, bounded in size and time."""

from __future__ import annotations

import base64
from pathlib import Path
from urllib.parse import urljoin

import httpcore
import httpx

from lipwright.server.fetching.address_guard import AddressGuard, AddressRefused, GuardedNetwork
from lipwright.server.fetching.deadline import Deadline
from lipwright.server.fetching.web_addresses import BadAddress, encode_address

MAX_REDIRECTS = 5
CONNECT_TIMEOUT_S = 10.0
# A server that is silent for this long is given up.
READ_TIMEOUT_S = 30.0
REDIRECTS = frozenset({301, 302, 303, 307, 308})
TIMEOUTS = {
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
    """Write what is at an address to a path. Raises CannotFetch or TooManyBytes.

    timeout_s: for all of it, from the name's look-up over every redirect to the last byte.
    """
    deadline = Deadline(timeout_s)
    with httpcore.ConnectionPool(network_backend=GuardedNetwork(guard, deadline)) as pool:
        for _ in range(MAX_REDIRECTS + 1):
            try:
                next_url = _get(pool, encode_address(url), path, max_bytes)
            except BadAddress:
                raise CannotFetch("the address is not http or https") from None
            except AddressRefused:
                raise CannotFetch("the address is not public") from None
            except (httpcore.NetworkError, httpcore.ProtocolError) as error:
                raise CannotFetch(f"the connection failed ({type(error).__name__})") from None
            except httpcore.TimeoutException:
                is_silent = deadline.left_s > 0
                what = "the server did not answer" if is_silent else "the file did not arrive"
                raise CannotFetch(f"{what} in time") from None
            if next_url is None:
                return
            url = next_url
    raise CannotFetch("there are too many redirects")


def _get(pool: httpcore.ConnectionPool, url: httpx.URL, path: Path, max_bytes: int) -> str | None:
    """Store the answer; or the address to which it redirects."""
    headers = [("user-agent", "lipwright"), ("accept", "*/*"), ("accept-encoding", "identity")]
    headers += _credentials(url)
    plain = str(url.copy_with(userinfo=b""))
    with pool.stream("GET", plain, headers=headers, extensions={"timeout": TIMEOUTS}) as response:
        found = {name.lower(): value for name, value in response.headers}
        if response.status in REDIRECTS:
            return urljoin(plain, _text(found.get(b"location", b"")))
        if response.status != 200:
            raise CannotFetch(f"the server answers with status {response.status}")
        announced = found.get(b"content-length", b"")
        if announced.isdigit() and int(announced) > max_bytes:
            raise TooManyBytes
        size = 0
        with path.open("wb") as file:
            for chunk in response.iter_stream():
                size += len(chunk)
                if size > max_bytes:
                    raise TooManyBytes
                file.write(chunk)
    return None


def _text(header: bytes) -> str:
    """A header as text: UTF-8, as many servers write file names, or else what the standard says."""
    try:
        return header.decode()
    except UnicodeDecodeError:
        return header.decode("latin-1")


def _credentials(url: httpx.URL) -> list[tuple[str, str]]:
    """The header for a name and password in the address."""
    if not url.userinfo:
        return []
    pair = f"{url.username}:{url.password}"
    return [("authorization", "Basic " + base64.b64encode(pair.encode()).decode())]
