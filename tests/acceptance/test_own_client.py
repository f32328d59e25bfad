"""Our own client and its commands against a started server."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from lipwright_client import AsyncClient, Client, JobCanceled, JobFailed, NotFound, Progress, Unauthorized
from tests.acceptance.playing import assert_plays
from tests.acceptance.samples import FILM_S, SPEECH_S, SampleFiles
from tests.support.service import Service, lipwright_command
from tests.support.sounds import voice, write_sound


@pytest.fixture
def client(server: Service) -> Any:
    with Client(token=server.key, base_url=server.base_url, poll_interval_s=0.1, wait_limit_s=200) as client:
        yield client


def test_a_talking_photo_is_made_from_local_files(
    client: Client, samples: SampleFiles, tmp_path: Path
) -> None:
    told: list[Progress] = []
    video = client.v1.ai_talking_photo.generate(
        assets={"image_file_path": samples.picture, "audio_file_path": samples.sound},
        start_seconds=0,
        end_seconds=SPEECH_S,
        output_path=tmp_path / "hello.mp4",
        on_progress=told.append,
    )
    assert_plays(tmp_path / "hello.mp4", duration_s=SPEECH_S)
    assert (video.type, video.start_seconds, video.end_seconds) == ("TALKING_PHOTO", 0, SPEECH_S)
    assert max(video.width, video.height) == 480
    phases = list(dict.fromkeys(one.phase for one in told))
    assert phases[0] == "uploading"
    assert phases[-1] == "downloading"
    fractions = [one.fraction for one in told if one.phase == "rendering" and one.fraction is not None]
    assert fractions == sorted(fractions)
    (download,) = video.downloads
    served = httpx.get(download.url)
    assert served.headers["content-type"] == "video/mp4"
    assert served.headers["content-length"] == str(len(served.content))
    part = httpx.get(download.url, headers={"range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, served.content[10:20])
    client.v1.video_projects.delete(video.id)
    assert httpx.get(download.url).status_code == 404
    assert client.v1.video_projects.get(video.id).downloads == []


def test_a_lip_sync_is_made_from_local_files(client: Client, samples: SampleFiles, tmp_path: Path) -> None:
    video = client.v1.lip_sync.generate(
        assets={
            "video_source": "file",
            "video_file_path": samples.film,
            "audio_file_path": samples.sound,
        },
        start_seconds=0,
        end_seconds=FILM_S,
        output_path=tmp_path / "dubbed.mp4",
    )
    assert_plays(tmp_path / "dubbed.mp4", duration_s=FILM_S)
    assert (video.type, video.fps) == ("LIP_SYNC", 25)


def test_two_talking_photos_are_made_at_once(server: Service, samples: SampleFiles, tmp_path: Path) -> None:
    async def both() -> list[list[str] | None]:
        async with AsyncClient(token=server.key, base_url=server.base_url) as client:
            made = await asyncio.gather(
                *(
                    client.v1.ai_talking_photo.generate(
                        assets={"image_file_path": samples.picture, "audio_file_path": samples.sound},
                        start_seconds=0,
                        end_seconds=SPEECH_S,
                        output_path=tmp_path / f"{number}.mp4",
                    )
                    for number in range(2)
                )
            )
            return [video.downloaded_paths for video in made]

    assert asyncio.run(both()) == [[str(tmp_path / "0.mp4")], [str(tmp_path / "1.mp4")]]
    assert_plays(tmp_path / "0.mp4", duration_s=SPEECH_S)
    assert_plays(tmp_path / "1.mp4", duration_s=SPEECH_S)


def test_a_text_is_spoken_by_a_photo(client: Client, samples: SampleFiles, tmp_path: Path) -> None:
    client.v1.ai_talking_photo.generate(
        assets={"image_file_path": samples.picture, "text": "Good morning."},
        output_path=tmp_path / "morning.mp4",
    )
    assert (tmp_path / "morning.mp4").stat().st_size > 10_000


def test_a_result_is_an_input_of_the_next_job(client: Client, samples: SampleFiles, tmp_path: Path) -> None:
    speech = client.v1.ai_voice_generator.generate(
        style={"prompt": "Good morning.", "voice_name": "Anyone"}, download_outputs=False
    )
    video = client.v1.ai_talking_photo.generate(
        assets={
            "image_file_path": samples.picture,
            "audio_file_path": f"https://magichour.ai/my-library?audioId={speech.id}",
        },
        start_seconds=0,
        end_seconds=0.5,
        output_path=tmp_path / "morning.mp4",
    )
    assert video.status == "complete"
    assert_plays(tmp_path / "morning.mp4", duration_s=0.5)


def test_a_create_that_is_sent_twice_makes_one_job(client: Client, samples: SampleFiles) -> None:
    picture = client.v1.files.upload_file(samples.picture)
    sound = client.v1.files.upload_file(samples.sound)
    ids = {
        client.v1.ai_talking_photo.create(
            assets={"image_file_path": picture, "audio_file_path": sound},
            start_seconds=0,
            end_seconds=SPEECH_S,
            idempotency_key="sent twice",
        ).id
        for _ in range(2)
    }
    assert len(ids) == 1
    client.v1.video_projects.delete(ids.pop())


def test_a_job_is_canceled(client: Client, samples: SampleFiles, tmp_path: Path) -> None:
    created = client.v1.ai_talking_photo.create(
        assets={
            "image_file_path": client.v1.files.upload_file(samples.picture),
            "audio_file_path": client.v1.files.upload_file(samples.sound),
        },
        start_seconds=0,
        end_seconds=SPEECH_S,
    )
    canceled = client.v1.video_projects.cancel(created.id)
    assert (canceled.status, canceled.credits_charged) == ("canceled", 0)
    with pytest.raises(JobCanceled):
        client.v1.video_projects.check_result(created.id, download_directory=tmp_path)
    page = client.v1.video_projects.list(limit=1, status="canceled")
    assert [one.id for one in page.items] == [created.id]


@pytest.mark.parametrize(
    ("file", "code"), [("broken.png", "invalid_image_file"), ("broken.mp3", "invalid_audio_file")]
)
def test_a_broken_file_is_named(
    client: Client, samples: SampleFiles, tmp_path: Path, file: str, code: str
) -> None:
    broken = tmp_path / file
    broken.write_bytes(b"neither picture nor sound")
    assets: Any = {"image_file_path": samples.picture, "audio_file_path": samples.sound}
    assets["image_file_path" if file.endswith("png") else "audio_file_path"] = broken
    with pytest.raises(JobFailed) as caught:
        client.v1.ai_talking_photo.generate(assets=assets, start_seconds=0, end_seconds=SPEECH_S)
    assert caught.value.code == code


def test_another_account_sees_nothing(client: Client, server: Service, samples: SampleFiles) -> None:
    picture = client.v1.files.upload_file(samples.picture)
    search = client.v1.face_detection.create(assets={"target_file_path": picture})
    with Client(token=server.create_key("stranger"), base_url=server.base_url) as stranger:
        with pytest.raises(NotFound):
            stranger.v1.face_detection.get(search.id)
        assert stranger.v1.video_projects.list().items == []
    with Client(token="wrong", base_url=server.base_url) as nobody, pytest.raises(Unauthorized):
        nobody.v1.video_projects.list()


def remote(server: Service, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A finished `lipwright remote`."""
    given = {"LIPWRIGHT_BASE_URL": server.base_url, "LIPWRIGHT_API_KEY": server.key}
    return subprocess.run(
        lipwright_command("remote", *arguments),
        env=server.variables | given | {"LIPWRIGHT_POLL_INTERVAL": "0.1"},
        capture_output=True,
        text=True,
        timeout=240,
    )


