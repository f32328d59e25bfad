"""Registering webhooks, listing and repeating deliveries. For the API and the operator alike."""

from __future__ import annotations

import json
import secrets

import sqlalchemy as sa

from lipwright.server.database.clock import read_now_ms
from lipwright.server.database.connection import lock_account
from lipwright.server.errors import InvalidRequest, NotFound, Refused
from lipwright.server.fetching.web_addresses import BadAddress, encode_address
from lipwright.server.ids import iso_time, new_id
from lipwright.server.webhooks import repository
from lipwright.server.webhooks.events import EVENT_TYPES
from lipwright.server.webhooks.repository import Delivery, DeliveryStatus, Webhook
from lipwright.server.webhooks.schemas import AttemptAnswer, DeliveryAnswer, WebhookAnswer

TEST_EVENT = "webhook.test"
SECRET_PREFIX = "whsec_"
SECRET_BYTES = 24
# Deliveries shown at once.
SHOWN_DELIVERIES = 100


def create_webhook(
    connection: sa.Connection, account_id: str, url: str, event_types: tuple[str, ...], *, limit: int
) -> Webhook:
    """Register an address; no event types mean all.

    limit: how many an account may have. Raises InvalidRequest, and Refused for one more than that.
    """
    try:
        encode_address(url)
        is_good = url.isprintable() and " " not in url
    except BadAddress:
        is_good = False
    if not is_good:
        raise InvalidRequest("Invalid value for url: expected an http or https address")
    unknown = [one for one in event_types if one not in EVENT_TYPES]
    if unknown:
        raise InvalidRequest(f"Invalid value for events: expected some of {', '.join(EVENT_TYPES)}")
    lock_account(connection, account_id)
    if repository.count_webhooks(connection, account_id) >= limit:
        raise Refused(f"The account has {limit} webhooks, and no more are allowed. Remove one first.")
    webhook = Webhook(
        id=new_id(),
        account_id=account_id,
        url=url,
        event_types=tuple(dict.fromkeys(event_types)) or EVENT_TYPES,
        secret=SECRET_PREFIX + secrets.token_urlsafe(SECRET_BYTES),
        enabled=True,
        created_at_ms=read_now_ms(connection),
    )
    repository.add_webhook(connection, webhook)
    return webhook


def get_webhook(connection: sa.Connection, webhook_id: str, account_id: str | None) -> Webhook:
    """A webhook of an account, or of any for the operator. Raises NotFound."""
    webhook = repository.find_webhook(connection, webhook_id, account_id)
    if webhook is None:
        raise NotFound
    return webhook


def list_deliveries(connection: sa.Connection, webhook: Webhook) -> list[DeliveryAnswer]:
    """The newest deliveries with their attempts."""
    return [
        _present_delivery(connection, delivery)
        for delivery in repository.list_deliveries(connection, webhook.id, SHOWN_DELIVERIES)
    ]


def replay(connection: sa.Connection, delivery_id: str, account_id: str | None) -> str:
    """Deliver the event of a delivery once more; the new delivery's id. Raises NotFound."""
    found = repository.event_of_delivery(connection, delivery_id)
    if found is None:
        raise NotFound
    event_id, webhook_id = found
    get_webhook(connection, webhook_id, account_id)
    return repository.add_delivery(connection, event_id, webhook_id)


def send_test(connection: sa.Connection, webhook: Webhook) -> str:
    """Deliver an event that is about nothing, to try a webhook; the delivery's id. Raises Refused."""
    if not webhook.enabled:
        raise Refused("The webhook is switched off. Switch it on first.")
    payload = {"webhook_id": webhook.id}
    body = json.dumps({"type": TEST_EVENT, "payload": payload}, separators=(",", ":"))
    event_id = repository.add_event(
        connection,
        account_id=webhook.account_id,
        project_id=f"test-{new_id()}",  # an event of each type is there once for a project
        event_type=TEST_EVENT,
        body=body,
    )
    return repository.add_delivery(connection, event_id, webhook.id)


def present_webhook(webhook: Webhook) -> WebhookAnswer:
    """The answer of the API."""
    return WebhookAnswer(
        id=webhook.id,
        url=webhook.url,
        events=list(webhook.event_types),
        enabled=webhook.enabled,
        created_at=iso_time(webhook.created_at_ms),
    )


def _present_delivery(connection: sa.Connection, delivery: Delivery) -> DeliveryAnswer:
    return DeliveryAnswer(
        id=delivery.id,
        type=delivery.event_type,
        project_id=delivery.project_id,
        status=delivery.status,
        created_at=iso_time(delivery.created_at_ms),
        next_attempt_at=iso_time(delivery.next_attempt_at_ms)
        if delivery.status is DeliveryStatus.PENDING
        else None,
        attempts=[
            AttemptAnswer(
                made_at=iso_time(attempt.made_at_ms),
                duration_ms=attempt.duration_ms,
                status_code=attempt.status_code,
                failure=attempt.failure,
            )
            for attempt in repository.list_attempts(connection, delivery.id)
        ],
    )
