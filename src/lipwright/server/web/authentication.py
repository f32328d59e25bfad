"""Who calls: decided for everything under /v1 before anything else is looked at."""

from __future__ import annotations

import asyncio

from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from lipwright.server.accounts import repository
from lipwright.server.accounts.repository import Account
from lipwright.server.database.connection import DATABASE_FAILURES
from lipwright.server.errors import TooManyCalls, Unauthorized
from lipwright.server.services import Services
from lipwright.server.web.failures import database_failure_response, failure_response
from lipwright.server.web.rate_limits import SignInAttempts

_PROTECTED = "/v1/"
# Ours are 41 characters; whatever is much longer is no key and is not worth hashing.
_MAX_KEY_LENGTH = 512


class Authentication:
    """Middleware: answers 401 unless a good key came along; puts the account into the request's state."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self._app = app
        self._services = services
        self._attempts = SignInAttempts(services.settings.wrong_keys_per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (scope["path"] + "/").startswith(_PROTECTED):
            key = _bearer_key(Headers(scope=scope).get("authorization", ""))
            try:
                account = await self._account_of(scope, key) if key else None
            except DATABASE_FAILURES as error:  # the handlers of failures are further inside
                await database_failure_response(error)(scope, receive, send)
                return
            except TooManyCalls as refusal:
                await failure_response(refusal)(scope, receive, send)
                return
            if account is None:
                await failure_response(Unauthorized())(scope, receive, send)
                return
            scope.setdefault("state", {})["account"] = account
        await self._app(scope, receive, send)

    async def _account_of(self, scope: Scope, key: str) -> Account | None:
        """The account of a key. Raises TooManyCalls where too many wrong ones came from."""
        key_hash = repository.hash_key(key)
        self._attempts.check(scope, key_hash)
        account = await asyncio.to_thread(self._find_account, key)
        self._attempts.record(scope, key_hash, is_good=account is not None)
        scope.setdefault("state", {})["key_hash"] = key_hash
        return account

    def _find_account(self, key: str) -> Account | None:
        with self._services.database.read() as connection:
            return repository.account_of_key(connection, key)


def current_account(request: Request) -> Account:
    """The account of the request."""
    account = request.state.account
    if not isinstance(account, Account):
        raise Unauthorized
    return account


def _bearer_key(header: str) -> str | None:
    scheme, _, key = header.partition(" ")
    key = key.strip()
    return key if scheme.lower() == "bearer" and 0 < len(key) <= _MAX_KEY_LENGTH else None
