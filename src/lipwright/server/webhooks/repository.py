"""Webhooks, events, deliveries and attempts as rows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from lipwright.server.database.clock import database_now_ms
from lipwright.server.database.tables import (
    webhook_attempts,
    webhook_deliveries,
    webhook_events,
    webhooks,
)
from lipwright.server.ids import new_id


class DeliveryStatus(StrEnum):
    """How far a delivery is."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An address that events are sent to. The secret is shown once, when it is made."""

    id: str
    account_id: str
    url: str
    event_types: tuple[str, ...]
    secret: str
    enabled: bool
    created_at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event on its way to one webhook."""

    id: str
    event_type: str
    project_id: str
    status: DeliveryStatus
    attempts: int
    created_at_ms: int
    next_attempt_at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDelivery:
    """What an attempt needs. body: the exact text to be signed and sent. age_ms: since the event."""

    id: str
    webhook_id: str
    url: str
    secret: str
    enabled: bool
    body: str
    attempts: int
    age_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try: the status that came back, or why none did."""

    made_at_ms: int
    duration_ms: int
    status_code: int | None
    failure: str | None


def add_webhook(connection: sa.Connection, webhook: Webhook) -> None:
    """Store a new webhook."""
    connection.execute(
        sa.insert(webhooks).values(
            id=webhook.id,
            account_id=webhook.account_id,
            url=webhook.url,
            event_types=list(webhook.event_types),
            secret=webhook.secret,
            enabled=webhook.enabled,
            created_at_ms=webhook.created_at_ms,
        )
    )


def list_webhooks(connection: sa.Connection, account_id: str | None) -> list[Webhook]:
    """The webhooks of an account, or of all; oldest first."""
    query = sa.select(webhooks).order_by(webhooks.c.created_at_ms, webhooks.c.id)
    if account_id is not None:
        query = query.where(webhooks.c.account_id == account_id)
    return [_webhook(row) for row in connection.execute(query)]


def count_webhooks(connection: sa.Connection, account_id: str) -> int:
    """How many webhooks an account has."""
    query = sa.select(sa.func.count()).where(webhooks.c.account_id == account_id)
    return int(connection.execute(query).scalar_one())


def find_webhook(connection: sa.Connection, webhook_id: str, account_id: str | None) -> Webhook | None:
    """A webhook by its id, of one account or of any."""
    return next((one for one in list_webhooks(connection, account_id) if one.id == webhook_id), None)


def list_subscribed(connection: sa.Connection, account_id: str, event_type: str) -> list[Webhook]:
    """The webhooks of an account that want an event; disabled ones too, as they may be enabled in time."""
    return [one for one in list_webhooks(connection, account_id) if event_type in one.event_types]


def set_enabled(connection: sa.Connection, webhook_id: str, enabled: bool) -> None:
    """Switch a webhook on or off."""
    connection.execute(sa.update(webhooks).where(webhooks.c.id == webhook_id).values(enabled=enabled))


def remove_webhook(connection: sa.Connection, webhook_id: str) -> None:
    """Remove a webhook with its deliveries."""
    deliveries = sa.select(webhook_deliveries.c.id).where(webhook_deliveries.c.webhook_id == webhook_id)
    connection.execute(sa.delete(webhook_attempts).where(webhook_attempts.c.delivery_id.in_(deliveries)))
    connection.execute(sa.delete(webhook_deliveries).where(webhook_deliveries.c.webhook_id == webhook_id))
    connection.execute(sa.delete(webhooks).where(webhooks.c.id == webhook_id))


def add_event(
    connection: sa.Connection, *, account_id: str, project_id: str, event_type: str, body: str
) -> str:
    """Store an event; its id."""
    event_id = new_id()
    connection.execute(
        sa.insert(webhook_events).values(
            id=event_id,
            account_id=account_id,
            project_id=project_id,
            type=event_type,
            body=body,
            created_at_ms=database_now_ms(),
        )
    )
    return event_id