def test_the_command_makes_a_talking_photo(server: Service, samples: SampleFiles, tmp_path: Path) -> None:
    output = tmp_path / "hello.mp4"
    done = remote(server, "talk", str(samples.picture), str(samples.sound), "-o", str(output), "--json")
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert events[0]["stage"] == "uploading"
    assert events[-1]["event"] == "done"
    assert events[-1]["output"] == str(output)
    assert_plays(output, duration_s=SPEECH_S)


def test_the_command_makes_a_lip_sync(server: Service, samples: SampleFiles, tmp_path: Path) -> None:
    output = tmp_path / "dubbed.mp4"
    done = remote(server, "sync", str(samples.film), str(samples.sound), "-o", str(output))
    assert done.returncode == 0, done.stderr
    assert_plays(output, duration_s=FILM_S)


@pytest.mark.parametrize(
    ("arguments", "status", "line"),
    [
        (["{picture}", "-o", "x.mp4"], 2, "Give a recording after the picture, --text or --performance"),
        (["{picture}", "https://example.org/a.mp3", "-o", "x.mp4"], 2, "add --end SECONDS"),
        (["nowhere.png", "{sound}", "-o", "x.mp4"], 2, "There is no file nowhere.png"),
        (["{picture}", "{sound}", "-o", "nowhere/x.mp4"], 2, "does not exist"),
        (["{picture}", "{sound}", "-o", "-"], 2, "Name one with -o"),
        (["{picture}", "{sound}", "-o", "x.mp4", "--key", "wrong"], 2, "does not know this key"),
        (["{picture}", "{sound}", "-o", "x.mp4", "--mode", "wild"], 2, "generation_mode"),
        (["{picture}", "{sound}", "-o", "x.mp4", "--server", "nonsense"], 2, "is no server address"),
    ],
)
def test_the_command_says_on_one_line_what_is_wrong(
    server: Service, samples: SampleFiles, arguments: list[str], status: int, line: str
) -> None:
    places = {"{picture}": str(samples.picture), "{sound}": str(samples.sound)}
    done = remote(server, "talk", *(places.get(argument, argument) for argument in arguments), "-q")
    assert done.returncode == status, done.stderr
    assert line in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not os.path.exists("x.mp4")


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_command_stops_its_job_on_the_server(
    client: Client, server: Service, samples: SampleFiles, tmp_path: Path, stop: signal.Signals
) -> None:
    sound = write_sound(tmp_path / "long.wav", voice(20))
    given = {"LIPWRIGHT_BASE_URL": server.base_url, "LIPWRIGHT_API_KEY": server.key}
    name = f"stopped by {stop.name}"
    command = ["remote", "talk", str(samples.picture), str(sound), "-o", "long.mp4", "--name", name]
    with subprocess.Popen(
        lipwright_command(*command),
        env=server.variables | given,
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith(("Waiting", "Rendering")):
                process.send_signal(stop)
        assert process.wait(60) == 128 + stop
    (project,) = (one for one in client.v1.video_projects.list().items if one.name == name)
    assert project.status == "canceled"
    assert [path.name for path in tmp_path.iterdir()] == ["long.wav"]
