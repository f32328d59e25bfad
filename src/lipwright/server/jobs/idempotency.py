"""Answers under their Idempotency-Key: a create call that is repeated gets the first answer again."""

from __future__ import annotations

import hashlib
from typing import Any

import sqlalchemy as sa

from lipwright.server.database.clock import database_now_ms
from lipwright.server.database.tables import idempotency_keys
from lipwright.server.errors import Conflict, InvalidRequest

MAX_KEY_LENGTH = 255
# Clients repeat within minutes; a day covers one that was switched off for the night.
KEPT_FOR_MS = 24 * 3600 * 1000


def check_key(key: str | None) -> str | None:
    """The key of a request. Raises InvalidRequest for one that cannot be stored."""
    if key is None:
        return None
    if not 1 <= len(key) <= MAX_KEY_LENGTH or not key.isprintable():
        raise InvalidRequest(f"Invalid value for Idempotency-Key: expected 1 to {MAX_KEY_LENGTH} characters")
    return key


def hash_request(path: str, body: str) -> str:
    """Equal for equal requests."""
    return hashlib.sha256(f"{path}\n{body}".encode()).hexdigest()


def find_answer(
    connection: sa.Connection, account_id: str, key: str, request_hash: str
) -> dict[str, Any] | None:
    """The answer given before under this key. Raises Conflict when the request was another."""
    query = sa.select(idempotency_keys.c.request_hash, idempotency_keys.c.answer).where(
        idempotency_keys.c.account_id == account_id, idempotency_keys.c.key == key
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    if row.request_hash != request_hash:
        raise Conflict
    answer: dict[str, Any] = row.answer
    return answer


def add_answer(
    connection: sa.Connection, account_id: str, key: str, request_hash: str, answer: dict[str, Any]
) -> None:
    """Store an answer."""
    connection.execute(
        sa.insert(idempotency_keys).values(
            account_id=account_id,
            key=key,
            request_hash=request_hash,
            answer=answer,
            created_at_ms=database_now_ms(),
        )
    )


def delete_old(connection: sa.Connection) -> None:
    """Delete answers that are older than a repeat is expected."""
    limit = database_now_ms() - KEPT_FOR_MS
    connection.execute(sa.delete(idempotency_keys).where(idempotency_keys.c.created_at_ms < limit))
