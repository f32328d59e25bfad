"""What whole jobs cost when their files are not what the create call was told."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image

from lipwright.server.accounts.repository import find_account, set_plan
from lipwright.server.accounts.service import DEFAULT_ACCOUNT
from lipwright.server.credits.repository import add_entry, balance
from tests.support import sounds, videos
from tests.support.portrait import PORTRAIT_PATH
from tests.support.service import Service, kill

FREE_CREDITS = 500


def grant(service: Service, credits: int) -> None:
    """Put the account on the free plan, with what it grants and these credits more."""
    with service.services.database.write() as connection:
        account = find_account(connection, DEFAULT_ACCOUNT)
        assert account
        set_plan(connection, account.id, "free")
        add_entry(connection, account.id, "grant:test", credits, "test")


def balance_of(service: Service) -> int:
    with service.services.database.read() as connection:
        account = find_account(connection, DEFAULT_ACCOUNT)
        assert account
        return balance(connection, account.id)


def face_frame(index: int, _width: int, _height: int) -> Any:
    """A drawn face that sways, 240 x 240."""
    still = np.asarray(Image.open(PORTRAIT_PATH).convert("RGB").crop((110, 0, 350, 240)))
    return np.roll(still, round(2 * np.sin(index / 4)), axis=1)


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sounds.write_sound(tmp_path_factory.mktemp("sound") / "voice.wav", sounds.voice(0.5))


def create_and_replace(service: Service, voice: Path, extension: str, later: bytes, end_s: float) -> str:
    """A lip sync of a file that is replaced once the call was accepted, as a second PUT may do; its id."""
    items = {"items": [{"type": "video", "extension": extension}]}
    item = service.http.post("/v1/files/upload-urls", json=items).json()["items"][0]
    assert httpx.put(item["upload_url"], content=b"x").status_code == 200
    assets = {
        "video_source": "file",
        "video_file_path": item["file_path"],
        "audio_file_path": service.upload(voice, "audio"),
    }
    body = {"start_seconds": 0, "end_seconds": end_s, "assets": assets}
    answer = service.http.post("/v1/lip-sync", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["credits_charged"] == round(end_s * 30)
    assert httpx.put(item["upload_url"], content=later).status_code == 200
    return str(answer.json()["id"])


def test_a_source_of_more_frames_than_can_be_paid_for_ends_before_it_is_searched(
    sqlite_service: Service, voice: Path, tmp_path: Path
) -> None:
    service = sqlite_service
    grant(service, 0)
    service.serve(workers=0)
    film = videos.write_clip(tmp_path / "film.mp4", count=720, frame_rate=Fraction(240))  # nobody is in it
    job_id = create_and_replace(service, voice, "mp4", film.read_bytes(), 3)
    service.worker()
    assert service.wait_for([job_id]) == ["error"]
    found = service.http.get(f"/v1/video-projects/{job_id}").json()
    assert found["error"]["code"] == "insufficient_credits"
    assert "credits" in found["error"]["message"]
    assert found["credits_charged"] == 0
    assert balance_of(service) == FREE_CREDITS
    service.stop()


@pytest.mark.slow
def test_a_source_that_does_not_tell_its_length_ends_before_it_renders(
    sqlite_service: Service, voice: Path
) -> None:
    service = sqlite_service
    grant(service, 50 - FREE_CREDITS)
    service.serve(workers=0)
    film = videos.streamed_webm(count=60, frame_rate=Fraction(120), size_wh=(240, 240), frame=face_frame)
    job_id = create_and_replace(service, voice, "webm", film, 0.5)
    worker = service.worker()
    assert service.wait_for([job_id]) == ["error"]
    found = service.http.get(f"/v1/video-projects/{job_id}").json()
    assert found["error"]["code"] == "insufficient_credits"
    assert "60 frames, which cost 60 credits" in found["error"]["message"]
    assert balance_of(service) == 50
    grant_more(service, 10)
    kill(worker)  # it would take the file before it is replaced
    job_id = create_and_replace(service, voice, "webm", film, 0.5)
    service.worker()
    state = service.wait_for([job_id])
    assert state == ["complete"], service.http.get(f"/v1/video-projects/{job_id}").json()["error"]
    assert balance_of(service) == 0
    service.stop()


def grant_more(service: Service, credits: int) -> None:
    with service.services.database.write() as connection:
        account = find_account(connection, DEFAULT_ACCOUNT)
        assert account
        add_entry(connection, account.id, "grant:more", credits, "test")


def test_a_talking_photo_costs_the_sound_that_there_was(
    sqlite_service: Service, voice: Path, tmp_path: Path
) -> None:
    service = sqlite_service
    service.serve(workers=1)
    face = tmp_path / "face.png"
    Image.fromarray(face_frame(0, 240, 240)).save(face)
    assets = {
        "image_file_path": service.upload(face, "image"),
        "audio_file_path": service.upload(voice, "audio"),
    }
    body = {"start_seconds": 0, "end_seconds": 60, "max_resolution": 240, "assets": assets}
    answer = service.http.post("/v1/ai-talking-photo", json=body)
    assert answer.json()["credits_charged"] == 2880
    job_id = answer.json()["id"]
    assert service.wait_for([job_id]) == ["complete"]
    found = service.http.get(f"/v1/video-projects/{job_id}").json()
    assert found["credits_charged"] == found["total_frame_cost"] == 24  # half a second
    service.check_books([job_id])
    service.stop()
