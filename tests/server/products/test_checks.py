"""Asking the service where a file is from: what it answers, what it refuses, what it takes up."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from lipwright.server.errors import Refused, Unavailable
from lipwright.server.made_files.model import MadeOutput
from lipwright.server.made_files.repository import add_made
from lipwright.server.products.checks import child, service
from lipwright.server.products.checks.messages import CheckTask
from lipwright.server.products.checks.schemas import CheckRequest
from lipwright.server.services import Services
from tests.server.callers import Caller, new_caller
from tests.support.sounds import voice, write_sound
from tests.support.videos import write_clip


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A real video: no software of ours was near it."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    return write_clip(path, count=12, size_wh=(160, 120), sound=voice(0.5)).read_bytes()


@pytest.fixture(scope="module")
def web(film: bytes) -> Iterator[str]:
    """The address of a web server on this machine."""

    class Web(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = film if self.path == "/film.mp4" else b"<html></html>"
            self.send_response(404 if self.path == "/absent.mp4" else 200)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Web)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def reaching(services: Services) -> Services:
    """The service of an operator who lets callers name addresses of this machine."""
    settings = services.settings.model_copy(update={"reachable_hosts": ["127.0.0.1"]})
    return replace(services, settings=settings)


def stored(services: Services, key: str) -> Path:
    path = services.store.local_path(key)
    assert path is not None
    return path


@pytest.fixture
def scratch(services: Services) -> Path:
    folder = services.settings.scratch_folder / "checks"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def test_nothing_is_found_in_a_real_video_and_this_proves_nothing(caller: Caller, film: bytes) -> None:
    answer = caller.post("/v1/checks", {"file_path": caller.upload("video", "mp4", film)})
    assert answer.status_code == 200, answer.text
    check = answer.json()
    assert check["verdict"] == "nothing_found"
    assert "does not show that the file is a real recording" in check["summary"]
    assert check["is_synthetic"] is None
    assert check["project_id"] is None
    assert check["credentials"]["state"] == "absent"
    assert check["watermark"]["state"] == "absent"


def test_a_plain_tag_is_told_from_a_proof(caller: Caller, tmp_path: Path) -> None:
    note = "Synthetic media: the movements of the face were generated. Made with Lipwright 9.8.7rc1."
    tagged = write_clip(tmp_path / "tagged.mp4", count=5, tags={"comment": note})
    path = caller.upload("video", "mp4", tagged.read_bytes())
    check = caller.post("/v1/checks", {"file_path": path}).json()
    assert check["verdict"] == "tagged"
    assert check["tags"]["lipwright_version"] == "9.8.7rc1"
    assert "Anybody can write" in check["summary"]


def test_in_a_sound_no_watermark_is_looked_for(caller: Caller, tmp_path: Path) -> None:
    sound = write_sound(tmp_path / "voice.wav", voice(0.5)).read_bytes()
    check = caller.post("/v1/checks", {"file_path": caller.upload("audio", "wav", sound)}).json()
    assert check["kind"] == "audio"
    assert check["watermark"]["state"] == "not_looked_for"


@pytest.mark.parametrize(
    ("kind", "extension", "content"),
    [
        ("video", "mp4", b""),
        ("video", "mp4", b"<script>alert(1)</script>" * 10),
        ("video", "webm", b"\x1aE\xdf\xa3" + bytes(500)),
        ("image", "png", b"\x89PNG\r\n\x1a\n" + bytes(100)),
        ("image", "jpg", b"\xff\xd8\xff\xeb\x00\x40JP" + bytes(200)),
        ("video", "mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(12) + b"\xff\xff\xff\xffuuid" + bytes(64)),
        ("audio", "wav", b"RIFF\xff\xff\xff\xffWAVEC2PA\xff\xff\xff\xff"),
    ],
)
def test_hostile_files_are_refused_with_a_sentence(
    caller: Caller, kind: str, extension: str, content: bytes
) -> None:
    answer = caller.post("/v1/checks", {"file_path": caller.upload(kind, extension, content)})
    assert answer.status_code == 422
    message = answer.json()["message"]
    assert message.endswith(".")
    assert "Traceback" not in message


def test_a_file_of_another_account_is_not_there(
    services: Services, http: httpx.Client, caller: Caller
) -> None:
    path = new_caller(services, http).upload("video", "mp4")
    answer = caller.post("/v1/checks", {"file_path": path})
    assert answer.status_code == 422
    assert "no uploaded file" in answer.json()["message"]


def test_a_body_without_a_file_is_refused(caller: Caller) -> None:
    assert caller.post("/v1/checks", {}).status_code == 400
    assert caller.post("/v1/checks", {"file_path": ""}).status_code == 400


def test_what_is_at_an_address_is_fetched_and_checked(
    reaching: Services, scratch: Path, caller: Caller, web: str
) -> None:
    request = CheckRequest(file_path=f"{web}/film.mp4")
    assert service.check(reaching, scratch, caller.account, request).verdict == "nothing_found"
    assert list(scratch.iterdir()) == []


def test_an_inner_address_is_not_reached(caller: Caller, web: str) -> None:
    answer = caller.post("/v1/checks", {"file_path": f"{web}/film.mp4"})
    assert answer.status_code == 422
    assert "not public" in answer.json()["message"]


def test_an_address_without_a_file_is_refused(
    reaching: Services, scratch: Path, caller: Caller, web: str
) -> None:
    with pytest.raises(Refused, match="status 404"):
        service.check(reaching, scratch, caller.account, CheckRequest(file_path=f"{web}/absent.mp4"))
    with pytest.raises(Refused, match="no sound or video"):
        service.check(reaching, scratch, caller.account, CheckRequest(file_path=f"{web}/page.mp4"))
    assert list(scratch.iterdir()) == []


def test_a_larger_file_than_the_plan_allows_is_not_fetched(
    reaching: Services, scratch: Path, web: str
) -> None:
    with pytest.raises(Refused, match="larger than 100 bytes"):
        child.fetch_in_child(reaching.settings, f"{web}/film.mp4", scratch / "film.mp4", 100)


def test_a_project_is_named_to_its_owner_alone(
    services: Services,
    scratch: Path,
    http: httpx.Client,
    caller: Caller,
    film: bytes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    output = MadeOutput(
        name="output.mp4", size_bytes=1, sha256="0" * 64, installation=7, watermark_number=4_000_000_001
    )
    with services.database.write() as connection:
        add_made(
            connection,
            account_id=caller.account.id,
            project_id="the-project",
            product="LIP_SYNC",
            made=[output],
        )

    def found_in(somebody: Caller, *, is_ours: bool = True) -> str | None:
        path = somebody.upload("video", "mp4", film)
        check = child.check_in_child(services.settings, scratch, CheckTask(path=str(stored(services, path))))
        mark = check.watermark.model_copy(update={"number": 4_000_000_001, "is_ours": is_ours})
        with monkeypatch.context() as patch:
            patch.setattr(service, "check_in_child", lambda *_: check.model_copy(update={"watermark": mark}))
            request = CheckRequest(file_path=path)
            return service.check(services, scratch, somebody.account, request).project_id

    assert found_in(caller) == "the-project"
    assert found_in(caller, is_ours=False) is None
    assert found_in(new_caller(services, http)) is None


def test_too_many_checks_at_once_are_sent_away(
    services: Services, scratch: Path, caller: Caller, film: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "WAIT_FOR_TURN_S", 0.01)
    monkeypatch.setattr(child, "_checking", threading.BoundedSemaphore(1))
    path = caller.upload("video", "mp4", film)
    with child._turn(child._checking), pytest.raises(Unavailable, match="Try again"):
        service.check(services, scratch, caller.account, CheckRequest(file_path=path))


def test_an_account_has_a_number_of_checks_in_a_minute(services: Services, http: httpx.Client) -> None:
    somebody = new_caller(services, http)
    statuses = [
        somebody.post("/v1/checks", {"file_path": "api-assets/absent/video.mp4"}).status_code
        for _ in range(21)
    ]
    assert statuses == [422] * 20 + [429]
