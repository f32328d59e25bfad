"""The rendering process by itself: how it is stopped, bounded, and heard when it breaks."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lipwright.server.jobs.model import FaceDetectionSpec, Failure, Source, SpeechSpec
from lipwright.server.rendering.child import RenderChild, RenderCrashed, RenderStopped, start_fork_server
from lipwright.server.rendering.messages import ProgressMessage, Succeeded, Task
from lipwright.server.rendering.voice_names import VoiceNames
from lipwright.server.runtime.sandbox.fork_client import ForkServer
from lipwright.server.settings import Settings, load_settings
from tests.support.service import wait_until

HELLO = SpeechSpec(text="Hello.", voice=None, max_fetch_bytes=10**6)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("LIPWRIGHT_HOME", str(tmp_path / "home"))
    return load_settings()


@pytest.fixture(scope="module")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkServer]:
    folder = tmp_path_factory.mktemp("forks")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("LIPWRIGHT_HOME", str(folder / "home"))
        server = start_fork_server(load_settings(), folder)
    wait_until(lambda: server.is_ready() or not server.is_alive, 200, "the engine is loaded")
    yield server
    server.kill()
    assert list(folder.glob("forks-*")) == []


@pytest.fixture(params=["forked", "started"])
def process(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Iterator[RenderChild]:
    """A process in the two ways in which it comes about."""
    forks = request.getfixturevalue("forks") if request.param == "forked" else None
    child = RenderChild(settings, tmp_path, forks=forks)
    yield child
    child.kill()


def go_on(_news: ProgressMessage | None) -> bool:
    return True


def task(process: RenderChild) -> Task:
    names = VoiceNames(default="en-us-female")
    return Task(spec=HELLO, folder=str(process.work_folder), voices=names)


def test_what_was_produced_lies_in_the_folder(process: RenderChild, tmp_path: Path) -> None:
    produced = process.run(task(process), go_on)
    assert isinstance(produced, Succeeded)
    assert produced.files == ("output.wav",)
    assert (process.work_folder / "output.wav").stat().st_size > 1000
    process.kill()
    assert list(tmp_path.glob("render-*")) == []


@pytest.mark.slow
def test_a_stop_ends_the_process_and_its_group(process: RenderChild) -> None:
    with pytest.raises(RenderStopped):
        process.run(task(process), lambda _news: False)
    started_s = time.monotonic()
    process.kill()
    assert time.monotonic() - started_s < 1
    assert not process.is_alive


@pytest.mark.slow
def test_a_process_that_dies_is_broken_not_failed(process: RenderChild) -> None:
    def kill_it(_news: ProgressMessage | None) -> bool:
        os.kill(process.pid, signal.SIGKILL)
        return True

    with pytest.raises(RenderCrashed, match="exit status -9"):
        process.run(task(process), kill_it)


@pytest.mark.slow
def test_a_job_that_takes_too_long_is_a_timeout(settings: Settings, tmp_path: Path) -> None:
    quick = settings.model_copy(update={"render_timeout_s": 0.01})
    process = RenderChild(quick, tmp_path)
    try:
        failure = process.run(task(process), go_on)
    finally:
        process.kill()
    assert isinstance(failure, Failure)
    assert failure.code == "processing_timeout"


@pytest.mark.slow
def test_memory_is_bounded(settings: Settings, tmp_path: Path) -> None:
    small = settings.model_copy(update={"render_memory_mb": 300})
    process = RenderChild(small, tmp_path)
    try:
        with pytest.raises(RenderCrashed):
            process.run(task(process), go_on)
    finally:
        process.kill()


@pytest.mark.slow
def test_bad_input_is_a_failure_with_a_code_of_the_contract(process: RenderChild) -> None:
    picture = process.inputs_folder / "target.png"
    picture.write_bytes(b"no picture")
    target = Source(field="target", extension="png", key="api-assets/x/image.png")
    spec = FaceDetectionSpec(target=target, min_confidence=0.5, max_fetch_bytes=10**6)
    order = Task(spec=spec, folder=str(process.work_folder), inputs={"target": str(picture)})
    failure = process.run(order, go_on)
    assert isinstance(failure, Failure)
    assert failure.code == "invalid_image_file"


@pytest.mark.slow
def test_a_waiting_process_ends_with_its_worker(settings: Settings, tmp_path: Path) -> None:
    process = RenderChild(settings, tmp_path)
    assert process.is_alive
    process.close_stdin()
    deadline_s = time.monotonic() + 60
    while not (has_ended := not process.is_alive) and time.monotonic() < deadline_s:
        time.sleep(0.05)
    assert has_ended
    process.kill()


def test_no_process_is_left_over(settings: Settings, tmp_path: Path) -> None:
    process = RenderChild(settings, tmp_path)
    pid = process.pid
    process.kill()
    listed = subprocess.run(["ps", "-o", "pid=", "-g", str(pid)], capture_output=True, text=True)
    assert listed.stdout.strip() == ""
