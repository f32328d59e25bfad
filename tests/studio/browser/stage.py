"""Answers put in the place of the server's, for states that a real server shows seldom or briefly.

What a page does with a real server is tested beside; here is looked at how each state is shown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, Route

from tests.acceptance.samples import SampleFiles

# A stream of events whose end and whose silence a test decides.
_EVENTS = """
  window.streams = [];
  window.EventSource = class extends EventTarget {
    static CLOSED = 2;
    readyState = 0;
    constructor(address) {
      super();
      this.address = address;
      window.streams.push(this);
      setTimeout(() => { this.readyState = 1; this.onopen?.(new Event('open')); });
    }
    close() { this.readyState = 2; }
  };
  window.send = (name, data) => {
    const event = new MessageEvent(name, { data: JSON.stringify(data) });
    for (const one of window.streams) if (one.readyState === 1) one.dispatchEvent(event);
  };
  window.loseStreams = () => { for (const one of window.streams) one.onerror?.(new Event('error')); };
"""
NOW = datetime.now(UTC)
POSTER = "/media/poster.jpg"
FILM = "/media/film.mp4"


def moment(*, days: float = 0, minutes: float = 0) -> str:
    """A time before now as the API writes it."""
    return (NOW - timedelta(days=days, minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def project(**changes: Any) -> dict[str, Any]:
    """A finished talking photo."""
    return {
        "id": "cdone0000000000000000000a",
        "name": "Welcome to the museum",
        "status": "complete",
        "type": "TALKING_PHOTO",
        "created_at": moment(minutes=12),
        "width": 480,
        "height": 480,
        "enabled": True,
        "start_seconds": 0.0,
        "end_seconds": 1.0,
        "fps": 25.0,
        "credits_charged": 48,
        "total_frame_cost": 48,
        "downloads": [{"url": FILM, "expires_at": moment(days=-1)}],
        "progress": {"fraction": 1.0, "stage": "finishing", "seconds_left": 0.0},
        "warnings": [],
        "poster_url": POSTER,
        "duration_seconds": 1.0,
        "size_bytes": 183_204,
        "seed": 7,
    } | changes


def making(fraction: float = 0.42, **changes: Any) -> dict[str, Any]:
    """A project that is being made."""
    progress = {"fraction": fraction, "stage": "rendering", "seconds_left": 9.4}
    going = {"id": "cbusy0000000000000000000a", "status": "rendering", "downloads": [], "progress": progress}
    return project(**(going | changes))


def failed(**changes: Any) -> dict[str, Any]:
    """A project that could not be made."""
    error = {
        "code": "no_source_face",
        "message": "No face was found in the picture. Use one that shows a face clearly, from the front.",
    }
    gone = {"id": "cfail0000000000000000000a", "status": "error", "downloads": [], "error": error}
    return project(**(gone | {"credits_charged": 0, "poster_url": None} | changes))


def order(**changes: Any) -> dict[str, Any]:
    """What was ordered for the finished talking photo."""
    return {
        "product": "ai-talking-photo",
        "name": "Welcome to the museum",
        "created_at": moment(minutes=12),
        "order": {
            "name": "Welcome to the museum",
            "start_seconds": 0,
            "end_seconds": 1,
            "assets": {
                "image_file_path": "api-assets/a1/portrait.png",
                "audio_file_path": "api-assets/a2/hello.mp3",
            },
            "style": {"generation_mode": "prompted", "prompt": "happy:0.4, it's warm"},
        },
    } | changes


def sync_order() -> dict[str, Any]:
    """What was ordered for a lip sync."""
    assets = {"video_source": "file", "video_file_path": "api-assets/a/talk.mp4", "audio_file_path": "b"}
    return {
        "product": "lip-sync",
        "name": "Dubbed",
        "created_at": moment(),
        "order": {"start_seconds": 0, "end_seconds": 1, "assets": assets},
    }


@dataclass(kw_only=True)
class Stage:
    """Answers by `METHOD /path`, without the query; what is not named goes to the server.

    calls: every call that was answered here, `METHOD /path?query`, with its body.
    """

    samples: SampleFiles
    answers: dict[str, Any] = field(default_factory=dict)
    calls: list[tuple[str, Any]] = field(default_factory=list)

    def play(self, context: BrowserContext) -> None:
        """Answer the pages of a context."""
        context.add_init_script(_EVENTS)
        context.route(re.compile(r"/(v1|media)/"), self._answer)

    def _answer(self, route: Route) -> None:
        request = route.request
        parts = urlsplit(request.url)
        name = f"{request.method} {parts.path}"
        if parts.path == FILM:
            return self._film(route)
        if parts.path == POSTER or parts.path.endswith("preview.jpg"):
            return route.fulfill(body=self.samples.picture.read_bytes(), content_type="image/png")
        if name not in self.answers:
            return route.fallback()
        query = f"?{parts.query}" if parts.query else ""
        self.calls.append((name + query, request.post_data_json if request.post_data else None))
        given = self.answers[name]
        body = given(self.calls[-1]) if callable(given) else given
        status = body.pop("_status", 200) if isinstance(body, dict) else 200
        if body is None:
            return route.fulfill(status=204)
        return route.fulfill(status=status, body=json.dumps(body), content_type="application/json")

    def _film(self, route: Route) -> None:
        """A part of the film, as a player asks for: without parts it cannot seek."""
        content = self.samples.film.read_bytes()
        wanted = re.match(r"bytes=(\d+)-(\d*)", route.request.headers.get("range", ""))
        begin = int(wanted[1]) if wanted else 0
        end = int(wanted[2]) if wanted and wanted[2] else len(content) - 1
        headers = {
            "accept-ranges": "bytes",
            "content-type": "video/mp4",
            "content-range": f"bytes {begin}-{end}/{len(content)}",
        }
        route.fulfill(status=206 if wanted else 200, body=content[begin : end + 1], headers=headers)


def refused(status: int, message: str) -> Callable[[Any], dict[str, Any]]:
    """An answer that says no."""
    return lambda _call: {"_status": status, "message": message}


def show_project(stage: Stage, shown: dict[str, Any], ordered: dict[str, Any] | None = None) -> str:
    """Put a project where the page of a video finds it; the path of that page."""
    path = f"/v1/video-projects/{shown['id']}"
    stage.answers |= {
        f"GET {path}": shown,
        f"GET {path}/order": ordered or order(),
        "GET /v1/video-projects": {"items": [], "next_cursor": None},
        "POST /v1/file-info": {"kind": "video", "url": FILM, "duration_seconds": 1.0, "strip": []},
    }
    return f"/jobs/{shown['id']}"


def send(page: Page, name: str, data: dict[str, Any]) -> None:
    """An event to every open stream."""
    page.evaluate("([name, data]) => window.send(name, data)", [name, data])


ACCOUNT = {
    "id": "cacc",
    "name": "default",
    "credits": 8_412,
    "plan": {
        "name": "creator",
        "checks_balance": True,
        "credits_once": 0,
        "credits_daily": 0,
        "credits_monthly": 12_000,
        "upload_bytes": 2_000_000_000,
        "concurrent_jobs": 3,
        "calls_per_10_seconds": 30,
        "photo_modes": ["realistic", "prompted"],
        "photo_longer_side": 1024,
        "photo_realistic_seconds": 300,
        "photo_prompted_seconds": 45,
        "sync_modes": ["lite", "standard", "pro"],
        "sync_longer_side": 1024,
        "sync_frames": 120_000,
    },
}


def account_answers() -> dict[str, Any]:
    """An account that was used for a month."""
    used = [3, 0, 0, 5, 8, 2, 0, 1, 4, 9, 12, 6, 0, 0, 2, 3, 7, 5, 4, 0, 1, 2, 6, 8, 3, 0, 0, 4, 5, 2]
    usage = [
        {
            "date": moment(days=29 - index)[:10],
            "projects": count,
            "seconds": count * 6.4,
            "credits": count * 61,
        }
        for index, count in enumerate(used)
    ]
    ledger = [
        {"id": 5, "created_at": moment(minutes=12), "project_id": "cdone", "note": "settled", "credits": 0},
        {
            "id": 4,
            "created_at": moment(minutes=13),
            "project_id": "cdone",
            "note": "estimate held",
            "credits": -48,
        },
        {"id": 3, "created_at": moment(days=2), "project_id": "cfail", "note": "refunded", "credits": 240},
        {
            "id": 2,
            "created_at": moment(days=2, minutes=4),
            "project_id": "cfail",
            "note": "estimate held",
            "credits": -240,
        },
        {
            "id": 1,
            "created_at": moment(days=26),
            "project_id": None,
            "note": "granted by the plan",
            "credits": 12_000,
        },
    ]
    keys = [
        {
            "id": "k1",
            "name": "laptop",
            "hint": "lwk_live_a1b2…",
            "created_at": moment(days=20),
            "last_used_at": moment(minutes=3),
        },
        {
            "id": "k2",
            "name": "the museum's website",
            "hint": "lwk_live_9f00…",
            "created_at": moment(days=3),
            "last_used_at": None,
        },
    ]
    hooks = [
        {
            "id": "w1",
            "url": "https://museum.example.org/hooks/lipwright",
            "events": ["video.completed", "video.errored"],
            "enabled": True,
            "created_at": moment(days=9),
        },
        {
            "id": "w2",
            "url": "https://old.example.org/a/rather/long/address/that/has/to/be/broken/somewhere",
            "events": ["video.started", "video.completed", "video.errored"],
            "enabled": False,
            "created_at": moment(days=30),
        },
    ]
    attempts = [
        {"made_at": moment(minutes=9), "duration_ms": 41, "status_code": 500, "failure": None},
        {"made_at": moment(minutes=8), "duration_ms": 38, "status_code": 204, "failure": None},
    ]
    deliveries = [
        {
            "id": "d2",
            "type": "video.completed",
            "project_id": "cdone",
            "status": "delivered",
            "created_at": moment(minutes=9),
            "attempts": attempts,
        },
        {
            "id": "d1",
            "type": "video.errored",
            "project_id": "cfail",
            "status": "failed",
            "created_at": moment(days=2),
            "attempts": [attempts[0] | {"status_code": None, "failure": "connection refused"}],
        },
    ]
    return {
        "GET /v1/account": ACCOUNT,
        "GET /v1/account/usage": {"items": usage},
        "GET /v1/account/ledger": {"items": ledger, "next_cursor": None},
        "GET /v1/api-keys": {"items": keys},
        "GET /v1/webhooks": {"items": hooks},
        "GET /v1/webhooks/w1/deliveries": {"items": deliveries},
    }


def library_answers() -> dict[str, Any]:
    """A library with every kind and state."""
    names = [
        "Welcome to the museum",
        "Guten Morgen",
        "A name that is so long that no card of the library has the room for it",
    ]
    items = [
        making(),
        making(0.0, id="cwait0000000000000000000a", status="queued", name="Next in line", type="LIP_SYNC"),
        failed(name="A landscape"),
        *(
            project(id=f"cdone000000000000000000{n:02}", name=name, created_at=moment(days=n))
            for n, name in enumerate(names)
        ),
        project(
            id="csync0000000000000000000a", name="Interview, dubbed", type="LIP_SYNC", duration_seconds=83.0
        ),
        project(
            id="ccanc0000000000000000000a",
            status="canceled",
            name=None,
            downloads=[],
            created_at=moment(days=40),
        ),
    ]
    return {"GET /v1/video-projects": {"items": items, "next_cursor": "older"}}
