"""A bucket in an S3 server of this machine, for tests."""

from __future__ import annotations

import hashlib
import hmac
import os
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx

from lipwright.server.settings import load_settings
from lipwright.server.storage.stores.objects import ObjectStore, bucket_store

# moto takes any; a real server is named with its own by the variables below.
ACCESS_KEY = os.environ.get("LIPWRIGHT_TEST_S3_ACCESS_KEY", "test:tester")
SECRET_KEY = os.environ.get("LIPWRIGHT_TEST_S3_SECRET_KEY", "testing")


def make_bucket(endpoint: str, name: str) -> None:
    """Create a bucket, with the signature that S3 asks for (AWS Signature Version 4)."""
    now = datetime.now(UTC)
    stamp, day = now.strftime("%Y%m%dT%H%M%SZ"), now.strftime("%Y%m%d")
    host = urlsplit(endpoint).netloc
    body_hash = hashlib.sha256(b"").hexdigest()
    headers = {"host": host, "x-amz-content-sha256": body_hash, "x-amz-date": stamp}
    names = ";".join(headers)
    lines = "".join(f"{key}:{value}\n" for key, value in headers.items())
    request = f"PUT\n/{name}\n\n{lines}\n{names}\n{body_hash}"
    scope = f"{day}/us-east-1/s3/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    key = f"AWS4{SECRET_KEY}".encode()
    for part in (day, "us-east-1", "s3", "aws4_request", text):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    headers["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={ACCESS_KEY}/{scope}, SignedHeaders={names}, Signature={key.hex()}"
    )
    answer = httpx.put(f"{endpoint}/{name}", headers=headers)
    assert answer.status_code == 200, answer.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """Where files can be put. endpoint: address of the server."""

    endpoint: str
    name: str

    def open_store(self) -> ObjectStore:
        """A store in this bucket that holds nothing yet."""
        settings = load_settings(
            s3_endpoint=self.endpoint, s3_access_key=ACCESS_KEY, s3_secret_key=SECRET_KEY
        )
        return bucket_store(settings, self.name, f"tests/{uuid.uuid4().hex}")
