"""From an account's rows to the answers about it."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from lipwright.server.accounts import repository as accounts
from lipwright.server.accounts.repository import Account
from lipwright.server.accounts.service import create_key
from lipwright.server.credits.repository import balance
from lipwright.server.credits.service import grant_allowances
from lipwright.server.database.clock import read_now_ms
from lipwright.server.database.connection import lock_account
from lipwright.server.errors import InvalidRequest, NotFound, Refused
from lipwright.server.ids import iso_time
from lipwright.server.own_account import repository
from lipwright.server.own_account.repository import DAY_MS
from lipwright.server.own_account.schemas import (
    AccountAnswer,
    CreatedKey,
    KeyAnswer,
    KeyList,
    LedgerPage,
    LedgerRow,
    PlanAnswer,
    PriceAnswer,
    Usage,
    UsageDay,
)
from lipwright.server.services import Services

# Keys that are good at the same time. More are a program that makes one for each of its calls.
MOST_KEYS = 50
# References of the ledger that name a project after the colon.
_OF_PROJECTS = ("hold", "end")


def describe(services: Services, account: Account) -> AccountAnswer:
    """The account with its balance, once the plan's allowances of today are entered."""
    price_list = services.price_list
    plan, limits, prices = price_list.plan(account.plan), price_list.limits, price_list.prices
    with services.database.write() as connection:
        lock_account(connection, account.id)
        grant_allowances(connection, account.id, plan)
        credits = balance(connection, account.id)
    return AccountAnswer(
        id=account.id,
        name=account.name,
        credits=credits,
        plan=PlanAnswer(
            name=account.plan,
            checks_balance=plan.checks_balance,
            credits_once=plan.credits_once,
            credits_daily=plan.credits_daily,
            credits_monthly=plan.credits_monthly,
            upload_bytes=plan.upload_bytes,
            concurrent_jobs=plan.concurrent_jobs,
            calls_per_10_seconds=plan.calls_per_10_s,
            photo_modes=list(plan.photo_modes),
            photo_longer_side=plan.photo_longer_side_px,
            photo_realistic_seconds=limits.photo_realistic_s,
            photo_prompted_seconds=limits.photo_prompted_s,
            sync_modes=list(plan.sync_modes),
            sync_longer_side=plan.longer_side_px,
            sync_frames=limits.sync_frames,
            label=plan.label,
        ),
        prices=PriceAnswer(
            photo_realistic_per_second=prices.photo_realistic_per_s,
            photo_prompted_per_second=prices.photo_prompted_per_s,
            sync_lite_per_frame=prices.sync_lite_per_frame,
            sync_standard_per_frame=prices.sync_standard_per_frame,
            sync_pro_per_frame=prices.sync_pro_per_frame,
            speech_per_character=prices.speech_per_character,
        ),
    )


def ledger_page(services: Services, account: Account, *, limit: int, cursor: str | None) -> LedgerPage:
    """One page of the ledger. Raises InvalidRequest for a cursor that is none."""
    if cursor is not None and not (cursor.isascii() and cursor.isdecimal() and len(cursor) < 18):
        raise InvalidRequest("Invalid value for cursor: use next_cursor of an earlier answer")
    before_id = None if cursor is None else int(cursor)
    with services.database.read() as connection:
        found = repository.ledger_rows(connection, account.id, limit=limit + 1, before_id=before_id)
    rows = [
        LedgerRow(
            id=row.id,
            project_id=_project_of(row.reference),
            credits=row.credits,
            note=row.note,
            created_at=iso_time(row.created_at_ms),
        )
        for row in found[:limit]
    ]
    return LedgerPage(items=rows, next_cursor=str(rows[-1].id) if len(found) > limit else None)


def usage(services: Services, account: Account, days: int) -> Usage:
    """What was made on each of the last days, today included."""
    with services.database.read() as connection:
        today = read_now_ms(connection) // DAY_MS
        first = today - days + 1
        found = repository.usage_by_day(connection, account.id, first * DAY_MS)
    items = []
    for day in range(first, today + 1):
        projects, seconds, credits = found.get(day, (0, 0.0, 0))
        date = datetime.fromtimestamp(day * DAY_MS / 1000, UTC)
        items.append(UsageDay(date=f"{date:%Y-%m-%d}", projects=projects, seconds=seconds, credits=credits))
    return Usage(items=items)


def list_keys(services: Services, account: Account) -> KeyList:
    """The keys of an account."""
    with services.database.read() as connection:
        return KeyList(items=_keys(connection, account))


def add_key(services: Services, account: Account, name: str) -> CreatedKey:
    """A new key. Raises Refused where there are too many."""
    with services.database.write() as connection:
        lock_account(connection, account.id)
        if sum(key.revoked_at is None for key in _keys(connection, account)) >= MOST_KEYS:
            raise Refused(f"The account has {MOST_KEYS} keys, and no more are allowed. Revoke one first.")
        secret = create_key(connection, account, name)
        owner = accounts.owner_of_key(connection, secret)
        assert owner is not None
        made = next(key for key in _keys(connection, account) if key.id == owner[1])
    return CreatedKey(**made.model_dump(), key=secret)


def revoke_key(services: Services, account: Account, key_id: str) -> None:
    """Revoke a key of the account, and the sessions that began with it. Raises NotFound."""
    with services.database.write() as connection:
        if not any(key.id == key_id for key in _keys(connection, account)):
            raise NotFound
        accounts.revoke_key(connection, key_id)


def _keys(connection: sa.Connection, account: Account) -> list[KeyAnswer]:
    return [
        KeyAnswer(
            id=row.id,
            name=row.name,
            hint=row.hint,
            created_at=iso_time(row.created_at_ms),
            revoked_at=None if row.revoked_at_ms is None else iso_time(row.revoked_at_ms),
        )
        for row in repository.keys_of(connection, account.id)
    ]


def _project_of(reference: str) -> str | None:
    """The project that a row of the ledger is about."""
    kind, _, rest = reference.partition(":")
    return rest.partition(":")[0] if kind in _OF_PROJECTS else None
