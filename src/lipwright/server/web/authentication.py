"""Who calls: decided for everything under /v1 before anything else is looked at.

A program shows a key. A browser that was signed in shows its cookie, and that a write is our own page's.
"""

from __future__ import annotations

from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from lipwright.server.accounts import repository, sessions
from lipwright.server.accounts.repository import Account
from lipwright.server.accounts.sessions import BrowserSession
from lipwright.server.database.connection import DATABASE_FAILURES
from lipwright.server.errors import ServiceError, Unauthorized
from lipwright.server.services import Services
from lipwright.server.web.browser_sessions import check_own_page, check_write, session_token
from lipwright.server.web.failures import database_failure_response, failure_response
from lipwright.server.web.rate_limits import SignInAttempts

_PROTECTED = "/v1/"
# The one call under it that needs nothing: with it a browser signs in.
SIGN_IN_PATH = "/v1/sessions"
# Ours are 41 characters; whatever is much longer is no key and is not worth hashing.
_MAX_KEY_LENGTH = 512


class Authentication:
    """Middleware: answers 401 unless a good key or cookie came along; puts the account into the state."""

    def __init__(self, app: ASGIApp, services: Services, attempts: SignInAttempts) -> None:
        self._app = app
        self._services = services
        self._attempts = attempts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (scope["path"] + "/").startswith(_PROTECTED):
            try:
                await self._identify(scope)
            except DATABASE_FAILURES as error:  # the handlers of failures are further inside
                await database_failure_response(error)(scope, receive, send)
                return
            except ServiceError as refusal:
                await failure_response(refusal)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def _identify(self, scope: Scope) -> None:
        """Put the caller into the state. Raises Unauthorized, Forged or TooManyCalls."""
        settings = self._services.settings
        header = Headers(scope=scope).get("authorization", "")
        if settings.studio_enabled and not header:
            if scope["path"] == SIGN_IN_PATH and scope["method"] == "POST":
                check_own_page(scope, settings.public_url, is_proof_needed=False)
                return
            token = session_token(scope)
            if token is not None:
                session = await sessions.find_session(self._services.database, token)
                if session is None:
                    raise Unauthorized
                check_write(scope, session.csrf_token, settings.public_url)
                scope.setdefault("state", {}).update(
                    account=session.account,
                    session=session,
                    # Calls are counted by it: signing in once more gives no further ones.
                    key_hash=f"browsers of {session.account.id}",
                )
                return
        key = _bearer_key(header)
        account = await self._account_of(scope, key) if key else None
        if account is None:
            raise Unauthorized
        scope.setdefault("state", {})["account"] = account

    async def _account_of(self, scope: Scope, key: str) -> Account | None:
        """The account of a key. Raises TooManyCalls where too many wrong ones came from."""
        key_hash = repository.hash_key(key)
        self._attempts.check(scope, key_hash)
        account = await repository.account_of_key(self._services.database, key_hash)
        self._attempts.record(scope, key_hash, is_good=account is not None)
        scope.setdefault("state", {})["key_hash"] = key_hash
        return account


async def current_session(request: Request) -> BrowserSession:
    """The session of the browser that makes the request. Raises Unauthorized for a program with a key."""
    session = getattr(request.state, "session", None)
    if not isinstance(session, BrowserSession):
        raise Unauthorized
    return session


async def current_account(request: Request) -> Account:
    """The account of the request."""
    account = request.state.account
    if not isinstance(account, Account):
        raise Unauthorized
    return account


def _bearer_key(header: str) -> str | None:
    scheme, _, key = header.partition(" ")
    key = key.strip()
    return key if scheme.lower() == "bearer" and 0 < len(key) <= _MAX_KEY_LENGTH else None
