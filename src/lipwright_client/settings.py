"""How a client behaves, from its arguments and from the environment.

    LIPWRIGHT_API_KEY        the key, where no token is given
    LIPWRIGHT_BASE_URL       the server, where no base_url is given
    LIPWRIGHT_POLL_INTERVAL  seconds between two polls of a job (also MAGIC_HOUR_POLL_INTERVAL)
    LIPWRIGHT_WAIT_LIMIT     seconds after which waiting for a job ends; without it, never

A key meant for another service is never read from the environment: it would be sent to this server.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from urllib.parse import urlsplit

# Where `lipwright serve` listens when nothing else is said.
DEFAULT_BASE_URL = "http://127.0.0.1:8000"
# Creates answer at once; a minute covers a server that is just starting under load.
DEFAULT_TIMEOUT_S = 60.0
# The clients people know look twice a second.
DEFAULT_POLL_INTERVAL_S = 0.5
# A loop without a pause would keep a small server busy with answering.
MIN_POLL_INTERVAL_S = 0.05
# Five tries in all take about 8 s: a restart of the server passes unnoticed, a wrong address does not hang.
DEFAULT_MAX_RETRIES = 4
# Hosts that are not known to keep idempotency keys: a create whose answer was lost is not repeated there.
HOSTS_WITHOUT_IDEMPOTENCY = ("magichour.ai",)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSettings:
    """The settings of one client.

    timeout_s: for each call; None waits for ever. wait_limit_s: for each job; None waits for ever.
    raise_on_failure: whether a job that failed or was canceled raises, or is returned like any other.
    """

    base_url: str
    token: str | None = field(repr=False)
    timeout_s: float | None
    max_retries: int
    poll_interval_s: float
    wait_limit_s: float | None
    raise_on_failure: bool

    @property
    def keeps_idempotency_keys(self) -> bool:
        """Whether a create may be sent again without the danger of paying twice."""
        host = (urlsplit(self.base_url).hostname or "").lower()
        return not any(host == known or host.endswith(f".{known}") for known in HOSTS_WITHOUT_IDEMPOTENCY)


def resolve_settings(
    *,
    token: str | None,
    base_url: str | None,
    timeout: float | None,
    max_retries: int,
    poll_interval_s: float | None,
    wait_limit_s: float | None,
    raise_on_failure: bool,
) -> ClientSettings:
    """The settings of a client; arguments win over the environment. Raises ValueError for nonsense."""
    base_url = (base_url or os.environ.get("LIPWRIGHT_BASE_URL") or DEFAULT_BASE_URL).strip().rstrip("/")
    _check_address(base_url)
    token = (token or os.environ.get("LIPWRIGHT_API_KEY") or "").strip()
    if not (token.isascii() and token.isprintable()):
        raise ValueError(
            "The key holds characters that no key has. Copy it again, without anything around it."
        )
    if max_retries < 0:
        raise ValueError("max_retries is a number of repeats: 0 or more.")
    if poll_interval_s is None:
        poll_interval_s = _seconds_from_environment("LIPWRIGHT_POLL_INTERVAL", "MAGIC_HOUR_POLL_INTERVAL")
    if poll_interval_s is None:
        poll_interval_s = DEFAULT_POLL_INTERVAL_S
    if wait_limit_s is None:
        wait_limit_s = _seconds_from_environment("LIPWRIGHT_WAIT_LIMIT")
    return ClientSettings(
        base_url=base_url,
        token=token or None,
        timeout_s=timeout,
        max_retries=max_retries,
        poll_interval_s=max(MIN_POLL_INTERVAL_S, poll_interval_s),
        wait_limit_s=wait_limit_s,
        raise_on_failure=raise_on_failure,
    )


def _check_address(base_url: str) -> None:
    address = urlsplit(base_url)
    if address.scheme not in ("http", "https") or not address.hostname or address.query or address.fragment:
        raise ValueError(f"'{base_url}' is no server address. Give one like {DEFAULT_BASE_URL}.")


def _seconds_from_environment(*names: str) -> float | None:
    """The first of the variables that is set. Raises ValueError when it is no number of seconds."""
    for name in names:
        text = os.environ.get(name, "").strip()
        if not text:
            continue
        try:
            seconds = float(text)
        except ValueError:
            seconds = -1.0
        if not 0 <= seconds < float("inf"):
            raise ValueError(f"{name} is '{text}'; set it to a number of seconds, such as 0.5.")
        return seconds
    return None
