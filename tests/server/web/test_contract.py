"""The answers of the Magic Hour API, field by field and word by word, without workers."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from lipwright.server.services import Services
from tests.server.callers import Caller, new_caller

VIDEO_KEYS = {
    "id",
    "name",
    "status",
    "type",
    "created_at",
    "width",
    "height",
    "enabled",
    "start_seconds",
    "end_seconds",
    "fps",
    "credits_charged",
    "total_frame_cost",
    "error",
    "downloads",
    "download",
}
AUDIO_KEYS = {
    "id",
    "name",
    "status",
    "type",
    "created_at",
    "enabled",
    "credits_charged",
    "downloads",
    "error",
}


def sync_body(caller: Caller, **changes: Any) -> dict[str, Any]:
    assets = {
        "video_source": "file",
        "video_file_path": caller.upload("video", "mp4"),
        "audio_file_path": caller.upload("audio", "wav"),
    }
    return {"start_seconds": 2, "end_seconds": 12, "assets": assets, **changes}


# --- who calls ---


@pytest.mark.parametrize(
    "header",
    [
        {},  # no header at all, as a client without a token sends
        {"authorization": "Bearer"},
        {"authorization": "Bearer nobodys-key"},
        {"authorization": "Basic dXNlcjpwYXNz"},
        {"authorization": "Bearer " + "x" * 5000},
    ],
)
@pytest.mark.parametrize("path", ["/v1/lip-sync", "/v1/nothing-here"])
def test_without_a_good_key_everything_is_401_with_the_exact_body(
    http: httpx.Client, header: dict[str, str], path: str
) -> None:
    answer = http.post(path, content=b"{not json", headers=header)
    assert (answer.status_code, answer.json()) == (401, {"message": "Unauthorized"})


def test_a_good_key_with_an_empty_object_is_400_so_that_keys_can_be_tested(caller: Caller) -> None:
    assert caller.post("/v1/lip-sync", {}).status_code == 400


@pytest.mark.parametrize("body", [b"{}", b"", b"{not json", b'{"image_count": 1, "style": {"prompt": "x"}}'])
def test_the_sign_in_of_the_mcp_server_tells_a_good_key_from_a_bad_one(caller: Caller, body: bytes) -> None:
    path = "/v1/ai-image-generator"
    good = caller.http.post(path, content=body, headers=caller.headers)
    assert good.status_code == 400
    assert "makes no images" in good.json()["message"]
    bad = {"authorization": "Bearer nobodys-key"}
    for headers in (bad, {}):
        answer = caller.http.post(path, content=body, headers=headers)
        assert (answer.status_code, answer.json()) == (401, {"message": "Unauthorized"})


def test_a_revoked_key_is_no_sign_in(caller: Caller, services: Services) -> None:
    from lipwright.server.accounts.repository import revoke_key

    with services.database.write() as connection:
        assert revoke_key(connection, caller.key) == 1
    assert caller.post("/v1/ai-image-generator", {}).status_code == 401


def test_the_scheme_is_compared_without_regard_to_case(caller: Caller) -> None:
    answer = caller.http.get("/v1/video-projects", headers={"authorization": f"bEARER {caller.key}"})
    assert answer.status_code == 200


def test_a_revoked_key_ends_at_once(caller: Caller, services: Services) -> None:
    from lipwright.server.accounts.repository import revoke_key

    assert caller.get("/v1/video-projects").status_code == 200
    with services.database.write() as connection:
        assert revoke_key(connection, caller.key) == 1
    assert caller.get("/v1/video-projects").status_code == 401


# --- uploads ---


def test_upload_urls_come_in_order_and_file_paths_begin_with_api_assets(caller: Caller) -> None:
    items = [{"type": "image", "extension": "png"}, {"type": "audio", "extension": "mp3"}]
    answer = caller.post("/v1/files/upload-urls", {"items": items})
    assert answer.status_code == 200
    paths = [item["file_path"] for item in answer.json()["items"]]
    assert re.fullmatch(r"api-assets/c[a-z0-9]{24}/image\.png", paths[0])
    assert re.fullmatch(r"api-assets/c[a-z0-9]{24}/audio\.mp3", paths[1])
    for item in answer.json()["items"]:
        assert item["upload_url"].startswith(str(caller.http.base_url))
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", item["expires_at"])


def test_an_extension_of_another_type_is_422_with_the_list(caller: Caller) -> None:
    answer = caller.post("/v1/files/upload-urls", {"items": [{"type": "audio", "extension": "mp4"}]})
    assert answer.status_code == 422
    assert answer.json()["message"] == (
        "'mp4' is an invalid audio extension. Possible extensions are "
        "'mp3, wav, aac, flac, webm, weba, m4a, opus, ogg, oga, aiff, amr'"
    )


@pytest.mark.parametrize("extension", ["gif", "mpeg", "exe"])
def test_extensions_of_other_products_are_refused(caller: Caller, extension: str) -> None:
    answer = caller.post("/v1/files/upload-urls", {"items": [{"type": "video", "extension": extension}]})
    assert answer.status_code == 422


# --- 400: the message ---


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("/v1/lip-sync", b"", "Missing request body"),
        ("/v1/lip-sync", b"{", "Request body is not valid JSON"),
        ("/v1/lip-sync", b"[]", "Invalid type for request body: expected object, got array"),
        ("/v1/files/upload-urls", b"{}", "Missing required field: items (expected array)"),
        (
            "/v1/files/upload-urls",
            b'{"items": [{"type": "image"}]}',
            "Missing required field: items[0].extension (expected string)",
        ),
        (
            "/v1/lip-sync",
            b'{"end_seconds": 1, "max_fps_limit": "12",'
            b' "assets": {"video_source": "file", "audio_file_path": "api-assets/x/y.mp3"}}',
            "Missing required field: start_seconds (expected number); "
            "Invalid type for max_fps_limit: expected number, got string",
        ),
        (
            "/v1/ai-talking-photo",
            b'{"end_seconds": 1, "assets": {"image_file_path": "a.png", "audio_file_path": "b.mp3"}}',
            "Missing required field: start_seconds (expected number)",
        ),
        (
            "/v1/ai-talking-photo",
            b"{}",
            "Missing required field: start_seconds (expected number); "
            "Missing required field: end_seconds (expected number); "
            "Missing required field: assets (expected object)",
        ),
        (
            "/v1/ai-talking-photo",
            b'{"start_seconds": null, "end_seconds": 1, "assets": {}, "resolution": 5}',
            "Missing required field: start_seconds (expected number); "
            "Missing required field: assets.image_file_path (expected string); "
            "Missing required field: assets.audio_file_path (expected string); "
            "Invalid value for resolution: expected one of '480p' or '720p', got 5",
        ),
        (
            "/v1/ai-talking-photo",
            b'{"assets": {"text": "Hello."}}',
            "Missing required field: assets.image_file_path (expected string)",
        ),
        (
            "/v1/lip-sync",
            b"{}",
            "Missing required field: start_seconds (expected number); "
            "Missing required field: end_seconds (expected number); "
            "Missing required field: assets (expected object)",
        ),
        (
            "/v1/ai-talking-photo",
            b'{"start_seconds": -1, "end_seconds": 0.01, "max_resolution": 720.5, "name": 7,'
            b' "assets": {"image_file_path": "", "audio_file_path": "b.mp3"},'
            b' "style": {"generation_mode": "expressive", "intensity": 3}}',
            "Invalid type for name: expected string, got number; "
            "Invalid value for start_seconds: expected at least 0, got -1; "
            "Invalid value for end_seconds: expected at least 0.1, got 0.01; "
            "Invalid value for assets.image_file_path: expected at least 1 character, got 0; "
            "Invalid value for style.intensity: expected 0.1 to 2; "
            "Invalid type for max_resolution: expected integer, got number",
        ),
        (
            "/v1/ai-voice-generator",
            b'{"style": {"prompt": "' + b"x" * 1001 + b'", "voice_name": ""}}',
            "Invalid value for style.prompt: expected at most 1000 characters, got 1001; "
            "Invalid value for style.voice_name: expected at least 1 character, got 0",
        ),
        (
            "/v1/files/upload-urls",
            b'{"items": []}',
            "Invalid value for items: expected at least 1 item, got 0",
        ),
        (
            "/v1/files/upload-urls",
            b'{"items": [{"type": "film", "extension": ".png"}]}',
            "Invalid value for items[0].type: expected one of 'video', 'audio' or 'image', got 'film'; "
            "Invalid value for items[0].extension: expected text like ^[a-z0-9]+$, got '.png'",
        ),
        (
            "/v1/lip-sync",
            b'{"start_seconds": 1e999, "end_seconds": 1'
            + b"0" * 400
            + b', "max_fps_limit": 0.5, "width": true,'
            b' "assets": {"video_source": "file", "audio_file_path": "b.mp3"}}',
            "Invalid type for start_seconds: expected finite number, got number; "
            "Invalid value for end_seconds: expected a smaller number; "
            "Invalid value for max_fps_limit: expected at least 1, got 0.5; "
            "Invalid type for width: expected integer, got boolean",
        ),
        (
            "/v1/ai-voice-generator",
            b'{"style": {"prompt": 5, "voice_name": null}}',
            "Invalid type for style.prompt: expected string, got number; "
            "Invalid type for style.voice_name: expected string, got null",
        ),
    ],
)
def test_a_body_that_breaks_the_schema_is_400_and_the_message_names_every_field(
    caller: Caller, path: str, body: bytes, message: str
) -> None:
    answer = caller.http.post(path, content=body, headers=caller.headers)
    assert (answer.status_code, answer.json()) == (400, {"message": message})


@pytest.mark.parametrize(
    "change",
    [
        {"start_seconds": -1},
        {"end_seconds": 0.01},
        {"end_seconds": True},
        {"style": {"generation_mode": "wild"}},
        {"resolution": "1080p"},
        {"max_resolution": "big"},
        {"assets": {"image_file_path": "", "audio_file_path": ""}},
        {"name": "half a \ud83d pair"},
        {"name": "zero \0 inside"},
        {"style": {"generation_mode": "expressive", "intensity": 3}},
    ],
)
def test_a_value_out_of_its_range_or_type_is_400(caller: Caller, change: dict[str, Any]) -> None:
    import json

    body = json.dumps(caller.photo_body() | change)
    answer = caller.http.post("/v1/ai-talking-photo", content=body, headers=caller.headers)
    assert answer.status_code == 400, answer.text


@pytest.mark.parametrize("number", ["720.0", "720", "7.2e2", "720.000", "72e1", "1e300", "null"])
def test_a_whole_number_may_be_written_with_a_point(caller: Caller, number: str) -> None:
    import json

    body = json.dumps(caller.photo_body() | {"max_resolution": "HERE"}).replace('"HERE"', number)
    answer = caller.http.post("/v1/ai-talking-photo", content=body, headers=caller.headers)
    assert answer.status_code == 200, answer.text
    sides = {"height": "HERE", "width": "HERE"}
    body = json.dumps(sync_body(caller) | sides).replace('"HERE"', number)
    answer = caller.http.post("/v1/lip-sync", content=body, headers=caller.headers)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("number", ["720.5", "true", '"720"', "1e999", "-1.0", "0.0", "[720]"])
def test_what_is_no_whole_number_is_400(caller: Caller, number: str) -> None:
    import json

    body = json.dumps(caller.photo_body() | {"max_resolution": "HERE"}).replace('"HERE"', number)
    answer = caller.http.post("/v1/ai-talking-photo", content=body, headers=caller.headers)
    assert answer.status_code == 400
    assert "max_resolution" in answer.json()["message"]


@pytest.mark.parametrize(("length", "status"), [(1, 200), (999, 200), (1000, 200), (1001, 400), (0, 400)])
def test_a_text_to_be_spoken_has_1_to_1000_characters(caller: Caller, length: int, status: int) -> None:
    for letter in ("x", "\u00e9", "\U0001f600"):  # characters, not bytes
        body = {"style": {"prompt": letter * length, "voice_name": "x"}}
        assert caller.post("/v1/ai-voice-generator", body).status_code == status


def test_a_name_of_a_voice_is_never_refused(caller: Caller) -> None:
    body = {"style": {"prompt": "Hello.", "voice_name": "Somebody with a long name " * 40}}
    assert caller.post("/v1/ai-voice-generator", body).status_code == 200


def test_an_extension_of_any_length_is_refused_with_the_list(caller: Caller) -> None:
    items = [{"type": "image", "extension": "superlongextension" * 1000}]
    answer = caller.post("/v1/files/upload-urls", {"items": items})
    assert answer.status_code == 422
    assert "png" in answer.json()["message"]
    assert len(answer.json()["message"]) < 400


def test_the_message_names_the_type_of_every_field_that_can_be_missing(http: httpx.Client) -> None:
    from lipwright.server.request_body import describe_problems

    document = http.get("/openapi.json").json()
    schemas = document["components"]["schemas"]

    def demanded(schema: dict[str, Any], path: tuple[str | int, ...]) -> None:
        schema = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
        if "items" in schema:
            demanded(schema["items"], (*path, 0))
        for name, inner in schema.get("properties", {}).items():
            if name in schema.get("required", ()):
                kind = inner.get("type") or schemas[inner["$ref"].rpartition("/")[2]]["type"]
                told = describe_problems([{"type": "missing", "loc": ("body", *path, name)}])
                assert told.endswith(f"(expected {kind})"), told
                seen.append(told)
            demanded(inner, (*path, name))

    seen: list[str] = []
    for methods in document["paths"].values():
        for operation in methods.values():
            if "requestBody" in operation:
                demanded(operation["requestBody"]["content"]["application/json"]["schema"], ())
    assert len(seen) > 10


# --- talking photo ---


def test_a_talking_photo_of_the_reference_generation_is_accepted(caller: Caller) -> None:
    body = caller.photo_body(
        name="Welcome clip", end_seconds=6.4, style={"generation_mode": "realistic"}, resolution="480p"
    )
    answer = caller.post("/v1/ai-talking-photo", body)
    assert answer.status_code == 200
    assert re.fullmatch(r"c[a-z0-9]{24}", answer.json()["id"])
    # 6.4 s at 48 a second, rounded up; the old name of the field is there, too.
    assert answer.json() == {
        "id": answer.json()["id"],
        "credits_charged": 308,
        "estimated_frame_cost": 308,
    }
    assert ": 308" in answer.text or ":308," in answer.text, "integers have no decimal point"


@pytest.mark.parametrize(
    ("mode", "credits"),
    [
        (None, 96),
        ("realistic", 96),
        ("pro", 96),
        ("stable", 96),
        ("prompted", 40),
        ("standard", 40),
        ("expressive", 40),
    ],
)
def test_all_modes_of_all_generations_are_accepted(caller: Caller, mode: str | None, credits: int) -> None:
    style = {"style": {"generation_mode": mode}} if mode else {}
    answer = caller.post("/v1/ai-talking-photo", caller.photo_body(**style))
    assert answer.json()["credits_charged"] == credits


def test_the_vendors_own_sample_values_are_accepted(caller: Caller) -> None:
    body = caller.photo_body(
        name="My Talking Photo image",
        start_seconds=0.0,
        end_seconds=15.0,
        max_resolution=1024,
        style={"generation_mode": "realistic", "intensity": 123.45, "prompt": "string"},
    )
    assert caller.post("/v1/ai-talking-photo", body).status_code == 200
    lip_sync = sync_body(caller, name="My Lip Sync video", start_seconds=0.0, end_seconds=15.0)
    lip_sync |= {"max_fps_limit": 12.0, "height": 123, "width": 123, "style": {"generation_mode": "lite"}}
    lip_sync["assets"]["youtube_url"] = "http://www.example.com"
    assert caller.post("/v1/lip-sync", lip_sync).status_code == 200


def test_null_means_absent_and_further_fields_are_ignored(caller: Caller) -> None:
    body = caller.photo_body(name=None, style=None, resolution=None, max_resolution=None, colour="blue")
    assert caller.post("/v1/ai-talking-photo", body).status_code == 200


def test_a_text_can_take_the_place_of_a_sound(caller: Caller) -> None:
    assets = {"image_file_path": caller.upload("image", "png"), "text": "Good morning.", "voice": "de"}
    answer = caller.post("/v1/ai-talking-photo", {"assets": assets})
    assert answer.status_code == 200
    without = caller.post("/v1/ai-talking-photo", {"assets": {"image_file_path": assets["image_file_path"]}})
    assert without.status_code == 400
    assert "assets.audio_file_path" in without.json()["message"]
    assert "start_seconds" in without.json()["message"]


def test_words_can_hold_for_stretches_of_the_video(caller: Caller) -> None:
    rows = [
        {"start_seconds": 0, "end_seconds": 1.5, "prompt": "happy:0.4"},
        {"start_seconds": 1, "prompt": "sad"},
    ]
    body = caller.photo_body(style={"generation_mode": "realistic", "direction": rows})
    answer = caller.post("/v1/ai-talking-photo", body)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([{"start_seconds": 0}], "Missing required field: style.direction[0].prompt"),
        ([{"prompt": "happy"}], "Missing required field: style.direction[0].start_seconds"),
        ([{"start_seconds": -1, "prompt": "happy"}], "style.direction[0].start_seconds: expected at least 0"),
        ([{"start_seconds": 2, "end_seconds": 1, "prompt": "sad"}], "end_seconds must be greater than"),
        ([{"start_seconds": 0, "prompt": "x" * 501}], "expected at most 500 characters"),
        ([{"start_seconds": 0, "prompt": "sad"}] * 101, "style.direction: expected at most 100 items"),
        ("happy", "Invalid type for style.direction: expected array"),
    ],
)
def test_directions_that_make_no_sense_are_refused(caller: Caller, rows: object, words: str) -> None:
    answer = caller.post("/v1/ai-talking-photo", caller.photo_body(style={"direction": rows}))
    assert answer.status_code == 400
    assert words in answer.json()["message"]


def test_a_clip_can_say_how_a_picture_moves(caller: Caller) -> None:
    body = caller.photo_body()
    body["assets"]["motion_file_path"] = caller.upload("video", "mp4")
    assert caller.post("/v1/ai-talking-photo", body).status_code == 200


def test_a_clip_of_motion_can_be_cut(caller: Caller) -> None:
    body = caller.photo_body()
    body["assets"] |= {
        "motion_file_path": caller.upload("video", "mp4"),
        "motion_start_seconds": 1.5,
        "motion_end_seconds": 4,
    }
    assert caller.post("/v1/ai-talking-photo", body).status_code == 200


@pytest.mark.parametrize("has_clip", [True, False])
def test_a_stretch_of_motion_has_a_clip_and_a_length(caller: Caller, has_clip: bool) -> None:
    body = caller.photo_body()
    body["assets"] |= {"motion_start_seconds": 4, "motion_end_seconds": 4 if has_clip else 5}
    if has_clip:
        body["assets"]["motion_file_path"] = caller.upload("video", "mp4")
    answer = caller.post("/v1/ai-talking-photo", body)
    assert answer.status_code == 400
    assert "motion_start_seconds" in answer.json()["message"]


@pytest.mark.parametrize("named", ["api-assets/of/somebody-else.mp4", "clip.mp4"])
def test_a_clip_has_to_be_a_file_of_the_caller(caller: Caller, named: str) -> None:
    body = caller.photo_body()
    body["assets"]["motion_file_path"] = named
    answer = caller.post("/v1/ai-talking-photo", body)
    assert answer.status_code == 422
    assert named in answer.json()["message"]


def test_a_clip_has_to_be_a_video(caller: Caller) -> None:
    body = caller.photo_body()
    body["assets"]["motion_file_path"] = caller.upload("audio", "mp3")
    answer = caller.post("/v1/ai-talking-photo", body)
    assert answer.status_code == 422
    assert "invalid motion extension" in answer.json()["message"]


def test_a_performance_takes_the_place_of_a_sound_and_needs_a_stretch(caller: Caller) -> None:
    assets = {
        "image_file_path": caller.upload("image", "png"),
        "performance_file_path": caller.upload("video", "mp4"),
    }
    without = caller.post("/v1/ai-talking-photo", {"assets": assets})
    assert without.status_code == 400
    assert "start_seconds" in without.json()["message"]
    body = {"assets": assets, "start_seconds": 0, "end_seconds": 3}
    answer = caller.post("/v1/ai-talking-photo", body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["credits_charged"] == 3 * 48


@pytest.mark.parametrize("other", ["audio_file_path", "text", "motion_file_path"])
def test_a_performance_stands_alone(caller: Caller, other: str) -> None:
    assets = {
        "image_file_path": caller.upload("image", "png"),
        "performance_file_path": caller.upload("video", "mp4"),
        other: "Hello." if other == "text" else caller.upload("video", "mp4"),
    }
    body = {"assets": assets, "start_seconds": 0, "end_seconds": 3}
    answer = caller.post("/v1/ai-talking-photo", body)
    assert answer.status_code == 400
    assert "performance_file_path" in answer.json()["message"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"start_seconds": 2, "end_seconds": 2}, "greater than start_seconds"),
        ({"end_seconds": 301}, "up to 300 s"),
        ({"end_seconds": 46, "style": {"generation_mode": "prompted"}}, "up to 45 s"),
        ({"end_seconds": 61, "style": {"generation_mode": "expressive"}}, "up to 60 s"),
    ],
)
def test_rules_across_fields_are_422(caller: Caller, change: dict[str, Any], words: str) -> None:
    answer = caller.post("/v1/ai-talking-photo", caller.photo_body(**change))
    assert answer.status_code == 422
    assert words in answer.json()["message"]


def test_the_length_that_old_clients_may_ask_for_is_kept(caller: Caller) -> None:
    body = caller.photo_body(end_seconds=60, style={"generation_mode": "standard"})
    assert caller.post("/v1/ai-talking-photo", body).status_code == 200


@pytest.mark.parametrize(
    ("plan", "change", "longer_side_px"),
    [
        ("free", {}, 576),  # the plan's cap lies below the preset
        ("creator", {}, 854),
        ("pro", {}, 1280),
        ("pro", {"style": {"generation_mode": "prompted"}}, 854),
        ("pro", {"resolution": "480p", "max_resolution": 1280}, 854),
        ("pro", {"max_resolution": 700}, 700),
        ("business", {"max_resolution": 4000}, 1280),
        ("unlimited", {"max_resolution": 2000}, 2000),
    ],
)
def test_the_size_is_what_was_asked_within_the_plan(
    services: Services, http: httpx.Client, plan: str, change: dict[str, Any], longer_side_px: int
) -> None:
    from lipwright.server.jobs.model import TalkingPhotoSpec
    from lipwright.server.jobs.repository import get_job

    caller = new_caller(services, http, plan)
    answer = caller.post("/v1/ai-talking-photo", caller.photo_body(**change))
    with services.database.read() as connection:
        job = get_job(connection, answer.json()["id"])
    assert job is not None
    assert isinstance(job.spec, TalkingPhotoSpec)
    assert job.spec.longer_side_px == longer_side_px


# --- lip sync ---


def test_a_lip_sync_of_the_reference_generation_is_accepted(caller: Caller) -> None:
    body = sync_body(caller, name="Dub take 3", max_fps_limit=24, style={"generation_mode": "lite"})
    answer = caller.post("/v1/lip-sync", body)
    assert answer.status_code == 200
    assert answer.json()["credits_charged"] == answer.json()["estimated_frame_cost"] == 240
    job = caller.get(f"/v1/video-projects/{answer.json()['id']}").json()
    assert (job["type"], job["fps"]) == ("LIP_SYNC", 24)


def test_the_pro_mode_costs_twice(caller: Caller) -> None:
    answer = caller.post("/v1/lip-sync", sync_body(caller, style={"generation_mode": "pro"}))
    assert answer.json()["credits_charged"] == 600


def test_the_video_source_decides_which_field_is_read(caller: Caller) -> None:
    missing_file = sync_body(caller)
    del missing_file["assets"]["video_file_path"]
    assert caller.post("/v1/lip-sync", missing_file).status_code == 422
    youtube = sync_body(caller)
    youtube["assets"] |= {
        "video_source": "youtube",
        "youtube_url": "https://youtu.be/x",
        "video_file_path": "",
    }
    assert caller.post("/v1/lip-sync", youtube).status_code == 200


def test_a_clip_of_more_frames_than_allowed_is_422(caller: Caller) -> None:
    answer = caller.post("/v1/lip-sync", sync_body(caller, start_seconds=0, end_seconds=4001))
    assert answer.status_code == 422
    assert "120000" in answer.json()["message"]


def test_a_mode_outside_the_plan_is_403(services: Services, http: httpx.Client) -> None:
    caller = new_caller(services, http, "free")
    answer = caller.post("/v1/lip-sync", sync_body(caller, style={"generation_mode": "pro"}))
    assert answer.status_code == 403


# --- assets ---


@pytest.mark.parametrize(
    "path",
    [
        "api-assets/cm9x3k1p40001l70fz2b8d6qe/image.png",
        "api-assets/../../lipwright.sqlite3.png",
        "api-assets/%2e%2e/%2e%2e/etc/passwd.png",
        "/etc/passwd.png",
        "image.png",
    ],
)
def test_a_file_that_was_never_uploaded_is_422_and_the_message_repeats_it(caller: Caller, path: str) -> None:
    body = caller.photo_body()
    body["assets"]["image_file_path"] = path
    answer = caller.post("/v1/ai-talking-photo", body)
    assert answer.status_code == 422
    assert path in answer.json()["message"]
    assert "pload it first" in answer.json()["message"]


def test_an_announced_file_without_its_upload_is_422(caller: Caller) -> None:
    body = caller.photo_body()
    items = {"items": [{"type": "image", "extension": "png"}]}
    path = caller.post("/v1/files/upload-urls", items).json()["items"][0]["file_path"]
    body["assets"]["image_file_path"] = path
    assert caller.post("/v1/ai-talking-photo", body).status_code == 422


def test_a_sound_is_no_picture_but_a_video_is_a_sound(caller: Caller) -> None:
    wrong = caller.photo_body()
    wrong["assets"]["image_file_path"] = wrong["assets"]["audio_file_path"]
    assert caller.post("/v1/ai-talking-photo", wrong).status_code == 422
    with_video = caller.photo_body()
    with_video["assets"]["audio_file_path"] = caller.upload("video", "webm")
    assert caller.post("/v1/ai-talking-photo", with_video).status_code == 200


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("https://cdn.example.org/face.jpg", 200),
        ("http://user:secret@cdn.example.org/a/face.JPG?size=2#top", 200),
        ("https://cdn.example.org/face", 422),
        ("https://cdn.example.org/page.html?file=face.jpg", 422),
        ("https://", 422),
        ("http://host:port/face.jpg", 422),
        ("https://magichour.ai/my-library?videoId=cm9x3m77a0007l70f0k4vwb1s", 422),
    ],
)
def test_an_address_needs_a_path_with_a_fitting_extension(caller: Caller, address: str, status: int) -> None:
    body = caller.photo_body()
    body["assets"]["image_file_path"] = address
    assert caller.post("/v1/ai-talking-photo", body).status_code == status


# --- projects ---


def test_a_video_job_has_all_sixteen_keys_from_the_start(caller: Caller) -> None:
    job_id = caller.post("/v1/ai-talking-photo", caller.photo_body()).json()["id"]
    answer = caller.get(f"/v1/video-projects/{job_id}")
    assert answer.headers["content-type"].startswith("application/json")
    job = answer.json()
    assert set(job) >= VIDEO_KEYS
    assert (job["status"], job["type"]) == ("queued", "TALKING_PHOTO")
    assert re.fullmatch(r"Talking Photo - \d{4}-\d\d-\d\d \d\d:\d\d", job["name"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", job["created_at"])
    assert (job["width"], job["height"], job["fps"]) == (-1, -1, 30)
    assert job["credits_charged"] == job["total_frame_cost"] == 96
    assert (job["error"], job["downloads"], job["download"]) == (None, [], None)
    assert job["progress"]["fraction"] == 0


def test_an_audio_job_has_all_nine_keys(caller: Caller) -> None:
    body = {"style": {"prompt": "Doors open at nine.", "voice_name": "Anybody At All"}}
    answer = caller.post("/v1/ai-voice-generator", body)
    assert answer.json()["credits_charged"] == 2  # 19 characters at 0.1, rounded up
    job = caller.get(f"/v1/audio-projects/{answer.json()['id']}").json()
    assert set(job) >= AUDIO_KEYS
    assert job["type"] == "VOICE_GENERATOR"
    assert job["name"].startswith("Voice Generator - ")


def test_a_face_detection_has_a_uuid_and_four_keys(caller: Caller) -> None:
    path = caller.upload("image", "png")
    answer = caller.post(
        "/v1/face-detection", {"assets": {"target_file_path": path}, "confidence_score": 0.35}
    )
    assert answer.status_code == 200
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", answer.json()["id"])
    assert answer.json()["credits_charged"] == 0
    found = caller.get(f"/v1/face-detection/{answer.json()['id']}").json()
    assert found == {"id": answer.json()["id"], "credits_charged": 0, "status": "queued", "faces": []}


@pytest.mark.parametrize("confidence", [0.33, 1.05, -0.05, "0.5"])
def test_a_confidence_off_its_steps_is_400(caller: Caller, confidence: object) -> None:
    body = {"assets": {"target_file_path": "api-assets/a/b.png"}, "confidence_score": confidence}
    assert caller.post("/v1/face-detection", body).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/v1/video-projects/cm9x3m77a0007l70f0k4vwb1s",
        "/v1/video-projects/..%2f..%2fetc",
        "/v1/video-projects/%00",
        "/v1/video-projects/" + "x" * 3000,
        "/v1/audio-projects/cm9x3m77a0007l70f0k4vwb1s",
        "/v1/face-detection/6f0d6a52-2a0e-4f8e-9d3e-0b8b6c1e7a11",
        "/v1/nothing-here",
    ],
)
def test_what_is_unknown_is_404_with_the_exact_body(caller: Caller, path: str) -> None:
    answer = caller.get(path)
    assert (answer.status_code, answer.json()) == (404, {"message": "Not Found"})


def test_there_are_no_redirects_for_a_slash_at_the_end(caller: Caller) -> None:
    for path in ("/v1/video-projects/", "/v1/lip-sync/"):
        assert caller.get(path).status_code in (404, 405)


def test_a_deleted_job_stays_readable_and_deleting_twice_is_204(caller: Caller) -> None:
    job_id = caller.post("/v1/ai-talking-photo", caller.photo_body()).json()["id"]
    for _ in range(2):
        answer = caller.delete(f"/v1/video-projects/{job_id}")
        assert (answer.status_code, answer.content) == (204, b"")
    job = caller.get(f"/v1/video-projects/{job_id}").json()
    assert (job["enabled"], job["status"], job["downloads"]) == (False, "canceled", [])
    assert job["credits_charged"] == 0


def test_jobs_are_listed_newest_first_in_pages(caller: Caller) -> None:
    made = [caller.post("/v1/ai-talking-photo", caller.photo_body()).json()["id"] for _ in range(5)]
    first = caller.get("/v1/video-projects", params={"limit": 3}).json()
    rest = caller.get("/v1/video-projects", params={"limit": 3, "cursor": first["next_cursor"]}).json()
    listed = [item["id"] for item in first["items"] + rest["items"]]
    assert sorted(listed) == sorted(made)
    assert rest["next_cursor"] is None
    times = [item["created_at"] for item in first["items"] + rest["items"]]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "cursor=abc", "cursor=9.%00", "status=late"])
def test_a_wrong_page_is_400(caller: Caller, query: str) -> None:
    assert caller.get(f"/v1/video-projects?{query}").status_code == 400


def test_cancel_stops_a_queued_job_and_may_be_repeated(caller: Caller) -> None:
    job_id = caller.post("/v1/ai-talking-photo", caller.photo_body()).json()["id"]
    for _ in range(2):
        answer = caller.post(f"/v1/video-projects/{job_id}/cancel", None)
        assert answer.status_code == 200
        assert (answer.json()["status"], answer.json()["credits_charged"]) == ("canceled", 0)