def add_delivery(connection: sa.Connection, event_id: str, webhook_id: str) -> str:
    """Queue an event for delivery, at once; the delivery's id."""
    delivery_id = new_id()
    connection.execute(
        sa.insert(webhook_deliveries).values(
            id=delivery_id,
            event_id=event_id,
            webhook_id=webhook_id,
            status=DeliveryStatus.PENDING,
            attempts=0,
            created_at_ms=database_now_ms(),
            next_attempt_at_ms=database_now_ms(),
        )
    )
    return delivery_id


def list_deliveries(connection: sa.Connection, webhook_id: str, limit: int) -> list[Delivery]:
    """The newest deliveries of a webhook, newest first."""
    query = (
        sa.select(
            webhook_deliveries.c.id,
            webhook_events.c.type.label("event_type"),
            webhook_events.c.project_id,
            webhook_deliveries.c.status,
            webhook_deliveries.c.attempts,
            webhook_deliveries.c.created_at_ms,
            webhook_deliveries.c.next_attempt_at_ms,
        )
        .join(webhook_events, webhook_events.c.id == webhook_deliveries.c.event_id)
        .where(webhook_deliveries.c.webhook_id == webhook_id)
        .order_by(webhook_deliveries.c.created_at_ms.desc(), webhook_deliveries.c.id.desc())
        .limit(limit)
    )
    return [
        Delivery(**{**row._mapping, "status": DeliveryStatus(row.status)})
        for row in connection.execute(query)
    ]


def list_attempts(connection: sa.Connection, delivery_id: str) -> list[Attempt]:
    """The attempts of a delivery, oldest first."""
    query = (
        sa.select(
            webhook_attempts.c.made_at_ms,
            webhook_attempts.c.duration_ms,
            webhook_attempts.c.status_code,
            webhook_attempts.c.failure,
        )
        .where(webhook_attempts.c.delivery_id == delivery_id)
        .order_by(webhook_attempts.c.made_at_ms, webhook_attempts.c.id)
    )
    return [Attempt(**row._mapping) for row in connection.execute(query)]


def event_of_delivery(connection: sa.Connection, delivery_id: str) -> tuple[str, str] | None:
    """(event id, webhook id) of a delivery."""
    query = sa.select(webhook_deliveries.c.event_id, webhook_deliveries.c.webhook_id).where(
        webhook_deliveries.c.id == delivery_id
    )
    row = connection.execute(query).first()
    return (row.event_id, row.webhook_id) if row else None


def claim_due(
    connection: sa.Connection, for_ms: int, limit: int, *, per_webhook: int, busy: Collection[str] = ()
) -> list[DueDelivery]:
    """Deliveries that are due, put off for a while so that no other worker takes them meanwhile.

    per_webhook: as many of each at most; every webhook's oldest comes before any second one. busy: webhooks
    to be left out.
    """
    rank = sa.func.row_number().over(
        partition_by=webhook_deliveries.c.webhook_id, order_by=webhook_deliveries.c.next_attempt_at_ms
    )
    ranked = (
        sa.select(webhook_deliveries.c.id, webhook_deliveries.c.next_attempt_at_ms, rank.label("rank"))
        .where(*_is_due(busy))
        .subquery()
    )
    turn = (
        sa.select(ranked.c.id)
        .where(ranked.c.rank <= per_webhook)
        .order_by(ranked.c.rank, ranked.c.next_attempt_at_ms)
        .limit(limit)
    )
    due = sa.select(webhook_deliveries.c.id).where(webhook_deliveries.c.id.in_(turn), *_is_due(busy))
    if connection.dialect.name == "postgresql":
        due = due.with_for_update(skip_locked=True)
    ids = list(connection.execute(due).scalars())
    if not ids:
        return []
    connection.execute(
        sa.update(webhook_deliveries)
        .where(webhook_deliveries.c.id.in_(ids))
        .values(next_attempt_at_ms=database_now_ms() + for_ms)
    )
    query = (
        sa.select(
            webhook_deliveries.c.id,
            webhook_deliveries.c.webhook_id,
            webhooks.c.url,
            webhooks.c.secret,
            webhooks.c.enabled,
            webhook_events.c.body,
            webhook_deliveries.c.attempts,
            (database_now_ms() - webhook_deliveries.c.created_at_ms).label("age_ms"),
        )
        .join(webhooks, webhooks.c.id == webhook_deliveries.c.webhook_id)
        .join(webhook_events, webhook_events.c.id == webhook_deliveries.c.event_id)
        .where(webhook_deliveries.c.id.in_(ids))
    )
    return [DueDelivery(**row._mapping) for row in connection.execute(query)]


