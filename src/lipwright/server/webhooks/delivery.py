"""Attempts to deliver events: any 2xx is a success, everything else is tried again for a day."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import httpcore
import structlog

from lipwright.server.database.connection import Database
from lipwright.server.fetching.address_guard import AddressGuard, AddressRefused, GuardedNetwork
from lipwright.server.ids import now_ms
from lipwright.server.webhooks import repository
from lipwright.server.webhooks.repository import Attempt, DeliveryStatus, DueDelivery
from lipwright.server.webhooks.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign

_log = structlog.get_logger(__name__)

DELIVERY_POLL_S = 0.5
# How long a receiver may take to answer.
RECEIVER_TIMEOUT_S = 10.0
# An attempt is over by then whatever happens; later another worker may try.
TAKEN_FOR_MS = 60_000
FIRST_WAIT_MS = 1_000
LONGEST_WAIT_MS = 3_600_000
GIVEN_UP_AFTER_MS = 24 * 3_600_000
# At once, so that a few slow receivers do not keep the others waiting.
BATCH = 8


def deliver_due(database: Database, guard: AddressGuard) -> int:
    """Try the deliveries that are due, a batch at most; how many there were."""
    with database.read() as connection:
        if not repository.has_due(connection):
            return 0
    with database.write() as connection:
        due = repository.claim_due(connection, now_ms() + TAKEN_FOR_MS, BATCH)
    if due:
        with ThreadPoolExecutor(max_workers=len(due)) as threads:
            list(threads.map(lambda delivery: _deliver(database, guard, delivery), due))
    return len(due)


def wait_after_ms(attempts: int) -> int:
    """How long to wait after this number of failed attempts: 1, 2, 4, 8 s and so on, at most an hour."""
    return min(LONGEST_WAIT_MS, FIRST_WAIT_MS << min(attempts - 1, 30))


def _deliver(database: Database, guard: AddressGuard, delivery: DueDelivery) -> None:
    is_last = now_ms() - delivery.created_at_ms + wait_after_ms(delivery.attempts + 1) > GIVEN_UP_AFTER_MS
    if not delivery.enabled:
        with database.write() as connection:
            repository.reschedule(
                connection,
                delivery.id,
                status=DeliveryStatus.FAILED if is_last else DeliveryStatus.PENDING,
                next_attempt_at_ms=now_ms() + LONGEST_WAIT_MS,
            )
        return
    attempt = _attempt(delivery, guard)
    succeeded = attempt.status_code is not None and 200 <= attempt.status_code < 300
    status = DeliveryStatus.PENDING
    if succeeded:
        status = DeliveryStatus.DELIVERED
    elif is_last:
        status = DeliveryStatus.FAILED
    with database.write() as connection:
        repository.record_attempt(
            connection,
            delivery.id,
            attempt,
            status=status,
            next_attempt_at_ms=now_ms() + wait_after_ms(delivery.attempts + 1),
        )
    _log.info(
        "webhook attempt",
        delivery_id=delivery.id,
        status=status,
        status_code=attempt.status_code,
        failure=attempt.failure,
    )


def _attempt(delivery: DueDelivery, guard: AddressGuard) -> Attempt:
    """Send once; redirects are not followed."""
    body = delivery.body.encode()
    timestamp_s = now_ms() // 1000
    headers = [
        ("content-type", "application/json"),
        ("user-agent", "lipwright"),
        (TIMESTAMP_HEADER, str(timestamp_s)),
        (SIGNATURE_HEADER, sign(delivery.secret, timestamp_s, body)),
    ]
    timeout = dict.fromkeys(("connect", "read", "write", "pool"), RECEIVER_TIMEOUT_S)
    made_at_ms, started_s = now_ms(), time.monotonic()
    status_code, failure = None, None
    try:
        with (
            httpcore.ConnectionPool(network_backend=GuardedNetwork(guard)) as pool,
            # The answer's body is of no interest and is not read.
            pool.stream(
                "POST", delivery.url, headers=headers, content=body, extensions={"timeout": timeout}
            ) as response,
        ):
            status_code = response.status
    except AddressRefused:
        failure = "the address is not public"
    except (
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.TimeoutException,
        httpcore.UnsupportedProtocol,
    ) as error:
        failure = type(error).__name__
    return Attempt(
        made_at_ms=made_at_ms,
        duration_ms=int((time.monotonic() - started_s) * 1000),
        status_code=status_code,
        failure=failure,
    )
