import hashlib
import hmac
import time


def is_genuine(secret: str, headers: dict[str, str], body: bytes) -> bool:
    timestamp = headers["magic-hour-event-timestamp"]
    expected = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return (
        hmac.compare_digest(expected, headers["magic-hour-event-signature"])
        and abs(time.time() - int(timestamp)) < 300
    )


print(is_genuine("secret", {"magic-hour-event-timestamp": "0", "magic-hour-event-signature": "?"}, b"{}"))