def has_due(connection: sa.Connection, busy: Collection[str] = ()) -> bool:
    """Whether any delivery is due, those of busy webhooks left out."""
    query = sa.select(webhook_deliveries.c.id).where(*_is_due(busy))
    return connection.execute(query.limit(1)).first() is not None


def _is_due(busy: Collection[str]) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        webhook_deliveries.c.status == DeliveryStatus.PENDING,
        webhook_deliveries.c.next_attempt_at_ms <= database_now_ms(),
        webhook_deliveries.c.webhook_id.not_in(busy),
    )


def delete_old_events(connection: sa.Connection, before_ms: int, limit: int) -> int:
    """Delete events of before a time with their deliveries, at most `limit`; how many there were.

    Those stay that are still being delivered, or that somebody sent again since.
    """
    in_use = sa.exists().where(
        webhook_deliveries.c.event_id == webhook_events.c.id,
        sa.or_(
            webhook_deliveries.c.status == DeliveryStatus.PENDING,
            webhook_deliveries.c.created_at_ms >= before_ms,
        ),
    )
    query = (
        sa.select(webhook_events.c.id)
        .where(webhook_events.c.created_at_ms < before_ms, ~in_use)
        .order_by(webhook_events.c.created_at_ms)
        .limit(limit)
    )
    if connection.dialect.name == "postgresql":
        query = query.with_for_update(skip_locked=True)  # another worker may be cleaning
    events = list(connection.execute(query).scalars())
    if not events:
        return 0
    deliveries = sa.select(webhook_deliveries.c.id).where(webhook_deliveries.c.event_id.in_(events))
    connection.execute(sa.delete(webhook_attempts).where(webhook_attempts.c.delivery_id.in_(deliveries)))
    connection.execute(sa.delete(webhook_deliveries).where(webhook_deliveries.c.event_id.in_(events)))
    connection.execute(sa.delete(webhook_events).where(webhook_events.c.id.in_(events)))
    return len(events)


def record_attempt(
    connection: sa.Connection,
    delivery_id: str,
    attempt: Attempt,
    *,
    status: DeliveryStatus,
    wait_ms: int,
) -> None:
    """Store an attempt and what becomes of its delivery. wait_ms: until the next one."""
    connection.execute(
        sa.insert(webhook_attempts).values(
            id=new_id(),
            delivery_id=delivery_id,
            made_at_ms=attempt.made_at_ms,
            duration_ms=attempt.duration_ms,
            status_code=attempt.status_code,
            failure=attempt.failure,
        )
    )
    reschedule(connection, delivery_id, status=status, wait_ms=wait_ms, attempts=1)


def reschedule(
    connection: sa.Connection,
    delivery_id: str,
    *,
    status: DeliveryStatus,
    wait_ms: int,
    attempts: int = 0,
) -> None:
    """Set in how long a delivery is tried next, or how it ended."""
    connection.execute(
        sa.update(webhook_deliveries)
        .where(webhook_deliveries.c.id == delivery_id)
        .values(
            status=status,
            attempts=webhook_deliveries.c.attempts + attempts,
            next_attempt_at_ms=database_now_ms() + wait_ms,
        )
    )


def _webhook(row: sa.Row[tuple[object, ...]]) -> Webhook:
    values = dict(row._mapping)
    values["event_types"] = tuple(values["event_types"])
    return Webhook(**values)
