"""What a create call finds out about a file that was uploaded, before it accepts a job."""

from __future__ import annotations

import os
import struct
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import httpx
import pytest

from lipwright.server.jobs.model import LipSyncSpec, Source
from lipwright.server.jobs.repository import get_job
from lipwright.server.products.probing import probe
from lipwright.server.services import Services
from tests.server.callers import Caller, new_caller
from tests.support.sounds import SOUND_FORMATS, silence, voice, write_sound
from tests.support.videos import streamed_webm, write_clip

LENGTH_S = 1.5


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Clips of a second and a half by what they are."""
    folder = tmp_path_factory.mktemp("films")

    def film(name: str, rate: int, **options: Any) -> bytes:
        count = round(LENGTH_S * rate)
        return write_clip(folder / name, count=count, frame_rate=Fraction(rate), **options).read_bytes()

    sound = voice(LENGTH_S)
    return {
        "24 mp4": film("slow.mp4", 24, sound=sound),
        "30 mov": film("usual.mov", 30),
        "60 mp4": film("quick.mp4", 60),
        "240 mp4": film("high.mp4", 240),
        "240 m4v": film("high.m4v", 240, codec="mpeg4"),
        "120 webm": film("high.webm", 120, codec="libvpx", sound=sound),
        "120 webm without a length": streamed_webm(count=180, frame_rate=Fraction(120)),
    }


def sync(caller: Caller, film: bytes, extension: str, **changes: Any) -> httpx.Response:
    assets = {
        "video_source": "file",
        "video_file_path": caller.upload("video", extension, film),
        "audio_file_path": caller.upload("audio", "wav"),
    }
    return caller.post("/v1/lip-sync", {"start_seconds": 0, "end_seconds": 1, "assets": assets, **changes})


@pytest.mark.parametrize(
    ("kind", "change", "credits"),
    [
        ("24 mp4", {}, 30),  # as the API says; the six that are not there come back
        ("30 mov", {}, 30),
        ("60 mp4", {}, 60),
        ("240 mp4", {}, 240),
        ("240 m4v", {}, 240),
        ("120 webm", {}, 120),
        ("120 webm without a length", {}, 120),
        ("240 mp4", {"style": {"generation_mode": "pro"}}, 480),
        ("240 mp4", {"end_seconds": 60}, 1800),  # the file ends, the estimate is the API's
        ("240 mp4", {"end_seconds": 2}, 360),
        ("240 mp4", {"start_seconds": 1, "end_seconds": 60, "max_fps_limit": 2}, 118),
        ("240 mp4", {"max_fps_limit": 120}, 120),
        ("240 mp4", {"max_fps_limit": 100}, 80),  # a third of 240, as the film is made
        ("240 mp4", {"max_fps_limit": 24}, 24),
    ],
)
def test_a_lip_sync_is_estimated_by_the_frames_that_the_file_has(
    caller: Caller, films: dict[str, bytes], kind: str, change: dict[str, Any], credits: int
) -> None:
    answer = sync(caller, films[kind], kind.split()[1], **change)
    assert answer.status_code == 200, answer.text
    assert answer.json()["credits_charged"] == answer.json()["estimated_frame_cost"] == credits


def test_a_source_that_the_balance_does_not_cover_is_402(
    services: Services, http: httpx.Client, films: dict[str, bytes]
) -> None:
    caller = new_caller(services, http, "free")  # 500 credits
    assert sync(caller, films["240 mp4"], "mp4").status_code == 200
    refused = sync(caller, films["240 mp4"], "mp4", end_seconds=1.4)
    assert refused.status_code == 402
    assert "needs 336 credits and the balance is 260" in refused.json()["message"]
    assert sync(caller, films["24 mp4"], "mp4").status_code == 200


def test_the_limit_of_frames_counts_those_that_there_are(
    services: Services, http: httpx.Client, films: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = services.price_list.limits.model_copy(update={"sync_frames": 200})
    monkeypatch.setitem(services.price_list.__dict__, "limits", limits)
    caller = new_caller(services, http)
    answer = sync(caller, films["240 mp4"], "mp4")
    assert answer.status_code == 422
    assert "240 frames; at most 200" in answer.json()["message"]
    assert sync(caller, films["240 mp4"], "mp4", max_fps_limit=120).status_code == 200


@pytest.mark.parametrize("kind", ["24 mp4", "30 mov", "240 m4v", "120 webm", "120 webm without a length"])
def test_a_stretch_that_begins_after_the_end_of_a_film_is_422(
    caller: Caller, films: dict[str, bytes], kind: str
) -> None:
    extension = kind.split()[1]
    answer = sync(caller, films[kind], extension, start_seconds=2, end_seconds=4)
    assert answer.status_code == 422
    message = answer.json()["message"]
    assert "after the end of video." in message
    assert "1.5" in message
    assert "start_seconds" in message
    inside = sync(caller, films[kind], extension, start_seconds=1.4, end_seconds=4)
    assert inside.status_code == 200, inside.text


def photo(caller: Caller, kind: str, extension: str, sound: bytes, start_s: float) -> httpx.Response:
    body = caller.photo_body(start_seconds=start_s, end_seconds=start_s + 2)
    body["assets"]["audio_file_path"] = caller.upload(kind, extension, sound)
    return caller.post("/v1/ai-talking-photo", body)


@pytest.mark.parametrize("extension", sorted(SOUND_FORMATS))
def test_a_stretch_that_begins_after_the_end_of_a_sound_is_422(
    caller: Caller, tmp_path: Path, extension: str
) -> None:
    sound = write_sound(tmp_path / f"voice.{extension}", voice(LENGTH_S)).read_bytes()
    answer = photo(caller, "audio", extension, sound, 2)
    assert answer.status_code == 422, answer.text
    assert "after the end of audio." in answer.json()["message"]
    assert photo(caller, "audio", extension, sound, 1.3).status_code == 200


def test_the_sound_of_a_film_is_looked_at_too(caller: Caller, films: dict[str, bytes]) -> None:
    assert photo(caller, "video", "mp4", films["24 mp4"], 2).status_code == 422
    assert photo(caller, "video", "mp4", films["24 mp4"], 1).status_code == 200


@pytest.mark.parametrize("length", [0, 0x7FFFFFFF, 0xFFFFFFFF])
def test_a_sound_whose_header_lies_about_its_length_is_measured(
    caller: Caller, tmp_path: Path, length: int
) -> None:
    whole = bytearray(write_sound(tmp_path / "voice.wav", voice(LENGTH_S)).read_bytes())
    place = whole.index(b"data") + 4
    whole[place : place + 4] = struct.pack("<I", length)
    assert photo(caller, "audio", "wav", bytes(whole), 1.2).status_code == 200
    if length:  # FFmpeg reads none of a sound that says that it has none
        assert photo(caller, "audio", "wav", bytes(whole), 2).status_code == 422


def test_own_results_are_looked_at_by_either_name(caller: Caller, services: Services, tmp_path: Path) -> None:
    from lipwright.server.jobs.lifecycle import finish, start_next
    from lipwright.server.jobs.model import Result

    body = {"style": {"prompt": "Good morning.", "voice_name": "x"}}
    job_id = caller.post("/v1/ai-voice-generator", body).json()["id"]
    while (job := start_next(services, "w")) is not None and job.id != job_id:
        pass
    key = f"{job_id}/output.wav"
    services.store.adopt(key, write_sound(tmp_path / "output.wav", voice(LENGTH_S)))
    assert finish(services, job_id, "w", Result(output_keys=(key,), duration_s=LENGTH_S))
    url = caller.get(f"/v1/audio-projects/{job_id}").json()["downloads"][0]["url"]
    for name in (f"https://magichour.ai/my-library?audioId={job_id}", url):
        late = caller.photo_body(start_seconds=2, end_seconds=3)
        late["assets"]["audio_file_path"] = name
        assert caller.post("/v1/ai-talking-photo", late).status_code == 422, name
        late["start_seconds"] = 0
        assert caller.post("/v1/ai-talking-photo", late).status_code == 200, name


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not looked at before the job",
        os.urandom(4096),
        b"\0\0\0\x18ftypmp42" + b"\0" * 500,
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n" * 20,
    ],
)
def test_what_cannot_be_probed_is_left_to_the_job(caller: Caller, content: bytes) -> None:
    assert sync(caller, content, "mp4").status_code == 200
    assert photo(caller, "audio", "mp3", content, 1).status_code == 200


def test_what_lies_elsewhere_is_left_to_the_job(caller: Caller) -> None:
    body = caller.photo_body(start_seconds=200, end_seconds=201)
    body["assets"]["audio_file_path"] = "https://cdn.example.org/voice.mp3"
    assert caller.post("/v1/ai-talking-photo", body).status_code == 200


def test_a_probe_that_takes_too_long_or_fails_keeps_nobody_waiting(
    caller: Caller, films: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "PROBE_TIMEOUT_S", 0.001)
    assert sync(caller, films["240 mp4"], "mp4").json()["credits_charged"] == 30
    monkeypatch.setattr(probe, "PROBE_TIMEOUT_S", 30)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert sync(caller, films["240 mp4"], "mp4").json()["credits_charged"] == 30


def test_where_too_many_look_at_once_the_next_goes_on_without(
    caller: Caller, films: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "WAIT_FOR_TURN_S", 0.01)
    for _ in range(probe.PROBES_AT_ONCE):
        assert probe._turns.acquire(timeout=30)
    try:
        assert sync(caller, films["240 mp4"], "mp4").json()["credits_charged"] == 30
    finally:
        for _ in range(probe.PROBES_AT_ONCE):
            probe._turns.release()
    assert sync(caller, films["240 mp4"], "mp4").json()["credits_charged"] == 240


def test_the_process_that_looks_knows_no_secret_and_is_bounded(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIPWRIGHT_DATABASE_URL", "postgresql://u:secret@h/d")
    monkeypatch.setenv("LIPWRIGHT_S3_SECRET_KEY", "secret")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    told = tmp_path / "told.txt"
    spy = tmp_path / "python"
    spy.write_text(f'#!/bin/sh\nenv > {told}\necho "$@" >> {told}\n')
    spy.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(spy))
    key = "api-assets/x/video.mp4"
    film = tmp_path / "film.mp4"
    film.write_bytes(b"x" * 100)
    services.store.adopt(key, film)
    video = Source(field="video", extension="mp4", key=key)
    assert probe.probe_frames(services, video, 0, 1, None) is None
    text = told.read_text()
    assert "secret" not in text
    assert str(services.settings.render_memory_mb * 1024 * 1024) in text


def test_the_count_is_kept_with_the_job_and_a_job_from_before_has_none(
    services: Services, caller: Caller, films: dict[str, bytes]
) -> None:
    job_id = sync(caller, films["240 mp4"], "mp4").json()["id"]
    with services.database.read() as connection:
        job = get_job(connection, job_id)
    assert job is not None
    assert isinstance(job.spec, LipSyncSpec)
    assert job.spec.probed_frames == 240
    stored = job.spec.model_dump(mode="json")
    del stored["probed_frames"]
    assert LipSyncSpec.model_validate(stored).probed_frames is None


def test_a_repeat_under_the_same_key_is_answered_without_a_look(
    caller: Caller, films: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    assets = {
        "video_source": "file",
        "video_file_path": caller.upload("video", "mp4", films["60 mp4"]),
        "audio_file_path": caller.upload("audio", "wav"),
    }
    body = {"start_seconds": 0, "end_seconds": 1, "assets": assets}
    first = caller.post("/v1/lip-sync", body, **{"Idempotency-Key": "look"})
    assert first.json()["credits_charged"] == 60
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert caller.post("/v1/lip-sync", body, **{"Idempotency-Key": "look"}).text == first.text


def test_a_sound_of_silence_is_long_all_the_same(caller: Caller, tmp_path: Path) -> None:
    sound = write_sound(tmp_path / "quiet.wav", silence(LENGTH_S)).read_bytes()
    assert photo(caller, "audio", "wav", sound, 1).status_code == 200
    assert photo(caller, "audio", "wav", sound, LENGTH_S).status_code == 422
