"""When a call is sent again, and after how long. Decisions only: nothing is sent or slept here."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import Enum

import httpx

# Refused for now, or the fault of something between us and the server.
PASSING_STATUSES = frozenset({408, 429, 500, 502, 503, 504})
# Doubling from half a second: quick enough for a dropped connection, kind to a server that restarts.
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 8.0
# A server that asks for more patience than this is answered with the error: the person should decide.
LONGEST_RETRY_AFTER_S = 60.0


# A header that cannot be sent, a file that shrank while it was read: the next sending would end alike.
_OUR_OWN_FAULT = (httpx.UnsupportedProtocol, httpx.LocalProtocolError)


class Repeatable(Enum):
    """What a second sending would do.

    FREELY: the same as one (reading, deleting, uploading, creating under a kept key).
    ONLY_IF_UNSEEN: create a second job, unless the first sending never reached the server's work.
    """

    FREELY = "freely"
    ONLY_IF_UNSEEN = "only_if_unseen"


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often a call is repeated. max_retries: sendings after the first."""

    max_retries: int

    def wait_after_answer_s(
        self, response: httpx.Response, tries: int, repeatable: Repeatable
    ) -> float | None:
        """Seconds to wait before the next sending; None when the answer stands. tries: sendings so far."""
        if response.status_code not in PASSING_STATUSES or tries > self.max_retries:
            return None
        if repeatable is Repeatable.ONLY_IF_UNSEEN and response.status_code != 429:
            return None
        asked_s = _retry_after_s(response)
        if asked_s is not None:
            return asked_s if asked_s <= LONGEST_RETRY_AFTER_S else None
        return _backoff_s(tries)

    def wait_after_failure_s(
        self, failure: httpx.RequestError, tries: int, repeatable: Repeatable
    ) -> float | None:
        """Seconds to wait before the next sending; None when the failure stands."""
        if tries > self.max_retries or isinstance(failure, _OUR_OWN_FAULT):
            return None
        never_sent = isinstance(failure, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
        if repeatable is Repeatable.ONLY_IF_UNSEEN and not never_sent:
            return None
        return _backoff_s(tries)


def _backoff_s(tries: int) -> float:
    """Doubling, shortened at random by up to half, so that many clients do not return together."""
    return min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** (tries - 1)) * random.uniform(0.5, 1.0)


def _retry_after_s(response: httpx.Response) -> float | None:
    """What the server asked for in seconds; a date is not read, doubling serves as well."""
    text = response.headers.get("retry-after", "")
    return float(text) if text.isascii() and text.isdigit() else None
