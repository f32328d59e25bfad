"""What may be asked for beside the Magic Hour API: faces, scales, seeds, several voices; and estimates."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from lipwright.server.jobs.model import LipSyncSpec, TalkingPhotoSpec
from lipwright.server.jobs.repository import get_job
from lipwright.server.products.lip_sync.schemas import LipSyncRequest
from lipwright.server.products.speech.schemas import SpeechRequest
from lipwright.server.products.talking_photo.schemas import TalkingPhotoRequest
from lipwright.server.services import Services
from tests.server.callers import Caller, new_caller


def spec_of(services: Services, answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    with services.database.read() as connection:
        job = get_job(connection, answer.json()["id"])
    assert job is not None
    return job.spec


def sync_body(caller: Caller, style: Any = None, **assets: Any) -> dict[str, Any]:
    given = {"video_source": "file", "video_file_path": caller.upload("video", "mp4"), **assets}
    return {"start_seconds": 0, "end_seconds": 1, "assets": given, **({"style": style} if style else {})}


def test_what_is_chosen_of_a_photo_reaches_the_job(services: Services, caller: Caller) -> None:
    style = {"face": 2, "mouth": 0, "head": 1.5, "blinks": 0.5, "expression": 3, "seed": 41}
    spec = spec_of(services, caller.post("/v1/ai-talking-photo", caller.photo_body(style=style)))
    assert isinstance(spec, TalkingPhotoSpec)
    found = (spec.face, spec.mouth_scale, spec.head_scale, spec.blink_scale, spec.expression_scale, spec.seed)
    assert found == (2, 0, 1.5, 0.5, 3, 41)


def test_a_photo_of_which_nothing_is_chosen_is_as_before(services: Services, caller: Caller) -> None:
    spec = spec_of(services, caller.post("/v1/ai-talking-photo", caller.photo_body()))
    assert (spec.face, spec.mouth_scale, spec.seed) == ("largest", 1.0, 0)


@pytest.mark.parametrize(
    "style",
    [{"mouth": 3.1}, {"head": -0.1}, {"face": -1}, {"face": "smallest"}, {"seed": 1.5}, {"blinks": "much"}],
    ids=str,
)
def test_a_choice_out_of_its_range_is_refused(caller: Caller, style: dict[str, Any]) -> None:
    answer = caller.post("/v1/ai-talking-photo", caller.photo_body(style=style))
    assert answer.status_code == 400
    assert f"style.{next(iter(style))}" in answer.json()["message"]


def test_a_text_is_spoken_by_a_lip_sync(services: Services, caller: Caller) -> None:
    style = {"face": "speaking", "loop": True, "keep_sound_db": -12, "mouth": 0.8, "seed": 3}
    body = sync_body(caller, style, text="Hello.", voice="en-us-male")
    spec = spec_of(services, caller.post("/v1/lip-sync", body))
    assert isinstance(spec, LipSyncSpec)
    assert (spec.audio, spec.text, spec.voice) == (None, "Hello.", "en-us-male")
    chosen = (spec.face, spec.loop, spec.keep_sound_db, spec.mouth_scale, spec.seed)
    assert chosen == ("speaking", True, -12, 0.8, 3)


def test_each_of_several_people_has_a_voice(services: Services, caller: Caller) -> None:
    voices = [
        {"face": 0, "audio_file_path": caller.upload("audio", "mp3")},
        {"face": 1, "text": "And I say this."},
        {"face": 3, "audio_file_path": caller.upload("audio", "wav")},
    ]
    spec = spec_of(services, caller.post("/v1/lip-sync", sync_body(caller, voices=voices)))
    assert [person.face for person in spec.voices] == [0, 1, 3]
    assert [person.audio and person.audio.name for person in spec.voices] == ["audio", None, "audio-2"]


@pytest.mark.parametrize(
    ("assets", "word"),
    [
        ({}, "Missing required field: assets.audio_file_path"),
        (
            {"text": "Hi.", "audio_file_path": "api-assets/x/audio.mp3"},
            "one of audio_file_path, text and voices",
        ),
        ({"voices": []}, "assets.voices"),
        ({"voices": [{"face": 0}]}, "either audio_file_path or text"),
        ({"voices": [{"face": 0, "text": "a"}, {"face": 0, "text": "b"}]}, "one voice for each face"),
    ],
    ids=str,
)
def test_somebody_has_to_say_something_in_one_way(caller: Caller, assets: dict[str, Any], word: str) -> None:
    answer = caller.post("/v1/lip-sync", sync_body(caller, **assets))
    assert answer.status_code == 400
    assert word in answer.json()["message"]


def test_a_body_without_the_new_fields_is_known_again_under_its_key() -> None:
    """What a repeat is compared by must not change with a version that knows more fields."""
    photo = TalkingPhotoRequest.model_validate(
        {
            "start_seconds": 0,
            "end_seconds": 1,
            "assets": {"image_file_path": "a", "audio_file_path": "b"},
            "style": {},
        }
    ).model_dump_json()
    sync = LipSyncRequest.model_validate(
        {
            "start_seconds": 0,
            "end_seconds": 1,
            "assets": {"video_source": "file", "audio_file_path": "b"},
            "style": {},
        }
    ).model_dump_json()
    speech = SpeechRequest.model_validate({"style": {"prompt": "Hello", "voice_name": "Morgan Freeman"}})
    known = photo + sync + speech.model_dump_json()
    words = (
        "face",
        "mouth",
        "seed",
        "loop",
        "voices",
        "keep_sound",
        "blinks",
        "expression",
        "rate",
        "language",
    )
    for word in words:
        assert f'"{word}' not in known
    assert (
        '"assets":{"video_source":"file","video_file_path":null,"youtube_url":null,"audio_file_path":"b"}'
        in sync
    )


def estimate(caller: Caller, product: str, order: dict[str, Any], **sources: Any) -> dict[str, Any]:
    body = {"product": product, "order": order, **({"sources": sources} if sources else {})}
    answer = caller.post("/v1/estimates", body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


PHOTO = {"image_file_path": "api-assets/none/image.png", "audio_file_path": "api-assets/none/audio.mp3"}


def test_an_estimate_costs_what_the_job_is_charged(services: Services, http: httpx.Client) -> None:
    caller = new_caller(services, http)
    body = caller.photo_body(end_seconds=4)
    found = estimate(caller, "ai-talking-photo", body, image_width=1001, image_height=500, audio_seconds=60)
    assert found["credits"] == caller.post("/v1/ai-talking-photo", body).json()["credits_charged"]
    assert (found["width"], found["height"], found["frame_rate"]) == (1000, 500, 30)
    assert found["error"] is None
    longer = estimate(
        caller, "ai-talking-photo", {**body, "end_seconds": 8}, image_width=1001, image_height=500
    )
    assert longer["credits"] == 2 * found["credits"]
    assert longer["seconds_estimate"] > found["seconds_estimate"] > 0
    assert len(caller.get("/v1/video-projects").json()["items"]) == 1, "an estimate makes no project"


def test_an_estimate_of_a_lip_sync_follows_mode_and_frame_rate(caller: Caller) -> None:
    assets = {"video_source": "file", "video_file_path": "api-assets/x/video.mp4", "text": "Hello."}
    order = {"start_seconds": 0, "end_seconds": 10, "assets": assets}
    size = {"video_width": 1920, "video_height": 1080}
    lite = estimate(caller, "lip-sync", order, video_frame_rate=30, **size)
    pro = estimate(
        caller, "lip-sync", {**order, "style": {"generation_mode": "pro"}}, video_frame_rate=30, **size
    )
    fast = estimate(caller, "lip-sync", order, video_frame_rate=60, **size)
    slowed = estimate(caller, "lip-sync", {**order, "max_fps_limit": 15}, video_frame_rate=60, **size)
    assert pro["credits"] > lite["credits"]
    assert fast["credits"] == 2 * lite["credits"]
    assert slowed["frame_rate"] == 15
    assert slowed["seconds_estimate"] < fast["seconds_estimate"]


@pytest.mark.parametrize(
    ("plan", "order", "code", "word"),
    [
        (
            "unlimited",
            {"start_seconds": 3, "end_seconds": 1, "assets": PHOTO},
            "invalid_parameters",
            "greater",
        ),
        ("unlimited", {"assets": {}}, "invalid_parameters", "assets.image_file_path"),
        ("free", {"start_seconds": 0, "end_seconds": 60, "assets": PHOTO}, "insufficient_credits", "missing"),
    ],
    ids=str,
)
def test_why_an_order_would_be_refused_is_said_before(
    services: Services, http: httpx.Client, plan: str, order: dict[str, Any], code: str, word: str
) -> None:
    caller = new_caller(services, http, plan)
    error = estimate(caller, "ai-talking-photo", order)["error"]
    assert error["code"] == code
    assert word in error["message"]


def test_what_a_plan_changes_is_said(services: Services, http: httpx.Client) -> None:
    caller = new_caller(services, http, "free")
    order = {"start_seconds": 0, "end_seconds": 1, "assets": PHOTO, "max_resolution": 4096}
    found = estimate(caller, "ai-talking-photo", order, image_width=4000, image_height=4000)
    assert [one["code"] for one in found["limits"]] == ["resolution"]
    assert found["width"] < 4000


def test_a_text_to_be_spoken_costs_by_its_length(caller: Caller) -> None:
    order = {"style": {"prompt": "a" * 100, "voice_name": "Anna"}}
    assert estimate(caller, "ai-voice-generator", order)["credits"] > 0


def test_the_label_of_a_plan_counts_before_that_of_an_order(
    services: Services, http: httpx.Client, caller: Caller
) -> None:
    free = new_caller(services, http, "free")
    labels = []
    for somebody in (caller, free):
        for path, body in (
            ("/v1/ai-talking-photo", somebody.photo_body()),
            ("/v1/lip-sync", {**sync_body(somebody, text="Hi."), "end_seconds": 0.2}),
        ):
            for order in (body, {**body, "label": "Made by AI"}):
                labels.append(spec_of(services, somebody.post(path, order)).label)
    assert labels == [None, "Made by AI"] * 2 + ["AI generated"] * 4
    assert free.get("/v1/account").json()["plan"]["label"] == "AI generated"
    assert caller.get("/v1/account").json()["plan"]["label"] is None
    for wrong in ("", "x" * 61):
        assert caller.post("/v1/ai-talking-photo", caller.photo_body(label=wrong)).status_code == 400
