"""Attempts to deliver events: any 2xx is a success, everything else is tried again for a day."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpcore
import structlog

from lipwright.server.database.clock import DatabaseClock
from lipwright.server.database.connection import Database
from lipwright.server.fetching.address_guard import AddressGuard, AddressRefused, GuardedNetwork
from lipwright.server.fetching.deadline import Deadline
from lipwright.server.fetching.web_addresses import BadAddress, encode_address
from lipwright.server.webhooks import repository
from lipwright.server.webhooks.repository import Attempt, DeliveryStatus, DueDelivery
from lipwright.server.webhooks.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign

_log = structlog.get_logger(__name__)

DELIVERY_POLL_S = 0.5
# How long an attempt may take, from looking up the receiver's name to the status of its answer.
RECEIVER_TIMEOUT_S = 10.0
# An attempt is over and recorded by then; later another worker may try.
TAKEN_FOR_MS = 60_000
FIRST_WAIT_MS = 1_000
LONGEST_WAIT_MS = 3_600_000
GIVEN_UP_AFTER_MS = 24 * 3_600_000
# Threads of one process that send. Each is held for RECEIVER_TIMEOUT_S at most, mostly asleep.
AT_ONCE = 64
# Of these, for one webhook. More would let one slow receiver take the threads of the others; with one alone a
# quick receiver of many events would wait for each.
AT_ONCE_PER_WEBHOOK = 2


class Deliveries:
    """The deliveries that this process is sending, each in a thread of its own: none waits for another."""

    def __init__(self, database: Database, guard: AddressGuard) -> None:
        self._database = database
        self._guard = guard
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="delivery")
        self._lock = threading.Lock()
        self._sending: Counter[str] = Counter()

    def start_due(self) -> int:
        """Begin with the deliveries that are due, as far as there are threads; how many these are."""
        with self._lock:
            free = AT_ONCE - self._sending.total()
            busy = [one for one, count in self._sending.items() if count >= AT_ONCE_PER_WEBHOOK]
        with self._database.read() as connection:
            if free == 0 or not repository.has_due(connection, busy):
                return 0
        with self._database.write() as connection:
            due = repository.claim_due(
                connection,
                TAKEN_FOR_MS,
                free,
                per_webhook=AT_ONCE_PER_WEBHOOK,
                busy=busy,
            )
        for delivery in due:
            with self._lock:
                self._sending[delivery.webhook_id] += 1
            self._threads.submit(self._send, delivery)
        return len(due)

    def wait(self) -> None:
        """Wait until all that was begun is done. Nothing can be begun afterwards."""
        self._threads.shutdown()

    def _send(self, delivery: DueDelivery) -> None:
        try:
            _deliver(self._database, self._guard, delivery)
        except Exception as error:  # its result is not stored: another try follows after TAKEN_FOR_MS
            _log.error("webhook attempt not recorded", delivery_id=delivery.id, exc_info=error)
        finally:
            with self._lock:
                self._sending[delivery.webhook_id] -= 1
                self._sending += Counter()  # forgets those at 0


def wait_after_ms(attempts: int) -> int:
    """How long to wait after this number of failed attempts: 1, 2, 4, 8 s and so on, at most an hour."""
    return min(LONGEST_WAIT_MS, FIRST_WAIT_MS << min(attempts - 1, 30))


def _deliver(database: Database, guard: AddressGuard, delivery: DueDelivery) -> None:
    is_last = delivery.age_ms + wait_after_ms(delivery.attempts + 1) > GIVEN_UP_AFTER_MS
    if not delivery.enabled:
        with database.write() as connection:
            repository.reschedule(
                connection,
                delivery.id,
                status=DeliveryStatus.FAILED if is_last else DeliveryStatus.PENDING,
                wait_ms=LONGEST_WAIT_MS,
            )
        return
    attempt = _attempt(delivery, guard, database.clock)
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
            wait_ms=wait_after_ms(delivery.attempts + 1),
        )
    _log.info(
        "webhook attempt",
        delivery_id=delivery.id,
        status=status,
        status_code=attempt.status_code,
        failure=attempt.failure,
    )


def _attempt(delivery: DueDelivery, guard: AddressGuard, clock: DatabaseClock) -> Attempt:
    """Send once; redirects are not followed. Whatever goes wrong is a failure of this attempt."""
    made_at_ms, started_s = clock.now_ms(), time.monotonic()
    status_code, failure = None, None
    try:
        body = delivery.body.encode()
        timestamp_s = clock.now_ms() // 1000
        headers = [
            ("content-type", "application/json"),
            ("user-agent", "lipwright"),
            (TIMESTAMP_HEADER, str(timestamp_s)),
            (SIGNATURE_HEADER, sign(delivery.secret, timestamp_s, body)),
        ]
        url = str(encode_address(delivery.url))
        network = GuardedNetwork(guard, Deadline(RECEIVER_TIMEOUT_S))
        with (
            httpcore.ConnectionPool(network_backend=network) as pool,
            # The answer's body is of no interest and is not read.
            pool.stream("POST", url, headers=headers, content=body) as response,
        ):
            status_code = response.status
    except AddressRefused:
        failure = "the address is not public"
    except BadAddress:
        failure = "the address is not http or https"
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
        failure = type(error).__name__
    except Exception as error:
        _log.error("webhook attempt raised", delivery_id=delivery.id, exc_info=error)
        failure = f"internal error ({type(error).__name__})"
    return Attempt(
        made_at_ms=made_at_ms,
        duration_ms=int((time.monotonic() - started_s) * 1000),
        status_code=status_code,
        failure=failure,
    )
