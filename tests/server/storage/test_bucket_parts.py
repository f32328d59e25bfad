"""Uploads in parts that nobody finished are ended in the bucket when they are old, and only ours."""

from __future__ import annotations

import hashlib
import hmac
import http.server
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest

from lipwright.server.ids import now_ms
from lipwright.server.settings import load_settings
from lipwright.server.storage.stores.bucket_parts import BucketParts
from lipwright.server.storage.stores.objects import bucket_store
from tests.support.buckets import ACCESS_KEY, SECRET_KEY, Bucket
from tests.support.service_logs import logs_go_nowhere

__all__ = ["logs_go_nowhere"]

HOUR_MS = 3600 * 1000
KEY = "c0/output.mp4"


class FakeBucket(http.server.ThreadingHTTPServer):
    """What a store answers about unfinished uploads, two to a page; it checks every signature."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.uploads: list[tuple[str, str, int]] = []
        self.ended: list[tuple[str, str]] = []
        self.refuses = False

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(http.server.BaseHTTPRequestHandler):
    server: FakeBucket

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        assert "uploads" in query
        found = [one for one in self.server.uploads if one[0].startswith(query["prefix"][0])]
        start = int(query["upload-id-marker"][0]) if "upload-id-marker" in query else 0
        items = "".join(
            f"<Upload><Key>{key}</Key><UploadId>{upload_id}</UploadId><Initiated>{_iso(begun)}</Initiated></Upload>"
            for key, upload_id, begun in found[start : start + 2]
        )
        more = str(start + 2 < len(found)).lower()
        self._answer(
            403 if self.server.refuses else 200,
            '<ListMultipartUploadsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
            f"<IsTruncated>{more}</IsTruncated><NextKeyMarker>k</NextKeyMarker>"
            f"<NextUploadIdMarker>{start + 2}</NextUploadIdMarker>{items}</ListMultipartUploadsResult>",
        )

    def do_DELETE(self) -> None:
        parts = urlsplit(self.path)
        upload_id = parse_qs(parts.query)["uploadId"][0]
        self.server.ended.append((parts.path, upload_id))
        self._answer(404 if upload_id == "gone" else 204, "")

    def _answer(self, status: int, body: str) -> None:
        if status == 200 and not self._is_signed():
            status = 403
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def _is_signed(self) -> bool:
        """Whether the signature is that of AWS Signature Version 4."""
        given = dict(
            part.split("=", 1) for part in self.headers["authorization"].split(" ", 1)[1].split(", ")
        )
        _, day, *scope = given["Credential"].split("/")
        parts = urlsplit(self.path)
        pairs = sorted(parse_qs(parts.query, keep_blank_values=True).items())
        query = "&".join(f"{quote(name, safe='')}={quote(values[0], safe='')}" for name, values in pairs)
        names = given["SignedHeaders"].split(";")
        lines = "".join(f"{name}:{self.headers[name]}\n" for name in names)
        body_hash = self.headers["x-amz-content-sha256"]
        request = f"{self.command}\n{parts.path}\n{query}\n{lines}\n{';'.join(names)}\n{body_hash}"
        hashed = hashlib.sha256(request.encode()).hexdigest()
        text = f"AWS4-HMAC-SHA256\n{self.headers['x-amz-date']}\n{'/'.join((day, *scope))}\n{hashed}"
        key = f"AWS4{SECRET_KEY}".encode()
        for part in (day, *scope, text):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return key.hex() == given["Signature"]

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _iso(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


@pytest.fixture
def fake() -> Iterator[FakeBucket]:
    bucket = FakeBucket()
    thread = threading.Thread(target=bucket.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield bucket
    bucket.shutdown()
    thread.join()
    bucket.server_close()


def parts_of(endpoint: str, monkeypatch: pytest.MonkeyPatch, bucket: str, prefix: str) -> BucketParts:
    monkeypatch.setenv("LIPWRIGHT_S3_SECRET_KEY", SECRET_KEY)
    return BucketParts(load_settings(s3_endpoint=endpoint, s3_access_key=ACCESS_KEY), bucket, prefix)


def test_old_ones_of_ours_are_ended_and_no_others(fake: FakeBucket, monkeypatch: pytest.MonkeyPatch) -> None:
    now = now_ms()
    fake.uploads = [
        (f"our faces/{KEY}", "old", now - 30 * HOUR_MS),
        (f"our faces/{KEY}", "young", now - HOUR_MS),
        (f"our faces/{KEY}", "gone", now - 30 * HOUR_MS),  # another machine is quicker
        ("our faces/backup of somebody.tar", "theirs", now - 30 * HOUR_MS),
        (f"our faces 2/{KEY}", "elsewhere", now - 30 * HOUR_MS),
        ("our faces/api-assets/c1/image.png", "old too", now - 25 * HOUR_MS),
    ]
    parts = parts_of(fake.endpoint, monkeypatch, "bucket", "our faces")
    assert parts.remove(now - 24 * HOUR_MS) == 3
    assert fake.ended == [
        (f"/bucket/our%20faces/{KEY}", "old"),
        (f"/bucket/our%20faces/{KEY}", "gone"),
        ("/bucket/our%20faces/api-assets/c1/image.png", "old too"),
    ]


def test_a_bucket_without_a_prefix_may_hold_others_things(
    fake: FakeBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.uploads = [(KEY, "ours", 0), ("somebody/else/", "theirs", 0)]
    assert parts_of(fake.endpoint, monkeypatch, "bucket", "").remove(now_ms()) == 1
    assert fake.ended == [(f"/bucket/{KEY}", "ours")]


def test_a_store_that_refuses_is_no_fault(fake: FakeBucket, monkeypatch: pytest.MonkeyPatch) -> None:
    fake.refuses = True
    assert parts_of(fake.endpoint, monkeypatch, "bucket", "").remove(now_ms()) == 0
    assert parts_of("http://127.0.0.1:9", monkeypatch, "bucket", "").remove(now_ms()) == 0


def test_parts_in_a_real_bucket_are_listed_and_ended(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefix = f"tests/{uuid.uuid4().hex}"
    parts = parts_of(bucket.endpoint, monkeypatch, bucket.name, prefix)
    settings = load_settings(s3_endpoint=bucket.endpoint, s3_access_key=ACCESS_KEY)
    store = bucket_store(settings, bucket.name, prefix)
    (tmp_path / "whole").write_bytes(b"x" * 10)
    store.adopt("c1/output.mp4", tmp_path / "whole")
    begin = f"{bucket.endpoint}/{bucket.name}/{prefix}/{KEY}?uploads="
    assert httpx.post(begin, headers=parts._signed("POST", begin)).status_code == 200
    assert store.remove_unfinished(int(time.time() * 1000) + HOUR_MS) == 1
    assert store.remove_unfinished(int(time.time() * 1000) + HOUR_MS) == 0
    assert [file.key for file in store.files()] == ["c1/output.mp4"]
