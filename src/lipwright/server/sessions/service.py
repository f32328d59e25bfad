"""Signing in and out, and the links that sign somebody in."""

from __future__ import annotations

import sqlalchemy as sa
from starlette.types import Scope

from lipwright.server.accounts import repository, sessions
from lipwright.server.accounts.repository import Account, hash_key
from lipwright.server.errors import Unauthorized
from lipwright.server.services import Services
from lipwright.server.sessions.schemas import SignIn
from lipwright.server.settings import Settings
from lipwright.server.web.rate_limits import SignInAttempts

DAY_MS = 24 * 3600 * 1000
SIGN_IN_FAILED = (
    "This link was used before or is too old. `lipwright studio link` prints another.",
    "There is no such key, or it was revoked.",
)
# These mean "every address of this machine": no browser can go there.
_ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}


def sign_in(services: Services, attempts: SignInAttempts, scope: Scope, body: SignIn) -> str:
    """The token of a new session. Raises Unauthorized, and TooManyCalls after too many wrong ones."""
    secret = body.code if body.code is not None else body.key
    assert secret is not None
    secret_hash = hash_key(secret)
    attempts.check(scope, secret_hash)
    lifetime_ms = int(services.settings.session_days * DAY_MS)
    with services.database.write() as connection:
        found = _who(connection, body)
        token = None if found is None else sessions.add_session(connection, *found, lifetime_ms)
    if token is None:
        attempts.record(scope, secret_hash, is_good=False)
        raise Unauthorized(SIGN_IN_FAILED[0 if body.code is not None else 1])
    if body.key is not None:  # a code is good once
        attempts.record(scope, secret_hash, is_good=True)
    return token


def sign_out(services: Services, token: str) -> None:
    """End a session."""
    with services.database.write() as connection:
        sessions.end_session(connection, token)


def sign_in_link(connection: sa.Connection, account: Account, address: str) -> str:
    """A link that signs an account's owner in, once. The code is behind the `#`: no server logs it."""
    return f"{address.rstrip('/')}/sign-in#code={sessions.add_code(connection, account.id)}"


def reachable_address(settings: Settings) -> str:
    """Where a browser finds the server of these settings, without a slash at the end."""
    host = _ANY_ADDRESS.get(settings.host, settings.host)
    if ":" in host and not host.startswith("["):
        host = f"[{host}]"
    return (settings.public_url or f"http://{host}:{settings.port}").rstrip("/")


def _who(connection: sa.Connection, body: SignIn) -> tuple[str, str | None] | None:
    """The account, and the key if it was one."""
    if body.code is not None:
        account_id = sessions.use_code(connection, body.code)
        return None if account_id is None else (account_id, None)
    assert body.key is not None
    return repository.owner_of_key(connection, body.key)
