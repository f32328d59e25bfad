"""Asking the server where a file is from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from lipwright_client import UnprocessableEntity
from lipwright_client.jobs import CHECK_TIMEOUT_S
from tests.client.fake_service import FakeService


def asked(service: FakeService) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(service.named("POST /v1/checks")[0].content)
    return body


def test_a_local_file_is_uploaded_and_checked(client: Any, service: FakeService, tmp_path: Path) -> None:
    (tmp_path / "stray.mp4").write_bytes(b"a video")
    check = client.v1.checks.create(file_path=tmp_path / "stray.mp4")
    assert service.uploads == {"0/video.mp4": b"a video"}
    assert asked(service) == {"file_path": "api-assets/0/video.mp4"}
    assert (check.verdict, check.is_ours, check.project_id) == ("recognised", True, "p1")
    assert check.watermark.number == 12
    assert check.credentials.manifest.actions == ["c2pa.created"]


@pytest.mark.parametrize("place", ["https://example.com/stray.mp4", "api-assets/9/video.mp4"])
def test_what_the_server_can_reach_is_named_as_it_is(client: Any, service: FakeService, place: str) -> None:
    client.v1.checks.create(file_path=place)
    assert asked(service) == {"file_path": place}
    assert service.uploads == {}


def test_the_server_has_more_time_than_for_other_calls(client: Any, service: FakeService) -> None:
    client.v1.checks.create(file_path="https://example.com/stray.mp4")
    client.v1.checks.create(file_path="https://example.com/stray.mp4", request_options={"timeout": 5})
    waits = [call.extensions["timeout"]["read"] for call in service.named("POST /v1/checks")]
    assert waits == [CHECK_TIMEOUT_S, 5]


def test_a_file_that_cannot_be_checked_raises(client: Any, service: FakeService) -> None:
    service.script["POST /v1/checks"] = [httpx.Response(422, json={"message": "No media."})]
    with pytest.raises(UnprocessableEntity, match="No media"):
        client.v1.checks.create(file_path="https://example.com/stray.mp4")
