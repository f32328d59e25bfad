"""Calls of a browser: the cookie that says who it is, and whether a write is its own page's.

A cookie is sent along whoever made the browser call. So a write needs what other sites do not have: a token
that only our page can read, and the browser's word that the call came from our own pages.
"""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from lipwright.server.errors import Forged

COOKIE = "lipwright_session"
CSRF_HEADER = "x-csrf-token"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# A cookie header that is longer is none of ours.
_MAX_COOKIES = 8192
_MAX_TOKEN_LENGTH = 512


def session_token(scope: Scope) -> str | None:
    """The token in the cookie of a call."""
    header = Headers(scope=scope).get("cookie", "")
    if f"{COOKIE}=" not in header or len(header) > _MAX_COOKIES:
        return None
    for part in header.split(";"):  # by hand: one odd cookie of another program must not hide ours
        name, _, value = part.strip().partition("=")
        if name == COOKIE:
            return value if 0 < len(value) <= _MAX_TOKEN_LENGTH else None
    return None


def check_own_page(scope: Scope, public_url: str | None, *, is_proof_needed: bool) -> None:
    """Raise Forged where a call was made by a page of another site.

    is_proof_needed: whether a call is refused that says nothing of where it came from. Browsers of today
    always say; programs do not.
    """
    headers = Headers(scope=scope)
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        if site != "same-origin":
            raise Forged
    elif origin is not None:
        own = {headers.get("host", ""), urlsplit(public_url or "").netloc}
        if urlsplit(origin).netloc not in own - {""}:
            raise Forged
    elif is_proof_needed:
        raise Forged


def check_write(scope: Scope, csrf_token: str, public_url: str | None) -> None:
    """Raise Forged for a write with the cookie that is not our own page's."""
    if scope["method"] in _SAFE_METHODS:
        return
    check_own_page(scope, public_url, is_proof_needed=True)
    given = Headers(scope=scope).get(CSRF_HEADER, "")
    if not hmac.compare_digest(given.encode("latin-1", "replace"), csrf_token.encode()):
        raise Forged
