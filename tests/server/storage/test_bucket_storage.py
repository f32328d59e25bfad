"""The application on an S3 store: clients talk to the store itself, with addresses that it signed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from lipwright.server.services import Services, open_services
from lipwright.server.settings import load_settings
from lipwright.server.uploads.service import ASSET_FOLDER
from tests.server.callers import Caller, new_caller, serving_application
from tests.support.buckets import ACCESS_KEY, SECRET_KEY, Bucket


@pytest.fixture
def bucket_services(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_template: Path
) -> Iterator[Services]:
    monkeypatch.setenv("LIPWRIGHT_HOME", str(tmp_path))
    monkeypatch.setenv("LIPWRIGHT_S3_SECRET_KEY", SECRET_KEY)
    shutil.copy(sqlite_template, tmp_path / "lipwright.sqlite3")
    settings = load_settings(
        storage_url=f"s3://{bucket.name}/faces", s3_endpoint=bucket.endpoint, s3_access_key=ACCESS_KEY
    )
    opened = open_services(settings)
    yield opened
    opened.database.close()


@pytest.fixture
def bucket_caller(bucket_services: Services) -> Iterator[Caller]:
    for http in serving_application(bucket_services):
        yield new_caller(bucket_services, http)


def test_uploads_go_to_the_store_and_downloads_come_from_it(
    bucket: Bucket, bucket_services: Services, bucket_caller: Caller, tmp_path: Path
) -> None:
    items = {"items": [{"type": "image", "extension": "png"}]}
    item = bucket_caller.post("/v1/files/upload-urls", items).json()["items"][0]
    assert item["upload_url"].startswith(bucket.endpoint)
    assert item["file_path"].startswith(f"{ASSET_FOLDER}/")
    as_form = {"content-type": "application/x-www-form-urlencoded"}  # as curl says
    assert httpx.put(item["upload_url"], content=b"picture", headers=as_form).status_code == 200
    body = {"assets": {"target_file_path": item["file_path"]}}
    assert bucket_caller.post("/v1/face-detection", body).status_code == 200
    video = tmp_path / "video"
    video.write_bytes(b"video")
    bucket_services.store.adopt("c0/output.mp4", video)
    url = bucket_services.addresses.download("http://not-used", "c0/output.mp4", lifetime_s=60).url
    assert "/output.mp4?" in url
    answer = httpx.get(url)
    assert (answer.status_code, answer.content) == (200, b"video")
    assert answer.headers["content-type"] == "video/mp4"


def test_a_file_that_was_not_uploaded_is_refused(bucket_caller: Caller) -> None:
    items = {"items": [{"type": "image", "extension": "png"}]}
    path = bucket_caller.post("/v1/files/upload-urls", items).json()["items"][0]["file_path"]
    body = {"assets": {"target_file_path": path}}
    assert bucket_caller.post("/v1/face-detection", body).status_code == 422
