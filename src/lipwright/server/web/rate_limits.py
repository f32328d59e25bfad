"""How many calls a key may make in a while, and how many wrong keys an address may try.

Counted in this server, whose processes share their counts: of several servers each grants the whole. Polling
is never limited: clients of the Magic Hour API end a running job at a 429.
"""

from __future__ import annotations

import ipaddress
import math
import time
from dataclasses import dataclass
from pathlib import Path

from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lipwright.server.accounts.repository import Account
from lipwright.server.errors import ServiceError, TooManyCalls
from lipwright.server.services import Services
from lipwright.server.web.failures import failure_response
from lipwright.server.web.shared_counts import SharedCounts

# The time over which calls are counted. Clients that try again do so for 15 s in all: a longer one would let
# them fail; a shorter one would refuse a few files that are uploaded side by side.
WINDOW_S = 10
# Good keys are remembered, so that strangers who try wrong ones from the same address do not lock them out.
# These take a few MB.
REMEMBERED_KEYS = 10_000
# Who has an IPv6 address usually has all of its network.
_NETWORK_BITS_V6 = 64
_API = "/v1/"
# They make nothing, and a page asks them at every choice; each has a limit of its own, FreeCalls.
_FREE_PATHS = frozenset(
    {"/v1/face-boxes", "/v1/file-info", "/v1/voice-samples", "/v1/estimates", "/v1/checks"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAllowance:
    """What is left of a limit. reset_at_s: when more is allowed, seconds since 1970."""

    is_granted: bool
    limit: int
    remaining: int
    reset_at_s: float

    @property
    def retry_after_s(self) -> int:
        """Whole seconds until another call is allowed."""
        return max(1, math.ceil(self.reset_at_s - time.time()))

    def headers(self) -> dict[str, str]:
        """The usual headers."""
        return {
            "x-ratelimit-limit": str(self.limit),
            "x-ratelimit-remaining": str(self.remaining),
            "x-ratelimit-reset": str(math.ceil(self.reset_at_s)),
        }


# Where counts are kept that hold over several processes; None where there is one.
_shared: SharedCounts | None = None


def share_counts(folder: Path) -> None:
    """From now on this process counts together with the others that were told the same folder."""
    global _shared
    _shared = SharedCounts(folder)


class _Counts:
    """Moving windows: in memory, or in what several processes share."""

    def __init__(self, what: str) -> None:
        """what: is counted, apart from what others count of the same callers."""
        self._what = what
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def count(self, limit: RateLimitItem, who: str) -> CallAllowance:
        """Count one more, unless there are too many already."""
        if _shared is None:
            is_granted = self._limiter.hit(limit, who)
        else:
            is_granted = _shared.hit(f"{self._what}/{who}", limit.amount, limit.get_expiry())
        return self._allowance(limit, who, is_granted)

    def look(self, limit: RateLimitItem, who: str) -> CallAllowance:
        """Whether one more would be too many."""
        return self._allowance(limit, who, None)

    def _allowance(self, limit: RateLimitItem, who: str, is_granted: bool | None) -> CallAllowance:
        """is_granted: None where it is told by what is left."""
        if _shared is None:
            reset_at_s, remaining = self._limiter.get_window_stats(limit, who)
        else:
            reset_at_s, remaining = _shared.look(f"{self._what}/{who}", limit.amount, limit.get_expiry())
        return CallAllowance(
            is_granted=remaining > 0 if is_granted is None else is_granted,
            limit=limit.amount,
            remaining=remaining,
            reset_at_s=reset_at_s,
        )


class SignInAttempts:
    """Wrong keys by the address that they came from."""

    def __init__(self, per_minute: int) -> None:
        self._limit = RateLimitItemPerMinute(per_minute)
        self._counts = _Counts("wrong keys")
        self._good_keys: set[str] = set()

    def check(self, scope: Scope, key_hash: str) -> None:
        """Raises TooManyCalls for an unknown key from where too many wrong ones came."""
        if key_hash in self._good_keys:
            return
        allowance = self._counts.look(self._limit, _network(scope))
        if not allowance.is_granted:
            raise TooManyCalls.until(allowance.retry_after_s)

    def record(self, scope: Scope, key_hash: str, *, is_good: bool) -> None:
        """Take note of what became of an attempt."""
        if not is_good:
            self._good_keys.discard(key_hash)
            self._counts.count(self._limit, _network(scope))
        elif key_hash not in self._good_keys:
            if len(self._good_keys) >= REMEMBERED_KEYS:
                self._good_keys.clear()
            self._good_keys.add(key_hash)


class FreeCalls:
    """Calls that cost no credits and some work: each account has a number of them in a minute."""

    def __init__(self, what: str, per_minute: int) -> None:
        self._limit = RateLimitItemPerMinute(per_minute)
        self._counts = _Counts(what)

    def count(self, account_id: str) -> None:
        """Raises TooManyCalls for one too many."""
        allowance = self._counts.count(self._limit, account_id)
        if not allowance.is_granted:
            raise TooManyCalls.until(allowance.retry_after_s)


class CallLimits:
    """Middleware behind Authentication: each key has the calls that its plan allows; POST calls only."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self._app = app
        self._services = services
        self._counts = _Counts("calls")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            allowance = self._count(scope)
        except ServiceError as failure:  # the handlers of failures are further inside
            await failure_response(failure)(scope, receive, send)
            return
        if allowance is None:
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(allowance.headers())
            await send(message)

        if allowance.is_granted:
            await self._app(scope, receive, send_with_headers)
        else:
            refusal = failure_response(TooManyCalls.until(allowance.retry_after_s))
            await refusal(scope, receive, send_with_headers)

    def _count(self, scope: Scope) -> CallAllowance | None:
        """None for what is not limited."""
        if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].startswith(_API):
            return None
        if scope["path"] in _FREE_PATHS:
            return None
        state = scope.get("state", {})
        if "account" not in state:  # a browser that signs in
            return None
        account, key_hash = state["account"], state["key_hash"]
        assert isinstance(account, Account)
        plan = self._services.price_list.plans.get(account.plan)
        if plan is None or plan.calls_per_10_s is None:
            return None
        return self._counts.count(RateLimitItemPerSecond(plan.calls_per_10_s, WINDOW_S), key_hash)


def _network(scope: Scope) -> str:
    """Whom an address counts for."""
    host = scope["client"][0] if scope.get("client") else ""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:  # a local socket, or what a proxy wrote
        return str(host)
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address.packed, _NETWORK_BITS_V6), strict=False))
