"""Addresses of the web as people write them, brought into the form in which they are sent."""

from __future__ import annotations

import httpx


class BadAddress(ValueError):
    """The text is no http or https address of a host."""


def encode_address(text: str) -> httpx.URL:
    """The address with its host in IDNA and other letters beyond ASCII as percent codes. Raises BadAddress.

    Codes that are in it already stay as they are.
    """
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, UnicodeError):
        raise BadAddress(text) from None
    is_port = url.port is None or 0 < url.port < 65536
    if url.scheme not in ("http", "https") or not url.host or not is_port:
        raise BadAddress(text)
    return url
