"""Sessions of browsers and the one-use codes of links, as rows. Only their hashes are stored."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from lipwright.server.accounts.repository import Account, hash_key
from lipwright.server.database.clock import database_now_ms
from lipwright.server.database.connection import Database
from lipwright.server.database.prepared import PreparedQuery
from lipwright.server.database.tables import accounts, api_keys, sessions, sign_in_codes

# With their beginnings the logs know them for secrets. 24 random bytes are 192 bits: no guessing.
CODE_PREFIX, TOKEN_PREFIX = "lwc_live_", "lws_live_"
SECRET_BYTES = 24
# Time to click on what was printed; what is left in a scrollback or a journal is of no use later.
CODE_LIFETIME_MS = 15 * 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserSession:
    """Somebody who is signed in. csrf_token: what a write must repeat to be his own."""

    account: Account
    csrf_token: str


def add_code(connection: sa.Connection, account_id: str) -> str:
    """A new one-use code for an account. This is the only time it can be read."""
    code = CODE_PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    connection.execute(
        sa.insert(sign_in_codes).values(
            code_hash=hash_key(code),
            account_id=account_id,
            expires_at_ms=database_now_ms() + CODE_LIFETIME_MS,
        )
    )
    return code


def use_code(connection: sa.Connection, code: str) -> str | None:
    """The account id of a code, which is used up; None for one that is unknown, used or too old."""
    chosen = sign_in_codes.c.code_hash == hash_key(code)
    query = sa.select(sign_in_codes.c.account_id).where(
        chosen, sign_in_codes.c.expires_at_ms > database_now_ms()
    )
    account_id: str | None = connection.execute(query).scalar()
    if account_id is None or connection.execute(sa.delete(sign_in_codes).where(chosen)).rowcount != 1:
        return None  # of two that race, one deletes it
    return account_id


def add_session(connection: sa.Connection, account_id: str, api_key_id: str | None, lifetime_ms: int) -> str:
    """Sign somebody in; the token that his browser is to keep."""
    token = TOKEN_PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    connection.execute(
        sa.insert(sessions).values(
            token_hash=hash_key(token),
            account_id=account_id,
            api_key_id=api_key_id,
            csrf_token=secrets.token_urlsafe(SECRET_BYTES),
            created_at_ms=database_now_ms(),
            expires_at_ms=database_now_ms() + lifetime_ms,
        )
    )
    return token


# Asked at every call of a browser.
_SESSION = PreparedQuery(
    sa.select(accounts.c.id, accounts.c.name, accounts.c.plan, sessions.c.csrf_token)
    .join(accounts, accounts.c.id == sessions.c.account_id)
    .outerjoin(api_keys, api_keys.c.id == sessions.c.api_key_id)
    .where(
        sessions.c.token_hash == sa.bindparam("token_hash"),
        sessions.c.expires_at_ms > database_now_ms(),
        api_keys.c.revoked_at_ms.is_(None),
    )
)


async def find_session(database: Database, token: str) -> BrowserSession | None:
    """The session of a token; None when it is unknown or over, or its key was revoked. Nothing is cached."""
    row = await database.first(_SESSION, token_hash=hash_key(token))
    if row is None:
        return None
    account_id, name, plan, csrf_token = row
    return BrowserSession(account=Account(id=account_id, name=name, plan=plan), csrf_token=csrf_token)


def end_session(connection: sa.Connection, token: str) -> None:
    """Sign out."""
    connection.execute(sa.delete(sessions).where(sessions.c.token_hash == hash_key(token)))


def delete_old(connection: sa.Connection) -> None:
    """Delete sessions and codes that are over."""
    for table in (sessions, sign_in_codes):
        connection.execute(sa.delete(table).where(table.c.expires_at_ms < database_now_ms()))
