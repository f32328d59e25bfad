"""A render is watched as a page watches it: with a cookie, frames as they are made, and the rest."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from lipwright.engine.pipelines.previews import POSTER_PX, PREVIEW_PX
from tests.acceptance.samples import SampleFiles
from tests.support import sounds
from tests.support.service import Service

# Long enough that a page sees frames of it however busy the machine is.
SPEECH_S = 5.0


@pytest.fixture
def page(server: Service) -> Iterator[httpx.Client]:
    """A browser that opened the printed link."""
    link = server.command("studio", "link", "--address", server.base_url).splitlines()[-1]
    address, _, code = link.partition("/sign-in#code=")
    with httpx.Client(
        base_url=address, timeout=120, trust_env=False, headers={"sec-fetch-site": "same-origin"}
    ) as browser:
        assert browser.post("/v1/sessions", json={"code": code}).status_code == 204
        browser.headers["x-csrf-token"] = browser.get("/v1/session").json()["csrf_token"]
        yield browser


def upload(page: httpx.Client, kind: str, extension: str, content: bytes) -> str:
    items = {"items": [{"type": kind, "extension": extension}]}
    (item,) = page.post("/v1/files/upload-urls", json=items).json()["items"]
    assert item["upload_url"].startswith(str(page.base_url))
    assert page.put(item["upload_url"], content=content).status_code == 200
    return str(item["file_path"])


def picture(page: httpx.Client, address: str) -> Image.Image:
    answer = page.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/jpeg"
    return Image.open(io.BytesIO(answer.content))


def test_a_page_watches_its_video_being_made(
    page: httpx.Client, samples: SampleFiles, tmp_path: Path
) -> None:
    spoken = sounds.write_sound(tmp_path / "long.mp3", sounds.voice(SPEECH_S))
    order = {
        "start_seconds": 0,
        "end_seconds": SPEECH_S,
        "assets": {
            "image_file_path": upload(page, "image", "png", samples.picture.read_bytes()),
            "audio_file_path": upload(page, "audio", "mp3", spoken.read_bytes()),
        },
    }
    job_id = page.post("/v1/ai-talking-photo", json=order).json()["id"]
    previews: list[dict[str, Any]] = []
    project: dict[str, Any] = {}
    with page.stream("GET", f"/v1/video-projects/{job_id}/events") as stream:
        kind = ""
        for line in stream.iter_lines():
            if line.startswith("event:"):
                kind = line.partition(":")[2].strip()
            elif line.startswith("data:"):
                data = json.loads(line.partition(":")[2])
                if kind == "project":
                    project = data
                else:
                    previews.append(data)
                    if not previews[1:]:
                        assert max(picture(page, data["url"]).size) == PREVIEW_PX
    assert project["status"] == "complete", project
    assert previews
    assert [one["frame"] for one in previews] == sorted({one["frame"] for one in previews})
    assert page.get(previews[-1]["url"]).status_code == 404, "the video is there now"
    assert project["poster_url"].startswith(str(page.base_url))
    assert max(picture(page, project["poster_url"]).size) <= POSTER_PX
    video = page.get(project["downloads"][0]["url"])
    assert len(video.content) == project["size_bytes"]
    assert project["duration_seconds"] == pytest.approx(SPEECH_S, abs=0.1)
    measured = page.post(f"/v1/video-projects/{job_id}/measure")
    assert measured.status_code == 200, measured.text
    names = {one["name"] for one in measured.json()["report"]}
    assert "face_seen_share" in names
    assert page.delete("/v1/session").status_code == 204
    assert page.get("/v1/account").status_code == 401
