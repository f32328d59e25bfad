"""Identifiers and times as the Magic Hour API writes them."""

from __future__ import annotations

import re
import secrets
import time
from datetime import UTC, datetime

_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
# What any of our identifiers can look like; anything else is answered without asking the database.
_ID_SHAPE = re.compile(r"[a-z0-9-]{1,64}\Z")


def new_id() -> str:
    """`c` and 24 lower-case letters or digits: eight of the time, the rest random."""
    milliseconds = now_ms()
    stamp = ""
    for _ in range(8):
        milliseconds, digit = divmod(milliseconds, 36)
        stamp = _LETTERS[digit] + stamp
    return "c" + stamp + "".join(secrets.choice(_LETTERS) for _ in range(16))


def looks_like_id(text: str) -> bool:
    """Whether a text from outside could be one of our identifiers."""
    return _ID_SHAPE.match(text) is not None


def now_ms() -> int:
    """The present, milliseconds since 1970 in UTC."""
    return time.time_ns() // 1_000_000


def iso_time(time_ms: int) -> str:
    """`2026-03-01T09:30:00.000Z`."""
    moment = datetime.fromtimestamp(time_ms / 1000, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time_ms % 1000:03d}Z"


def name_time(time_ms: int) -> str:
    """`2026-03-01 09:30`, as default names carry it."""
    return datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M")
