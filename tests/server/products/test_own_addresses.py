"""A download address that the service gave out comes back as an input: read from the store, if one's own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from lipwright.server.jobs.lifecycle import finish, start_next
from lipwright.server.jobs.model import Result, Source
from lipwright.server.products.sources import resolve_source
from lipwright.server.services import Services
from lipwright.server.settings import load_settings
from lipwright.server.storage.addresses import Addresses
from lipwright.server.storage.stores.objects import ObjectStore, bucket_store
from tests.server.callers import Caller, new_caller

BASES = ["http://127.0.0.1:8000", "https://faces.example/lipwright", "https://faces.example/a/media/b"]


def finished_speech(services: Services, caller: Caller) -> str:
    """The key of the sound of a complete job."""
    body = {"style": {"prompt": "Good morning.", "voice_name": "x"}}
    job_id = str(caller.post("/v1/ai-voice-generator", body).json()["id"])
    while (job := start_next(services, "w")) is not None and job.id != job_id:
        pass
    key = f"{job_id}/output.wav"
    assert finish(services, job_id, "w", Result(output_keys=(key,), duration_s=1.0))
    return key


def private_bucket(prefix: str = "faces") -> ObjectStore:
    settings = load_settings(
        s3_endpoint="http://10.0.0.5:9000", s3_access_key="key", s3_secret_key="a-secret-of-the-store"
    )
    return bucket_store(settings, "private", prefix)


@pytest.fixture
def in_bucket(services: Services) -> Services:
    """The same tables, with files in a bucket of an inner network."""
    store = private_bucket()
    return replace(
        services,
        store=store,
        addresses=Addresses(store, b"k" * 32, download_lifetime_s=60, now_ms=services.database.clock.now_ms),
    )


@pytest.mark.parametrize("base", BASES)
def test_an_own_address_is_known_under_every_path(services: Services, caller: Caller, base: str) -> None:
    me = caller.account
    for key, field in (
        (finished_speech(services, caller), "audio"),
        (caller.upload("image", "png", b"picture"), "image"),
    ):
        url = services.addresses.download(base, key).url
        assert resolve_source(services, me, field, url) == Source(  # type: ignore[arg-type]
            field=field,  # type: ignore[arg-type]
            extension=key.rpartition(".")[2],
            key=key,
        )


def test_an_own_address_of_a_private_bucket_is_read_from_the_store(
    services: Services, in_bucket: Services, caller: Caller
) -> None:
    key = finished_speech(services, caller)
    url = in_bucket.addresses.download("http://not-used", key).url
    assert url.startswith("http://10.0.0.5:9000/private/faces/")
    found = resolve_source(in_bucket, caller.account, "audio", url)
    assert found == Source(field="audio", extension="wav", key=key)


def test_what_belongs_to_another_account_is_fetched_like_any_other_address(
    services: Services, in_bucket: Services, http: httpx.Client, caller: Caller
) -> None:
    key = finished_speech(services, caller)
    stranger = new_caller(services, http).account
    for opened in (services, in_bucket):
        url = opened.addresses.download("http://127.0.0.1:8000/x", key).url
        assert resolve_source(opened, stranger, "audio", url) == Source(
            field="audio", extension="wav", url=url
        )


def test_an_altered_address_is_none_of_ours(services: Services, caller: Caller) -> None:
    key = finished_speech(services, caller)
    url = services.addresses.download(BASES[1], key).url
    me = caller.account
    for altered in (url[:-1] + ("0" if url[-1] != "0" else "1"), url.replace("exp=", "exp=9")):
        assert resolve_source(services, me, "audio", altered).key is None


@pytest.mark.parametrize("prefix", ["", "faces", "a/b c"])
def test_a_bucket_knows_its_own_addresses(prefix: str) -> None:
    store = private_bucket(prefix)
    key = "api-assets/c0/image.png"
    url = store.signed_url("GET", key, 60)
    assert url is not None
    assert store.key_of(url) == key
    assert store.key_of(url.replace("10.0.0.5", "10.0.0.6")) is None
    assert store.key_of(url.replace("/private/", "/other/")) is None
    assert store.key_of(url.replace("image.png", "..%2fimage.png")) is None
    assert store.key_of("https://example.org/image.png") is None


def test_a_folder_knows_none(services: Services, tmp_path: Path) -> None:
    assert services.store.key_of(f"file://{tmp_path}/x.png") is None
