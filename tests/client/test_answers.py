"""What comes back: typed values, typed errors, and tolerance for what is new."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import httpx
import pytest

import lipwright_client
from lipwright_client import ApiError, ConnectionFailed, TimedOut, UnexpectedAnswer, VideoProject
from tests.client.clients import MakeClient
from tests.client.fake_service import FakeService, project

LOOK = "GET /v1/video-projects/p1"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, "BadRequest"),
        (401, "Unauthorized"),
        (402, "PaymentRequired"),
        (403, "Forbidden"),
        (404, "NotFound"),
        (409, "Conflict"),
        (413, "UploadTooLarge"),
        (418, "ApiError"),
        (422, "UnprocessableEntity"),
        (429, "RateLimited"),
        (500, "ServerError"),
        (503, "ServerError"),
    ],
)
def test_every_refusal_has_its_type(
    make_client: MakeClient, service: FakeService, status: int, kind: str
) -> None:
    service.script[LOOK] = [httpx.Response(status, json={"message": "Not like this.", "more": 1})]
    with pytest.raises(ApiError) as caught:
        make_client(max_retries=0).v1.video_projects.get("p1")
    assert type(caught.value) is getattr(lipwright_client, kind)
    assert caught.value.status_code == status
    assert caught.value.message == "Not like this."
    assert caught.value.body == {"message": "Not like this.", "more": 1}
    assert caught.value.response.status_code == status
    assert str(caught.value) == f"{status}: Not like this."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Not Found"),
        (b"<html>a proxy's page</html>", "<html>a proxy's page</html>"),
        (b'{"detail": 1}', '{"detail": 1}'),
        (b"[]", "[]"),
        (b"\xff\xfe", "\ufffd\ufffd"),
    ],
)
def test_a_refusal_without_a_message_is_quoted(
    client: Any, service: FakeService, content: bytes, message: str
) -> None:
    service.script[LOOK] = [httpx.Response(404, content=content)]
    with pytest.raises(ApiError) as caught:
        client.v1.video_projects.get("p1")
    assert caught.value.message == message


@pytest.mark.parametrize(
    "content", [b"", b"null", b"[]", b"not json", b'{"id": "p1"}', b'{"id": 7, "status": []}']
)
def test_an_answer_that_breaks_the_contract_is_an_error(
    client: Any, service: FakeService, content: bytes
) -> None:
    service.script[LOOK] = [httpx.Response(200, content=content)]
    with pytest.raises(UnexpectedAnswer, match="GET /v1/video-projects/p1"):
        client.v1.video_projects.get("p1")


@pytest.mark.parametrize("status", [301, 307])
def test_a_redirect_says_that_the_base_address_is_wrong(
    client: Any, service: FakeService, status: int
) -> None:
    service.script[LOOK] = [httpx.Response(status, headers={"location": "https://elsewhere.test"})]
    with pytest.raises(UnexpectedAnswer, match="base address"):
        client.v1.video_projects.get("p1")


def test_no_answer_in_time_is_told_apart_from_no_connection(
    make_client: MakeClient, service: FakeService
) -> None:
    client = make_client(max_retries=0)
    service.script[LOOK] = [httpx.ReadTimeout("slow"), httpx.ConnectError("refused")]
    with pytest.raises(TimedOut, match=r"http://service\.test did not answer in time"):
        client.v1.video_projects.get("p1")
    with pytest.raises(ConnectionFailed, match="Check that the server runs") as caught:
        client.v1.video_projects.get("p1")
    assert not isinstance(caught.value, TimedOut)


def test_unknown_fields_and_states_are_kept(client: Any, service: FakeService) -> None:
    service.states = [project("paused", colour="blue", downloads=[])]
    result = client.v1.video_projects.get("p1")
    assert result.status == "paused"
    assert not result.is_finished
    assert result.colour == "blue"


def test_old_fields_may_be_absent(client: Any, service: FakeService) -> None:
    newer = project()
    del newer["total_frame_cost"], newer["download"]
    service.states = [newer]
    assert client.v1.video_projects.get("p1").downloads[0].url.endswith("output.mp4?sig=1")


def test_answers_are_values() -> None:
    video = VideoProject.model_validate(project())
    assert copy.deepcopy(video) == video == pickle.loads(pickle.dumps(video))
    with pytest.raises(ValueError, match="frozen"):
        video.status = "queued"
    assert VideoProject.model_validate_json(video.model_dump_json()) == video
