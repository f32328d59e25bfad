"""When a call is sent again, and that nobody pays twice."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from lipwright_client import ConnectionFailed, RateLimited, ServerError, TimedOut
from tests.client.clients import MakeClient
from tests.client.fake_service import TOKEN, FakeService, project

CREATE = "POST /v1/ai-talking-photo"
LOOK = "GET /v1/video-projects/p1"
VENDOR = "https://api.magichour.ai"


def create(client: Any, **more: Any) -> Any:
    return client.v1.ai_talking_photo.create(
        assets={"image_file_path": "api-assets/a.png", "audio_file_path": "api-assets/b.mp3"},
        start_seconds=0,
        end_seconds=1,
        **more,
    )


def busy(status: int = 503, **headers: str) -> httpx.Response:
    return httpx.Response(status, json={"message": "Busy"}, headers=headers)


def test_a_create_whose_answer_was_lost_is_repeated_under_the_same_key(
    client: Any, service: FakeService
) -> None:
    service.script[CREATE] = [httpx.ReadTimeout("slow"), httpx.ReadError("reset"), busy(502)]
    assert create(client).id == "p1"
    keys = [call.headers["idempotency-key"] for call in service.named(CREATE)]
    assert len(keys) == 4
    assert len(set(keys)) == 1


def test_two_creates_have_two_keys(client: Any, service: FakeService) -> None:
    create(client)
    create(client)
    first, second = service.named(CREATE)
    assert first.headers["idempotency-key"] != second.headers["idempotency-key"]


def test_the_caller_may_choose_the_key(client: Any, service: FakeService) -> None:
    create(client, idempotency_key="order 17")
    assert service.named(CREATE)[0].headers["idempotency-key"] == "order 17"


@pytest.mark.parametrize("lost", [lambda: httpx.ReadTimeout("slow"), lambda: busy(500), lambda: busy(503)])
def test_a_create_is_not_repeated_where_keys_are_not_kept(
    make_client: MakeClient, service: FakeService, lost: Any
) -> None:
    service.script[CREATE] = [lost()]
    with pytest.raises((TimedOut, ServerError)):
        create(make_client(base_url=VENDOR))
    assert len(service.named(CREATE)) == 1


@pytest.mark.parametrize(
    "unseen",
    [lambda: httpx.ConnectError("refused"), lambda: httpx.ConnectTimeout("slow"), lambda: busy(429)],
)
def test_a_create_that_was_never_accepted_is_repeated_everywhere(
    make_client: MakeClient, service: FakeService, unseen: Any
) -> None:
    service.script[CREATE] = [unseen()]
    assert create(make_client(base_url=VENDOR)).id == "p1"


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 422])
def test_a_refusal_is_not_repeated(client: Any, service: FakeService, status: int) -> None:
    service.script[LOOK] = [busy(status)]
    with pytest.raises(Exception, match="Busy"):
        client.v1.video_projects.get("p1")
    assert len(service.calls) == 1


def test_the_number_of_repeats_has_a_limit(make_client: MakeClient, service: FakeService) -> None:
    service.script[LOOK] = [busy() for _ in range(9)]
    with pytest.raises(ServerError):
        make_client(max_retries=2).v1.video_projects.get("p1")
    assert len(service.calls) == 3
    with pytest.raises(ServerError):
        make_client(max_retries=0).v1.video_projects.get("p1")
    assert len(service.calls) == 4


def test_the_pauses_grow(make_client: MakeClient, service: FakeService, naps: list[float]) -> None:
    service.script[LOOK] = [httpx.ConnectError("refused") for _ in range(9)]
    with pytest.raises(ConnectionFailed, match="cannot be reached"):
        make_client(max_retries=6).v1.video_projects.get("p1")
    full = [0.5, 1, 2, 4, 8, 8]
    assert len(naps) == len(full)
    assert all(whole / 2 <= nap <= whole for nap, whole in zip(naps, full, strict=True))


def test_the_server_may_say_how_long_to_wait(client: Any, service: FakeService, naps: list[float]) -> None:
    service.script[LOOK] = [busy(429, **{"retry-after": "7"})]
    client.v1.video_projects.get("p1")
    assert naps == [7]


def test_a_wait_too_long_to_be_silent_about_is_an_error(
    client: Any, service: FakeService, naps: list[float]
) -> None:
    service.script[LOOK] = [busy(429, **{"retry-after": "3600"})]
    with pytest.raises(RateLimited):
        client.v1.video_projects.get("p1")
    assert naps == []


def test_waiting_for_a_job_survives_an_outage(client: Any, service: FakeService, naps: list[float]) -> None:
    service.states = [project("complete")]
    service.script[LOOK] = [httpx.ConnectError("restarting") for _ in range(15)]
    assert client.v1.video_projects.check_result("p1").status == "complete"
    assert sum(naps) > 30


def test_nothing_is_repeated_where_repeats_are_switched_off(
    make_client: MakeClient, service: FakeService
) -> None:
    service.script[LOOK] = [httpx.ConnectError("restarting")]
    with pytest.raises(ConnectionFailed):
        make_client(max_retries=0).v1.video_projects.check_result("p1")


def test_the_key_goes_to_the_server_only(client: Any, service: FakeService, tmp_path: Any) -> None:
    (tmp_path / "face.png").write_bytes(b"a picture")
    client.v1.files.upload_file(str(tmp_path / "face.png"))
    client.v1.video_projects.check_result("p1")
    for call in service.calls:
        is_api = call.url.path.startswith("/v1/")
        assert call.headers.get("authorization") == (f"Bearer {TOKEN}" if is_api else None)
    assert {call.url.path.startswith("/v1/") for call in service.calls} == {True, False}


def test_no_header_is_sent_without_a_key(make_client: MakeClient, service: FakeService) -> None:
    with pytest.raises(Exception, match="Unauthorized"):
        make_client(token=None).v1.video_projects.get("p1")
    assert "authorization" not in service.calls[0].headers


def test_one_call_may_have_its_own_options(client: Any, service: FakeService) -> None:
    client.v1.video_projects.get(
        "p1",
        request_options={
            "timeout": 3,
            "additional_headers": {"X-Trace": "t1"},
            "additional_params": {"verbose": "1"},
        },
    )
    call = service.calls[0]
    assert call.headers["x-trace"] == "t1"
    assert call.url.params["verbose"] == "1"
    assert call.extensions["timeout"]["read"] == 3
