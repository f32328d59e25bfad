"""The signature of a webhook, exactly as receivers made for the Magic Hour API check it."""

from __future__ import annotations

import hashlib
import hmac

TIMESTAMP_HEADER = "magic-hour-event-timestamp"
SIGNATURE_HEADER = "magic-hour-event-signature"


def sign(secret: str, timestamp_s: int, body: bytes) -> str:
    """Lower-case hex of HMAC-SHA256 over `timestamp.body`, with the secret as it was given out."""
    message = f"{timestamp_s}.".encode() + body
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
