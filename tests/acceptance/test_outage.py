"""That a client's job outlives its server's death."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lipwright_client import Client, Progress, VideoProject
from tests.acceptance.playing import assert_plays
from tests.acceptance.samples import SampleFiles
from tests.support.service import free_port, kill, serving
from tests.support.sounds import voice, write_sound

# Renders for some seconds, so that the server dies in the middle of it.
LONG_S = 4.0


@pytest.mark.slow
def test_generate_goes_on_when_the_server_is_killed_and_started_again(
    samples: SampleFiles, tmp_path: Path
) -> None:
    sound = write_sound(tmp_path / "long.wav", voice(LONG_S))
    home, port = tmp_path / "home", free_port()
    is_rendering = threading.Event()
    killed = threading.Event()

    def watch(progress: Progress) -> None:
        if progress.phase == "rendering" and not is_rendering.is_set():
            is_rendering.set()
            assert killed.wait(60)

    def generate(base_url: str, token: str) -> VideoProject:
        with Client(token=token, base_url=base_url, poll_interval_s=0.1, wait_limit_s=270) as client:
            return client.v1.ai_talking_photo.generate(
                assets={"image_file_path": samples.picture, "audio_file_path": sound},
                start_seconds=0,
                end_seconds=LONG_S,
                output_path=tmp_path / "long.mp4",
                on_progress=watch,
            )

    with ThreadPoolExecutor() as threads:
        with serving(home, port=port, may_be_killed=True) as first:
            made = threads.submit(generate, first.base_url, first.key)
            assert is_rendering.wait(60)
            kill(first.processes[0])
            killed.set()
        with serving(home, port=port):
            video = made.result(timeout=280)
    assert video.status == "complete"
    assert_plays(tmp_path / "long.mp4", duration_s=LONG_S)
    leftovers = [path for path in (home / "scratch").rglob("*") if path.is_file()]
    assert leftovers == []
