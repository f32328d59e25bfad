"""What can be asked of files, voices and words before anything is ordered."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import cv2
import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from lipwright.engine import PROMPT_WORDS
from lipwright.server.products.inspection.service import GROUP_BEGINNINGS
from lipwright.server.services import Services
from tests.server.callers import Caller, new_caller
from tests.support.pictures import gradient
from tests.support.portrait import read_portrait
from tests.support.sounds import voice, write_sound
from tests.support.videos import write_clip


def png(rgb: NDArray[np.uint8]) -> bytes:
    file = io.BytesIO()
    Image.fromarray(rgb).save(file, format="PNG")
    return file.getvalue()


def opened(address: str) -> Image.Image:
    kind, _, data = address.partition(",")
    assert kind == "data:image/jpeg;base64"
    return Image.open(io.BytesIO(base64.b64decode(data)))


def test_a_face_is_found_where_it_is(caller: Caller) -> None:
    portrait = read_portrait()
    path = caller.upload("image", "png", png(portrait))
    answer = caller.post("/v1/face-boxes", {"file_path": path})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["width"], found["height"]) == (portrait.shape[1], portrait.shape[0])
    (face,) = found["faces"]
    left, top, right, bottom = face["box"]
    assert 0 <= left < 0.5 < right <= 1
    assert 0 <= top < bottom <= 1
    assert face["face_height_px"] == pytest.approx((bottom - top) * portrait.shape[0], abs=1)
    assert face["usable"]
    assert face["face"] == 0
    assert found["reason"] is None


def test_what_is_wrong_with_a_picture_is_said(caller: Caller) -> None:
    portrait = read_portrait()
    share = 70 / portrait.shape[1]
    tiny = np.asarray(cv2.resize(portrait, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), np.uint8)
    wide = np.pad(tiny, ((60, 60), (60, 60), (0, 0)), mode="edge")
    small = caller.post("/v1/face-boxes", {"file_path": caller.upload("image", "png", png(wide))}).json()
    assert [face["code"] for face in small["faces"]] == ["face_too_small"]
    assert "pixels wide" in small["reason"]
    empty = caller.post("/v1/face-boxes", {"file_path": caller.upload("image", "png", png(gradient()))})
    assert empty.json()["faces"] == []
    assert "No face" in empty.json()["reason"]


def test_a_picture_that_is_none_is_refused_with_a_sentence(caller: Caller) -> None:
    path = caller.upload("image", "png", b"<script>alert(1)</script>" * 10)
    for call in ("/v1/face-boxes", "/v1/file-info"):
        answer = caller.post(call, {"file_path": path})
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/json"
        assert "message" in answer.json()


def test_a_video_shows_its_poster_and_a_strip_in_order(caller: Caller, tmp_path: Path) -> None:
    film = write_clip(tmp_path / "film.mp4", count=38, sound=voice(1.5), size_wh=(320, 180))
    found = caller.post("/v1/file-info", {"file_path": caller.upload("video", "mp4", film.read_bytes())})
    assert found.status_code == 200, found.text
    info = found.json()
    assert info["kind"] == "video"
    assert (info["width"], info["height"]) == (320, 180)
    assert info["duration_seconds"] == pytest.approx(1.5, abs=0.1)
    assert info["has_audio"]
    assert info["size_bytes"] == film.stat().st_size
    assert caller.http.get(info["url"]).content == film.read_bytes()
    assert opened(info["poster_url"]).size == (320, 180)
    times = [one["time_seconds"] for one in info["strip"]]
    assert 8 <= len(times) <= 24
    assert times == sorted(times)
    assert max(opened(info["strip"][0]["url"]).size) == 160


def test_a_sound_has_a_length_and_a_picture_a_size(caller: Caller, tmp_path: Path) -> None:
    sound = write_sound(tmp_path / "voice.wav", voice(1.0)).read_bytes()
    heard = caller.post("/v1/file-info", {"file_path": caller.upload("audio", "wav", sound)}).json()
    assert heard["kind"] == "audio"
    assert heard["duration_seconds"] == pytest.approx(1.0, abs=0.05)
    assert heard["strip"] == []
    picture = caller.post(
        "/v1/file-info", {"file_path": caller.upload("image", "png", png(gradient(64, 48)))}
    ).json()
    assert (picture["kind"], picture["width"], picture["height"]) == ("image", 64, 48)
    assert picture["duration_seconds"] is None


def test_a_file_of_another_account_is_not_there(
    services: Services, http: httpx.Client, caller: Caller
) -> None:
    other = new_caller(services, http)
    path = other.upload("image", "png", png(gradient()))
    for call in ("/v1/face-boxes", "/v1/file-info"):
        answer = caller.post(call, {"file_path": path})
        assert answer.status_code == 422
        assert "no uploaded file" in answer.json()["message"]


def test_voices_are_listed_and_heard(caller: Caller) -> None:
    items = caller.get("/v1/voices").json()["items"]
    assert items[0]["available"]
    kinds = {one["id"]: one["kind"] for one in items}
    assert {
        "en-us-heart": "natural",
        "en-us-female": "embedded",
        "de-male": "embedded",
    }.items() <= kinds.items()
    sample = caller.post("/v1/voice-samples", {"text": "Hello there.", "voice": "en-us-female"})
    assert sample.status_code == 200, sample.text
    assert sample.headers["content-type"] == "audio/wav"
    assert sample.content[:4] == b"RIFF"
    assert len(sample.content) > 10_000
    unknown = caller.post("/v1/voice-samples", {"text": "Hello", "voice": "nobody"})
    assert unknown.status_code == 422
    assert caller.post("/v1/voice-samples", {"text": "a" * 201, "voice": "en-us-female"}).status_code == 400


def test_every_word_for_prompts_stands_in_its_section(caller: Caller) -> None:
    items = caller.get("/v1/prompt-words").json()["items"]
    assert [one["word"] for one in items] == [word.name for word in PROMPT_WORDS]
    groups = [one["group"] for one in items]
    assert list(dict.fromkeys(groups)) == list(GROUP_BEGINNINGS.values())
    assert all(one["sentence"].endswith(".") for one in items)
