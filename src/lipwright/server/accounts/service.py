"""Making accounts and keys."""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from lipwright.server.accounts import repository
from lipwright.server.accounts.repository import Account
from lipwright.server.ids import new_id

# Our keys are distinguished from others at a glance, also by the scanners that look for leaked ones.
KEY_PREFIX = "lwk_live_"
# 32 random characters of 64 are 192 bits: no guessing.
KEY_BYTES = 24
HINT_LENGTH = len(KEY_PREFIX) + 6
DEFAULT_ACCOUNT = "default"


def ensure_account(connection: sa.Connection, name: str, plan: str) -> Account:
    """The account of that name, made with the plan when it is new."""
    account = repository.find_account(connection, name)
    if account is None:
        account = Account(id=new_id(), name=name, plan=plan)
        repository.add_account(connection, account)
    return account


def create_key(connection: sa.Connection, account: Account, name: str) -> str:
    """A new key of an account. This is the only time it can be read."""
    key = KEY_PREFIX + secrets.token_urlsafe(KEY_BYTES)
    repository.add_key(
        connection,
        key_id=new_id(),
        account_id=account.id,
        name=name,
        key_hash=repository.hash_key(key),
        hint=key[:HINT_LENGTH],
    )
    return key
