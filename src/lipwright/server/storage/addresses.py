"""Signed addresses: who holds one may do one thing with one file for a while.

Where the store signs addresses itself they lead there; else to our own routes, see uploads/media_routes.py.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from lipwright.server.errors import BadSignature
from lipwright.server.ids import iso_time
from lipwright.server.storage.store import Store

PATH = "/media/"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedAddress:
    """An address and until when it is good."""

    url: str
    expires_at: str


class Addresses:
    """Makes and checks signed addresses."""

    def __init__(
        self, store: Store, signing_key: bytes, *, download_lifetime_s: int, now_ms: Callable[[], int]
    ) -> None:
        """now_ms: the time that all who make and check addresses share."""
        self._store = store
        self._signing_key = signing_key
        self._download_lifetime_s = download_lifetime_s
        self._now_ms = now_ms
        self._are_made_here = self.store_origin() is None

    def upload(self, public_url: str, key: str, *, lifetime_s: int, max_bytes: int) -> SignedAddress:
        """Where a client may PUT one file of at most `max_bytes`, once or again."""
        return self._address("PUT", public_url, key, lifetime_s, max_bytes)

    def download(self, public_url: str, key: str, *, lifetime_s: int | None = None) -> SignedAddress:
        """Where a client may GET one file. lifetime_s: that of the settings when absent."""
        lifetime_s = self._download_lifetime_s if lifetime_s is None else lifetime_s
        return self._address("GET", public_url, key, lifetime_s, 0)

    @property
    def are_made_here(self) -> bool:
        """Whether addresses cost nothing but a hash; a store that signs may ask others who we are first."""
        return self._are_made_here

    def store_origin(self) -> str | None:
        """`https://host` where the store hands out files itself; None where we do."""
        url = self._store.signed_url("GET", "any/file.mp4", 60)
        if url is None:
            return None
        address = urlsplit(url)
        return f"{address.scheme}://{address.netloc}"

    def check(self, method: str, key: str, expires_s: str, max_bytes: str, signature: str) -> int:
        """The allowed number of bytes of an address that came in. Raises BadSignature."""
        expected = self._signature(method, key, expires_s, max_bytes)
        if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
            raise BadSignature
        if int(expires_s) * 1000 < self._now_ms():  # signed by us, hence a number
            raise BadSignature
        return int(max_bytes)

    def _address(
        self, method: str, public_url: str, key: str, lifetime_s: int, max_bytes: int
    ) -> SignedAddress:
        expires_s = self._now_ms() // 1000 + lifetime_s
        url = self._store.signed_url(method, key, lifetime_s)
        if url is None:
            query = {"exp": str(expires_s)}
            if method == "PUT":
                query["max"] = str(max_bytes)
            query["sig"] = self._signature(method, key, str(expires_s), str(max_bytes))
            url = f"{public_url}{PATH}{key}?{urlencode(query)}"
        return SignedAddress(url=url, expires_at=iso_time(expires_s * 1000))

    def _signature(self, method: str, key: str, expires_s: str, max_bytes: str) -> str:
        message = "\n".join((method, key, expires_s, max_bytes)).encode("utf-8", "replace")
        return hmac.new(self._signing_key, message, hashlib.sha256).hexdigest()
