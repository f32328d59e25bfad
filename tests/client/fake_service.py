"""A service that follows the Magic Hour API closely enough to test a client, without sockets or rendering."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

VIDEO_BYTES = b"not really a film, but long enough to be sent in pieces" * 10
TOKEN = "mhk_test_0123"
BASE_URL = "http://service.test"
Answer = httpx.Response | Exception


def project(status: str = "complete", **changes: Any) -> dict[str, Any]:
    """A video project as the Magic Hour API draws it, old fields included."""
    download = {"url": f"{BASE_URL}/media/p1/output.mp4?sig=1", "expires_at": "2026-03-02T09:30:00.000Z"}
    downloads = [download] if status == "complete" else []
    return {
        "id": "p1",
        "name": "Talking Photo",
        "status": status,
        "type": "TALKING_PHOTO",
        "created_at": "2026-03-01T09:30:00.000Z",
        "width": 512,
        "height": 512,
        "enabled": True,
        "start_seconds": 0,
        "end_seconds": 2.5,
        "fps": 30,
        "credits_charged": 120,
        "total_frame_cost": 120,
        "error": {"code": "no_source_face", "message": "No face was found."} if status == "error" else None,
        "downloads": downloads,
        "download": downloads[0] if downloads else None,
    } | changes


def check(**changes: Any) -> dict[str, Any]:
    """What is found in a talking photo of the service."""
    return {
        "verdict": "recognised",
        "summary": "Made or changed by AI.",
        "sentences": ["Content credentials: there, and they hold."],
        "kind": "video",
        "is_synthetic": True,
        "is_ours": True,
        "project_id": "p1",
        "credentials": {"state": "trusted", "is_ours": True, "manifest": {"actions": ["c2pa.created"]}},
        "watermark": {"state": "present", "is_ours": True, "installation": 7, "number": 12},
        "tags": {"lipwright_version": "1.0"},
    } | changes


@dataclass
class FakeService:
    """Answers calls, and remembers them.

    script: answers before the usual ones, by method and path; an exception is a broken connection.
    states: what the looks at a project see, one after the other; the last one stays.
    """

    script: dict[str, list[Answer]] = field(default_factory=dict)
    states: list[dict[str, Any]] = field(default_factory=lambda: [project()])
    calls: list[httpx.Request] = field(default_factory=list)
    uploads: dict[str, bytes] = field(default_factory=dict)
    download: Callable[[httpx.Request], httpx.Response] = lambda _: httpx.Response(200, content=VIDEO_BYTES)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.calls.append(request)
        scripted = self.script.get(f"{request.method} {request.url.path}")
        if scripted:
            answer = scripted.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer
        return self._usual_answer(request)

    def named(self, call: str) -> list[httpx.Request]:
        """The remembered calls of that method and path."""
        return [one for one in self.calls if f"{one.method} {one.url.path}" == call]

    def _usual_answer(self, request: httpx.Request) -> httpx.Response:
        method, path = request.method, request.url.path
        if path.startswith("/media/"):
            return self.download(request)
        if path.startswith("/uploads/"):
            self.uploads[path.removeprefix("/uploads/")] = request.content
            return httpx.Response(200)
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return httpx.Response(401, json={"message": "Unauthorized"})
        if path == "/v1/files/upload-urls":
            return httpx.Response(200, json={"items": list(self._upload_urls(json.loads(request.content)))})
        if method == "POST" and path == "/v1/checks":
            return httpx.Response(200, json=check())
        if method == "POST" and path in ("/v1/ai-talking-photo", "/v1/lip-sync"):
            answer = {"id": "p1", "credits_charged": 120, "estimated_frame_cost": 120}
            return httpx.Response(200, json=answer)
        if method == "POST" and path == "/v1/ai-voice-generator":
            return httpx.Response(200, json={"id": "p1", "credits_charged": 1})
        if method == "POST" and path == "/v1/face-detection":
            return httpx.Response(200, json={"id": "p1", "credits_charged": 0})
        if method == "POST" and path == "/v1/video-projects/p1/cancel":
            return httpx.Response(200, json=project("canceled"))
        if method == "GET" and path == "/v1/video-projects":
            return httpx.Response(200, json={"items": [project()], "next_cursor": None})
        if method == "GET" and path.endswith("/p1"):
            return httpx.Response(200, json=self.states.pop(0) if len(self.states) > 1 else self.states[0])
        if method == "DELETE" and path.endswith("/p1"):
            return httpx.Response(204)
        return httpx.Response(404, json={"message": "Not Found"})

    def _upload_urls(self, body: dict[str, Any]) -> Iterator[dict[str, str]]:
        for number, item in enumerate(body["items"]):
            name = f"{number}/{item['type']}.{item['extension']}"
            yield {
                "upload_url": f"{BASE_URL}/uploads/{name}?sig=2",
                "expires_at": "2026-03-01T10:30:00.000Z",
                "file_path": f"api-assets/{name}",
            }
